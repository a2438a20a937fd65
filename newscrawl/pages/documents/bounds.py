"""How much of a page is read: none of it may cost seconds, whoever wrote it."""

from __future__ import annotations

import re

MAX_TAGS = 60_000
"""Opening and closing ones; large front pages have some 7,000."""
MAX_MARKUP = 1_500_000
"""Bytes beside scripts and styles; the text of a long novel."""
MAX_ATTRIBUTES = 500
"""Of one tag; the parser compares each with all before it."""
STEP = 10_000
"""Bytes; a tag that is costly for its attributes is longer than two steps."""
LONG_SCRIPT = 500_000
"""Bytes."""
RAW = re.compile(rb"<(script|style)\b")
"""In small letters."""
ATTRIBUTES = re.compile(
    rb"<[a-z][^\s>/]*+"
    rb"(?:[\s/]*+[^\s=>/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+){%d}" % MAX_ATTRIBUTES,
    re.IGNORECASE,
)

END = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
ELEMENT = re.compile(
    rb"<(?!script|style|noscript|link|meta|iframe|img|html|head|body)[a-z]", re.IGNORECASE
)


def with_what_follows(body: bytes) -> bytes:
    """Keep what stands behind the end of the page, as browsers do; the parser would drop it."""
    end = body.find(b"</html")
    if end < 0:
        end = body.find(b"</HTML")
    if end < 0 or ELEMENT.search(body, end) is None:
        return body
    return END.sub(b"", body)


def bounded(body: bytes) -> bytes:
    """Return ``body``, cut off where it has more than anything readable, without endless tags."""
    return cut_off(without_attributes(body))


def cut_off(body: bytes) -> bytes:
    """Return ``body`` up to where it has more than anything readable."""
    if len(body) <= MAX_MARKUP and body.count(b"<") <= MAX_TAGS:
        return body
    small = body.lower()
    tags, size, at = MAX_TAGS, MAX_MARKUP, 0
    while at < len(body):
        raw = RAW.search(small, at)
        start = raw.start() if raw else len(body)
        pieces = body.count(b"<", at, start) + (at < start and body[at : at + 1] != b"<")
        if pieces > tags or start - at > size:
            return body[: min(at + size, _behind(body, at, tags) if pieces > tags else start)]
        tags, size = tags - pieces, size - (start - at)
        if raw is None:
            break
        if tags == 0:
            return body[:start]
        tags -= 1
        end = small.find(b"</" + raw[1], raw.end())
        at = len(body) if end < 0 else end + len(raw[0]) + 1
    return body


def _behind(body: bytes, at: int, tags: int) -> int:
    """Where so many tags end, of which the first begins at a place, or the text before it."""
    for _ in range(tags):
        at = body.find(b"<", at + 1)
    return at


def without_attributes(body: bytes) -> bytes:
    """Cut tags off behind their 500th attribute; looks only where no other tag begins for long."""
    kept: list[bytes] = []
    done, at = 0, STEP
    while at < len(body):
        if body.find(b"<", at, at + STEP) >= 0:
            at += STEP
            continue
        start = body.rfind(b"<", done, at)
        after = body.find(b"<", at)
        at = len(body) if after < 0 else after + STEP
        tag = ATTRIBUTES.match(body, start) if start >= 0 else None
        if tag and not in_script(body, start):
            end = body.find(b">", tag.end())
            kept.append(body[done : tag.end()])
            done = len(body) if end < 0 else end
            at = max(at, done + STEP)
    return b"".join([*kept, body[done:]]) if kept else body


def in_script(body: bytes, at: int) -> bool:
    """Whether a ``<`` may be code that compares."""
    window = max(0, at - LONG_SCRIPT)
    return body.rfind(b"<script", window, at) > body.rfind(b"</script", window, at)
