"""What a body is taken apart into: passages, and the bounds of lists, quotations and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from newscrawl.items import Image
    from newscrawl.pages.documents.document import Element

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
LABELS = frozenset({"hide caption", "toggle caption"})
"""Button texts of NPR's picture markup, which importers keep while dropping its classes."""


@dataclass(slots=True, eq=False)
class Passage:
    """A paragraph, heading or caption in the making, or a picture.

    ``tag`` is empty inside a list item or a cell. ``frame`` is the number of the figure it stands
    in, ``bolds`` are its bold runs, one of which may be a credit, ``links`` what it links and where.
    """

    tag: str
    role: str = "text"
    frame: int = 0
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    bolds: list[str] = field(default_factory=list)
    links: list[tuple[str, str | None]] = field(default_factory=list)
    labelled: bool = False
    image: Image | None = None
    dropped: bool = False
    text: str = ""

    def close(self) -> None:
        raw = "".join(self.texts)
        if self.tag == "pre":
            self.text = raw.strip("\n").rstrip()
        else:
            lines = (" ".join(line.split()) for line in raw.split("\n"))
            self.text = "\n".join(filter(None, lines))
        if self.text.lower() in LABELS:
            self.text, self.labelled = "", True

    def cut(self, texts: int, htmls: int) -> None:
        del self.texts[texts:], self.htmls[htmls:]

    @property
    def folded(self) -> str:
        return self.text.casefold()


@dataclass(slots=True, eq=False)
class Inline:
    """An open inline element; the counts say where it began in its passage."""

    tag: str
    opening: str
    element: Element
    passage: Passage | None = None
    texts: int = 0
    htmls: int = 0


class Context(NamedTuple):
    """What a passage that begins here will be."""

    tag: str = "p"
    role: str = "text"
    frame: int = 0


class Boundary(NamedTuple):
    """The opening or closing of a list, a quotation or a table."""

    tag: str
    opens: bool
