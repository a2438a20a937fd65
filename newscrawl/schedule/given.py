"""The sites that a user gives to be added: addresses, tables and lists of feeds."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from newscrawl.addresses.address import as_typed, fetch_url
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.mistakes import BadInput, Mistakes

CSV, OPML = (".csv", ".txt"), (".opml",)
MAX_BYTES = 5 * 1024 * 1024
"""Of a file: some 50,000 addresses."""
MOST = 5_000
"""Sites at a time."""
_UNSAFE = re.compile(r"[^a-z0-9_.-]+")


class Given(NamedTuple):
    """A site as it was given: an address to ask for, a name for its job, the section wanted of it."""

    url: str
    name: str = ""
    section: str = ""


class _Line(NamedTuple):
    where: str
    url: str
    name: str = ""
    section: str = ""


def read_given(words: Sequence[str]) -> list[Given]:
    """Return the sites that words name: an address each, or a file of addresses.

    Raises:
        BadInput: files cannot be read, or what stands in them is no address; each is named.
    """
    mistakes = Mistakes()
    lines = [line for word in words for line in mistakes.trying([], _lines, word)]
    found = [mistakes.trying(None, _given, line) for line in lines]
    if len(lines) > MOST:
        mistakes.append(f"{len(lines)} sites are too many at a time; the most are {MOST}")
    if not lines and not mistakes:
        mistakes.append("no site is given")
    mistakes.tell()
    return list(dict.fromkeys(each for each in found if each is not None))


def _given(line: _Line) -> Given:
    try:
        url = fetch_url(as_typed(line.url))
    except UnfetchableURL as error:
        raise ValueError(f"{line.where}{line.url[:200]!r} is not a web address: {error}") from None
    name = _UNSAFE.sub("-", line.name.lower()).strip("-._")
    return Given(url, re.sub(r"\.{2,}", ".", name), line.section)


def _lines(word: str) -> list[_Line]:
    suffix = Path(word).suffix.lower()
    if suffix not in {*CSV, *OPML} or "://" in word:
        return [_Line("", word)]
    try:
        with Path(word).open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadInput([f"{word}: {error.strerror}"]) from None
    if len(body) > MAX_BYTES:
        raise BadInput([f"{word}: is larger than {MAX_BYTES // 1024**2} MB"])
    found = list(_of_opml(word, body) if suffix in OPML else _of_csv(word, body))
    if not found:
        raise BadInput([f"{word}: no address in it"])
    return found


def _of_csv(word: str, body: bytes) -> Iterator[_Line]:
    """Yield the rows of a table with a column ``url``, else the first value of each row."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput([f"{word}: is not UTF-8"]) from None
    head = text.partition("\n")[0]
    parting = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=parting)
    places: dict[str, int] = {}
    try:
        for row in rows:
            names = [value.strip().lower() for value in row]
            if not any(names) or names[0].startswith("#"):
                continue
            if not places and "url" in names:
                places = {name: place for place, name in enumerate(names)}
                continue
            places = places or {"url": 0}
            yield _Line(f"{word}:{rows.line_num}: ", *_columns(row, places))
    except csv.Error as error:
        raise BadInput([f"{word}:{rows.line_num}: is no CSV: {error}"]) from None


def _columns(row: Sequence[str], places: dict[str, int]) -> Iterator[str]:
    for name in ("url", "name", "section"):
        place = places.get(name, len(row))
        yield row[place].strip() if place < len(row) else ""


def _of_opml(word: str, body: bytes) -> Iterator[_Line]:
    """Yield the outlines that have an address: of a site, else of its feed.

    Nothing is loaded, and a document that declares entities, or anything else, is refused.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadInput([f"{word}: is no XML: {error}"]) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadInput([f"{word}: has a DOCTYPE, which OPML does without"])
    for outline in root.iter("outline"):
        url = (outline.get("htmlUrl") or outline.get("xmlUrl") or "").strip()
        if url:
            yield _Line(f"{word}:{outline.sourceline}: ", url)
