"""One parsed page, shared by everything that reads it."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from contextlib import suppress
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from web_poet import HttpResponse

    from newscrawl.pages.documents.metadata import JsonObject

from newscrawl.addresses.address import MAX_URL_LENGTH, same_site, site_of
from newscrawl.addresses.joining import forward, join
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.charset import decode, without_controls
from newscrawl.dates import read_date
from newscrawl.discovery.header_links import header_links
from newscrawl.normal_forms import stream_safe
from newscrawl.pages.core import CORE
from newscrawl.pages.documents import elements
from newscrawl.pages.documents.bounds import (
    MAX_MARKUP,
    MAX_TAGS,
    STEP,
    cut_off,
    with_what_follows,
    without_attributes,
)
from newscrawl.pages.documents.metadata import JSON_LD_TYPES, json_ld_objects
from newscrawl.pages.documents.remembered import Remembered

Element = elements.Element

PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, collect_ids=False)
"""Nothing looks elements up by the identity of a document, which is dear to keep."""
PLAIN = re.compile(r"(https?://[a-z0-9][a-z0-9.-]*(?::[0-9]+)?(?:/[^\s\\#]*)?)(?:#.*)?", re.DOTALL)
"""Absolute already, with nothing to mend: nearly every link of a WordPress page."""
ORIGIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?::[0-9]+)?")
RELATIVE = re.compile(
    r"(/|(?:\.\./)*)"
    r"([\w~%-][\w~%.-]*(?:/[\w~%-][\w~%.-]*)*/?(?:\?[A-Za-z0-9_~%.=&+/-]+)?)"
    r"(?:#.*)?",
    re.DOTALL,
)
"""A folder and a path below it without dots to resolve: joined as they stand."""
ESCAPED, ESCAPED_OF_OTHERS = 3, 12
"""Characters that one of an address may become, of ASCII and of all others."""
PLAIN_BASE = re.compile(
    r"(https?://[a-z0-9][a-z0-9.-]*(?::[0-9]+)?/)((?:[A-Za-z0-9_~%-][A-Za-z0-9_~%.-]*/)*)"
    r"[A-Za-z0-9_~%.-]*"
)
"""Its origin and its folders."""
PLAIN_ORIGINS = Remembered[bool](lambda origin: PLAIN.fullmatch(origin) is not None)
FEEDS = frozenset({"rss", "feed", "urlset", "sitemapindex", "rdf", "rdf:rdf"})
STRING: Callable[[Element], str] = (
    etree.XPath("string()", smart_strings=False) if CORE.compiled is None else CORE.compiled.string
)
"""All text in an element, at half the cost of ``itertext()``."""
META_NAMES = ("property", "name", "itemprop", "http-equiv")
"""One element may bear several, each of several words."""
HEAD_TAGS = ("meta", "link", "base", "title", "script")
ALL_MENDS = 15
WHITESPACE = "\t\n\r\f "


class Head(NamedTuple):
    """The ``content`` of meta elements and the ``href`` of links by lower-case name, in order."""

    metas: dict[str, list[str]]
    links: dict[str, list[str]]
    bases: list[str]
    titles: list[str]
    json_ld: list[str]

    def add(self, element: Element, tag: str) -> None:
        if tag == "script":
            kind = element.get("type")
            if kind and kind.partition(";")[0].strip().lower() in JSON_LD_TYPES and element.text:
                self.json_ld.append(element.text)
        elif tag == "meta":
            keys = " ".join(filter(None, map(element.get, META_NAMES)))
            value = element.get("content")
            if value and (value := " ".join(value.split())):
                for key in dict.fromkeys(keys.lower().split()):
                    self.metas.setdefault(key, []).append(value)
        elif tag == "link":
            for rel in (element.get("rel") or "").lower().split():
                self.links.setdefault(rel, []).append(element.get("href") or "")
        elif tag == "base":
            self.bases.append(element.get("href") or "")
        elif tag == "title":
            self.titles.append(" ".join((element.text or "").split()))


class Document(elements.Elements):
    """The one parse of a response; what a walk over it costs is paid when first asked for."""

    def __init__(self, response: HttpResponse) -> None:
        self.url = str(response.url)
        self.status = response.status
        super().__init__(parsed(response))
        self._said = response.headers.getall("Link", [])
        self._date = response.headers.get("Date")
        self._own: dict[str, bool] = {}
        self._urls: dict[str, str | None] = {}
        self._element_links: dict[str, str | None] = {}
        self._folders: dict[str, str] = {}

    @cached_property
    def sent(self) -> datetime | None:
        """When the server says it answered."""
        found = read_date(self._date)
        return found.when if found else None

    @cached_property
    def head(self) -> Head:
        head = Head({}, {}, [], [], [])
        if CORE.compiled is not None:
            self.index.add_head(head, JSON_LD_TYPES)
            return head
        for tag in HEAD_TAGS:
            for element in self.tagged(tag):
                head.add(element, tag)
        return head

    @cached_property
    def body_classes(self) -> frozenset[str]:
        body = self.body
        return frozenset() if body is None else frozenset((body.get("class") or "").split())

    @property
    def body(self) -> Element | None:
        """The element of that name."""
        return next(self.root.iterchildren("body"), None)

    def metas(self, name: str) -> list[str]:
        return self.head.metas.get(name, [])

    def meta(self, *names: str) -> str | None:
        metas = self.head.metas
        for name in names:
            if name in metas:
                return metas[name][0]
        return None

    def head_link(self, rel: str) -> str | None:
        """Where the first link of that relation leads: of the page, else of its header ``Link``."""
        return self.element_link(rel) or self._header_links.get(rel)

    def element_link(self, rel: str) -> str | None:
        if rel not in self._element_links:
            hrefs = self.head.links.get(rel, [])
            self._element_links[rel] = next(filter(None, map(self.absolute, hrefs)), None)
        return self._element_links[rel]

    @cached_property
    def _header_links(self) -> dict[str, str]:
        """The first address of each relation; ``<base>`` is not theirs, nor links of other pages."""
        found: dict[str, str] = {}
        for link in header_links(self._said):
            is_own = link.anchor is None or absolute(link.anchor or self.url, self.url) == self.url
            url = absolute(link.target, self.url) if is_own else None
            for rel in link.rels if url else ():
                found.setdefault(rel, url or "")
        return found

    @cached_property
    def shortlinks(self) -> list[str]:
        """Other addresses that the page gives for itself (``rel=shortlink``)."""
        links = (each for each in self.related if each.tag == "a")
        named = (each for each in links if "shortlink" in (each.get("rel") or ""))
        hrefs = filter(None, (each.get("href") for each in named))
        return list(filter(None, [self.head_link("shortlink"), *map(self.absolute, hrefs)]))

    @cached_property
    def is_feed(self) -> bool:
        """XML for readers and crawlers, which an HTML parser takes for text."""
        body = self.body
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
        if not self.head.bases:
            return self.url
        try:
            base = join(self.url, self.head.bases[0])
            is_web = urlsplit(base).scheme in {"http", "https"}
        except ValueError:
            return self.url
        return base if is_web and len(base) <= MAX_URL_LENGTH else self.url

    def absolute(self, href: str) -> str | None:
        """``href`` as an absolute http(s) address without fragment; else ``None``."""
        if CORE.compiled is not None:
            return self._joining.of(href)  # type: ignore[no-any-return]
        try:
            return self._urls[href]
        except KeyError:
            joined = self._outward if href[:4] == "http" else self._inward
            fits = len(href) <= MAX_URL_LENGTH
            url = self._urls[href] = joined(href) if fits else absolute(href, self.base)
            return url

    @cached_property
    def _joining(self) -> Any:
        """What ``absolute`` asks where the core is compiled."""
        return CORE.compiled.Joining(self.base, JOINING) if CORE.compiled is not None else None

    def is_own(self, url: str) -> bool:
        """Whether an address is of the page's site."""
        try:
            return self._own[url]
        except KeyError:
            found = self._own[url] = self._is_own(url)
            return found

    def _is_own(self, url: str) -> bool:
        """Of a plain address its host tells, of which a page names few."""
        most = ESCAPED if url.isascii() else ESCAPED_OF_OTHERS
        is_plain = most * len(url) <= MAX_URL_LENGTH - len("https://") and url.isprintable()
        end = url.find("/", len("https://"))
        origin = url if end < 0 else url[:end]
        site = SITES[origin] if is_plain else None
        return (_site_of(url) if site is None else site) == self._site is not None

    @cached_property
    def _site(self) -> str | None:
        return _site_of(self.url)

    def _inward(self, href: str) -> str | None:
        if "\\" in href:
            href = forward(href)
        plain = RELATIVE.fullmatch(href)
        if plain is None:
            return absolute(href, self.base)
        up, path = plain.groups()
        if up not in self._folders:
            self._folders[up] = folder_of(up, self.base)
        folder = self._folders[up]
        return folder + path if folder else None

    def _outward(self, href: str) -> str | None:
        """A page names few hosts: once one is known for plain, so is the rest at a glance."""
        plain = PLAIN_ORIGINS[href[: href.find("/", len("https://")) + 1]]
        if plain and href.isprintable() and " " not in href and "\\" not in href:
            return href.partition("#")[0]
        return absolute(href, self.base)

    @cached_property
    def json_ld(self) -> list[JsonObject]:
        return list(json_ld_objects(self.head.json_ld))


def parsed(response: HttpResponse) -> Element:
    """Never fails: what can't be read as HTML is an empty page.

    Parsel's parser gives every element a class in Python, at a third of the cost of the parse.
    """
    try:
        body = mended(response)
        root = etree.fromstring(body, PARSER) if body else None
    except (etree.LxmlError, ValueError, LookupError):
        root = None
    return etree.Element("html") if root is None else root


def mended(response: HttpResponse) -> bytes:
    """The page in UTF-8, within all bounds; what the compiled core sees not to need it is left out."""
    known: tuple[bytes, int] | None = None
    if CORE.compiled is not None:
        known = CORE.compiled.plain(response.body, MAX_MARKUP, MAX_TAGS, STEP)
    body, mends = known or (utf_8(response), ALL_MENDS)
    if mends & 1:
        body, mends = without_controls(body), ALL_MENDS  # which moves what was seen
    if mends & 2:
        body = without_attributes(body)
    if mends & 4:
        body = cut_off(body)
    return with_what_follows(body) if mends & 8 else body


def utf_8(response: HttpResponse) -> bytes:
    """The page in UTF-8: as it came, where that is plainly what it is already."""
    body = response.body.removeprefix(BOM_UTF8)
    bare = body.strip()
    if bare[:1] == b"<" and bare[-1:] == b">" and b"\0" not in body and b"\x1b" not in body:
        with suppress(UnicodeDecodeError):
            if body.isascii() or body.decode():
                return body
    text = decode(response.body, response.headers.get("Content-Type"))
    return text.replace("\x00", "").strip().encode("utf-8", "replace")


def absolute(href: str, base: str) -> str | None:
    plain = PLAIN.fullmatch(href)
    if plain and len(href) <= MAX_URL_LENGTH:
        return plain[1]
    href = stream_safe(forward(href))
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


def folder_of(up: str, base: str) -> str:
    """What stands before a name that follows ``/``, or some ``../``, on the page ``base``; else empty."""
    plain = PLAIN_BASE.fullmatch(base)
    if plain is None:
        return (absolute(f"{up}x", base) or "").removesuffix("x")
    origin, path = plain.groups()
    if up == "/":
        return origin
    folders = path.split("/")[:-1]
    return origin + "".join(f"{each}/" for each in folders[: max(0, len(folders) - up.count("/"))])


class JoiningRules(NamedTuple):
    """What the compiled part of ``Document.absolute`` asks for."""

    absolute: Any = absolute
    folder: Any = folder_of
    forward: Any = forward
    plain: Any = PLAIN_ORIGINS
    relative: Any = RELATIVE.fullmatch
    most: int = MAX_URL_LENGTH


JOINING = JoiningRules()


def own(url: str, page: str) -> bool:
    """Whether ``url`` belongs to the site of ``page``."""
    try:
        return same_site(url, page)
    except UnfetchableURL:
        return False


def _site_of(url: str) -> str | None:
    try:
        return site_of(url)
    except UnfetchableURL:
        return None


SITES = Remembered[str | None](
    lambda origin: _site_of(origin) if ORIGIN.fullmatch(origin) else None
)
"""Whose site a plain origin is of: a page names few hosts, and the pages of a site the same."""


def _text_of(element: Element) -> str:
    return " ".join(str(STRING(element)).split())


text_of: Callable[[Element], str] = _text_of if CORE.compiled is None else CORE.compiled.text_of
"""All text in an element, white space folded; empty where there is none."""


def _text_within(element: Element, most: int, all_of_it: bool) -> str:
    found, size = [], 0
    for text in element.itertext():
        found.append(text)
        size += len(text if all_of_it else text.strip())
        if size > most:
            return ""
    return " ".join("".join(found).split())


text_within: Callable[[Element, int, bool], str] = (
    _text_within if CORE.compiled is None else CORE.compiled.text_within
)
"""The same, if the texts in it have no more characters, else nothing.

White space at the ends of each text does not count, unless all of it does."""


def _first_texts(element: Element, most: int) -> str:
    return " ".join(" ".join(islice(element.itertext(), most)).split())


first_texts: Callable[[Element, int], str] = (
    _first_texts if CORE.compiled is None else CORE.compiled.first_texts
)
"""So many of the texts in an element, each apart, white space folded."""


def holds(element: Element, tags: tuple[str, ...]) -> bool:
    return bool(tags) and next(element.iter(*tags), None) is not None
