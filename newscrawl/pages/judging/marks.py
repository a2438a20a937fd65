"""Structural marks of pages that stand in for another: walls, pages not found, shells of scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from lxml import etree

from newscrawl.pages.documents.document import holds, text_of
from newscrawl.pages.documents.elements import may_have
from newscrawl.pages.documents.metadata import types
from newscrawl.pages.judging.consent import names_consent
from newscrawl.pages.judging.wordings import Wording, wording
from newscrawl.pages.judging.words import MAX_WORDS, UNSEEN, seen_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.pages.documents.document import Document, Element
    from newscrawl.pages.documents.metadata import JsonObject

MANY_LINKS = 20
"""Links to the own host from which no more are counted."""
MAX_HEADINGS = 3
MAX_TITLE = 1_000
TITLE_MARKS = re.compile(r"\s[|–—·•»:-]+\s|\s*\|\s*")
MAX_MOUNTS = 20
SIGNS = etree.XPath(
    "//script | //noscript | //iframe | //input | //textarea | //select | //button"
    " | //*[@role='button'] | //meta[@http-equiv]"
)
HOLDERS = etree.XPath("//*[@id or parent::body]")
CODE_TYPES = frozenset({"", "module", "text/javascript", "application/javascript"})
ANSWERS = frozenset({"text", "email", "password", "tel", "url", "search"})
BUTTONS = frozenset({"submit", "button", "image"})
CHALLENGE = re.compile(
    r"captcha|turnstile|challenge[-_./]|[-_/]challenge|cf[-_]chl|datadome|_incapsula_|perimeterx"
    r"|px-block|ddos-guard|awswaf|sucuri_cloudproxy|bot-?(?:detection|protection)",
    re.IGNORECASE,
)
"""Words in the addresses, names and code by which the common challenges are known."""
CHALLENGED_BY = (
    *("captcha", "turnstile", "challenge", "datadome", "_incapsula_", "perimeterx"),
    *("chl", "px-block", "ddos-guard", "awswaf", "sucuri_cloudproxy", "detection", "protection"),
)
STATIC_TYPES = frozenset(
    {"aboutpage", "checkoutpage", "contactpage", "jobposting", "product", "profilepage"}
)
STATIC_PATHS = re.compile(
    r"(?:about|contact)(?:-us)?|(?:my-)?account|advertis(?:e|ing)(?:-with-us)?|agb|aviso-legal"
    r"|basket|careers|cart|checkout|chi-siamo|colophon|contact(?:o|ez-nous)|contatti|datenschutz"
    r"|disclaimer|editorial-(?:guidelines|standards)|faqs?|help|imprint|impressum|kontakt|legal"
    r"|(?:wp-)?log-?in|masthead|mentions-legales|newsletters?|quienes-somos|register|sign-?(?:in|up)"
    r"|(?:html-)?site-?map|staff|subscri(?:be|ptions?)|(?:our-)?team|(?:ueber|uber)-uns|who-we-are"
    r"|(?:cookies?|privacy)(?:-(?:policy|notice|statement))?|privacidad"
    r"|terms(?:-(?:and-conditions|of-(?:service|use)))?"
)
"""Last parts of paths, whole."""
MOUNT_NAMES = re.compile(
    r"(?:^|[_-])(?:app|root|next|nuxt|gatsby|svelte|react|vue|ember|angular|mount)(?:[_-]|$)",
    re.IGNORECASE,
)
LOADING_WORDS = 5
SEEN = ("a", "img", "p", "h1", "h2", "form")
STATE_NAMES = frozenset({"__NEXT_DATA__", "__NUXT_DATA__", "__APOLLO_STATE__", "ng-state"})
ASKS_FOR_SCRIPT = re.compile("java-?script", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """``seen`` and ``prose`` count words: all without scripts, and of text not about consent.

    ``consent`` is the share of those seen that stands in regions named for consent; ``says`` what
    kind of page its title or headings speak of.
    """

    seen: int = 0
    prose: int = 0
    own_links: int = 0
    scripts: int = 0
    buttons: int = 0
    fields: int = 0
    consent: float = 0.0
    challenge: str = ""
    says: Wording = Wording.NOTHING
    noindex: bool = False
    refresh: bool = False
    asks_for_script: bool = False
    mount: bool = False
    """An element named as the place where a script puts the page is empty."""
    hollow: bool = False
    """As ``mount``, whatever its name, or the state that a script would put there."""


def static_name(url: str, objects: Iterable[JsonObject]) -> str:
    """What names a static page: the last part of its path, or its schema.org type."""
    slug = urlsplit(url).path.rstrip("/").rpartition("/")[2].lower().partition(".")[0]
    if STATIC_PATHS.fullmatch(slug):
        return slug
    return next((kind for each in objects for kind in types(each) & STATIC_TYPES), "")


def heading_link(heading: Element) -> bool:
    around = heading.getparent()
    return heading.find(".//a") is not None or (around is not None and around.tag == "a")


def read_marks(document: Document, told: Element | None) -> Marks:
    """``told`` is what would be the body of an article."""
    read = seen_words(document.root, told)
    if read.seen > MAX_WORDS:
        return Marks(seen=read.seen, says=wording_of(document))
    names = " ".join(document.names)
    if names_consent(names):
        read = seen_words(document.root, told, regions=True)
    signs = _Signs()
    for element in cast("list[Element]", SIGNS(document.root)):
        signs.add(element)
    signs.challenged(names)
    robots = ",".join(document.metas("robots")).lower()
    holders = [each for each in cast("list[Element]", HOLDERS(document.root)) if _could_hold(each)]
    return Marks(
        seen=read.seen,
        prose=read.prose,
        own_links=_own_links(document),
        scripts=signs.scripts,
        buttons=signs.buttons,
        fields=signs.fields,
        consent=round(read.asked / read.seen, 2) if read.seen else 0.0,
        challenge=signs.challenge,
        says=wording_of(document),
        noindex="noindex" in robots or "none" in robots.split(","),
        refresh=signs.refresh,
        asks_for_script=signs.asks_for_script,
        mount=any(map(_is_mount, islice(filter(_is_named_mount, holders), MAX_MOUNTS))),
        hollow=signs.state or any(map(_is_empty, holders)),
    )


class _Signs:
    """Counts of what pages are operated with."""

    def __init__(self) -> None:
        self.scripts = self.buttons = self.fields = 0
        self.challenge = ""
        self.refresh = self.asks_for_script = self.state = False

    def add(self, element: Element) -> None:
        tag: Any = element.tag
        if tag == "script":
            self._add_script(element)
        elif tag == "noscript":
            self.asks_for_script |= bool(ASKS_FOR_SCRIPT.search(text_of(element)))
        elif tag == "meta":
            self.refresh |= (element.get("http-equiv") or "").lower() == "refresh"
        elif tag == "iframe":
            self.challenged(element.get("src"), element.get("id"), element.get("title"))
        else:
            self._add_control(element, tag)

    def _add_script(self, element: Element) -> None:
        self.state |= element.get("id") in STATE_NAMES
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        if kind in CODE_TYPES:
            self.scripts += 1
            self.challenged(element.get("src"), (element.text or "")[:5_000])

    def _add_control(self, element: Element, tag: str) -> None:
        kind = (element.get("type") or "text").lower()
        named = f"{element.get('name')} {element.get('id')} {element.get('class')}"
        if tag == "input" and kind not in ANSWERS | BUTTONS | {"hidden"}:
            return
        if self.challenged(named):
            return
        if tag in {"textarea", "select"} or (tag == "input" and kind in ANSWERS):
            self.fields += 1
        elif kind != "hidden":
            self.buttons += 1

    def challenged(self, *texts: str | None) -> bool:
        found = next((hit for text in texts if text and (hit := challenge_in(text))), None)
        if found is not None:
            self.challenge = self.challenge or found[0].lower()
        return found is not None


def challenge_in(text: str) -> re.Match[str] | None:
    """Of code that is long, hardly any has a word of one."""
    return CHALLENGE.search(text) if may_have(text, CHALLENGED_BY) else None


def _own_links(document: Document) -> int:
    urls: set[str] = set()
    host = urlsplit(document.url).netloc
    for _, href in document.anchors:
        url = document.absolute(href)
        if url and url != document.url and urlsplit(url).netloc == host:
            urls.add(url)
        if len(urls) == MANY_LINKS:
            break
    return len(urls)


def _could_hold(element: Element) -> bool:
    tag = cast("str", element.tag)
    return tag in {"div", "main", "section"} or "-" in tag


def _is_empty(element: Element) -> bool:
    inside = element.iterchildren("*")
    return not (element.text or "").strip() and all(each.tag in UNSEEN for each in inside)


def _is_named_mount(element: Element) -> bool:
    return bool(MOUNT_NAMES.search(element.get("id") or cast("str", element.tag)))


def _is_mount(element: Element) -> bool:
    """Whether a place of an application holds no more than "Loading"."""
    return not holds(element, SEEN) and seen_words(element).seen <= LOADING_WORDS


def wording_of(document: Document) -> Wording:
    """What the title or a heading speaks of; headings of teasers do not count."""
    found = document.tagged("h1") or document.tagged("h2")
    headings = [text_of(each) for each in found[:MAX_HEADINGS] if not heading_link(each)]
    titles = TITLE_MARKS.split(document.title[:MAX_TITLE])
    return wording([*titles, *(headings if len(found) <= MAX_HEADINGS else ())])
