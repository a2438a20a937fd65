"""Claims of rows: what a run takes to visit, and gives back without an outcome.

Functions of the writer thread; each takes the connection of the running group.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    update,
)

from newscrawl.addresses.captures import CAPTURE, DIGITS, capture_identity, page_of
from newscrawl.discovery.entries import SourceKind
from newscrawl.frontier.queueing import of_no_kind
from newscrawl.frontier.rows import ROW, Row
from newscrawl.store.prepared import Keys, prepared, run_among
from newscrawl.store.schema import CLAIMED, QUEUED, pages, runs

MAX_CLAIMS = 3
"""Claims without an outcome after which a row is a suspect."""
ARTICLE_PRIORITY = 80
"""The priority of links to articles: listings that name them are above."""


class Stage(StrEnum):
    """Which rows are claimed, each stage only after those before it.

    In the beginning new articles come in turn with the listings above them, so that there soon are
    some; for the rest it is as all ordinary stages.
    The feeds of a seed come when what the other sources name is known, since their further pages
    are read only where there are no others. What waits for all others has a negative priority.
    A suspect was under way each time one of ``MAX_CLAIMS`` runs died; it is
    fetched alone, and given up if that run dies too.
    """

    BEGINNING = "beginning"
    ORDINARY = "ordinary"
    FEEDS = "feeds"
    WAITING = "waiting"
    SUSPECT = "suspect"


_IS_FEED = and_(pages.c.kind == SourceKind.FEED, pages.c.depth == 0)
_ORDINARY = (pages.c.priority >= 0, pages.c.claims < MAX_CLAIMS, not_(_IS_FEED))
_CONDITIONS = {
    Stage.BEGINNING: _ORDINARY,
    Stage.ORDINARY: _ORDINARY,
    Stage.FEEDS: (pages.c.priority >= 0, pages.c.claims < MAX_CLAIMS, _IS_FEED),
    Stage.WAITING: (pages.c.priority < 0, pages.c.claims < MAX_CLAIMS),
    Stage.SUSPECT: (pages.c.claims >= MAX_CLAIMS,),
}
_COUNT_CLAIMS = (
    update(runs)
    .where(runs.c.id == bindparam("run"))
    .values(claims=runs.c.claims + bindparam("more"))
)


def claim(
    connection: Connection,
    run: int,
    sites: Sequence[str],
    limit: int,
    stage: Stage,
    *,
    claimed_before: int,
    without: Collection[str] = (),
) -> list[Row]:
    """Claim up to ``limit`` queued rows, best priority first, in turn over the sites.

    Rows of a kind in ``without`` stay queued, and so does a capture as long as an earlier one of
    its page has to wait.

    Of rows that a run died with already, ``claimed_before`` at most: no more than can
    be under way, so that none is blamed for the death of runs that never came to it.
    """
    share = max(1, limit // len(sites)) if sites else 0
    kinds = frozenset(without)
    query = _queued(stage, kinds)
    of_sites = [_first_rows(connection, query, site, share) for site in sites]
    if stage is Stage.BEGINNING:
        new_ones = _new_articles(kinds)
        new = [_first_rows(connection, new_ones, site, max(1, share // 2)) for site in sites]
        of_sites = [list(_in_turn(*both)) for both in zip(new, of_sites, strict=True)]
    turns = itertools.zip_longest(*of_sites)
    in_turn = [each for turn in turns for each in turn if each is not None]
    rows = list(_unsuspected(in_turn, claimed_before))[:limit]
    if rows:
        run_among(connection, _claim, [row.id for row in rows], run=run)
        count_claims(connection, run, len(rows))
    return rows


def _unsuspected(in_turn: Iterable[tuple[Row, int]], claimed_before: int) -> Iterator[Row]:
    """Yield rows, of those that a run died with so many; captures behind one left out are, too."""
    left_out: set[str] = set()
    for row, claims in in_turn:
        if claims:
            claimed_before -= 1
        turn = _turn_of(row)
        if (claims and claimed_before < 0) or turn in left_out:
            left_out.add(turn)
        else:
            yield row


def _turn_of(row: Row) -> str:
    """Return what rows that come one after the other have in common: the page of captures."""
    return page_of(row.identity) if row.kind == CAPTURE else row.identity


def _claim(ids: Keys) -> Update:
    """The rows of these numbers, claimed by a run."""
    claimed = {"state": CLAIMED, "claims": pages.c.claims + 1, "last_run": bindparam("run")}
    return update(pages).where(pages.c.id.in_(ids)).values(claimed)


@cache
def _queued(stage: Stage, without: frozenset[str]) -> Select[Any]:
    """The queued rows of a site, each with how often it was claimed without an end."""
    return (
        select(*ROW, pages.c.claims)
        .where(pages.c.site == bindparam("of_site"), pages.c.state == QUEUED)
        .where(*_CONDITIONS[stage], *of_no_kind(without), *_in_time(stage, without))
        .order_by(pages.c.priority.desc(), pages.c.id)
        .limit(bindparam("most"))
    )


def _in_time(stage: Stage, without: frozenset[str]) -> tuple[ColumnElement[bool], ...]:
    """Return the condition of rows that are no captures behind a suspect of the same page."""
    if CAPTURE in without or stage is Stage.SUSPECT:
        return ()
    earlier = pages.alias("earlier")
    suspect = exists().where(
        earlier.c.site == pages.c.site,
        earlier.c.state == QUEUED,
        earlier.c.kind == CAPTURE,
        earlier.c.claims >= MAX_CLAIMS,
        earlier.c.id < pages.c.id,
        _page_in(earlier.c.identity) == _page_in(pages.c.identity),
    )
    return (or_(pages.c.kind != CAPTURE, not_(suspect)),)


def _page_in(identity: ColumnElement[str]) -> ColumnElement[str]:
    """Return the identity of the page that a capture is of, see :mod:`newscrawl.addresses.captures`."""
    return func.substr(identity, 1, func.length(identity) - len(capture_identity("", "0" * DIGITS)))


@cache
def _new_articles(without: frozenset[str]) -> Select[Any]:
    """The queued articles of a site that no run has visited, as :func:`_queued`."""
    return (
        select(*ROW, pages.c.claims)
        .where(pages.c.site == bindparam("of_site"), pages.c.state == QUEUED)
        .where(pages.c.priority == ARTICLE_PRIORITY, pages.c.claims < MAX_CLAIMS)
        .where(pages.c.outcome.is_(None), *of_no_kind(without))
        .order_by(pages.c.id)
        .limit(bindparam("most"))
    )


def _in_turn(new: list[tuple[Row, int]], rows: list[tuple[Row, int]]) -> Iterator[tuple[Row, int]]:
    """Yield an article, then a row that is none of them, and so on; each once."""
    known = {row.id for row, _ in new}
    others = [each for each in rows if each[0].id not in known]
    for turn in itertools.zip_longest(new, others):
        yield from (each for each in turn if each is not None)


def _first_rows(
    connection: Connection, query: Select[Any], site: str, most: int
) -> list[tuple[Row, int]]:
    statement = prepared(query, ("of_site", "most"), connection.dialect, converts=True)
    return [(Row(*row), claims) for *row, claims in statement.fetch(connection, (site, most))]


def count_claims(connection: Connection, run: int, number: int) -> None:
    """Add to the claims of a run."""
    prepared(_COUNT_CLAIMS, ("more", "run"), connection.dialect).run(connection, [(number, run)])


def release(connection: Connection, run: int, row: Row) -> int:
    """Queue a claimed row again that got no outcome in this run; return how many that were."""
    return _release(connection, run, pages.c.id == row.id)


def release_rest(connection: Connection, run: int, sites: Sequence[str]) -> int:
    """Queue again whatever a run still has claimed at its end, also what it was never told of."""
    return _release(connection, run, pages.c.site.in_(sites))


def _release(connection: Connection, run: int, which: ColumnElement[bool]) -> int:
    released = connection.execute(
        update(pages)
        .where(which, pages.c.last_run == run, pages.c.state == CLAIMED)
        .values(state=QUEUED, claims=pages.c.claims - 1)
    ).rowcount
    connection.execute(
        update(runs).where(runs.c.id == run).values(released=runs.c.released + released)
    )
    return released
