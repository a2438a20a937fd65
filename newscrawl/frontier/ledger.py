"""The ledger: a row for every URL ever discovered, an outcome for every visit.

Functions of the writer thread; each takes the connection of the running group.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Table,
    and_,
    bindparam,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from newscrawl.addresses.address import Address, identity, site_of
from newscrawl.answer import Answer, Place
from newscrawl.discovery.entries import SOURCES, SourceKind
from newscrawl.discovery.links import LinkKind, Way
from newscrawl.frontier import lease
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.outcomes import NotModified, Outcome, Truncated
from newscrawl.store.schema import CLAIMED, DONE, ERASED, QUEUED, articles, pages, runs, visits

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
MAX_CLAIMS = 3
ENDED_IN_ORDER = ("finished", "max_articles")
UNREACHABLE, BLOCKED, FORBIDDEN = "unreachable", "blocked", "forbidden"
MOVED, NOTHING_FOUND = "moved", "nothing_found"
NOTHING_READ = (UNREACHABLE, BLOCKED, FORBIDDEN, MOVED, NOTHING_FOUND)
"""How a walk ends that could not read its sites, see :mod:`newscrawl.verdict.reach`."""
WEDGED = "Wedged"
REEXTRACT = "reextract"
"""What a run of ``scrapy reextract`` has in place of a spider; no walk over a site."""
CANONICAL, EXACT, NEAR = "canonical", "exact", "near"


class Found(NamedTuple):
    """A URL as it goes into the ledger; a negative priority waits for all others."""

    site: str
    identity: str
    url: str
    kind: str
    ways: Way
    depth: int
    priority: int

    @classmethod
    def at(cls, address: Address, kind: str, way: Way, depth: int, priority: int) -> Found:
        """Return the row that an address has, to be found there for the first time or again."""
        return cls(address.site, address.identity, address.url, kind, way, depth, priority)


def found_at(url: str, *, kind: str, way: Way, depth: int, priority: int) -> Found:
    """Return ``url``, as it is to be fetched, with the site and identity of its row."""
    return Found(site_of(url), identity(url), url, kind, way, depth, priority)


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


_BEGIN_GROUP = (
    update(runs)
    .where(runs.c.id == bindparam("run"), runs.c.finished.is_(None))
    .values(groups=bindparam("group"))
)
_LAST_ANSWER = (
    select(visits)
    .where(visits.c.page == pages.c.id, visits.c.reason.is_distinct_from(NotModified.__name__))
    .order_by(visits.c.id.desc())
    .limit(1)
)
_READ_AS, _READ_BY = (
    _LAST_ANSWER.with_only_columns(column).scalar_subquery()
    for column in (visits.c.outcome, visits.c.run)
)
_IS_KEPT = or_(pages.c.article_id.is_(None), exists().where(articles.c.id == pages.c.article_id))
_ROW = (*(pages.c[name] for name in Row._fields if name in pages.c), _READ_AS, _READ_BY, _IS_KEPT)


class Begun(NamedTuple):
    """A run that has begun; a ``resumed`` one goes on where another was cut off."""

    run: int
    cycle: int
    """The run that began the walk over the site which this one goes on with, or itself."""
    unsettled: int
    """The run that began the earliest walk whose end nobody has settled."""

    @property
    def resumed(self) -> bool:
        return self.cycle != self.run


class Stage(StrEnum):
    """Which rows are claimed, each stage only after those before it.

    The feeds of a seed come when what the other sources name is known, since their further pages
    are read only where there are no others. What waits for all others has a negative priority.
    A suspect was under way each time one of ``MAX_CLAIMS`` runs died; it is
    fetched alone, and given up if that run dies too.
    """

    ORDINARY = "ordinary"
    FEEDS = "feeds"
    WAITING = "waiting"
    SUSPECT = "suspect"


@dataclass(slots=True)
class Visit:
    """One visit to a row, filled on its way from the scheduler to the outcome.

    ``outcome`` is ``None`` until it is known. A ``released`` visit has none: its
    row is queued again. ``seconds`` is how long its last answer took to begin,
    ``lists_new`` whether the page lists what no page of its shape did. ``leads`` are the
    identities that the links of a start page name within its site. ``answers`` are the last
    answers to be archived, by identity: the page's own, and those of its parts. ``was_read`` is
    what :meth:`Row.was_read` says.
    """

    row: Row
    outcome: Outcome | None = None
    reason: str | None = None
    status: int | None = None
    attempts: int = 1
    article_id: str | None = None
    evidence: dict[str, Any] | None = None
    seconds: float | None = None
    links: list[Found] = field(default_factory=list)
    parts: list[Found] = field(default_factory=list)
    next_pages: list[str] = field(default_factory=list)
    lastmods: dict[str, str] = field(default_factory=dict)
    published: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    lists_new: bool = False
    leads: list[str] = field(default_factory=list)
    items: int = 0
    exhausted: bool = False
    released: bool = False
    was_read: bool = False


Keeper = Callable[[Connection, Row, Answer], Place]
"""Archives the answer of a row and says where."""


def insert_ignoring(connection: Connection, table: Table) -> Insert:
    """Return an INSERT that leaves a row alone whose key is already there."""
    return _insert_ignoring(connection.dialect.name, table)


@cache
def _insert_ignoring(dialect: str, table: Table) -> Insert:
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def begin_run(
    connection: Connection,
    *,
    spider: str,
    sites: Sequence[str],
    arguments: dict[str, Any],
    version: str,
    policy: RevisitPolicy,
) -> Begun:
    """Take the lease of the sites and open a run.

    Rows that a dead run had claimed are queued again, and its own row is closed
    as ``killed``; a row that was under way at every death is given up.

    Raises:
        SiteLocked: a living run holds one of the sites.
    """
    dead = lease.clear_dead(connection, sites)
    last = _last_run(connection, sites)
    result = connection.execute(
        insert(runs).values(
            spider=spider,
            sites=list(sites),
            arguments=arguments,
            version=version,
            started=datetime.now(UTC),
            cycle=0,
        )
    )
    (run,) = result.inserted_primary_key or (None,)
    if run is None:
        raise RuntimeError("the database gave the new run no number")
    lease.take(connection, sites, run)
    died = last is not None and not is_over(str(last.reason))
    cut_off = died and _has_open_rows(connection, sites)
    _take_over(connection, run, sites, policy)
    for number in dead:
        end_run(connection, number, "killed")
    cycle = last.cycle if last is not None and cut_off else run
    unsettled = last.cycle if last is not None and died else run
    connection.execute(update(runs).where(runs.c.id == run).values(cycle=cycle))
    return Begun(run, cycle, unsettled)


def ended_in_order(reason: str) -> bool:
    """Whether a run ended because it was done, or had what it was asked for."""
    return reason in ENDED_IN_ORDER or reason.startswith("closespider_")


def is_over(reason: str) -> bool:
    """Whether a walk over the site has ended: the next run begins a new one."""
    return ended_in_order(reason) or reason in NOTHING_READ


def begin_group(connection: Connection, run: int, group: int) -> None:
    """Count a group of changes that a run commits.

    Raises:
        LeaseLost: the run has been closed, so it may write no more.
    """
    counted = connection.execute(_BEGIN_GROUP, {"run": run, "group": group}).rowcount
    if not counted:
        raise lease.LeaseLost(f"run {run} was closed by another run, which took its sites over")


def last_group(connection: Connection, run: int) -> int:
    """Return the number of the last group that a run committed."""
    return int(connection.execute(select(runs.c.groups).where(runs.c.id == run)).scalar_one())


def _last_run(connection: Connection, sites: Sequence[str]) -> Any:
    """Return the last run of any of these sites, or ``None``."""
    query = (
        select(runs.c.sites, runs.c.reason, runs.c.cycle)
        .where(runs.c.spider != REEXTRACT)
        .order_by(runs.c.id.desc())
    )
    for run in connection.execute(query):
        if not set(run.sites).isdisjoint(sites):
            return run
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
    query = select(*_ROW, pages.c.claims, pages.c.last_run).where(
        pages.c.site.in_(sites), pages.c.state == CLAIMED
    )
    released: Counter[int] = Counter()
    for *values, claims, claimed_by in connection.execute(query).all():
        row = Row(*values)
        if claims > MAX_CLAIMS:
            count_claims(connection, run, 1)
            visit = Visit(row, outcome=Outcome.FAILED, reason=WEDGED)
            finish(connection, run, [visit], policy, cycle=run)
        else:
            connection.execute(update(pages).where(pages.c.id == row.id).values(state=QUEUED))
        released[claimed_by] += 1
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


def queue_due(
    connection: Connection, sites: Sequence[str], limit: int, *, without: Collection[str] = ()
) -> int:
    """Queue again what is due, without some kinds, longest overdue first; return how many."""
    due = (
        select(pages.c.id)
        .where(pages.c.site.in_(sites), pages.c.state == DONE, pages.c.due <= time.time())
        .where(*_of_no_kind(without))
        .order_by(pages.c.due)
        .limit(limit)
    )
    return connection.execute(
        update(pages).where(pages.c.id.in_(due)).values(state=QUEUED)
    ).rowcount


def _of_no_kind(without: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return (pages.c.kind.not_in(without),) if without else ()


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
    queued = _add_rows(connection, run, [(link, found_on) for link in found])
    if revisit:
        queued += _queue_again(connection, [link.identity for link in found], before=run)
    return queued


def _add_rows(connection: Connection, run: int, found: Sequence[tuple[Found, int | None]]) -> int:
    """Add rows for URLs with the rows they were found on; return how many are new."""
    if not found:
        return 0
    values = [
        {
            **link._asdict(),
            "ways": int(link.ways),
            "found_on": found_on,
            "found_run": run,
            "state": QUEUED,
            "claims": 0,
        }
        for link, found_on in found
    ]
    new = connection.execute(
        insert_ignoring(connection, pages), values, execution_options=_COUNTED
    ).rowcount
    if new < len(found):
        again = [{"key": link.identity, "more": int(link.ways)} for link, _ in found]
        connection.execute(_ADD_WAYS, again)
    return new


_COUNTED = {"preserve_rowcount": True}
"""Without it only SQLite says how many rows an INSERT of many made."""
_ADD_WAYS = (
    update(pages)
    .where(
        pages.c.identity == bindparam("key"),
        pages.c.ways.bitwise_and(bindparam("more")) != bindparam("more"),
    )
    .values(ways=pages.c.ways.bitwise_or(bindparam("more")))
)

_IS_FEED = and_(pages.c.kind == SourceKind.FEED, pages.c.depth == 0)
_CONDITIONS = {
    Stage.ORDINARY: (pages.c.priority >= 0, pages.c.claims < MAX_CLAIMS, not_(_IS_FEED)),
    Stage.FEEDS: (pages.c.priority >= 0, pages.c.claims < MAX_CLAIMS, _IS_FEED),
    Stage.WAITING: (pages.c.priority < 0, pages.c.claims < MAX_CLAIMS),
    Stage.SUSPECT: (pages.c.claims >= MAX_CLAIMS,),
}


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

    Rows of a kind in ``without`` stay queued.

    Of rows that a run died with already, ``claimed_before`` at most: no more than can
    be under way, so that none is blamed for the death of runs that never came to it.
    """
    share = max(1, limit // len(sites)) if sites else 0
    conditions = (*_CONDITIONS[stage], *_of_no_kind(without))
    by_site = []
    for site in sites:
        query = (
            select(*_ROW, pages.c.claims)
            .where(pages.c.site == site, pages.c.state == QUEUED, *conditions)
            .order_by(pages.c.priority.desc(), pages.c.id)
            .limit(share)
        )
        by_site.append([(Row(*row), claims) for *row, claims in connection.execute(query)])
    turns = itertools.zip_longest(*by_site)
    in_turn = [each for turn in turns for each in turn if each is not None]
    suspected = itertools.islice((row for row, claims in in_turn if claims), claimed_before, None)
    left_out = {row.id for row in suspected}
    rows = [row for row, _ in in_turn if row.id not in left_out][:limit]
    if rows:
        connection.execute(
            update(pages)
            .where(pages.c.id.in_([row.id for row in rows]))
            .values(state=CLAIMED, claims=pages.c.claims + 1, last_run=run)
        )
        count_claims(connection, run, len(rows))
    return rows


def count_claims(connection: Connection, run: int, number: int) -> None:
    connection.execute(update(runs).where(runs.c.id == run).values(claims=runs.c.claims + number))


_ARTICLES = select(
    articles.c.id, articles.c.duplicate_of, articles.c.duplicate_kind, articles.c.url
).where(articles.c.id.in_(bindparam("keys", expanding=True)))
_ADD_VISIT = insert(visits)
_FINISH = (
    update(pages)
    .where(pages.c.id == bindparam("page"))
    .values(
        state=DONE,
        claims=bindparam("new_claims"),
        outcome=bindparam("last_outcome"),
        reason=bindparam("last_reason"),
        article_id=func.coalesce(bindparam("last_article"), pages.c.article_id),
        etag=bindparam("new_etag"),
        last_modified=bindparam("new_last_modified"),
        failures=bindparam("new_failures"),
        interval=bindparam("new_interval"),
        due=bindparam("new_due"),
    )
)


def finish(
    connection: Connection,
    run: int,
    done: Sequence[Visit],
    policy: RevisitPolicy,
    *,
    cycle: int,
    keep: Keeper | None = None,
) -> int:
    """Commit what became of visits, their links first; return how many rows became queued.

    Each answer is archived by ``keep``.

    Queued again, unless visited since the run ``cycle`` began the walk, are the page
    that follows a listing which brought new URLs, and pages that a source dates later
    than any did before.
    """
    queued = 0
    listings = [visit for visit in done if visit.next_pages]
    for visit in listings:
        new = _add_rows(connection, run, [(link, visit.row.id) for link in visit.links])
        queued += new + (new and _queue_again(connection, visit.next_pages, before=cycle))
    others = [visit for visit in done if not visit.next_pages]
    queued += _add_rows(
        connection, run, [(link, visit.row.id) for visit in others for link in visit.links]
    )
    for visit in done:
        if visit.lastmods:
            queued += _queue_modified(connection, visit.lastmods, before=cycle)
    _settle(connection, done, policy)
    ended = [_Ended(v.row, v, v.outcome) for v in done if v.outcome]
    _add_visits(connection, run, ended, keep)
    for visit in done:
        if visit.parts:
            _finish_parts(connection, run, visit, keep)
    return queued


def _settle(connection: Connection, done: Sequence[Visit], policy: RevisitPolicy) -> None:
    now = time.time()
    stored = {visit.article_id for visit in done if visit.outcome is Outcome.ARTICLE}
    known = {row.id: row for row in connection.execute(_ARTICLES, {"keys": list(stored)})}
    connection.execute(_FINISH, [_settled(visit, policy, known, now) for visit in done])
    unchanged = [visit.row.article_id for visit in done if visit.reason == NotModified.__name__]
    if any(unchanged):
        connection.execute(
            update(articles).where(articles.c.id.in_(unchanged)).values(last_seen=datetime.now(UTC))
        )


def _settled(
    visit: Visit, policy: RevisitPolicy, known: Mapping[str, Any], now: float
) -> dict[str, Any]:
    row, outcome, reason = visit.row, visit.outcome, visit.reason
    if outcome is None:
        raise ValueError("a visit without an outcome is released, not finished")
    interval = policy.interval(
        outcome,
        last=row.interval,
        published=visit.published,
        now=now,
        failures=row.failures,
    )
    if reason != WEDGED and _is_due_in_each_run(row, outcome, reason):
        interval = 0.0
    elif interval is None and _is_root(row):
        interval = policy.longest if row.interval is None else policy.grown(row.interval)
    failures = row.failures + 1 if outcome is Outcome.FAILED else 0
    if outcome is Outcome.ARTICLE and (kind := _kind_of_copy(visit, known)):
        outcome, reason = Outcome.DUPLICATE, kind
    return {
        "page": row.id,
        "new_claims": MAX_CLAIMS if reason == WEDGED else 0,
        "last_outcome": outcome.value,
        "last_reason": reason,
        "last_article": visit.article_id,
        "new_etag": visit.etag,
        "new_last_modified": visit.last_modified,
        "new_failures": failures,
        "new_interval": interval,
        "new_due": None if interval is None else now + interval,
    }


def _is_due_in_each_run(row: Row, outcome: Outcome, reason: str | None) -> bool:
    """Whether a row has a part in each walk; a source that ended early may be whole the next time."""
    if row.kind == LinkKind.CATEGORY:
        return outcome is not Outcome.GONE
    is_read = outcome in {Outcome.LISTING, Outcome.UNCHANGED} or reason == Truncated.__name__
    return _is_root(row) and is_read


def _is_root(row: Row) -> bool:
    """Whether a row is a source that no other source dates or leads on to."""
    return row.kind in SOURCES and row.depth == 0


def _kind_of_copy(visit: Visit, known: Mapping[str, Any]) -> str | None:
    """Return how an article stored a moment ago has since been found to be a copy."""
    stored = known.get(visit.article_id or "")
    if stored is None:
        return None
    if stored.duplicate_of is not None:
        return str(stored.duplicate_kind)
    return None if identity(stored.url) == visit.row.identity else CANONICAL


def _queue_again(connection: Connection, identities: Sequence[str], *, before: int) -> int:
    """Queue rows again that no run from ``before`` on has visited."""
    return connection.execute(
        update(pages)
        .where(pages.c.identity.in_(identities), pages.c.state == DONE, pages.c.last_run < before)
        .values(state=QUEUED)
    ).rowcount


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


def _queue_modified(connection: Connection, lastmods: Mapping[str, str], *, before: int) -> int:
    """Queue rows again that a source dates later than before, and remember the dates."""
    said = [{"key": key, "said": lastmod} for key, lastmod in lastmods.items()]
    queued = connection.execute(
        _IS_MODIFIED, [{**each, "before": before} for each in said]
    ).rowcount
    connection.execute(_REMEMBER_LASTMOD, said)
    return queued


class _Ended(NamedTuple):
    """A page whose visit has ended; parts share the visit of their article, not its outcome."""

    row: Row
    visit: Visit
    outcome: Outcome


def _add_visits(
    connection: Connection, run: int, done: Sequence[_Ended], keep: Keeper | None
) -> None:
    at = datetime.now(UTC)
    connection.execute(
        _ADD_VISIT,
        [
            {
                "run": run,
                "page": row.id,
                "at": at,
                "outcome": outcome.value,
                "reason": visit.reason,
                "status": visit.status,
                "attempts": visit.attempts,
                "evidence": visit.evidence,
                "seconds": visit.seconds,
                **_kept(connection, row, visit.answers.get(row.identity), keep),
            }
            for row, visit, outcome in done
        ],
    )


def _kept(
    connection: Connection, row: Row, answer: Answer | None, keep: Keeper | None
) -> dict[str, int | None]:
    if answer is None or keep is None:
        return {"archive": None, "offset": None}
    return keep(connection, row, answer)._asdict()


def _finish_parts(connection: Connection, run: int, visit: Visit, keep: Keeper | None) -> None:
    """Give the parts of a split article their rows and outcomes, claimed and done at once."""
    discover(connection, run, visit.parts, found_on=visit.row.id)
    query = select(pages.c.id, pages.c.identity).where(
        pages.c.identity.in_([part.identity for part in visit.parts]),
        pages.c.state.not_in((CLAIMED, ERASED)),
    )
    found = connection.execute(query).all()
    if not found:
        return
    count_claims(connection, run, len(found))
    connection.execute(
        update(pages)
        .where(pages.c.id.in_([part.id for part in found]))
        .values(
            state=DONE,
            outcome=Outcome.PART.value,
            reason=None,
            article_id=visit.article_id,
            last_run=run,
        )
    )
    as_part = visit.row._replace(kind=LinkKind.PART)
    parts = [
        _Ended(as_part._replace(id=page, identity=identity), visit, Outcome.PART)
        for page, identity in found
    ]
    _add_visits(connection, run, parts, keep)


def release(connection: Connection, run: int, row: Row) -> int:
    """Queue a claimed row again that got no outcome in this run; return how many that were."""
    return _release(connection, run, pages.c.id == row.id)


def queued(connection: Connection, sites: Sequence[str]) -> int:
    """Return the number of rows that wait to be claimed."""
    waiting = pages.c.site.in_(sites), pages.c.state == QUEUED
    return connection.execute(select(func.count()).select_from(pages).where(*waiting)).scalar_one()


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


def release_visit(connection: Connection, run: int, visit: Visit) -> int:
    """Queue the row of a visit again that ends without an outcome, and keep the links it found.

    Returns how many new rows became queued: the row itself waits for the next run.
    """
    release(connection, run, visit.row)
    return discover(connection, run, visit.links, found_on=visit.row.id)


def has_become(
    connection: Connection, page_identity: str, outcome: Outcome, reason: str | None, key: str
) -> None:
    """Say what a page without article has become by newer rules, without a visit to it."""
    connection.execute(
        update(pages)
        .where(
            pages.c.identity == page_identity,
            pages.c.state == DONE,
            pages.c.article_id.is_(None),
        )
        .values(outcome=outcome.value, reason=reason, article_id=key)
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


def names_known(connection: Connection, site: str, identities: Sequence[str]) -> bool:
    """Whether one of these URLs is an article, or a listing found no later than articles were.

    Start URLs themselves do not count: every page of a site may name them.
    """
    found = connection.execute(_NAMES_KNOWN, {"site": site, "keys": list(identities)})
    return found.first() is not None


def outcomes_of(connection: Connection, run: int) -> dict[str, int]:
    """Return the number of visits of a run by outcome, in the order of the words."""
    query = (
        select(visits.c.outcome, func.count())
        .where(visits.c.run == run)
        .group_by(visits.c.outcome)
        .order_by(visits.c.outcome)
    )
    return {outcome: number for outcome, number in connection.execute(query)}  # noqa: C416 - dict() takes no rows


class Balance(NamedTuple):
    """Both checks of the ledger: rows by state, and a run's claims against its visits."""

    rows: int
    queued: int
    done: int
    erased: int
    claims: int
    visits: int
    released: int

    @property
    def holds(self) -> bool:
        rows = self.queued + self.done + self.erased
        return self.rows == rows and self.claims == self.visits + self.released


def balance(connection: Connection, run: int, sites: Sequence[str]) -> Balance:
    query = (
        select(pages.c.state, func.count()).where(pages.c.site.in_(sites)).group_by(pages.c.state)
    )
    states = {state: number for state, number in connection.execute(query)}  # noqa: C416 - as above
    claims, released = connection.execute(
        select(runs.c.claims, runs.c.released).where(runs.c.id == run)
    ).one()
    return Balance(
        rows=sum(states.values()),
        queued=states.get(QUEUED, 0),
        done=states.get(DONE, 0),
        erased=states.get(ERASED, 0),
        claims=claims,
        visits=sum(outcomes_of(connection, run).values()),
        released=released,
    )


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
