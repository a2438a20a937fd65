"""The elements of a page, met once in their order: by tag, by class, by what is said of them."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, cast

from lxml import etree

from newscrawl.pages.core import CORE
from newscrawl.pages.documents.remembered import Remembered

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Mapping

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type
"""An element of a page, as lxml has it: compare it with ``is not None``, an empty one is false."""

NAMES = etree.XPath("//@id | //@class", smart_strings=False)
ITEM_TYPES = etree.XPath("//@itemtype", smart_strings=False)
END = "\0"
"""Behind a class attribute; none has one in it."""
DESCRIBING = frozenset({"itemprop", "property", "itemscope", "typeof"})


class Index:
    """The elements of a tree in the order of the page, met in one walk; lists are not to be changed."""

    def __init__(self, root: Element) -> None:
        self._every = [*root.iter("*")]
        self._described: list[Element] = []
        self._related: list[Element] = []
        self._telling: list[Element] = []
        self._tagged: defaultdict[str, list[Element]] = defaultdict(list)
        self._classed: defaultdict[str, list[Element]] = defaultdict(list)
        tagged, classed = self._tagged, self._classed
        for each in self._every:
            tagged[each.tag].append(each)  # type: ignore[index] # of an element it is a text
            names = each.keys()
            if names:
                if "class" in names and (classes := each.get("class")):
                    classed[classes].append(each)
                described, related = not DESCRIBING.isdisjoint(names), "rel" in names
                if described:
                    self._described.append(each)
                if related:
                    self._related.append(each)
                if described or related:
                    self._telling.append(each)

    def every(self) -> list[Element]:
        return self._every

    def described(self) -> list[Element]:
        return self._described

    def related(self) -> list[Element]:
        return self._related

    def telling(self) -> list[Element]:
        return self._telling

    def anchors(self) -> list[tuple[Element, str]]:
        return [(each, href) for each in self.tagged("a") if (href := each.get("href"))]

    def anchors_around(self, most: int, *tags: str) -> list[tuple[Element, str, Element]]:
        held: dict[Element, Element] = {}
        for each in self.tagged(*tags):
            for link in each.iterancestors("a"):
                held.setdefault(link, each)
        every = islice(self.anchors(), most)
        return [(link, href, held[link]) for link, href in every if link in held]

    def tagged(self, *tags: str) -> list[Element]:
        known = self._tagged
        return self._merged(known[tag] for tag in tags if tag in known)

    def holders(self, *tags: str) -> set[Element]:
        found: set[Element] = set()
        for each in self.tagged(*tags):
            node: Element | None = each
            while node is not None and node not in found:
                found.add(node)
                node = node.getparent()
        return found

    def classed(self) -> list[str]:
        """All class attributes that are not empty, each once, in the order in which they first stand."""
        return [*self._classed]

    def of_classes(self, wanted: Iterable[str], *tags: str) -> list[Element]:
        """The elements with one of some whole class attributes; of some tags, if any are given."""
        found = self._merged(self._classed[classes] for classes in wanted)
        return [each for each in found if each.tag in tags] if tags else found

    def named(self, part: str, *tags: str) -> list[Element]:
        """The elements of some tags in whose class, id or ``itemtype`` a text stands."""
        found = []
        for each in self.tagged(*tags):
            said = (each.get("class"), each.get("id"), each.get("itemtype"))
            if any(part in text for text in said if text):
                found.append(each)
        return found

    def identified(self) -> list[tuple[Element, str]]:
        """The elements with an id, and the id."""
        return [(each, name) for each in self._every if (name := each.get("id"))]

    def naming(
        self, plain: Mapping[str, frozenset[str]], wanted: frozenset[str]
    ) -> list[tuple[Element, frozenset[str]]]:
        """The ``meta`` elements, then the others that microdata or RDFa calls one of some names.

        ``plain`` has the names in what an element says; they are given with it.
        """
        described = (each for each in self._described if each.tag != "meta")
        called = ((each, called_by(each)) for each in chain(self.tagged("meta"), described))
        told = ((each, plain[said]) for each, said in called if said)
        return [(each, names) for each, names in told if not wanted.isdisjoint(names)]

    def in_order(self, elements: Iterable[Element]) -> list[Element]:
        return sorted(elements, key=self._order.__getitem__)

    def _merged(self, found: Iterable[list[Element]]) -> list[Element]:
        """Elements of several lists, each in the order of the page, in that order."""
        first, *others = [*found] or [[]]
        return self.in_order(chain(first, *others)) if others else first

    @cached_property
    def _order(self) -> dict[Element, int]:
        return {element: place for place, element in enumerate(self._every)}


def called_by(element: Element) -> str:
    """What microdata and RDFa call an element; a ``meta`` of neither has a name."""
    one, other = element.get("itemprop"), element.get("property")
    told = f"{one} {other}" if one and other else one or other
    return told or (element.tag == "meta" and element.get("name")) or ""


def may_have(text: str, words: Iterable[str]) -> bool:
    """Whether one of some words, given in small letters, may be in a text; of ASCII it is known."""
    if not text.isascii():
        return True
    lower = text.lower()
    return any(word in lower for word in words)


@lru_cache
def _fitting(pattern: re.Pattern[str], words: tuple[str, ...]) -> Remembered[bool]:
    """Whether a pattern is found in a class attribute, and one of some words in its small letters."""

    def fits(classes: str) -> bool:
        lower = classes.lower()
        told = not words or any(word in lower for word in words)
        return told and pattern.search(classes) is not None

    return Remembered(fits)


@lru_cache
def _shared(tokens: frozenset[str]) -> Remembered[tuple[str, ...]]:
    """Which of some classes a class attribute has."""
    return Remembered(lambda classes: (*tokens.intersection(classes.split()),))


class Elements:
    """One walk over a page in place of one for each question; lists are not to be changed."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self._tagged: dict[tuple[str, ...], list[Element]] = {}
        self._by_class: dict[tuple[str, str], list[Element]] = {}
        self._holders: dict[tuple[str, ...], set[Element]] = {}

    @cached_property
    def index(self) -> Any:
        """As ``Index`` has it."""
        return Index(self.root) if CORE.compiled is None else CORE.compiled.Index(self.root)

    @cached_property
    def every(self) -> list[Element]:
        """All elements, in the order of the page."""
        return self.index.every()  # type: ignore[no-any-return]

    @cached_property
    def described(self) -> list[Element]:
        """The elements that microdata or RDFa says something of, in the order of the page."""
        return self.index.described()  # type: ignore[no-any-return]

    @cached_property
    def related(self) -> list[Element]:
        """The elements that name a relation, in the order of the page."""
        return self.index.related()  # type: ignore[no-any-return]

    @cached_property
    def telling(self) -> list[Element]:
        """Both of these, in the order of the page."""
        return self.index.telling()  # type: ignore[no-any-return]

    @cached_property
    def names(self) -> list[str]:
        """All class attributes and ids that are not empty, each once, in the order of the page."""
        if self._is_to_be_searched:
            return [*filter(None, dict.fromkeys(cast("list[str]", NAMES(self.root))))]
        return self.index.names_said()  # type: ignore[no-any-return]

    @property
    def item_types(self) -> list[str]:
        """What microdata calls the types of its objects, as it stands."""
        if self._is_to_be_searched:
            return cast("list[str]", ITEM_TYPES(self.root))
        return self.index.item_types()  # type: ignore[no-any-return]

    @cached_property
    def _is_to_be_searched(self) -> bool:
        """Whether the compiled index does not know all elements: the parser leaves some beside the root."""
        beside = chain(self.root.itersiblings(), self.root.itersiblings(preceding=True))
        return CORE.compiled is None or any(isinstance(each.tag, str) for each in beside)

    @cached_property
    def anchors(self) -> list[tuple[Element, str]]:
        """Links with their addresses as they stand."""
        return self.index.anchors()  # type: ignore[no-any-return]

    def anchors_around(self, most: int, *tags: str) -> list[tuple[Element, str, Element]]:
        """Of the first links those around an element with one of the tags, with the first such.

        Their addresses are as they stand.
        """
        return self.index.anchors_around(most, *tags)  # type: ignore[no-any-return]

    def tagged(self, *tags: str) -> list[Element]:
        """The elements with one of the tags, in the order of the page."""
        if tags not in self._tagged:
            self._tagged[tags] = self.index.tagged(*tags)
        return self._tagged[tags]

    def holders(self, *tags: str) -> set[Element]:
        """The elements with one of the tags, and all that surround one."""
        if tags not in self._holders:
            self._holders[tags] = self.index.holders(*tags)
        return self._holders[tags]

    def by_class(self, token: str, tag: str = "*") -> list[Element]:
        """All elements with the class, in the order of the page."""
        key = token, tag
        if key not in self._by_class:
            named = [*self._bearing(token)]
            tags = () if tag == "*" else (tag,)
            self._by_class[key] = self.index.of_classes(named, *tags) if named else []
        return self._by_class[key]

    def _bearing(self, token: str) -> Iterator[str]:
        """The class attributes with a class."""
        every = self._classes
        at = every.find(token)
        while at >= 0:
            end = every.find(END, at)
            classes = every[every.rfind(END, 0, at) + 1 : end]
            if token in classes.split():
                yield classes
            at = every.find(token, end + 1)

    def by_each(self, tokens: frozenset[str], *tags: str) -> dict[str, list[Element]]:
        """The elements with each of several classes, of some tags, in the order of the page."""
        named: defaultdict[str, list[str]] = defaultdict(list)
        known = _shared(tokens)
        for classes in self._classed:
            for token in known[classes]:
                named[token].append(classes)
        return {token: self.index.of_classes(found, *tags) for token, found in named.items()}

    def by_classes(self, pattern: re.Pattern[str], *words: str) -> list[Element]:
        """All elements whose class attribute the pattern is found in, in the order of the page.

        The pattern is only looked for where one of ``words`` stands, if any are given.
        """
        told = self._lower_classes
        if words and not any(word in told for word in words):
            return []
        fits = _fitting(pattern, words)
        found = [classes for classes in self._classed if fits[classes]]
        return self.index.of_classes(found) if found else []

    @cached_property
    def _classed(self) -> list[str]:
        return self.index.classed()  # type: ignore[no-any-return]

    @cached_property
    def _classes(self) -> str:
        """All of them, to see at a glance that a name stands in none."""
        return END.join([*self._classed, ""])

    @cached_property
    def _lower_classes(self) -> str:
        return self._classes.lower()

    def in_order(self, elements: Iterable[Element]) -> list[Element]:
        """Elements of the page, in its order."""
        return self.index.in_order(elements)  # type: ignore[no-any-return]

    def first(self, token: str, tag: str = "*") -> Element | None:
        found = self.by_class(token, tag)
        return found[0] if found else None
