"""What a body is taken apart into: passages, and the bounds of lists, quotations and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.pages.core import CORE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newscrawl.items import Image
    from newscrawl.pages.documents.document import Element

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
LABELS = frozenset({"hide caption", "toggle caption"})
LONGEST_LABEL = max(map(len, LABELS))
"""Button texts of NPR's picture markup, which importers keep while dropping its classes."""
LANGUAGE = re.compile(
    r"(?:^|\s)(?:language|lang|brush|highlight|highlight-source|highlight-text)"
    r"[-:]\s?([A-Za-z][\w+#.-]{0,20})"
)
"""How highlighters name the language of code in classes."""
NO_LANGUAGE = frozenset({"none", "default", "plain", "plaintext", "text", "txt", "auto", "source"})
AROUND = 3
"""Elements around code that may name its language."""
MAX_CLASSES = 300
NUMBERED = {"colspan": 1_000, "rowspan": 1_000, "start": 10**9}
"""Attributes of cells and lists that are kept, each with its greatest value."""
PLACES = {"td": ("colspan", "rowspan"), "th": ("colspan", "rowspan"), "ol": ("start",)}


def _folded_lines(text: str) -> str:
    """Its lines that are not empty, white space folded in each."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(filter(None, lines))


folded_lines: Callable[[str], str] = (
    _folded_lines if CORE.compiled is None else CORE.compiled.folded_lines
)


@dataclass(slots=True, eq=False)
class Passage:
    """A paragraph, heading or caption in the making, or a picture.

    ``tag`` is empty inside a list item or a cell. ``frame`` is the number of the figure it stands
    in, ``bolds`` are its bold runs, one of which may be a credit, ``links`` what it links and where.
    ``language`` is the one that code is written in.
    """

    tag: str
    role: str = "text"
    frame: int = 0
    language: str = ""
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
            self.text = folded_lines(raw)
        if len(self.text) <= LONGEST_LABEL and self.text.lower() in LABELS:
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
    language: str = ""


class Boundary(NamedTuple):
    """The opening or closing of a list, a quotation or a table; ``attributes`` are ready HTML."""

    tag: str
    opens: bool
    attributes: str = ""


def attributes_of(element: Element) -> str:
    """What of a cell's or a list's attributes belongs to the structure, as HTML."""
    found = ((name, element.get(name) or "") for name in PLACES.get(str(element.tag), ()))
    told = (
        (name, int(value))
        for name, value in found
        if len(value) < 10 and value.isascii() and value.isdecimal()  # noqa: PLR2004 - digits
    )
    return "".join(
        f' {name}="{value}"' for name, value in told if value != 1 and value <= NUMBERED[name]
    )


def language_of(code: Element) -> str:
    """The language that a ``pre``, the ``code`` in it or a box around it names; else empty."""
    inner = islice(code.iterchildren("code"), 1)
    for each in (code, *inner, *islice(code.iterancestors(), AROUND)):
        named = each.get("data-lang") or each.get("data-language")
        marks = f"language-{named}" if named else (each.get("class") or "")[:MAX_CLASSES]
        for match in LANGUAGE.finditer(marks):
            if match[1].lower() not in NO_LANGUAGE:
                return match[1].lower()
    return ""


def drop_line_numbers(passages: Sequence[Passage]) -> None:
    """The numbers of lines that stand before code in a column of their own."""
    codes = [each for each in passages if each.tag == "pre" and each.text]
    for before, code in pairwise(codes):
        numbers = before.text.split()
        first = int(numbers[0]) if numbers and numbers[0].isdecimal() else -1
        counted = map(str, range(first, first + len(numbers)))
        before.dropped |= (
            first >= 0
            and abs(len(numbers) - code.text.count("\n") - 1) <= len(numbers) / 2
            and all(one == other for one, other in zip(numbers, counted, strict=True))
        )
