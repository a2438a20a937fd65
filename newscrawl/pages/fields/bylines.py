"""Where a page shows who wrote the story when its metadata keeps silent."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from lxml import etree

from newscrawl.pages.documents.document import text_within
from newscrawl.pages.documents.headings import letters
from newscrawl.pages.fields.people import full_name, people
from newscrawl.pages.fields.signatures import PEOPLE, below, inside, nick

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.pages.documents.document import Document, Element

NAMES = etree.XPath("(descendant::*[@itemprop='name' or @property='name'])[position() <= 100]")
GIVEN = etree.XPath("descendant::*[@itemprop='givenName' or @property='givenName']")
FAMILY = etree.XPath("descendant::*[@itemprop='familyName' or @property='familyName']")
MARKED = re.compile(r"byline|author|auth?eur|autor(?![iu])|signature", re.IGNORECASE)
MARKED_BY = ("byline", "aut", "signature")
OTHERS = re.compile(
    r"bio|avatar|image|img|photo|picture|comment|follow|social|twitter|related|more|recommend"
    r"|teaser|card|collection|authori[sz]",
    re.IGNORECASE,
)
SOCIAL = re.compile(r"mailto:|//(?:\w+\.)?(?:twitter|x|facebook|instagram|linkedin|youtube|t)\.")
RIGHT = re.compile(r"text-align:\s*right|\bright$", re.IGNORECASE)
STORY = re.compile(r"Article|Posting|CreativeWork")
MAX_NAMED = 1_000
SPLIT = re.compile(r"[|•·:!?\d]|, | / ")
MAX_AROUND = 200
MAX_SPELT = 12
"""Words of a link."""
APART = frozenset({"article", "aside", "blockquote", "figure", "footer", "nav"})
"""What stands in one of these, without the headline, is about something else."""
MAX_ELEMENTS = 100
MAX_NAME_WORDS = 5
"""A link names one person; a longer one tells of all their stories."""
MAX_LINE = 200
"""Characters of the text of a byline with its date."""


def declared(document: Document, heading: Element | None) -> list[str]:
    """Authors of the story in microdata, RDFa or link types (``rel=author``, but no humans.txt)."""
    own = story_item(heading)
    found = [*islice(filter(_declares, document.telling), MAX_ELEMENTS)]
    names: list[str] = []
    for element in nearest([each for each in found if own in {None, story_item(each)}], heading):
        inner = cast("list[Element]", NAMES(element))
        if inner:
            names += [each.get("content") or line(each) for each in inner]
        elif element.tag == "a":
            names += linked([element]) or plain_link(element)
        else:
            names.append(whole_name(element))
    return names


def plain_link(link: Element) -> list[str]:
    """Any short text that may be a name: its words have capitals, or the address spells it."""
    text = whole_name(link)
    words = text.split()
    spelt = letters(text) in letters(link.get("href") or "")
    named = spelt or len(words) == 1 or not any(map(str.islower, words[-1:]))
    return [text] if named and len(words) <= MAX_NAME_WORDS else []


def story_item(element: Element | None) -> Element | None:
    """The innermost object of a story in microdata around an element."""
    around = () if element is None else islice(element.iterancestors(), MAX_AROUND)
    return next((each for each in around if STORY.search(each.get("itemtype") or "")), None)


def whole_name(element: Element) -> str:
    """The name in its two parts, where both are marked; else all the element says."""
    parts = [cast("list[Element]", rule(element))[:1] for rule in (GIVEN, FAMILY)]
    if all(parts):
        return " ".join(each.get("content") or line(each) for found in parts for each in found)
    return element.get("content") or line(element)


def _declares(element: Element) -> bool:
    """Whether an element of the body names an author."""
    named = (
        element.get("rel") == "author"
        or "author" in (element.get("itemprop") or "")
        or element.get("property") in {"author", "schema:author"}
    )
    if not named or element.tag == "meta" or ".txt" in (element.get("href") or ""):
        return False
    return _is_in_body(element)


def shown(document: Document, heading: Element | None) -> list[str]:
    """Full names in what a class name or an id calls the author or the byline."""
    found = marked(document)[:MAX_ELEMENTS]
    told = {each: linked(each.iter("a")) or inside(each) for each in found}
    named = [each for each in found if told[each]]
    return people(name for each in nearest(named, heading) for name in told[each])


def called(document: Document, heading: Element | None) -> list[str]:
    """Names of one word and of teams in what a class name calls nothing but the author."""
    found = [each for each in marked(document) if nicks(each)]
    return next((nicks(each) for each in nearest(found, heading)), [])


def nicks(element: Element) -> list[str]:
    text = line(element)
    return nick(text) if text and not SPLIT.search(text) else []


def marked(document: Document) -> list[Element]:
    found = [
        each
        for each in document.by_classes(MARKED, *MARKED_BY)
        if not OTHERS.search(each.get("class") or "") and each.tag not in {"body", "html"}
    ]
    return found or [
        each
        for each, name in _identified(document)
        if MARKED.search(name) and not OTHERS.search(name)
    ]


def _identified(document: Document) -> list[tuple[Element, str]]:
    """The first elements of the body with an id; of few only those that may be named so."""
    found = cast("list[tuple[Element, str]]", document.index.identified())
    if len(found) <= MAX_NAMED:
        told = "\n".join([name for _, name in found]).lower()
        if not any(word in told for word in MARKED_BY):
            return []
    inside = ((each, name) for each, name in found if _is_in_body(each))
    return [*islice(inside, MAX_NAMED)]


def _is_in_body(element: Element) -> bool:
    return next(element.iterancestors("body"), None) is not None


def linked(links: Iterable[Element]) -> list[str]:
    """The names of links, as their addresses spell them; where one does, the others are no names."""
    about: list[str] = []
    spelt: list[str] = []
    plain: list[str] = []
    for link in islice(links, MAX_ELEMENTS):
        href = link.get("href") or ""
        if SOCIAL.search(href):
            continue
        if name := spelt_name(line(link), href):
            (about if PEOPLE.search(href) else spelt).append(name)
        else:
            plain += inside(link)
    return about or spelt or plain


def spelt_name(text: str, href: str) -> str:
    """The end of a link's text that its address spells: "All stories by Ann Lee", ``/ann-lee``."""
    words, address = text.split()[:MAX_SPELT], letters(unquote(href))
    for start in range(len(words) - 1):
        name = " ".join(words[start:])
        if letters(name) in address and full_name(name):
            return name
    return ""


def under(body: Element | None) -> list[str]:
    """The names in a line with "by" where the text ends."""
    return [] if body is None else below(body)


def signed(body: Element | None) -> list[str]:
    """The name at the right below the text."""
    last = None if body is None else next(reversed(list(body.iter("p"))), None)
    if last is None or not RIGHT.search(f"{last.get('style')} {last.get('align')}"):
        return []
    return people([line(last)], strict=True)


def line(element: Element) -> str:
    """The text of an element that holds no more than a line; else nothing."""
    return text_within(element, MAX_LINE, False)


def nearest(elements: Iterable[Element], heading: Element | None) -> list[Element]:
    """Those that share the innermost region with the headline: no teaser's, no sidebar's."""
    if heading is None:
        return []
    around = {each: depth for depth, each in enumerate(heading.iterancestors())}
    best = len(around)
    found: list[Element] = []
    for element in list(elements)[:MAX_ELEMENTS]:
        distance = best
        for up in element.iterancestors():
            if up in around:
                distance = around[up]
                break
            if up.tag in APART:
                distance = best + 1
                break
        if distance < best:
            best, found = distance, []
        if distance == best:
            found.append(element)
    return found
