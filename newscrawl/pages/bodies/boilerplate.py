"""What the tag, role and names of an element say about text that is not the article's own."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

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


SHUT = names("cookie cookies consent gdpr onetrust ot cmp cli")
DISCUSSION = frozenset({"comment", "comments", "disqus"})
NEVER = frozenset({Kind.SHUT, Kind.FOOTER, Kind.FOREIGN})
FOOTER = names("footer colophon fineprint")
PICTURE = names("media image images picture photo photos figure img")
BOX = names(
    """
    accordion ad ads advert adverts advertisement advertising advertorial aside audio bio
    biography breadcrumb breadcrumbs carousel collapsible comment comments copyright crumbs
    dialog disclaimer donate donation endnotes expandable factbox follow footnotes gallery
    hidden infobox
    jump keywords login menu modal mostread nav navbar navigation newsletter newsletters
    offscreen outbrain overlay pager pagination paywall poll popular popup print promo promos
    promoted promotion push rating ratings recirc recirculation recommend recommendation
    recommendations recommended related relateds share shares sharing sidebar signup slider
    slideshow social socials sponsor sponsored subscribe subscription taboola tagcloud tags
    teaser teasers toc toolbar tools tooltip topics trending video vote webpush widget
    """
)
CAPTION = names("caption captions credit credits legend")
LEAF = names(
    """
    advertisement auteur author authors autor breadcrumb breadcrumbs byline copyright dateline
    hidden meta metadata offscreen source tags timestamp
    """
)
WORDS = {
    Kind.FOOTER: FOOTER,
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
    }
)
SPEAKING = SHUT.union(DISCUSSION, *WORDS.values(), (first for first, _ in PAIRS), {"tag"})
"""Most names hold none of these."""
ANYWHERE = frozenset({Kind.CAPTION, Kind.LEAF})
"""Kinds of paragraphs too; the others are kinds of boxes."""
STATES = names("has with no without enable enabled js")
"""Words before the last in names that tell what a page has, not what the element is."""
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
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
PICTURES = ("img", "picture", "video", "iframe", "object", "embed", "noscript", "svg", "canvas")
MAX_NAMES = 500
"""Characters of a class attribute looked at; style frameworks write hundreds of names."""


def kind_of(element: Element, tag: str) -> Kind | None:
    if tag in TAGS:
        return TAGS[tag]
    if tag == "figure":
        return None if next(element.iter(*PICTURES), None) is None else Kind.PICTURE
    present = element.keys()  # the values of all attributes would cost three times as much
    if not present:
        return None
    if "role" in present and element.get("role") == "contentinfo":
        return Kind.FOOTER
    if is_hidden(element, present) or ("role" in present and element.get("role") in ROLES):
        return Kind.BOX
    plain = tag in TEXT_TAGS or tag in WHOLE
    kind = named(element.get("class") or "", plain) if "class" in present else None
    kind = kind or (named(element.get("id") or "", plain) if "id" in present else None)
    wraps = kind is Kind.FOOTER and next(element.iter("main", "h1"), None) is not None
    return None if wraps else kind


def is_hidden(element: Element, present: Collection[str]) -> bool:
    """Whether an element with these attributes is not to be seen."""
    return (
        "hidden" in present
        or ("style" in present and HIDDEN.search(element.get("style") or "") is not None)
        or ("aria-hidden" in present and element.get("aria-hidden") == "true")
    )


@lru_cache(maxsize=16_384)
def named(marks: str, plain: bool) -> Kind | None:
    """By class or id; ``plain`` elements are no boxes. The pages of a site repeat their names."""
    marks = marks[:MAX_NAMES]
    if SPEAKING.isdisjoint(map(str.lower, WORD.findall(marks))):
        return None
    kinds = set(_kinds(marks))
    return next((kind for kind in Kind if kind in kinds and (kind in ANYWHERE or not plain)), None)


def _kinds(marks: str) -> Iterator[Kind]:
    for token in marks.split():
        words = [word.lower() for word in WORD.findall(token)]
        found = set(words)
        if not words:
            continue
        if not SHUT.isdisjoint(found) or not DISCUSSION.isdisjoint((words[0], words[-1])):
            yield Kind.SHUT
        if "embed" in found or not STATES.isdisjoint(words[:-1]):
            continue
        yield from (kind for kind, names in WORDS.items() if not names.isdisjoint(found))
        if words == ["tag"]:
            yield Kind.LEAF
        if not PAIRS.isdisjoint(pairwise(words)):
            yield Kind.BOX
