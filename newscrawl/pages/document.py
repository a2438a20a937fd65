"""One parsed page, shared by everything that reads it."""

from __future__ import annotations

import re
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree

if TYPE_CHECKING:
    from web_poet import HttpResponse

    from newscrawl.pages.metadata import JsonObject

from newscrawl.pages.metadata import JSON_LD_TYPE, json_ld_objects
from newscrawl.urls import MAX_URL_LENGTH, UnfetchableURL, same_site

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type

PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
PLAIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?:/[^\s\\#]*)?")
"""Absolute already, with nothing to mend: nearly every link of a WordPress page."""
FEEDS = frozenset({"rss", "feed", "urlset", "sitemapindex", "rdf", "rdf:rdf"})
HEAD_TAGS = frozenset({"meta", "link", "base", "title", "script"})
WHITESPACE = "\t\n\r\f "


class Head(NamedTuple):
    """The ``content`` of meta elements and the ``href`` of links by lower-case name, in order."""

    metas: dict[str, list[str]]
    links: dict[str, list[str]]
    bases: list[str]
    titles: list[str]


class Document:
    """The one parse of a response, and what one walk over it has found."""

    def __init__(self, response: HttpResponse) -> None:
        self.url = str(response.url)
        self.status = response.status
        self.root = parsed(response)
        self.anchors: list[Element] = []
        self.head = Head({}, {}, [], [])
        self._scripts: list[str] = []
        self._classed: dict[str, list[tuple[int, Element]]] = {}
        self._tokens: dict[str, list[Element]] = {}
        self._urls: dict[str, str | None] = {}
        self._walk()

    def _walk(self) -> None:
        for place, element in enumerate(self.root.iter("*")):
            tag = element.tag
            if tag == "a":
                if element.get("href"):
                    self.anchors.append(element)
            elif tag in HEAD_TAGS:
                self._read_head(element)
            if classes := element.get("class"):
                self._classed.setdefault(classes, []).append((place, element))

    def _read_head(self, element: Element) -> None:
        tag = element.tag
        if tag == "meta":
            key = element.get("property") or element.get("name") or element.get("itemprop")
            value = element.get("content")
            if key and value and (value := " ".join(value.split())):
                self.head.metas.setdefault(key.strip().lower(), []).append(value)
        elif tag == "link":
            for rel in (element.get("rel") or "").lower().split():
                self.head.links.setdefault(rel, []).append(element.get("href") or "")
        elif tag == "script":
            if (element.get("type") or "").strip().lower() == JSON_LD_TYPE and element.text:
                self._scripts.append(element.text)
        elif tag == "base":
            self.head.bases.append(element.get("href") or "")
        elif tag == "title":
            self.head.titles.append(" ".join((element.text or "").split()))

    def by_class(self, token: str) -> list[Element]:
        """All elements with the class, in the order of the page."""
        if token not in self._tokens:
            found = [
                each
                for classes, elements in self._classed.items()
                if token in classes and token in classes.split()
                for each in elements
            ]
            self._tokens[token] = [element for _, element in sorted(found, key=itemgetter(0))]
        return self._tokens[token]

    def first(self, token: str) -> Element | None:
        found = self.by_class(token)
        return found[0] if found else None

    @cached_property
    def body_classes(self) -> frozenset[str]:
        body = self.root.find("body")
        return frozenset() if body is None else frozenset((body.get("class") or "").split())

    def metas(self, name: str) -> list[str]:
        return self.head.metas.get(name, [])

    def meta(self, *names: str) -> str | None:
        return next((found[0] for name in names if (found := self.metas(name))), None)

    def head_link(self, rel: str) -> str | None:
        return next(filter(None, map(self.absolute, self.head.links.get(rel, []))), None)

    @cached_property
    def is_feed(self) -> bool:
        """XML for readers and crawlers, which an HTML parser takes for text."""
        body = self.root.find("body")
        return body is not None and len(body) > 0 and body[0].tag in FEEDS

    @cached_property
    def is_wordpress(self) -> bool:
        """Plugins hide the generator, hardly ever the paths of styles and of the API."""
        hrefs = (href for found in self.head.links.values() for href in found)
        return "https://api.w.org/" in self.head.links or any(
            "/wp-content/" in href or "/wp-includes/" in href for href in hrefs
        )

    @property
    def title(self) -> str:
        return next(filter(None, self.head.titles), "")

    @cached_property
    def base(self) -> str:
        """Relative addresses count from ``<base href>`` where there is one (HTML, 4.2.3)."""
        try:
            base = urljoin(self.url, forward(next(iter(self.head.bases), "")))
            return base if urlsplit(base).scheme in {"http", "https"} else self.url
        except ValueError:
            return self.url

    def absolute(self, href: str) -> str | None:
        """``href`` as an absolute http(s) address without fragment; else ``None``."""
        if href not in self._urls:
            self._urls[href] = absolute(href, self.base)
        return self._urls[href]

    @cached_property
    def json_ld(self) -> list[JsonObject]:
        return list(json_ld_objects(self._scripts))


def parsed(response: HttpResponse) -> Element:
    """Never fails: what can't be read as HTML is an empty page.

    Parsel's parser gives every element a class in Python, at a third of the cost of the parse.
    """
    try:
        text = response.text.replace("\x00", "").strip()
        root = etree.fromstring(text.encode("utf-8", "replace"), PARSER) if text else None
    except (etree.LxmlError, ValueError, LookupError):
        root = None
    return etree.Element("html") if root is None else root


def forward(href: str) -> str:
    """Browsers read a backslash in an http address as a slash (WHATWG URL, path state)."""
    head, mark, query = href.strip(WHITESPACE).partition("?")
    return head.replace("\\", "/") + mark + query


def absolute(href: str, base: str) -> str | None:
    if PLAIN.fullmatch(href) and len(href) <= MAX_URL_LENGTH:
        return href
    href = forward(href)
    if not href or href[0] == "#" or len(href) > MAX_URL_LENGTH:
        return None
    try:
        url = href if href.startswith(("https://", "http://")) else urljoin(base, href)
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return None
    except ValueError:
        return None
    return url.partition("#")[0]


def own(url: str, page: str) -> bool:
    """Whether ``url`` belongs to the site of ``page``."""
    try:
        return same_site(url, page)
    except UnfetchableURL:
        return False


def text_of(element: Element) -> str:
    """All text, white space folded."""
    return " ".join("".join(element.itertext()).split())
