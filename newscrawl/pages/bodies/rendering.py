"""Passages as plain text, and as HTML of a few tags and hardly any attributes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from newscrawl.pages.bodies.passages import HEADINGS, Boundary, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newscrawl.items import Image

HELD = {
    "ul": ("li",),
    "ol": ("li",),
    "dl": ("dt", "dd"),
    "table": ("caption", "thead", "tbody", "tfoot", "tr"),
    "thead": ("tr",),
    "tbody": ("tr",),
    "tfoot": ("tr",),
    "tr": ("td", "th"),
}
"""What may stand in a list, a table and their parts."""
HOLDERS = {
    **dict.fromkeys(("dt", "dd"), "dl"),
    **dict.fromkeys(("td", "th"), "tr"),
    **dict.fromkeys(("tr", "thead", "tbody", "tfoot", "caption"), "table"),
    "li": "ul",
}
"""What is put around parts that stand in nothing of the kind."""
LINES = frozenset({"li", "td", "th", "dt", "dd", "caption"})
"""What may hold a text without a paragraph."""
LISTS = frozenset({"ul", "ol", "dl"})
LONG = 600
"""Letters of a cell that may be a column of the page."""
MOSTLY = 0.8
NEWLINES = re.compile(r"^((?:<[^<>\n]{1,200}>){0,9})\n+")
"""Before the first line of code."""


@dataclass(slots=True, eq=False)
class Box:
    """A list, a quotation, a table or a part of one; ``size`` is in letters."""

    tag: str
    attributes: str = ""
    children: list[Passage | Box] = field(default_factory=list)
    size: int = 0
    is_line: bool = False
    """Whether its text is a single line, with lists behind it at most."""

    def add(self, child: Passage | Box) -> None:
        self.children.append(child)
        self.size += child.size if isinstance(child, Box) else len(child.text)


def arranged(items: Iterable[Passage | Boundary]) -> Box:
    """The parts of a body as a tree in which each stands where HTML lets it."""
    boxes = [Box("")]
    for item in items:
        if isinstance(item, Passage):
            if not item.dropped:
                boxes[-1].add(item)
        elif item.opens:
            boxes.append(Box(item.tag, item.attributes))
        else:
            box = boxes.pop()
            for each in _settled(box):
                boxes[-1].add(each)
    boxes[0].children = _grouped(boxes[0].children)
    return boxes[0]


def _settled(box: Box) -> list[Passage | Box]:
    """What a box becomes: itself, nothing, or what it holds."""
    if not box.children and box.tag not in {"td", "th"}:
        return []
    if box.tag in HELD:
        box.children = [*_fitting(box)]
    else:
        box.children = _grouped(box.children)
        _line_up(box)
    if box.tag == "tr" and not box.size and not any(map(_shows, box.children)):
        return []
    return _unfolded(box) if box.tag == "table" else [box]


def _shows(child: Passage | Box) -> bool:
    return isinstance(child, Box) and bool(child.children)


def _fitting(box: Box) -> Iterator[Passage | Box]:
    """The children of a list or a table, what may not stand there in an item of its own."""
    fits = HELD[box.tag]
    last: Box | None = None
    for child in box.children:
        tag = child.tag if isinstance(child, Box) else ""
        if isinstance(child, Box) and tag in fits:
            last = child
            yield child
        elif tag in LISTS and last is not None and fits[0] == "li":
            last.add(child)
        else:
            last = _item(child, box.tag)
            yield last


def _item(child: Passage | Box, parent: str) -> Box:
    """An item, a row or a cell around what stands in none."""
    if parent == "tr":
        box = Box("td")
    elif parent in LISTS:
        box = Box(HELD[parent][-1])
    else:
        box = Box("tr")
        if _holder(child) != "tr":
            child = _item(child, "tr")
    box.add(child)
    if box.tag != "tr":
        box.children = _grouped(box.children)
        _line_up(box)
    return box


def _line_up(box: Box) -> None:
    if box.tag in LINES and box.children:
        first, *rest = box.children
        lists = all(isinstance(each, Box) and each.tag in LISTS for each in rest)
        box.is_line = isinstance(first, Passage) and lists


def _grouped(children: list[Passage | Box]) -> list[Passage | Box]:
    """Parts of lists and tables that stand in none, together in one."""
    found: list[Passage | Box] = []
    for holder, group in groupby(children, _holder):
        if holder is None:
            found += group
            continue
        box = Box(holder)
        for each in group:
            box.add(each)
        if holder == "tr":
            table = Box("table")
            table.add(box)
            found += _unfolded(table)
        elif holder == "table":
            found += _unfolded(box)
        else:
            found += [box] if len(box.children) > 1 else _children(box.children[0])
    return found


def _holder(child: Passage | Box) -> str | None:
    return HOLDERS.get(child.tag) if isinstance(child, Box) else None


def _children(child: Passage | Box) -> list[Passage | Box]:
    return child.children if isinstance(child, Box) else []


def _unfolded(table: Box) -> list[Passage | Box]:
    """A table, or what its cells hold, where it only lays out the page."""
    parts = [each for each in table.children if isinstance(each, Box)]
    rows = [row for part in parts for row in (part.children if part.tag != "tr" else [part])]
    cells = [cell for row in rows for cell in _children(row) if _children(cell)]
    captioned = parts[0].tag == "caption"
    if len(cells) > 1 and (captioned or any(cell.tag == "th" for cell in cells)):
        return [table]
    held = [child for cell in cells for child in _children(cell)]
    largest = max((cell.size for cell in cells if isinstance(cell, Box)), default=0)
    lays_out = (
        len(cells) <= 1
        or all(len(_children(row)) <= 1 for row in rows)
        or any(child.tag == "table" or child.tag in HEADINGS for child in held)
        or largest >= max(LONG, MOSTLY * table.size)
    )
    return [*(_children(parts[0]) if captioned else []), *_grouped(held)] if lays_out else [table]


def as_text(items: Iterable[Passage | Boundary]) -> str:
    paragraphs: list[str] = []
    row: int | None = None
    for item in items:
        if isinstance(item, Passage):
            if item.role == "text" and not item.dropped:
                paragraphs.append(item.text)
        elif item.tag == "tr" and item.opens:
            row = len(paragraphs)
        elif item.tag == "tr" and row is not None:
            cells = paragraphs[row:]
            if cells and all(len(cell) < 200 for cell in cells):  # noqa: PLR2004 - else it is layout
                paragraphs[row:] = [" | ".join(cells)]
            row = None
    return "\n\n".join(paragraphs)


def as_html(items: Iterable[Passage | Boundary]) -> str:
    found: list[str] = []
    for child in arranged(items).children:
        parts: list[str] = []
        _write(child, parts, "p")
        found.append("".join(parts))
    return "\n".join(found)


def _write(child: Passage | Box, parts: list[str], default: str) -> None:
    """Add the HTML of a part of the body; ``default`` is the tag of what has none."""
    if isinstance(child, Passage):
        parts.append(_passage_html(child, default))
        return
    parts.append(f"<{child.tag}{child.attributes}>")
    inner = "" if child.is_line else "p"
    for each in child.children:
        _write(each, parts, inner)
    parts.append(f"</{child.tag}>")


def _passage_html(passage: Passage, default: str) -> str:
    if passage.image is not None:
        return _figure(passage.image)
    tag = passage.tag or default
    inner = "".join(passage.htmls)
    if tag != "pre":
        return f"<{tag}>{inner.strip()}</{tag}>" if tag else inner.strip()
    marked = f' class="language-{escape(passage.language)}"' if passage.language else ""
    return f"<pre{marked}>{NEWLINES.sub(_opening, inner, count=1).rstrip()}</pre>"


def _opening(match: re.Match[str]) -> str:
    return match[1]


def _figure(image: Image) -> str:
    about = " ".join(filter(None, (image.caption, image.credit)))
    caption = f"<figcaption>{escape(about, quote=False)}</figcaption>" if about else ""
    alt = f' alt="{escape(image.alt)}"' if image.alt else ""
    return f'<figure><img src="{escape(image.url)}"{alt}>{caption}</figure>'
