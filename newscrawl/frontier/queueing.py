"""Which rows of the ledger wait again: what is due, what has changed, what follows on news.

Functions of the writer thread; each takes the connection of the running group.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    update,
)

from newscrawl.outcomes import Outcome
from newscrawl.store.prepared import Keys, run_among
from newscrawl.store.schema import DONE, QUEUED, pages

AT_ONCE = 5000
"""Rows that are looked at in one question."""

_QUEUE_ANEW = (
    update(pages)
    .where(pages.c.identity.in_(bindparam("keys", expanding=True)), pages.c.state == DONE)
    .values(state=QUEUED)
)
_IS_MODIFIED = (
    update(pages)
    .where(
        pages.c.identity == bindparam("key"),
        pages.c.state == DONE,
        pages.c.last_run < bindparam("before"),
        pages.c.lastmod < bindparam("said"),
    )
    .values(state=QUEUED)
)
_REMEMBER_LASTMOD = (
    update(pages)
    .where(
        pages.c.identity == bindparam("key"),
        or_(pages.c.lastmod.is_(None), pages.c.lastmod < bindparam("said")),
    )
    .values(lastmod=bindparam("said"))
)


def queued(connection: Connection, sites: Sequence[str]) -> int:
    """Return the number of rows that wait to be claimed."""
    waiting = pages.c.site.in_(sites), pages.c.state == QUEUED
    return connection.execute(select(func.count()).select_from(pages).where(*waiting)).scalar_one()


def queue_due(
    connection: Connection, sites: Sequence[str], limit: int, *, without: Collection[str] = ()
) -> int:
    """Queue again what is due, without some kinds, longest overdue first; return how many.

    First comes what has a part in each walk. The interval of what was visited by a clock that was
    ahead is no longer known: the age of an article was wrong too.
    """
    now = time.time()
    due = (
        select(pages.c.id)
        .where(pages.c.site.in_(sites), pages.c.state == DONE, is_due(now))
        .where(*of_no_kind(without))
        .order_by(pages.c.interval > 0, pages.c.due)
        .limit(limit)
    )
    known = case((is_ahead(now), None), else_=pages.c.interval)
    return connection.execute(
        update(pages).where(pages.c.id.in_(due)).values(state=QUEUED, interval=known)
    ).rowcount


def is_due(now: float) -> ColumnElement[bool]:
    """Return the condition of rows whose time has come, or lies too far ahead to be believed."""
    return or_(pages.c.due <= now, is_ahead(now))


def is_ahead(now: float) -> ColumnElement[bool]:
    """Return the condition of rows that are due later than their interval from now on.

    They were visited by a clock that was ahead.
    """
    return and_(pages.c.due > now, pages.c.due > now + pages.c.interval)


def of_no_kind(without: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    """Return the condition of rows that are of none of these kinds, as one or none."""
    kinds = [literal(kind) for kind in sorted(without)]
    return (pages.c.kind.not_in(kinds),) if kinds else ()


def reorder(
    connection: Connection,
    site: str,
    chosen: Callable[[str], bool],
    *,
    of: range,
    to: int,
    after: int = 0,
) -> int | None:
    """Give queued pages of a site another priority, by their URLs; return where to go on, if at all.

    Looked at are ``AT_ONCE`` rows of some priorities with a number greater than ``after``. What was
    visited before stays where it is, and so do start URLs.
    """
    query = (
        select(pages.c.id, pages.c.url)
        .where(pages.c.site == site, pages.c.state == QUEUED, pages.c.id > after)
        .where(pages.c.priority >= of.start, pages.c.priority < of.stop)
        .where(pages.c.outcome.is_(None), pages.c.depth > 0)
        .order_by(pages.c.id)
        .limit(AT_ONCE)
    )
    found = connection.execute(query).all()
    if moved := [row.id for row in found if chosen(row.url)]:
        connection.execute(update(pages).where(pages.c.id.in_(moved)).values(priority=to))
    return found[-1].id if len(found) == AT_ONCE else None


def led_to_articles(connection: Connection, site: str) -> list[str]:
    """Return the URLs of the last articles of a site, and of the pages they were found on."""
    parent = pages.alias("parent")
    query = (
        select(pages.c.url, parent.c.url)
        .outerjoin(parent, parent.c.id == pages.c.found_on)
        .where(pages.c.site == site, pages.c.outcome == Outcome.ARTICLE.value)
        .order_by(pages.c.id.desc())
        .limit(AT_ONCE)
    )
    return [url for row in connection.execute(query) for url in row if url is not None]


def queue_again(connection: Connection, identities: Sequence[str], *, before: int) -> int:
    """Queue rows again that no run from ``before`` on has visited."""
    return run_among(connection, _queue_again, identities, before=before)


def _queue_again(identities: Keys) -> Update:
    """Rows of these identities, queued unless a run from some run on has visited them."""
    waits = pages.c.last_run < bindparam("before"), pages.c.state == DONE
    return update(pages).where(*waits, pages.c.identity.in_(identities)).values(state=QUEUED)


def queue_anew(connection: Connection, identities: Collection[str]) -> int:
    """Queue rows again though this run has visited them: another answer is to be expected."""
    return connection.execute(_QUEUE_ANEW, {"keys": list(identities)}).rowcount


def queue_modified(connection: Connection, lastmods: Mapping[str, str], *, before: int) -> int:
    """Queue rows again that a source dates later than before, and remember the dates."""
    said = [{"key": key, "said": lastmod} for key, lastmod in lastmods.items()]
    queued = connection.execute(
        _IS_MODIFIED, [{**each, "before": before} for each in said]
    ).rowcount
    connection.execute(_REMEMBER_LASTMOD, said)
    return queued
