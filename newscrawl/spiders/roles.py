"""How the links of each kind are followed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from newscrawl.discovery.links import LinkKind, Way
from newscrawl.frontier.claims import ARTICLE_PRIORITY

ENTRY = "entry"
"""The kind of a row that a sitemap names, of which nobody has said what it is."""
LISTINGS = frozenset({LinkKind.CATEGORY, LinkKind.PAGINATION, LinkKind.TAG, LinkKind.AUTHOR})
ACROSS_SECTIONS = frozenset({LinkKind.RELATED, LinkKind.PREVNEXT, LinkKind.TAG, LinkKind.AUTHOR})


class LinkRule(NamedTuple):
    """How links of a kind are followed: a negative priority waits until all others are done."""

    priority: int
    a_page: int


LINK_RULES: dict[LinkKind, LinkRule] = {
    LinkKind.CATEGORY: LinkRule(priority=100, a_page=200),
    LinkKind.ARTICLE: LinkRule(priority=ARTICLE_PRIORITY, a_page=500),
    LinkKind.PAGINATION: LinkRule(priority=60, a_page=50),
    LinkKind.PREVNEXT: LinkRule(priority=40, a_page=4),
    LinkKind.RELATED: LinkRule(priority=40, a_page=200),
    LinkKind.AUTHOR: LinkRule(priority=-10, a_page=10),
    LinkKind.TAG: LinkRule(priority=-20, a_page=50),
}
PRIORITIES = {kind: rule.priority for kind, rule in LINK_RULES.items()}


class Role(NamedTuple):
    """What a link of a kind becomes that was found on a page of another: a row of ``kind``.

    ``a_page`` is how many of them are taken of one page; ``bit`` is the way as a plain number.
    """

    kind: LinkKind
    way: Way
    bit: int
    priority: int
    a_page: int


@cache
def roles_on(found_on: str) -> Mapping[LinkKind, Role]:
    """Return the roles of links on a page whose row is of the kind ``found_on``.

    An article on a listing is found by the kind of the listing; a listing that a sitemap was
    first to name counts as a category. The pages of a tag or an author are as those are.
    """
    roles = {
        kind: Role(kind, Way[kind.name], Way[kind.name].value, rule.priority, rule.a_page)
        for kind, rule in LINK_RULES.items()
    }
    listing = LinkKind.CATEGORY if found_on == ENTRY else found_on
    if listing in LISTINGS:
        way = Way[LinkKind(listing).name]
        roles[LinkKind.ARTICLE] = roles[LinkKind.ARTICLE]._replace(way=way, bit=way.value)
    if found_on in {LinkKind.TAG, LinkKind.AUTHOR}:
        kind = LinkKind(found_on)
        further = roles[LinkKind.PAGINATION]
        roles[LinkKind.PAGINATION] = further._replace(kind=kind, priority=LINK_RULES[kind].priority)
    return roles
