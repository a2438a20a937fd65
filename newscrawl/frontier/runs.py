"""Runs: how one begins, takes over from the dead, and ends.

Functions of the writer thread; each takes the connection of the running group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from newscrawl.frontier import fencing, lease
from newscrawl.frontier.claims import MAX_CLAIMS, count_claims
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import ROW, Row
from newscrawl.frontier.visits import WEDGED, Visit, finish, outcomes_of
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import CLAIMED, QUEUED, pages, runs

ENDLESS = "endless"
"""How a run ends whose sites went on for too long without a new article."""
WAITING = "waiting"
"""How one ends whose sites wait for longer than a run does: the next one goes on with its walk."""
ENDED_IN_ORDER = ("finished", "max_articles", ENDLESS)
UNREACHABLE, BLOCKED, FORBIDDEN = "unreachable", "blocked", "forbidden"
MOVED, NOTHING_FOUND = "moved", "nothing_found"
TAKEN_OVER = "taken_over"
"""How a run ends that stood still for so long that another one has its sites now."""
NOTHING_READ = (UNREACHABLE, BLOCKED, FORBIDDEN, MOVED, NOTHING_FOUND)
"""How a walk ends that could not read its sites, see :mod:`newscrawl.verdict.reach`."""
REEXTRACT = "reextract"
"""What a run of ``scrapy reextract`` has in place of a spider; no walk over a site."""
RENAME = "rename-site"
"""As above, of ``scrapy db rename-site``; its arguments say which site is where."""
DEDUPE = "dedupe"
"""As above, of ``scrapy dedupe``."""
NO_WALKS = (REEXTRACT, RENAME, DEDUPE)


class Begun(NamedTuple):
    """A run that has begun; a ``resumed`` one goes on where another was cut off."""

    run: int
    cycle: int
    """The run that began the walk over the site which this one goes on with, or itself."""
    unfinished: int
    """The run that began the earliest walk that has not come to its end, or itself."""

    @property
    def resumed(self) -> bool:
        return self.cycle != self.run


def begin_run(
    connection: Connection,
    *,
    spider: str,
    sites: Sequence[str],
    arguments: dict[str, Any],
    version: str,
    policy: RevisitPolicy,
    job: str | None = None,
) -> Begun:
    """Take the lease of the sites and open a run.

    Rows that a dead run had claimed are queued again, and its own row is closed
    as ``killed``; a row that was under way at every death is given up. ``job`` is what the
    service that started the run calls it.

    Raises:
        SiteLocked: a living run holds one of the sites.
    """
    dead = fencing.fence_off(connection, sites)
    last = _last_run(connection, sites)
    run = _add_run(
        connection, spider=spider, sites=list(sites), arguments=arguments, version=version, job=job
    )
    lease.take(connection, sites, run)
    died = last is not None and not is_over(str(last.reason))
    cut_off = died and _has_open_rows(connection, sites)
    _take_over(connection, run, sites, policy)
    for number in dead:
        end_run(connection, number, "killed")
    cycle = last.cycle if last is not None and cut_off else run
    unfinished = last.cycle if last is not None and died else run
    connection.execute(update(runs).where(runs.c.id == run).values(cycle=cycle))
    return Begun(run, cycle, unfinished)


def begin_upkeep(connection: Connection, *, spider: str, sites: Sequence[str], version: str) -> int:
    """Take the leases of sites and open a run that fetches nothing; return its number.

    Dead runs are closed as ``killed``. What they had claimed waits for the next walk.

    Raises:
        SiteLocked: a living run holds one of the sites.
    """
    close_dead(connection, sites)
    run = _add_run(connection, spider=spider, sites=list(sites), arguments={}, version=version)
    connection.execute(update(runs).where(runs.c.id == run).values(cycle=run))
    if sites:
        lease.take(connection, sites, run)
    return run


def close_dead(connection: Connection, sites: Sequence[str]) -> list[int]:
    """Close the dead runs that hold leases of sites as ``killed``; return them.

    One that only slept commits nothing more: a group begins only in a run that is open.

    Raises:
        SiteLocked: a living run holds one of the sites.
    """
    dead = lease.clear_dead(connection, sites)
    for run in dead:
        end_run(connection, run, "killed")
    return dead


def _add_run(connection: Connection, **values: Any) -> int:
    added = connection.execute(insert(runs).values(**values, started=datetime.now(UTC), cycle=0))
    (run,) = added.inserted_primary_key or (None,)
    if run is None:
        raise RuntimeError("the database gave the new run no number")
    return int(run)


def ended_in_order(reason: str) -> bool:
    """Whether a run ended because it was done, or had what it was asked for."""
    return reason in ENDED_IN_ORDER or reason.startswith("closespider_")


def is_over(reason: str) -> bool:
    """Whether a walk over the site has ended: the next run begins a new one."""
    return ended_in_order(reason) or reason in NOTHING_READ


def last_group(connection: Connection, run: int) -> int:
    """Return the number of the last group that a run committed, once none is being committed."""
    query = select(runs.c.groups).where(runs.c.id == run).with_for_update()
    return int(connection.execute(query).scalar_one())


def _last_run(connection: Connection, sites: Sequence[str]) -> Any:
    """Return the last run of any of these sites, or ``None``."""
    query = (
        select(runs.c.sites, runs.c.reason, runs.c.cycle)
        .where(runs.c.spider.not_in(NO_WALKS))
        .order_by(runs.c.id.desc())
    )
    for run in connection.execute(query):
        if not set(run.sites).isdisjoint(sites):
            return run
    return None


def last_timezone(connection: Connection, site: str) -> str | None:
    """Return the time zone that the last run of a site was given, of those that were given one."""
    query = select(runs.c.sites, runs.c.arguments).order_by(runs.c.id.desc())
    for run in connection.execute(query):
        if site in run.sites and (name := (run.arguments or {}).get("timezone")):
            return str(name)
    return None


def _has_open_rows(connection: Connection, sites: Sequence[str]) -> bool:
    """Whether rows are left that do not wait for all others."""
    query = select(pages.c.id).where(
        pages.c.site.in_(sites), pages.c.state.in_((QUEUED, CLAIMED)), pages.c.priority >= 0
    )
    return connection.execute(query.limit(1)).first() is not None


def _take_over(
    connection: Connection, run: int, sites: Sequence[str], policy: RevisitPolicy
) -> None:
    """Queue again what dead runs had claimed; give up what was under way at every death.

    What is given up stays a suspect: when it is due as a failed page it is fetched alone.
    """
    query = select(*ROW, pages.c.claims, pages.c.last_run).where(
        pages.c.site.in_(sites), pages.c.state == CLAIMED
    )
    released: Counter[int] = Counter()
    for *values, claims, claimed_by in connection.execute(query).all():
        row = Row(*values)
        released[claimed_by] += connection.execute(
            update(pages)
            .where(pages.c.id == row.id, pages.c.state == CLAIMED, pages.c.last_run == claimed_by)
            .values(state=QUEUED)
        ).rowcount
        if claims > MAX_CLAIMS:
            count_claims(connection, run, 1)
            visit = Visit(row, outcome=Outcome.FAILED, reason=WEDGED)
            finish(connection, run, [visit], policy, cycle=run)
    for dead, number in released.items():
        connection.execute(
            update(runs).where(runs.c.id == dead).values(released=runs.c.released + number)
        )


def runs_alike(
    connection: Connection, *, spider: str, arguments: dict[str, Any], version: str
) -> frozenset[int]:
    """Return the runs that read pages as one does with the same arguments and version."""
    query = select(runs.c.id, runs.c.arguments).where(
        runs.c.spider == spider, runs.c.version == version
    )
    return frozenset(run.id for run in connection.execute(query) if run.arguments == arguments)


def end_run(
    connection: Connection, run: int, reason: str, *, peak_rss_mb: int | None = None
) -> None:
    """Close a run and give its lease back; what a dead run used of memory is unknown."""
    lease.give_back(connection, run)
    connection.execute(
        update(runs)
        .where(runs.c.id == run)
        .values(
            finished=datetime.now(UTC),
            reason=reason,
            outcomes=outcomes_of(connection, run),
            peak_rss_mb=peak_rss_mb,
        )
    )
