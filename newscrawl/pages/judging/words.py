"""The words of a page: how many there are, and where they stand."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, cast

from lxml import etree

from newscrawl.pages.core import CORE
from newscrawl.pages.documents.document import text_of
from newscrawl.pages.judging.consent import is_consent_region

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from newscrawl.pages.documents.document import Document, Element

MAX_WORDS = 1_000
"""Words from which a page is no wall, whatever else it shows."""
MAX_LETTERS = 10 * MAX_WORDS
RANGES = (("\u3040", "\u30ff"), ("\u3400", "\u9fff"), ("\uac00", "\ud7af"))
"""Kana, ideographs and Hangul, the first and the last of each."""
CJK = re.compile(f"[{''.join(f'{first}-{last}' for first, last in RANGES)}]")
MAX_ARTICLES = 200
UNSEEN = frozenset({"head", "script", "style", "noscript", "template", "svg", "iframe"})
HEADING_LINKS = etree.XPath(
    ".//*[self::h1 or self::h2 or self::h3]//a/@href | .//a[.//h1 or .//h2 or .//h3]/@href"
)
WHOLE_WORDS = 150
"""Words of an article among others that is no excerpt; a lead may be as long as a short article."""


def count_words(text: str) -> int:
    """Words between spaces, which noise has few of; of scripts without any, two characters each."""
    if CORE.compiled is not None:
        return cast("int", CORE.compiled.count_words(text, RANGES))
    spaced = len(text.split())
    return spaced if text.isascii() else spaced + len(CJK.findall(text)) // 2


def link_density(body: Element | None) -> float:
    """The share of the letters of a body that stand in links."""
    if body is None:
        return 0.0
    linked = linked_letters(body)
    return round(linked / max(len(text_of(body)), linked, 1), 2)


def _linked_letters(body: Element) -> int:
    return sum(len(text_of(each)) for each in body.iter("a"))


linked_letters: Callable[[Element], int] = (
    _linked_letters if CORE.compiled is None else CORE.compiled.linked_letters
)


def whole_articles(document: Document) -> int:
    """Articles with their text, each under a heading that links to a page of its own."""
    urls: set[str] = set()
    for article in islice(document.tagged("article"), MAX_ARTICLES):
        if next(article.iterancestors("article"), None) is not None:
            continue
        url = next(filter(None, map(document.absolute, HEADING_LINKS(article))), None)
        if url and url != document.url:
            told = sum(count_words(text_of(each)) for each in article.iter("p"))
            urls |= {url} if told >= WHOLE_WORDS else set()
    return len(urls)


class Seen(NamedTuple):
    """How many words a reader sees without scripts, as far as they matter, by where they stand."""

    seen: int
    asked: int
    """In regions named for consent, where those are asked for."""
    prose: int
    """In paragraphs, or in what would be the body of an article, whichever is more."""


def seen_words(root: Element, told: Element | None = None, *, regions: bool = False) -> Seen:
    """Return the words in an element, of which ``told`` would be the body of an article."""
    if CORE.compiled is not None:
        is_region = is_consent_region if regions else None
        seen = CORE.compiled.seen_words(root, told, is_region, rules=RULES)
    else:
        seen = map(count_words, _SeenText(root, told, regions=regions).texts)
    every, asked, *prose = seen
    return Seen(every, asked, max(prose))


class _SeenText:
    """One walk over what a reader sees."""

    def __init__(self, root: Element, told: Element | None, *, regions: bool) -> None:
        self._told = told
        self._regions = regions
        self._region: Element | None = None
        self._in_told = False
        self._paragraphs = 0
        self._length = 0
        self._all: list[str] = []
        self._asking: list[str] = []
        self._running: list[str] = []
        self._telling: list[str] = []
        self._read(root)
        self.texts = map(" ".join, (self._all, self._asking, self._running, self._telling))

    def _read(self, root: Element) -> None:
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, node in cast("Iterable[tuple[str, Element]]", walk):
            if event != "start":
                if event == "end":
                    self._close(node)
                self._say(None if node is root else node.tail)
            elif node.tag in UNSEEN:
                walk.skip_subtree()
            else:
                self._open(node)
                self._say(node.text)
            if self._length > MAX_LETTERS:
                break

    def _open(self, node: Element) -> None:
        self._paragraphs += node.tag == "p"
        self._in_told |= node is self._told
        if self._regions and self._region is None and is_consent_region(node):
            self._region = node

    def _close(self, node: Element) -> None:
        self._paragraphs -= node.tag == "p"
        self._in_told &= node is not self._told
        if node is self._region:
            self._region = None

    def _say(self, text: str | None) -> None:
        if not text or text.isspace():
            return
        self._length += len(text)
        self._all.append(text)
        if self._region is not None:
            self._asking.append(text)
            return
        if self._paragraphs:
            self._running.append(text)
        if self._in_told:
            self._telling.append(text)


class Rules(NamedTuple):
    """What the compiled walk asks for."""

    unseen: frozenset[str] = UNSEEN
    ranges: tuple[tuple[str, str], ...] = RANGES
    most: int = MAX_LETTERS


RULES = Rules()
