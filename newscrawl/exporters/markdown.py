"""An article as Markdown (CommonMark, with the tables of GitHub) from its clean HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from lxml import etree

from newscrawl.exporters.inline import (
    CELL,
    HEADING,
    Run,
    code_span,
    inside,
    picture,
    string,
    written,
)
from newscrawl.pages.documents.document import Element

PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
ITEMS = frozenset({"ul", "ol", "dl"})
BLOCKS = ITEMS | {"p", "pre", "blockquote", "table", "figure", "hr", "li", "dt", "dd", *HEADINGS}
BOXES = frozenset(
    {"div", "section", "article", "main", "header", "footer", "aside", "body", "address"}
    | {"details", "summary", "center", "figcaption", "nav", "form", "fieldset"}
    | {"caption", "thead", "tbody", "tfoot", "tr", "td", "th"}
)
"""Boxes that are seen through."""
TICKS = re.compile("`{3,}")
LANGUAGE = re.compile(r"language-([\w+#.-]{1,30})")
CLOSING_HASH = re.compile(r"(?<!\S)#+$")
MAX_DEPTH = 60
"""Of blocks in each other; what stands deeper keeps its text."""
MAX_COLUMNS = 100
"""That a cell may span."""
MAX_START = 900_000_000
MAX_DIGITS = 10


def markdown(headline: str, html: str, text: str = "") -> str:
    """The headline, then the body: by its HTML, or by its text where there is no HTML."""
    parts = [f"# {_title([headline])}"] if headline.strip() else []
    if html.strip():
        parts += body(html)
    else:
        parts += filter(None, (written([each]) for each in text.split("\n\n")))
    return "".join(f"{each}\n\n" for each in parts).strip("\n") + "\n"


def body(html: str) -> list[str]:
    """The blocks of a body, each in Markdown."""
    page = f"<body>{html}".replace("\x00", "").encode("utf-8", "replace")
    found = etree.fromstring(page, PARSER).find("body")
    return [] if found is None else [*_blocks(found, 0)]


def _blocks(element: Element, depth: int) -> Iterator[str]:
    """What stands in an element, a blank line to be put between any two of them."""
    if depth > MAX_DEPTH:
        yield from filter(None, [written([string(element)])])
        return
    last, times = "", 0
    for part in _parted(inside(element)):
        if isinstance(part, list):
            found = written(part)
            last = last if not found else ""
            yield from filter(None, [found])
        else:
            tag = str(part.tag)
            times = times + 1 if tag == last and tag in ITEMS else 0
            last = tag
            yield from _block(part, tag, depth, times % 2)


def _parted(run: Run) -> Iterator[Element | list[str | Element]]:
    """Blocks, and between them what stands on lines."""
    line: list[str | Element] = []
    for part in run:
        tag: Any = "" if isinstance(part, str) else part.tag
        if isinstance(part, str) or tag not in BLOCKS | BOXES:
            line.append(part)
            continue
        if line:
            yield line
            line = []
        yield part
    if line:
        yield line


def _block(element: Element, tag: str, depth: int, is_second: int) -> Iterator[str]:
    """``is_second`` is 1 for a list behind another one, which needs another sign."""
    if tag == "pre":
        yield from _code(element)
    elif tag in HEADINGS:
        text = _title(inside(element))
        yield from [f"{HEADINGS[tag]} {text}"] if text else []
    elif tag == "hr":
        yield "---"
    elif tag == "blockquote":
        quoted = "\n\n".join(_blocks(element, depth + 1))
        yield from [_prefixed(quoted, "> ", "> ")] if quoted else []
    elif tag == "figure":
        yield from _figure(element, depth)
    elif tag == "table":
        yield from _table(element, depth)
    elif tag in ITEMS:
        yield from _list(element, tag, depth, is_second)
    else:
        yield from _blocks(element, depth + (tag != "p"))


def _title(run: Run) -> str:
    return CLOSING_HASH.sub(r"\\\g<0>", written(run, HEADING))


def _prefixed(text: str, first: str, others: str) -> str:
    lines = text.split("\n")
    rest = (f"{others}{line}".rstrip() for line in lines[1:])
    return "\n".join([f"{first}{lines[0]}".rstrip(), *rest])


def _code(element: Element) -> Iterator[str]:
    for each in element.iter("br"):
        each.tail = f"\n{each.tail or ''}"
    text = string(element).strip("\n").rstrip()
    if not text:
        return
    marks = chain((element,), element.iter("code"))
    named = next(filter(None, (LANGUAGE.search(each.get("class") or "") for each in marks)), None)
    fence = "`" * max(3, max(map(len, TICKS.findall(text)), default=0) + 1)
    yield f"{fence}{named[1] if named else ''}\n{text}\n{fence}"


def _figure(element: Element, depth: int) -> Iterator[str]:
    images = [found for each in element.iter("img") if (found := picture(each))]
    if not images:
        yield from _blocks(element, depth + 1)
        return
    captions = (written(inside(each), around="*") for each in element.iter("figcaption"))
    yield "\n".join([*images, *filter(None, captions)])


def _list(element: Element, tag: str, depth: int, is_second: int) -> Iterator[str]:
    start = _number(element.get("start"), MAX_START)
    items: list[list[str]] = []
    is_loose = tag == "dl"
    for part in _parted(inside(element)):
        name = "" if isinstance(part, list) else str(part.tag)
        found = _item(part, name, depth)
        if found and items and name == "dd":
            items[-1] += found
        elif found or name == "li":
            items.append(found)
            is_loose = is_loose or _is_loose(part)
    gap = "\n\n" if is_loose else "\n"
    signs = ["-*"[is_second]] * len(items)
    if tag == "ol":
        signs = [f"{start + at}{'.)'[is_second]}" for at in range(len(items))]
    lines = (
        _prefixed(gap.join(found), f"{sign} ", " " * (len(sign) + 1))
        for sign, found in zip(signs, items, strict=True)
    )
    yield from filter(None, [gap.join(lines)])


def _item(part: Element | list[str | Element], name: str, depth: int) -> list[str]:
    """A term is bold: Markdown has no lists of definitions."""
    if isinstance(part, list):
        found: Iterable[str] = [written(part)]
    elif name == "dt" and not any(each.tag in BLOCKS for each in part):
        found = [written(inside(part), around="**")]
    elif name in {"li", "dt", "dd"}:
        found = _blocks(part, depth + 1)
    else:
        found = _block(part, name, depth + 1, 0)
    return [*filter(None, found)]


def _is_loose(part: Element | list[str | Element]) -> bool:
    """Whether an item is more than a line and lists below it."""
    found = [] if isinstance(part, list) else [*_parted(inside(part))]
    return any(isinstance(each, list) or each.tag not in ITEMS for each in found[1:])


def _number(told: str | None, most: int) -> int:
    """A number from 1 as an attribute has it."""
    is_number = told is not None and told.isascii() and told.isdecimal() and len(told) < MAX_DIGITS
    return min(max(int(told or 1), 1), most) if is_number else 1


# Tables


def _table(element: Element, depth: int) -> Iterator[str]:
    for each in element.iter("caption"):
        yield from filter(None, [written(inside(each), around="*")])
    rows = [[*row.iterchildren("td", "th")] for row in _rows(element)]
    rows = [row for row in rows if row]
    if not rows:
        yield from _blocks(element, depth + 1)
        return
    is_headed = all(cell.tag == "th" for cell in rows[0])
    grid = _grid(rows, is_headed=is_headed)
    head = grid.pop(0) if is_headed else []
    width = max(map(len, [head, *grid]))
    head += [""] * (width - len(head))
    lines = [f"| {' | '.join(row)} |" for row in [head, *grid]]
    yield "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _rows(table: Element) -> Iterator[Element]:
    for each in table:
        if each.tag == "tr":
            yield each
        elif each.tag in {"thead", "tbody", "tfoot"}:
            yield from each.iterchildren("tr")


def _grid(rows: list[list[Element]], *, is_headed: bool) -> list[list[str]]:
    """The cells by place: one that spans rows says its text in each, one over columns in the first."""
    grid: list[list[str]] = []
    spanning: dict[int, tuple[int, str]] = {}
    for at, row in enumerate(rows):
        line: list[str] = []
        following: dict[int, tuple[int, str]] = {}
        for cell in (*row, None):
            while found := spanning.get(len(line)):
                if found[0] > 1:
                    following[len(line)] = (found[0] - 1, found[1])
                line.append(found[1])
            if cell is None:
                break
            text = _cell(cell, is_bold=cell.tag == "th" and not (is_headed and at == 0))
            more = _number(cell.get("rowspan"), len(rows)) - 1
            for said in (text, *[""] * (_number(cell.get("colspan"), MAX_COLUMNS) - 1)):
                if more:
                    following[len(line)] = (more, said)
                line.append(said)
        spanning = following
        grid.append(line)
    return grid


def _cell(cell: Element, *, is_bold: bool) -> str:
    around = "**" if is_bold else ""
    return "<br>".join(filter(None, _lines(cell, around, 0)))


def _lines(element: Element, around: str, depth: int) -> Iterator[str]:
    """What stands in a cell, line by line: a table of Markdown knows no blocks."""
    for part in _parted(inside(element)):
        if isinstance(part, list):
            yield written(part, CELL, around)
        elif part.tag == "pre":
            yield from (code_span(each).replace("|", "\\|") for each in string(part).split("\n"))
        elif part.tag == "figure":
            yield from map(picture, part.iter("img"))
            yield from (written(inside(each), CELL, "*") for each in part.iter("figcaption"))
        elif depth > MAX_DEPTH:
            yield written([string(part)], CELL, around)
        else:
            sign = "• " if part.tag == "li" else ""
            for line in _lines(part, around, depth + 1):
                yield f"{sign}{line}" if line else ""
                sign = ""
