"""What happened to articles: new, changed or gone, as visits tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, or_, select

from newscrawl.dataset.articles import article_from
from newscrawl.items import Article
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import articles, pages, visits


class Kind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


_KINDS = {
    Outcome.ARTICLE.value: Kind.NEW,
    Outcome.REVISION.value: Kind.CHANGED,
    Outcome.GONE.value: Kind.GONE,
}


class Event(NamedTuple):
    """Something that happened to an article, which is given as it is now.

    ``visit`` is the number of the visit that told of it; within a run they grow.
    """

    kind: Kind
    at: datetime
    run: int
    visit: int
    article: Article

    @property
    def key(self) -> str:
        """What is the same whenever this event is told, and of no other one."""
        return f"{self.run}-{self.visit}"


_EARLIER = visits.alias("earlier")
_BEFORE = (
    select(_EARLIER.c.outcome)
    .where(_EARLIER.c.page == visits.c.page, _EARLIER.c.id < visits.c.id)
    .order_by(_EARLIER.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_TOLD = or_(
    visits.c.outcome.in_((Outcome.ARTICLE.value, Outcome.REVISION.value)),
    and_(visits.c.outcome == Outcome.GONE.value, _BEFORE.is_distinct_from(Outcome.GONE.value)),
)


def _events(sites: Sequence[str]) -> Select[Any]:
    """Originals only: what turned out to be a copy is told by its original."""
    query = (
        select(visits.c.outcome, visits.c.at, visits.c.run, visits.c.id.label("visit"), articles)
        .select_from(visits)
        .join(pages, pages.c.id == visits.c.page)
        .join(articles, articles.c.id == pages.c.article_id)
        .where(_TOLD, articles.c.duplicate_of.is_(None))
    )
    return query.where(pages.c.site.in_(sites)) if sites else query


def latest(connection: Connection, limit: int, *, sites: Sequence[str] = ()) -> list[Event]:
    """Return the last event of each article, the latest article first."""
    found: dict[str, Event] = {}
    query = _events(sites).order_by(visits.c.id.desc()).execution_options(yield_per=100)
    with connection.execute(query) as rows:
        for event in map(_event, rows.mappings()):
            found.setdefault(event.article.id, event)
            if len(found) == limit:
                break
    return [*found.values()]


def after(connection: Connection, run: int, visit: int, *, sites: Sequence[str]) -> Iterator[Event]:
    """Yield the events of a run after one of its visits, as they happened."""
    query = _events(sites).where(visits.c.run == run, visits.c.id > visit).order_by(visits.c.id)
    with connection.execute(query.execution_options(yield_per=100)) as rows:
        yield from map(_event, rows.mappings())


def _event(row: Any) -> Event:
    kind = _KINDS[row["outcome"]]
    return Event(kind, row[visits.c.at], row["run"], row["visit"], article_from(row))
