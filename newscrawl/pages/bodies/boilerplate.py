"""What the tag, role and names of an element say about text that is not the article's own."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.pages.documents.document import STRING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from newscrawl.pages.documents.document import Element


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Kind(Enum):
    """Why a region is taken for boilerplate, from the surest reason to the weakest.

    Pages wrap their articles in boxes named for what stands beside them, and whole pages in
    ``aside``: only what is in ``NEVER`` is not overruled by the share of the text that stands there.
    """

    SHUT = "comments, consent"
    """Readers and law write more than journalists: their share says nothing."""
    FOOTER = "below the page's or the article's own part"
    FOREIGN = "another story, whole"
    ASIDE = "beside the page's main part, as its tag says"
    CAPTION = "what is written under a picture"
    LEAF = "a byline, a date"
    PICTURE = "a picture with its caption"
    BOX = "an offer, a list, a player"

    __hash__ = object.__hash__


SHUT = names(
    """
    cookie cookies cookiebanner cookiebar cookieconsent cookienotice consent gdpr onetrust
    cmpbox cmpwrapper cmplz didomi usercentrics
    """
)
DISCUSSION = frozenset({"comment", "comments", "disqus"})
NEVER = frozenset({Kind.SHUT, Kind.FOOTER, Kind.FOREIGN})
FOOTER = names("footer colophon fineprint")
SIDE = names("sidebar sidebars")
PICTURE = names("media image images picture photo photos figure img")
BOX = names(
    """
    ad ads advert adverts advertisement advertising advertorial aside audio bio
    biography breadcrumb breadcrumbs carousel comment comments copyright crumbs
    dialog disclaimer donate donation endnotes expandable factbox follow footnotes gallery
    infobox
    jump keywords login menu modal mostread nav navbar navigation newsletter newsletters
    offscreen outbrain overlay pager pagination paywall poll popular popup promo promos
    promoted promotion push rating ratings recirc recirculation recommend recommendation
    recommendations recommended related relateds share shares sharing signup slider
    slideshow social socials sponsor sponsored subscribe subscription taboola tagcloud tags
    teaser teasers toc toolbar tools tooltip topics trending video vote webpush widgets
    """
)
CAPTION = names("caption captions credit credits legend")
LEAF = names(
    """
    advertisement auteur author authors autor breadcrumb breadcrumbs byline copyright dateline
    meta metadata offscreen source tags timestamp
    """
)
WORDS = {
    Kind.FOOTER: FOOTER,
    Kind.ASIDE: SIDE,
    Kind.CAPTION: CAPTION,
    Kind.LEAF: LEAF,
    Kind.PICTURE: PICTURE,
    Kind.BOX: BOX,
}
PAIRS = frozenset(
    {
        ("read", "more"),
        ("read", "next"),
        ("read", "also"),
        ("also", "read"),
        ("see", "also"),
        ("most", "read"),
        ("more", "from"),
        ("up", "next"),
        ("sign", "up"),
        ("sign", "in"),
        ("log", "in"),
        ("screen", "reader"),
        ("sr", "only"),
        ("visually", "hidden"),
        ("fact", "box"),
        ("info", "box"),
        ("latest", "posts"),
        ("recent", "posts"),
        ("block", "query"),
        ("widget", "area"),
        ("qc", "cmp"),
    }
)
SPEAKING = SHUT.union(DISCUSSION, *WORDS.values(), (first for first, _ in PAIRS), {"tag"})
"""Most names hold none of these."""
ANYWHERE = frozenset({Kind.CAPTION, Kind.LEAF})
"""Kinds of paragraphs too; the others are kinds of boxes."""
STATES = names("has with no without enable enabled and embed")
"""Words in names that tell what a page has, not what the element is."""
OF_STORIES = names("enabled open closed")
"""Last words of what articles are called that may be discussed."""
VARIANT = re.compile(r"[:\[\]]")
"""In names of style frameworks: what holds on some screens only, or a measure."""
PARTS = re.compile(r"[^A-Za-z0-9]+")
HASH = re.compile(r"\d[A-Za-z]|[A-Za-z]\d{3}")
"""Letters among digits are no word."""
SLUG = 6
"""Hyphens from which a name is made of a headline."""
PANEL = "tabpanel"
"""Role of a part of a page that a click shows."""
HIDING = frozenset({"hidden", "d-none"})
SHOWN = re.compile(
    r"(?:^|[\s:-])(?:[a-z0-9]+[:-])(?:block|flex|grid|inline|inline-block|inline-flex|contents|table"
    r"|visible|d-block|d-flex)(?![\w-])"
)
"""What is hidden on some screens is shown on others."""
TAGS = {
    "nav": Kind.ASIDE,
    "aside": Kind.ASIDE,
    "footer": Kind.FOOTER,
    "figcaption": Kind.CAPTION,
    "form": Kind.BOX,
}
ROLES = names(
    """
    alert alertdialog banner button complementary dialog doc-endnotes doc-footnote
    figure form img menu menubar navigation note search tablist toolbar
    """
)
TEXT_TAGS = names("p h1 h2 h3 h4 h5 h6 blockquote li td th dd dt pre")
"""Only their own content, a caption or a byline, makes these boilerplate, never a box."""
WHOLE = frozenset({"article", "main", "body"})
SPOKEN = frozenset({"role", "hidden", "style", "aria-hidden"})
"""Attributes that tell of a region, beside its names."""
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
PICTURES = ("img", "picture", "video", "iframe", "object", "embed", "noscript", "svg", "canvas")
MAX_NAMES = 500
"""Characters of a class attribute looked at; style frameworks write hundreds of names."""


class Mark(NamedTuple):
    """Why an element is taken for boilerplate; ``name`` is the tag, role or word that says so.

    A word in a name is a habit of the whole page, a tag or role speaks of elements of one class.
    """

    kind: Kind
    name: str
    is_word: bool = False


BY_TAG = {tag: Mark(kind, tag) for tag, kind in TAGS.items()}
BY_ROLE = {
    "contentinfo": Mark(Kind.FOOTER, "contentinfo"),
    **{role: Mark(Kind.BOX, role) for role in ROLES},
}
PICTURED = Mark(Kind.PICTURE, "figure")
HIDDEN_BOX = Mark(Kind.BOX, "hidden", is_word=True)


def mark_of(element: Element, tag: str) -> Mark | None:
    """What an element says of itself."""
    if tag in BY_TAG:
        return BY_TAG[tag]
    if tag == PICTURED.name:
        return None if next(element.iter(*PICTURES), None) is None else PICTURED
    present = element.keys()  # the values of all attributes would cost three times as much
    if not present:
        return None
    if SPOKEN.isdisjoint(present) and not is_hidden_by_class(element.get("class") or ""):
        return None if tag in WHOLE else _mark_by_name(element, tag, present)
    return _mark_by_attributes(element, tag, present)


def _mark_by_attributes(element: Element, tag: str, present: Collection[str]) -> Mark | None:
    mark = BY_ROLE.get(element.get("role") or "") if "role" in present else None
    if mark is not None and mark.kind is Kind.FOOTER:
        return mark
    hidden = is_hidden(element, present)
    if not hidden and (mark is not None or tag in WHOLE):
        return mark
    mark = _mark_by_name(element, tag, present)
    if hidden and (mark is None or mark.kind is not Kind.SHUT):
        return HIDDEN_BOX
    return mark


def _mark_by_name(element: Element, tag: str, present: Collection[str]) -> Mark | None:
    plain = tag in TEXT_TAGS
    mark = named(element.get("class") or "", plain) if "class" in present else None
    if mark is not None or "id" not in present:
        return mark
    mark = named(element.get("id") or "", plain)
    return None if mark is None or is_of_heading(element) else mark


def is_of_heading(element: Element) -> bool:
    """Whether an id is made of the heading below it: what links in a text lead to."""
    heading = next(element.iter("h1", "h2", "h3", "h4", "h5", "h6"), None)
    return heading is not None and _letters(element.get("id") or "") == _letters(STRING(heading))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def is_hidden(element: Element, present: Collection[str]) -> bool:
    """Whether an element with these attributes is not to be seen, on any screen."""
    if "role" in present and element.get("role") == PANEL:
        return False
    return (
        "hidden" in present
        or ("style" in present and HIDDEN.search(element.get("style") or "") is not None)
        or ("aria-hidden" in present and element.get("aria-hidden") == "true")
        or ("class" in present and is_hidden_by_class(element.get("class") or ""))
    )


def is_hidden_by_class(marks: str) -> bool:
    if "hidden" not in marks and "d-none" not in marks:
        return False
    return not HIDING.isdisjoint(marks.split()) and SHOWN.search(marks) is None


def said_by_class(marks: str, plain: bool) -> Mark | bool | None:
    """What class names say, ``False`` where they may hide the element."""
    return False if is_hidden_by_class(marks) else named(marks, plain)


def named(marks: str, plain: bool) -> Mark | None:
    """By class or id; ``plain`` elements are no boxes."""
    return _named(marks[:MAX_NAMES], plain)


@lru_cache(maxsize=16_384)
def _named(marks: str, plain: bool) -> Mark | None:
    """Remembered, since the pages of a site repeat their names."""
    if SPEAKING.isdisjoint(map(str.lower, WORD.findall(marks))):
        return None
    found: dict[Kind, str] = {}
    for mark in _marks(marks):
        found.setdefault(mark.kind, mark.name)
    return next(
        (
            Mark(kind, found[kind], is_word=True)
            for kind in Kind
            if kind in found and (kind in ANYWHERE or not plain)
        ),
        None,
    )


def _marks(marks: str) -> Iterator[Mark]:
    for token in marks.split():
        words = _words_of(token)
        if words and words[-1] not in OF_STORIES:
            yield from _marks_of(words)


def _words_of(token: str) -> list[str]:
    """The words of a name; none of a measure, a variant, or what is made of a headline."""
    if VARIANT.search(token) or token.count("-") + token.count("_") >= SLUG:
        return []
    parts = (part for part in PARTS.split(token) if not HASH.search(part))
    return [word.lower() for part in parts for word in WORD.findall(part)]


def _marks_of(words: list[str]) -> Iterator[Mark]:
    found = set(words)
    if shut := found & SHUT or {words[0], words[-1]} & DISCUSSION:
        yield Mark(Kind.SHUT, min(shut), is_word=True)
    if not STATES.isdisjoint(words):
        return
    for kind, known in WORDS.items():
        if said := found & known:
            yield Mark(kind, min(said), is_word=True)
    if words == ["tag"]:
        yield Mark(Kind.LEAF, "tag", is_word=True)
    for pair in pairwise(words):
        if pair in PAIRS:
            yield Mark(Kind.BOX, " ".join(pair), is_word=True)
