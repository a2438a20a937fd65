"""Passages as plain text, and as HTML of a few tags without attributes."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from newscrawl.pages.bodies.passages import Boundary, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.items import Image


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
    levels: list[list[str]] = [[]]
    for item in items:
        if isinstance(item, Passage):
            if not item.dropped:
                levels[-1].append(_passage_html(item, follows=levels[-1]))
        elif item.opens:
            levels.append([])
        elif inner := "".join(levels.pop()):
            levels[-1].append(f"<{item.tag}>{inner}</{item.tag}>")
    return "\n".join(levels[0])


def _passage_html(passage: Passage, follows: list[str]) -> str:
    if passage.image is not None:
        return _figure(passage.image)
    inner = "".join(passage.htmls).strip()
    if passage.tag:
        return f"<{passage.tag}>{inner}</{passage.tag}>"
    return f"<br>{inner}" if follows and not follows[-1].endswith(">") else inner


def _figure(image: Image) -> str:
    about = " ".join(filter(None, (image.caption, image.credit)))
    caption = f"<figcaption>{escape(about, quote=False)}</figcaption>" if about else ""
    alt = f' alt="{escape(image.alt)}"' if image.alt else ""
    return f'<figure><img src="{escape(image.url)}"{alt}>{caption}</figure>'
