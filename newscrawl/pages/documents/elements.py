"""The elements of a page, met once in their order: by tag, by class, by what is said of them."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type
"""An element of a page, as lxml has it: compare it with ``is not None``, an empty one is false."""

DESCRIBING = frozenset({"itemprop", "property", "itemscope", "typeof"})


class Met(NamedTuple):
    """All elements; those of each tag, of each class attribute; those described, those with a ``rel``."""

    every: list[Element]
    tagged: defaultdict[str, list[Element]]
    classed: defaultdict[str, list[Element]]
    described: list[Element]
    related: list[Element]


class Elements:
    """One walk over a page in place of one for each question; lists are not to be changed."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self._by_class: dict[tuple[str, str], list[Element]] = {}
        self._holders: dict[tuple[str, ...], set[Element]] = {}

    @cached_property
    def _met(self) -> Met:
        met = Met([*self.root.iter("*")], defaultdict(list), defaultdict(list), [], [])
        tagged, classed = met.tagged, met.classed
        for each in met.every:
            tagged[each.tag].append(each)  # type: ignore[index] # of an element it is a text
            names = each.keys()
            if names:
                if "class" in names and (classes := each.get("class")):
                    classed[classes].append(each)
                if not DESCRIBING.isdisjoint(names):
                    met.described.append(each)
                if "rel" in names:
                    met.related.append(each)
        return met

    @property
    def every(self) -> list[Element]:
        """All elements, in the order of the page."""
        return self._met.every

    @property
    def described(self) -> list[Element]:
        """The elements that microdata or RDFa says something of, in the order of the page."""
        return self._met.described

    @property
    def related(self) -> list[Element]:
        """The elements that name a relation, in the order of the page."""
        return self._met.related

    @cached_property
    def anchors(self) -> list[tuple[Element, str]]:
        """Links with their addresses as they stand."""
        return [(each, href) for each in self.tagged("a") if (href := each.get("href"))]

    def tagged(self, *tags: str) -> list[Element]:
        """The elements with one of the tags, in the order of the page."""
        known = self._met.tagged
        return self.in_order(known[tag] for tag in tags if tag in known)

    def holders(self, *tags: str) -> set[Element]:
        """The elements with one of the tags, and all that surround one."""
        found = self._holders.get(tags)
        if found is None:
            found = self._holders[tags] = set()
            for each in self.tagged(*tags):
                node: Element | None = each
                while node is not None and node not in found:
                    found.add(node)
                    node = node.getparent()
        return found

    def by_class(self, token: str, tag: str = "*") -> list[Element]:
        """All elements with the class, in the order of the page."""
        key = token, tag
        if key not in self._by_class:
            named = (
                elements
                for classes, elements in self._met.classed.items()
                if token in classes and token in classes.split()
            )
            found = self.in_order(named)
            self._by_class[key] = [each for each in found if tag in {"*", each.tag}]
        return self._by_class[key]

    def by_each(self, tokens: frozenset[str], *tags: str) -> dict[str, list[Element]]:
        """The elements with each of several classes, of some tags, in the order of the page."""
        named: dict[str, list[list[Element]]] = {}
        for classes, elements in self._met.classed.items():
            for token in tokens.intersection(classes.split()):
                named.setdefault(token, []).append(elements)
        return {
            token: [each for each in self.in_order(found) if each.tag in tags]
            for token, found in named.items()
        }

    def by_classes(self, pattern: re.Pattern[str], *words: str) -> list[Element]:
        """All elements whose class attribute the pattern is found in, in the order of the page.

        The pattern is only looked for where one of ``words`` stands, if any are given.
        """
        return self.in_order(
            self._met.classed[classes]
            for classes, lower in self._lower
            if not words or any(map(lower.__contains__, words))
            if pattern.search(classes)
        )

    @cached_property
    def _lower(self) -> list[tuple[str, str]]:
        return [(classes, classes.lower()) for classes in self._met.classed]

    def in_order(self, found: Iterable[list[Element]]) -> list[Element]:
        """Elements of several lists, each in the order of the page, in that order."""
        first, *others = [*found] or [[]]
        return sorted(chain(first, *others), key=self._order.__getitem__) if others else first

    @cached_property
    def _order(self) -> dict[Element, int]:
        return {element: place for place, element in enumerate(self.every)}

    def first(self, token: str, tag: str = "*") -> Element | None:
        found = self.by_class(token, tag)
        return found[0] if found else None
