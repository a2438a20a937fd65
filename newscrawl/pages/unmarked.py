"""Links of a listing that neither a region nor a headline says anything of: what they are for."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from newscrawl.discovery.links import Link, LinkKind
from newscrawl.pages.fields.parts import bare, numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.pages.documents.document import Document
    from newscrawl.pages.documents.places import Placed

REPEATED = 3
"""Addresses from which the same words lead to what is listed: "Read more", in any language."""


def pagers(links: Iterable[Placed], page: str) -> list[Link]:
    """Links to other pages of the listing ``page``, as their addresses or ``rel="next"`` say."""
    here = bare(page), numbered(page)[0]
    return [
        Link(each.url, LinkKind.PAGINATION, each.text)
        for each in links
        if "next" in (each.anchor.get("rel") or "").lower().split() or _is_page(each.url, here)
    ]


def _is_page(url: str, stems: tuple[str, str]) -> bool:
    stem, number = numbered(url)
    return number > 1 and stem in stems


def onward(short: Iterable[Placed], document: Document, headed: int) -> list[Link]:
    """Links to articles whose headlines are no links: the same words at the most addresses.

    There are none where as many headlines, ``headed``, are links.
    """
    least = max(headed, REPEATED - 1)
    texts = Counter([each.text for each in short])
    if max(texts.values(), default=0) <= least:
        return []
    groups: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for each in short:
        if not each.text.isdecimal() and document.is_own(each.url):
            groups[each.text][each.url] = None
    most = max(groups.values(), key=len, default={})
    if len(most) <= least:
        return []
    return [Link(url, LinkKind.ARTICLE) for url in most]


def sections(short: Sequence[Placed], document: Document) -> list[Link]:
    """Links of a few words that stand on a front page by themselves, outside any menu."""
    texts = Counter(each.text for each in short)
    return [
        Link(each.url, LinkKind.CATEGORY, each.text)
        for each in short
        if texts[each.text] == 1 and document.is_own(each.url)
    ]
