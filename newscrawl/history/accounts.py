"""The account of a run: what it came to, in the numbers that every surface shows."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Connection, case, func, not_, select, update

from newscrawl.discovery.entries import SourceKind
from newscrawl.frontier.balance import Balance, balance
from newscrawl.frontier.claims import MAX_CLAIMS
from newscrawl.frontier.queueing import is_due
from newscrawl.history.queries import count_articles
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import CLAIMED, DONE, QUEUED, pages, runs, visits


class Articles(NamedTuple):
    """``articles`` are originals, ``copies`` those marked as a copy of another one."""

    articles: int = 0
    copies: int = 0
    revisions: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """What a run came to; numbers of the database at its end.

    ``outcomes`` are visits by outcome, ``reasons`` those that have one, by outcome and name of the
    reason; ``demoted`` pages were an article when they were visited and a copy at the end.
    ``ledger`` are the two sums that have to hold. ``stored`` is all that there is of the sites,
    ``new`` by how much that grew in this run, so that an article which turned out to be a copy of
    a new one counts once.

    ``queued`` says why rows wait: ``tag_pages`` (deferred until all else is done), ``sources`` (a
    run with other arguments reads them), ``suspects`` (fetched alone, since runs died with them)
    and ``pages``. ``due`` is how many pages the next run would visit again besides those,
    ``next_due`` when there will be one more.

    ``unread`` are start URLs that gave no page, each with what became of it, ``dead`` the sites of
    which none did, each with the word for how it is; ``detail`` says more of why the run ended.
    ``endless`` are sites that went on for too long without a new article, each with the words for
    it. ``job`` is what the service that started it calls it.
    """

    run: int
    spider: str
    sites: list[str]
    started: str
    finished: str
    reason: str
    detail: str
    outcomes: dict[str, int]
    reasons: dict[str, dict[str, int]]
    ledger: Balance
    new: Articles
    stored: Articles
    queued: dict[str, int] = field(default_factory=dict)
    demoted: int = 0
    due: int = 0
    next_due: str | None = None
    unread: dict[str, str] = field(default_factory=dict)
    dead: dict[str, str] = field(default_factory=dict)
    endless: dict[str, str] = field(default_factory=dict)
    job: str | None = None

    @property
    def visits(self) -> int:
        return sum(self.outcomes.values())

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it, with ``balanced`` beside the sums."""
        plain = asdict(self)
        for name in ("ledger", "new", "stored"):
            plain[name] = getattr(self, name)._asdict()
        plain["ledger"]["balanced"] = self.ledger.holds
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        sums = {name: plain["ledger"][name] for name in Balance._fields}
        tuples = {
            "ledger": Balance(**sums),
            "new": Articles(**plain["new"]),
            "stored": Articles(**plain["stored"]),
        }
        return cls(**{**plain, **tuples})


class Told(NamedTuple):
    """What only the run itself knows: the rest of an :class:`Account` is counted.

    ``before`` was stored when it began, ``left_out`` are the kinds of sources that it did not want.
    """

    before: Articles
    left_out: Collection[str]
    detail: str
    unread: dict[str, str]
    dead: dict[str, str]
    endless: dict[str, str] = {}


def account_of(connection: Connection, run: int, sites: Sequence[str], told: Told) -> Account:
    """Count what a run came to that has just been closed, and keep it with the run."""
    row = connection.execute(select(runs).where(runs.c.id == run)).one()
    outcomes, reasons = _outcomes(connection, run)
    due, next_due = due_of(connection, sites)
    stored = stored_of(connection, sites)
    account = Account(
        run=run,
        spider=row.spider,
        sites=list(row.sites),
        started=row.started.isoformat(),
        finished=row.finished.isoformat(),
        reason=row.reason,
        detail=told.detail,
        outcomes=outcomes,
        reasons=reasons,
        ledger=balance(connection, run, sites),
        new=Articles(
            stored.articles - told.before.articles,
            stored.copies - told.before.copies,
            outcomes.get(Outcome.REVISION, 0),
        ),
        stored=stored,
        queued=_queued(connection, sites, told.left_out),
        demoted=_demoted(connection, run),
        due=due,
        next_due=next_due,
        unread=told.unread,
        dead=told.dead,
        endless=told.endless,
        job=row.job,
    )
    connection.execute(update(runs).where(runs.c.id == run).values(account=account.as_dict()))
    return account


def stored_of(connection: Connection, sites: Sequence[str]) -> Articles:
    """Count what is stored of some sites."""
    return Articles(*count_articles(connection, sites))


def _outcomes(connection: Connection, run: int) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Return visits by outcome, in the order of the vocabulary, and by outcome and reason."""
    query = (
        select(visits.c.outcome, visits.c.reason, func.count())
        .where(visits.c.run == run)
        .group_by(visits.c.outcome, visits.c.reason)
    )
    outcomes: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {}
    for outcome, reason, number in connection.execute(query):
        outcomes[outcome] += number
        if reason is not None and outcome != Outcome.REDIRECTED:
            reasons.setdefault(outcome, Counter())[reason.partition(":")[0]] += number
    known = [each.value for each in Outcome if each in outcomes]
    return (
        {name: outcomes[name] for name in known},
        {name: dict(reasons[name].most_common()) for name in known if name in reasons},
    )


def _demoted(connection: Connection, run: int) -> int:
    query = (
        select(func.count())
        .select_from(visits.join(pages, visits.c.page == pages.c.id))
        .where(visits.c.run == run, visits.c.outcome == Outcome.ARTICLE.value)
        .where(pages.c.outcome == Outcome.DUPLICATE.value)
    )
    return connection.execute(query).scalar_one()


def _queued(
    connection: Connection, sites: Sequence[str], left_out: Collection[str] = ()
) -> dict[str, int]:
    """Count queued rows by why they wait; what waits for no reason of its own is ``pages``."""
    why: dict[str, ColumnElement[bool]] = {
        "sources": pages.c.kind.in_(left_out),
        "suspects": pages.c.claims >= MAX_CLAIMS,
        "tag_pages": pages.c.priority < 0,
    }
    reason = case(*((condition, name) for name, condition in why.items()), else_="pages")
    waiting = pages.c.site.in_(sites), pages.c.state == QUEUED
    query = select(reason.label("why"), func.count()).where(*waiting).group_by("why")
    counted = {row[0]: row[1] for row in connection.execute(query)}
    return {name: counted.get(name, 0) for name in (*why, "pages")}


class Ahead(NamedTuple):
    """What a run has before it: pages, tag and author pages beside them, and whether that is all.

    ``listed`` says that the lists of the whole site (sitemaps, API) have been read that it offers,
    and that there are some.
    """

    pages: int
    tag_pages: int
    listed: bool


def ahead_of(connection: Connection, sites: Sequence[str]) -> Ahead:
    """Count what a run that is at work has before it."""
    of_lists = pages.c.site.in_(sites), pages.c.kind.in_((SourceKind.SITEMAP, SourceKind.API))
    read = select(pages.c.id).where(*of_lists, pages.c.outcome.is_not(None))
    unread = select(pages.c.id).where(*of_lists, pages.c.state.in_((QUEUED, CLAIMED)))
    queued = _queued(connection, sites)
    is_read, is_left = (connection.execute(each.limit(1)).first() for each in (read, unread))
    return Ahead(queued["pages"], queued["tag_pages"], is_left is None and is_read is not None)


def due_of(connection: Connection, sites: Sequence[str]) -> tuple[int, str | None]:
    """Return how many known pages are due now, and when there will be one more (ISO 8601)."""
    now = time.time()
    done = pages.c.site.in_(sites), pages.c.state == DONE
    due = select(func.count()).select_from(pages).where(*done, is_due(now))
    later = select(func.min(pages.c.due)).where(*done, not_(is_due(now)))
    at = connection.execute(later).scalar()
    moment = None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
    return connection.execute(due).scalar_one(), moment
