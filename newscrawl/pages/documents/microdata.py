"""What elements say of the objects of schema.org: microdata and RDFa, as JSON-LD would."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, cast

from lxml import etree

from newscrawl.pages.documents.document import text_within
from newscrawl.pages.documents.metadata import ARTICLE_TYPES, story_of, types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.pages.documents.document import Document, Element
    from newscrawl.pages.documents.metadata import JsonObject

WITH_ID = etree.XPath("//*[@id]")
READ = frozenset(
    """
    headline name alternativeHeadline author creator givenName familyName articleSection keywords
    image url contentUrl thumbnailUrl caption creditText commentCount interactionCount
    interactionStatistic interactionType userInteractionCount inLanguage isAccessibleForFree
    timeRequired publisher mainEntityOfPage
    """.split()  # noqa: SIM905 - a list a word a line is not read at a glance
)
ADDRESSES = frozenset(
    {"url", "contentUrl", "thumbnailUrl", "image", "mainEntityOfPage", "interactionType"}
)
HELD_IN = ("content", "value")
ADDRESS_IN = ("content", "href", "src", "data")
STORIES = ARTICLE_TYPES | {"creativework"}
"""Themes call their posts no more than that."""
PREFIX = re.compile(r"^(?:schema:|https?://schema\.org/)")
MAX_ELEMENTS = 5_000
MAX_TEXTS = 500
MAX_REFERRED = 20
MAX_TEXT = 2_000
"""Characters; longer ones are no title and no name."""
PEOPLE = frozenset({"author", "creator", "publisher"})
LISTS = frozenset({"articleSection", "keywords"})
MAX_LINKS = 20
OWN = frozenset({"name", "headline"})
"""What RDFa says of an object on its very element."""


class Items:
    """The objects that a page's elements describe, by the element that holds each."""

    def __init__(self, document: Document) -> None:
        said = saying(document)[:MAX_ELEMENTS]
        self.objects: dict[Element, JsonObject] = {
            each: {"@type": types_of(each)} for each in said if is_scope(each)
        }
        self._owners: dict[Element, Element | None] = {}
        self._texts = MAX_TEXTS
        if not self.objects:
            return
        self._refer(document)
        for element in said:
            self._add(element)
        for element in said:
            self._name(element)

    def _refer(self, document: Document) -> None:
        """Elements elsewhere belong to the first object that refers to them."""
        owners: dict[str, Element] = {}
        for scope in self.objects:
            for name in (scope.get("itemref") or "").split()[:MAX_REFERRED]:
                owners.setdefault(name, scope)
        for each in cast("list[Element]", WITH_ID(document.root)) if owners else ():
            owner = owners.get(each.get("id") or "")
            if owner is not None:
                self._owners[each] = owner

    def _add(self, element: Element) -> None:
        names = [name for name in names_of(element) if name in READ]
        owner = self._owner(element) if names else None
        inner = self.objects.get(element)
        for name in names:
            if inner is not None and name in OWN:
                inner.setdefault(name, []).append(self._value(element, name))
            elif owner is not None and owner is not element:
                values = self._values(element, name) if inner is None else [inner]
                self.objects[owner].setdefault(name, []).extend(values)

    def _name(self, element: Element) -> None:
        """A person's element that says nothing more holds the name."""
        inner = self.objects.get(element)
        if inner is None or inner.keys() & {"name", "givenName", "familyName"}:
            return
        if not PEOPLE.isdisjoint(names_of(element)):
            inner["name"] = self._value(element, "name")

    def _values(self, element: Element, name: str) -> list[str]:
        """One for each link in what lists sections or keywords."""
        links = list(islice(element.iter("a"), MAX_LINKS)) if name in LISTS else []
        return [self._value(each, name) for each in links or [element]]

    def _value(self, element: Element, name: str) -> str:
        if element.tag == "meta":
            return " ".join((element.get("content") or "").split())
        held = ADDRESS_IN if name in ADDRESSES else HELD_IN
        found = next(filter(None, map(element.get, held)), None)
        if found or not self._texts:
            return (found or "").strip()
        self._texts -= 1
        return short_text(element)

    def _owner(self, element: Element) -> Element | None:
        """The innermost object around an element, or the one that refers to where it stands."""
        if element in self._owners:
            return self._owners[element]
        passed: list[Element] = []
        node = element.getparent()
        while node is not None and node not in self.objects and node not in self._owners:
            passed.append(node)
            node = node.getparent()
        owner = node if node is None or node in self.objects else self._owners[node]
        self._owners.update(dict.fromkeys(passed, owner))
        return owner


def saying(document: Document) -> list[Element]:
    """The elements that say something of an object, be it by a ``rel``."""
    found = document.described
    named = [each for each in document.related if "schema" in (each.get("rel") or "")]
    if not named:
        return found
    known = set(found)
    return document.in_order([*found, *(each for each in named if each not in known)])


def is_scope(element: Element) -> bool:
    return element.get("itemscope") is not None or bool(
        (element.get("typeof") or "").strip() and element.get("itemprop") is None
    )


def types_of(element: Element) -> list[str]:
    return (element.get("itemtype") or element.get("typeof") or "").split()


def names_of(element: Element) -> list[str]:
    """The properties that an element gives its object, by their plain names."""
    said = element.get("itemprop") or element.get("property") or ""
    links = [each for each in (element.get("rel") or "").split() if PREFIX.match(each)]
    names = (PREFIX.sub("", each) for each in (*said.split(), *links))
    return [name for name in dict.fromkeys(names) if ":" not in name]


def short_text(element: Element) -> str:
    """The text, if it may be that of a title or a name."""
    return text_within(element, MAX_TEXT, True)


def own_item(items: Items, heading: Element | None, pages: Iterable[str]) -> JsonObject:
    """The article whose element holds the headline, else the only one, or the one of the page."""
    around = () if heading is None else (heading, *heading.iterancestors())
    for each in around:
        if (found := items.objects.get(each)) and not STORIES.isdisjoint(types(found)):
            return found
    return story_of(items.objects.values(), pages, most=1)
