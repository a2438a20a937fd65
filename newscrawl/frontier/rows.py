"""The rows of the ledger: one for every URL ever discovered.

Functions of the writer thread; each takes the connection of the running group.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, case, exists, func, or_, select, update

from newscrawl.addresses.address import Address
from newscrawl.discovery.entries import SOURCES
from newscrawl.discovery.links import Way
from newscrawl.frontier.queueing import queue_again
from newscrawl.outcomes import NotModified, Outcome
from newscrawl.store.inserting import prepared_insert
from newscrawl.store.prepared import prepared
from newscrawl.store.schema import QUEUED, articles, pages, visits

READ = frozenset(
    {
        Outcome.ARTICLE,
        Outcome.REVISION,
        Outcome.UNCHANGED,
        Outcome.DUPLICATE,
        Outcome.PART,
        Outcome.LISTING,
        Outcome.PAGE,
    }
)
"""Outcomes of pages of which something is stored, or all links are known."""


class Found(NamedTuple):
    """A URL as it goes into the ledger; a negative priority waits for all others.

    ``hops`` are the redirects that led to it one after the other.
    """

    site: str
    identity: str
    url: str
    kind: str
    ways: Way
    depth: int
    priority: int
    hops: int = 0

    @classmethod
    def at(cls, address: Address, kind: str, way: Way, depth: int, priority: int) -> Found:
        """Return the row of an address, be it new or found once more."""
        return cls(address.site, address.identity, address.url, kind, way, depth, priority)


def found_at(url: str, *, kind: str, way: Way, depth: int, priority: int) -> Found:
    """Return the row of a URL that is asked for without passing the gate.

    Raises:
        UnfetchableURL: there is nothing to ask for.
    """
    return Found.at(Address.parse(url), kind, way, depth, priority)


class Row(NamedTuple):
    """A claimed row of the ledger."""

    id: int
    site: str
    identity: str
    url: str
    kind: str
    ways: int
    depth: int
    priority: int
    article_id: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    failures: int = 0
    interval: float | None = None
    found_on: int | None = None
    hops: int = 0
    read_as: str | None = None
    read_by: int | None = None
    """Outcome and run of the last visit that brought an answer other than a 304."""
    is_kept: bool = True
    """Whether the article, if it had one, is still there."""

    def was_read(self, alike: Collection[int]) -> bool:
        """Whether all is known that the page, as its validators have it, can tell.

        Which links are taken of a page depends on the run: it must be one of those ``alike``.
        """
        told = self.article_id is not None or self.read_by in alike
        return self.read_as in READ and self.is_kept and told

    @property
    def found_via(self) -> str:
        return Way(self.ways).strongest.label


_LAST_ANSWER = (
    select(visits)
    .where(visits.c.page == pages.c.id, visits.c.reason.is_distinct_from(NotModified.__name__))
    .order_by(visits.c.id.desc())
    .limit(1)
)
_READ_AS, _READ_BY = (
    case(
        (pages.c.outcome.is_not(None), _LAST_ANSWER.with_only_columns(column).scalar_subquery())
    )  # a row without an outcome was never visited: nothing is looked for
    for column in (visits.c.outcome, visits.c.run)
)
_IS_KEPT = or_(pages.c.article_id.is_(None), exists().where(articles.c.id == pages.c.article_id))
ROW = (*(pages.c[name] for name in Row._fields if name in pages.c), _READ_AS, _READ_BY, _IS_KEPT)
"""What is read of a row to make a :class:`Row`."""
_NEW = (
    *("site", "identity", "url", "kind", "ways", "found_on", "found_run", "depth", "priority"),
    *("state", "claims", "failures", "hops"),
)
_MORE_WAYS = ("more", "key", "more", "more")
_ADD_WAYS = (
    update(pages)
    .where(
        pages.c.identity == bindparam("key"),
        pages.c.ways.bitwise_and(bindparam("more")) != bindparam("more"),
    )
    .values(ways=pages.c.ways.bitwise_or(bindparam("more")))
)
_NAMES_KNOWN = (
    select(pages.c.id)
    .where(
        pages.c.site == bindparam("site"),
        pages.c.identity.in_(bindparam("keys", expanding=True)),
        pages.c.depth > 0,
        or_(
            pages.c.article_id.is_not(None),
            and_(
                pages.c.outcome == Outcome.LISTING.value,
                pages.c.found_run
                <= select(func.max(pages.c.found_run))
                .where(pages.c.site == bindparam("site"), pages.c.article_id.is_not(None))
                .scalar_subquery(),
            ),
        ),
    )
    .limit(1)
)


def discover(
    connection: Connection,
    run: int,
    found: Sequence[Found],
    *,
    found_on: int | None = None,
    revisit: bool = False,
) -> int:
    """Add rows for URLs not yet in the ledger; return how many became queued.

    Rows that are there learn the ways by which they were found once more. With
    ``revisit`` those that are done are queued again.
    """
    queued = add_rows(connection, run, [(link, found_on) for link in found])
    if revisit:
        queued += queue_again(connection, [link.identity for link in found], before=run)
    return queued


def add_rows(connection: Connection, run: int, found: Sequence[tuple[Found, int | None]]) -> int:
    """Add rows for URLs with the rows they were found on; return how many are new."""
    if not found:
        return 0
    values = [
        (
            *(link.site, link.identity, link.url, str(link.kind), int(link.ways), found_on, run),
            *(link.depth, link.priority, QUEUED, 0, 0, link.hops),
        )
        for link, found_on in found
    ]
    new = prepared_insert(connection, pages, _NEW, ignoring=True).run(connection, values)
    if new < len(found):
        ways = [(int(link.ways), link.identity) for link, _ in found]
        again = [(more, key, more, more) for more, key in ways]
        prepared(_ADD_WAYS, _MORE_WAYS, connection.dialect).run(connection, again)
    return new


def sources_read(connection: Connection, sites: Sequence[str]) -> frozenset[str]:
    """Return the kinds of sources that have named pages of these sites."""
    return frozenset(
        kind
        for kind in SOURCES
        if connection.execute(
            select(pages.c.id)
            .where(pages.c.site.in_(sites), pages.c.kind == kind)
            .where(pages.c.outcome.in_((Outcome.LISTING, Outcome.UNCHANGED)))
            .limit(1)
        ).first()
    )


def names_known(connection: Connection, site: str, identities: Sequence[str]) -> bool:
    """Whether one of these URLs is an article, or a listing found no later than articles were.

    Start URLs themselves do not count: every page of a site may name them.
    """
    found = connection.execute(_NAMES_KNOWN, {"site": site, "keys": list(identities)})
    return found.first() is not None
