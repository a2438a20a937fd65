"""The inside of a paragraph in Markdown: emphasis, links, code; text is never taken for markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from newscrawl.pages.documents.document import Element

Run = Iterable[str | Element]
"""Texts and elements that stand on a line."""

MARKUP = re.compile(
    r"[\\`*\[\]~]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?]|$)|!(?=\[|$)|&(?=#?\w{0,32}(?:;|$))"
)
"""What Markdown reads as more than text; an underscore within a word is one."""
LINE_START = re.compile(
    r"(?m)^(?:>|#(?=#{0,5}(?:[ \t]|$))|[+-](?=[ \t]|$)|[-=:|](?=[-=:| ]*$)"
    r"|(\d{1,9})(?=[.)](?:[ \t]|$)))"
)
"""What begins a heading, a quotation, a list, a rule or the second row of a table."""
SPACE = re.compile(r"[ \t\r\n\f]+")
BREAK = "\ufdd1"
CODE_START, CODE_END = "\ufdd8", "\ufdd9"
OPENING = {"**": "\ufdd2", "*": "\ufdd3", "~~": "\ufdd4"}
CLOSING = {"**": "\ufdd5", "*": "\ufdd6", "~~": "\ufdd7"}
OPENED, CLOSED = frozenset(OPENING.values()), frozenset(CLOSING.values())
MARKS = {char: mark for table in (OPENING, CLOSING) for mark, char in table.items()}
AHEAD = 9
"""Marks that are looked behind for what follows emphasis."""
RESERVED = re.compile("[\ufdd0-\ufdef]")
"""Code points that are no characters, and stand for markup until its neighbours are known."""
OPENS = re.compile(f"([{''.join(OPENING.values())}])([ {BREAK}]+)")
CLOSES = re.compile(f"([ {BREAK}]+)([{''.join(CLOSING.values())}])")
EMPTY = re.compile("|".join(OPENING[each] + CLOSING[each] for each in OPENING))
BREAKS = re.compile(f"[ {BREAK}]*{BREAK}[ {BREAK}]*")
SPANS = {"strong": "**", "b": "**", "em": "*", "i": "*", "var": "*", "s": "~~", "del": "~~"}
TAGS = {"**": "strong", "*": "em", "~~": "del"}
RAW = frozenset({"sub", "sup"})
"""What Markdown has no sign for stays HTML."""
CODE = frozenset({"code", "kbd", "samp"})
SILENT = frozenset({"script", "style", "template", "title", "head"})
TICKS = re.compile("`+")
UNSAFE = re.compile(r"[\s<>()\\|\x00-\x1f]")
MOST_TURNS = 10
MAX_DEPTH = 60
"""Of elements; what stands deeper keeps its text."""


class Line(NamedTuple):
    """How a line is written: ``glue`` is a line break in it."""

    glue: str = "\\\n"
    in_table: bool = False


PARAGRAPH, HEADING, CELL = Line(), Line(" "), Line("<br>", in_table=True)


def written(run: Run, line: Line = PARAGRAPH, around: str = "") -> str:
    """A line of Markdown; ``around`` is emphasis over all of it."""
    inner = "".join(_pieces(run, frozenset(filter(None, {around})), 0))
    text = OPENING[around] + inner + CLOSING[around] if around else inner
    text = _settled(SPACE.sub(" ", text)).strip(f" {BREAK}")
    text = BREAKS.sub(BREAK, _emphasised(text)).replace(BREAK, line.glue)
    if line.in_table:
        return text.replace("|", "\\|")
    return LINE_START.sub(_escaped_start, text)


def _escaped_start(match: re.Match[str]) -> str:
    return f"{match[1]}\\" if match[1] else f"\\{match[0]}"


def code_span(text: str) -> str:
    text = SPACE.sub(" ", RESERVED.sub("", text))
    if not text.strip():
        return text
    fence = "`" * (max(map(len, TICKS.findall(text)), default=0) + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def address(url: str | None) -> str:
    """A web address so that it ends where its link does; empty for any other."""
    if not url or not url.startswith(("https://", "http://")):
        return ""
    quoted = UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), url)
    return re.sub(r"&(?=#?\w{1,32};)", "&amp;", quoted)


def picture(image: Element) -> str:
    url = address(image.get("src"))
    return f"![{plain(image.get('alt') or '')}]({url})" if url else ""


def plain(text: str) -> str:
    return MARKUP.sub(r"\\\g<0>", SPACE.sub(" ", RESERVED.sub("", text)))


def string(element: Element) -> str:
    return "".join(element.itertext())


def _pieces(run: Run, within: frozenset[str], depth: int) -> Iterator[str]:
    for part in run:
        if isinstance(part, str):
            yield plain(part)
        else:
            yield from _element(part, within, depth)


def inside(element: Element) -> Iterator[str | Element]:
    """The texts and elements in an element."""
    if element.text:
        yield element.text
    for child in element:
        yield child
        if child.tail:
            yield child.tail


def _element(element: Element, within: frozenset[str], depth: int) -> Iterator[str]:
    tag: Any = element.tag
    if not isinstance(tag, str) or tag in SILENT:
        return
    if depth > MAX_DEPTH:
        yield plain(string(element))
    elif tag == "br":
        yield BREAK
    elif tag == "img":
        yield picture(element)
    elif tag in CODE:
        yield f"{CODE_START}{code_span(string(element))}{CODE_END}"
    elif tag == "a" and "a" not in within and (url := address(element.get("href"))):
        yield from _link(element, url, within, depth)
    else:
        yield from _span(element, tag, within, depth)


def _link(element: Element, url: str, within: frozenset[str], depth: int) -> Iterator[str]:
    text = "".join(_pieces(inside(element), within | {"a"}, depth + 1))
    core = text.strip(f" {BREAK}")
    before, _, after = text.partition(core) if core else (text, "", "")
    yield before
    if core:
        yield f"[{_emphasised(_settled(core)).replace(BREAK, ' ')}]({url})"
    yield after


def _span(element: Element, tag: str, within: frozenset[str], depth: int) -> Iterator[str]:
    mark = SPANS.get(tag, "")
    inner = _pieces(inside(element), within | {mark}, depth + 1)
    if mark and mark not in within:
        yield OPENING[mark]
        yield from inner
        yield CLOSING[mark]
    elif tag in RAW:
        text = _emphasised(_settled("".join(inner))).replace(BREAK, " ")
        yield f"<{tag}>{text}</{tag}>" if text.strip() else text
    elif tag == "q":
        yield '"'
        yield from inner
        yield '"'
    else:
        yield from inner


def _settled(text: str) -> str:
    """Emphasis begins and ends with what is not white space, and no code runs into other."""
    text = text.replace(CODE_END + CODE_START, "<!-- -->")
    text = text.replace(CODE_START, "").replace(CODE_END, "")
    for _ in range(MOST_TURNS):
        moved = CLOSES.sub(r"\2\1", OPENS.sub(r"\2\1", text))
        moved = EMPTY.sub("", moved)
        if moved == text:
            break
        text = moved
    return text


def _emphasised(text: str) -> str:
    """Emphasis as stars where Markdown would read them so, else as tags."""
    if MARKS.keys().isdisjoint(text):
        return text
    out: list[str] = []
    open_at: list[tuple[int, str, bool]] = []
    before, last = "", ""
    for at, char in enumerate(text):
        if char not in MARKS:
            out.append(char)
            before = char
        elif char in OPENED:
            open_at.append((len(out), before, last in CLOSED))
        elif open_at:
            start, ahead, is_glued = open_at.pop()
            after = next((each for each in text[at + 1 : at + AHEAD] if each not in MARKS), "")
            inner = "".join(out[start:])
            is_read = _flanks(ahead, inner[:1]) and _flanks(after, inner[-1:])
            mark = MARKS[char]
            tag = TAGS[mark]
            plain_marks = is_read and not is_glued
            out[start:] = [f"{mark}{inner}{mark}" if plain_marks else f"<{tag}>{inner}</{tag}>"]
        last = char
    return "".join(out)


def _flanks(outer: str, inner: str) -> bool:
    """Whether a delimiter between two characters belongs to the inner one (CommonMark, 6.2)."""
    return not _is_sign(inner) or not outer or outer in f" {BREAK}" or _is_sign(outer)


def _is_sign(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS" if char else False
