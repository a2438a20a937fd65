"""Visits to rows: one outcome each, committed with all that the page brought.

Functions of the writer thread; each takes the connection of the running group.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, func, literal_column, select, update

from newscrawl.addresses.address import identity
from newscrawl.addresses.captures import CAPTURE, page_of
from newscrawl.answer import Answer, Place
from newscrawl.discovery.entries import SOURCES
from newscrawl.discovery.links import LinkKind
from newscrawl.frontier.claims import MAX_CLAIMS, count_claims, release
from newscrawl.frontier.queueing import queue_again, queue_modified
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import Found, Row, add_rows, discover
from newscrawl.items import compact_json
from newscrawl.outcomes import CANONICAL, NotModified, Outcome, Truncated
from newscrawl.store.inserting import prepared_insert
from newscrawl.store.prepared import Keys, fetch_among, prepared
from newscrawl.store.schema import CLAIMED, DONE, ERASED, articles, pages, visits

WEDGED = "Wedged"
"""The reason of a page that was under way each time that runs died."""


@dataclass(slots=True)
class Visit:
    """One visit to a row, filled on its way from the scheduler to the outcome.

    ``outcome`` is ``None`` until it is known. A ``released`` visit has none: its
    row is queued again. ``seconds`` is how long its last answer took to begin,
    ``lists_new`` whether the page lists what no page of its shape did. ``leads`` are the
    identities that the links of a start page name within its site. ``answers`` are the last
    answers to be archived, by identity: the page's own, and those of its parts. ``fetched`` is how
    many parts were asked for. ``was_read`` is what :meth:`Row.was_read` says. ``bounced`` are the
    identities of pages that went round in a circle with this one for want of a cookie, which is
    there now.
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
    fetched: int = 0
    next_pages: list[str] = field(default_factory=list)
    lastmods: dict[str, str] = field(default_factory=dict)
    published: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    bounced: list[str] = field(default_factory=list)
    lists_new: bool = False
    leads: list[str] = field(default_factory=list)
    items: int = 0
    exhausted: bool = False
    released: bool = False
    was_read: bool = False


Keeper = Callable[[Connection, Row, Answer], Place]
"""Archives the answer of a row and says where."""


class _Stored(NamedTuple):
    """An article as far as it says what became of a visit that stored it."""

    id: str
    duplicate_of: str | None
    duplicate_kind: str | None
    url: str


_VISIT = (
    *("run", "page", "at", "outcome", "reason", "status", "attempts", "evidence", "seconds"),
    *("archive", "offset"),
)
_FINISH = (
    update(pages)
    .where(pages.c.id == bindparam("page"))
    .values(
        state=literal_column(f"'{DONE}'"),  # the driver is given no other parameters than these
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
_FINISHED = (
    *("new_claims", "last_outcome", "last_reason", "last_article", "new_etag"),
    *("new_last_modified", "new_failures", "new_interval", "new_due", "page"),
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
    queued = _queue_found(connection, run, done, cycle)
    finish_rows(connection, done, policy)
    ended = [_Ended(v.row, v, v.outcome) for v in done if v.outcome]
    _add_visits(connection, run, ended, keep)
    for visit in done:
        if visit.parts:
            _finish_parts(connection, run, visit, keep)
    return queued


def _queue_found(connection: Connection, run: int, done: Sequence[Visit], cycle: int) -> int:
    """Queue what visits have found; return how many rows that are."""
    queued = 0
    listings = [visit for visit in done if visit.next_pages]
    for visit in listings:
        new = add_rows(connection, run, [(link, visit.row.id) for link in visit.links])
        queued += new + (new and queue_again(connection, visit.next_pages, before=cycle))
    others = [visit for visit in done if not visit.next_pages]
    queued += add_rows(
        connection, run, [(link, visit.row.id) for visit in others for link in visit.links]
    )
    for visit in done:
        if visit.lastmods:
            queued += queue_modified(connection, visit.lastmods, before=cycle)
    return queued


def finish_rows(connection: Connection, done: Sequence[Visit], policy: RevisitPolicy) -> None:
    """Say in the rows of visits what became of them, and when they are due again."""
    now = time.time()
    stored = {visit.article_id for visit in done if visit.outcome is Outcome.ARTICLE}
    known = {}
    if stored:
        found = fetch_among(connection, _articles, list(stored))
        known = {row[0]: _Stored(*row) for row in found}
    finished = [_finished(visit, policy, known, now) for visit in done]
    prepared(_FINISH, _FINISHED, connection.dialect).run(connection, finished)
    unchanged = [visit.row.article_id for visit in done if visit.reason == NotModified.__name__]
    if any(unchanged):
        connection.execute(
            update(articles).where(articles.c.id.in_(unchanged)).values(last_seen=datetime.now(UTC))
        )


def _articles(ids: Keys) -> Select[Any]:
    """Articles of these ids, as :class:`_Stored`."""
    return select(*(articles.c[name] for name in _Stored._fields)).where(articles.c.id.in_(ids))


def _finished(
    visit: Visit, policy: RevisitPolicy, known: Mapping[str, _Stored], now: float
) -> tuple[Any, ...]:
    """Return the values that the row of a visit has after it, and the row's number."""
    row, outcome, reason = visit.row, visit.outcome, visit.reason
    if outcome is None:
        raise ValueError("a visit without an outcome is released, not finished")
    interval = _interval(visit, outcome, policy, now)
    failures = row.failures + 1 if outcome is Outcome.FAILED else 0
    if outcome is Outcome.ARTICLE and (kind := _kind_of_copy(visit, known)):
        outcome, reason = Outcome.DUPLICATE, kind
    claims = MAX_CLAIMS if reason == WEDGED else 0
    due = None if interval is None else now + interval
    return (
        *(claims, outcome.value, reason, visit.article_id, visit.etag, visit.last_modified),
        *(failures, interval, due, row.id),
    )


def _interval(visit: Visit, outcome: Outcome, policy: RevisitPolicy, now: float) -> float | None:
    """Return the seconds until the row of a visit is due again, ``None`` for never."""
    row, reason = visit.row, visit.reason
    if row.kind == CAPTURE and outcome is not Outcome.FAILED:
        return None
    if reason != WEDGED and _is_due_in_each_run(row, outcome, reason):
        return 0.0
    interval = policy.interval(
        outcome,
        last=row.interval,
        published=visit.published,
        now=now,
        failures=row.failures,
    )
    if interval is None and _is_root(row):
        return policy.longest if row.interval is None else policy.grown(row.interval)
    return interval


def _is_due_in_each_run(row: Row, outcome: Outcome, reason: str | None) -> bool:
    """Whether a row has a part in each walk; a source that ended early may be whole the next time."""
    if row.kind == LinkKind.CATEGORY:
        return outcome is not Outcome.GONE
    is_read = outcome in {Outcome.LISTING, Outcome.UNCHANGED} or reason == Truncated.__name__
    return _is_root(row) and is_read


def _is_root(row: Row) -> bool:
    """Whether a row is a source that no other source dates or leads on to."""
    return row.kind in SOURCES and row.depth == 0


def _kind_of_copy(visit: Visit, known: Mapping[str, _Stored]) -> str | None:
    """Return how an article stored a moment ago has since been found to be a copy."""
    stored = known.get(visit.article_id or "")
    if stored is None:
        return None
    if stored.duplicate_of is not None:
        return str(stored.duplicate_kind)
    return None if identity(stored.url) == page_of(visit.row.identity) else CANONICAL


class _Ended(NamedTuple):
    """A page whose visit has ended; parts share the visit of their article, not its outcome."""

    row: Row
    visit: Visit
    outcome: Outcome


def _add_visits(
    connection: Connection, run: int, done: Sequence[_Ended], keep: Keeper | None
) -> None:
    at = datetime.now(UTC).isoformat()
    rows = []
    for row, visit, outcome in done:
        answer = visit.answers.get(row.identity)
        place = (None, None) if answer is None or keep is None else keep(connection, row, answer)
        evidence = None if visit.evidence is None else compact_json(visit.evidence)
        rows.append(
            (
                *(run, row.id, at, outcome.value, visit.reason, visit.status, visit.attempts),
                *(evidence, visit.seconds, *place),
            )
        )
    prepared_insert(connection, visits, _VISIT).run(connection, rows)


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


def outcomes_of(connection: Connection, run: int) -> dict[str, int]:
    """Return the number of visits of a run by outcome, in the order of the words."""
    query = (
        select(visits.c.outcome, func.count())
        .where(visits.c.run == run)
        .group_by(visits.c.outcome)
        .order_by(visits.c.outcome)
    )
    return {outcome: number for outcome, number in connection.execute(query)}  # noqa: C416 - dict() takes no rows
