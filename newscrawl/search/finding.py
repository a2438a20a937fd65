"""Finding articles: the newest first, a page at a time.

Of few matches all dates are compared. Of many the years are looked through, the latest first, and
of a year that has many too its months: how old an article is, is a word of the index.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, RowMapping, select, text

from newscrawl.search.query import Query, for_postgres, for_sqlite
from newscrawl.store.folding import dated, label, words
from newscrawl.store.schema import articles

FEW = 10_000
"""Matches whose dates are compared at once."""
SECONDS = 5.0
"""For which texts are looked through for phrases."""
AT_ONCE = 25
"""Texts that are read at a time."""
_FROM = {
    "sqlite": """FROM search_words JOIN search_rows ON search_rows.id = search_words.rowid
        WHERE search_words MATCH :asked""",
    "postgresql": "FROM search_rows WHERE words @@ CAST(:asked AS tsquery)",
}
_COUNT = "SELECT count(*) FROM (SELECT 1 {found} LIMIT :number) AS found"
_IN_ORDER = "SELECT at, search_rows.id, article_id {found} ORDER BY at DESC NULLS LAST, id DESC"
_AFTER = " AND (at < :at OR at = :at AND search_rows.id < :id OR at IS NULL)"
_UNDATED_AFTER = " AND at IS NULL AND search_rows.id < :id"
_SINCE, _UNTIL = " AND at >= :since", " AND at < :until"
_LATEST = "SELECT max(at) FROM search_rows WHERE at < :before"
_NEVER = 1 << 62
_NONE = label("year", "none")


class Place(NamedTuple):
    """The place of an article in the order: its date in seconds, ``None`` at the end, and its number."""

    at: int | None
    id: int

    @property
    def rank(self) -> tuple[bool, int, int]:
        return self.at is not None, self.at or 0, self.id

    def __str__(self) -> str:
        return f"{'' if self.at is None else self.at}.{self.id}"

    @classmethod
    def read(cls, told: str) -> Self | None:
        """Return the place that a text names, ``None`` where it names none."""
        at, dot, number = told.partition(".")
        try:
            found = cls(int(at) if at else None, int(number)) if dot else None
        except ValueError:
            return None
        return found if found and max(abs(found.at or 0), abs(found.id)) < _NEVER else None


class _Match(NamedTuple):
    place: Place
    article_id: str


@dataclass(slots=True)
class Found:
    """A page of what was found; ``after`` is where the next one begins, if there is one.

    ``number`` is that of all matches, if it was counted. Where the time was up ``is_cut``.
    """

    articles: list[RowMapping] = field(default_factory=list)
    after: Place | None = None
    number: int | None = None
    is_cut: bool = False


def search(
    connection: Connection, query: Query, *, limit: int, after: Place | None = None
) -> Found:
    """Return the articles that are asked for, from a place on."""
    finder = _Finder(connection, query, after)
    found = Found()
    until = time.monotonic() + SECONDS
    last: Place | None = None
    with closing(_chunks(finder.matches())) as chunks:
        for some in chunks:
            for place, row in _rows(connection, some):
                if len(found.articles) == limit:
                    found.number, found.after = finder.counted, last
                    return found
                if _says(row, query):
                    found.articles.append(row)
                last = place
            if time.monotonic() > until:
                found.after, found.is_cut = last, True
                return found
    found.number = finder.counted
    return found


class _Finder:
    def __init__(self, connection: Connection, query: Query, after: Place | None) -> None:
        self.counted: int | None = None
        self._connection = connection
        self._query = query
        self._after = after
        self._bounds: dict[str, int] = {}
        if query.since is not None:
            self._bounds["since"] = int(query.since.timestamp())
        if query.until is not None:
            self._bounds["until"] = int(query.until.timestamp())

    def matches(self) -> Iterator[_Match]:
        """Yield what the index says, the latest first."""
        number = self._count()
        if number <= FEW:
            self.counted = None if self._query.texts else number
            yield from self._in_order()
            return
        yield from self._by_year()
        if not self._bounds:
            yield from self._in_order(_NONE)

    def _by_year(self) -> Iterator[_Match]:
        after = self._after
        if after is not None and after.at is None:
            return
        before = self._bounds.get("until", _NEVER)
        if after is not None and after.at is not None:
            before = min(before, after.at + 1)
        while (latest := self._latest(before)) is not None:
            if latest < self._bounds.get("since", latest):
                return
            year, month = dated(latest)
            has_many = self._count(year) > FEW
            yield from self._in_order(month if has_many else year)
            before = _begin(latest, of_year=not has_many)

    def _latest(self, before: int) -> int | None:
        latest: int | None = self._connection.scalar(text(_LATEST), {"before": before})
        return latest

    def _count(self, *labels: str) -> int:
        """Count matches, as far as it matters."""
        query, values = self._found(_COUNT, labels)
        return int(self._connection.scalar(text(query), {**values, "number": FEW + 1}) or 0)

    def _in_order(self, *labels: str) -> Iterator[_Match]:
        query, values = self._found(_IN_ORDER, labels, self._after)
        statement = text(query).execution_options(yield_per=AT_ONCE)
        with self._connection.execute(statement, values) as found:
            for at, number, key in found:
                yield _Match(Place(at, number), key)

    def _found(
        self, statement: str, labels: Sequence[str], after: Place | None = None
    ) -> tuple[str, dict[str, Any]]:
        dialect = self._connection.dialect.name
        spelled = for_sqlite if dialect == "sqlite" else for_postgres
        values: dict[str, Any] = {"asked": spelled(self._query, labels), **self._bounds}
        found = _FROM[dialect]
        found += _SINCE if "since" in values else ""
        found += _UNTIL if "until" in values else ""
        if after is not None:
            found += _AFTER if after.at is not None else _UNDATED_AFTER
            values |= {name: value for name, value in after._asdict().items() if value is not None}
        return statement.format(found=found), values


def _chunks(found: Iterator[_Match]) -> Generator[list[_Match], None, None]:
    some: list[_Match] = []
    for each in found:
        some.append(each)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _rows(connection: Connection, some: Sequence[_Match]) -> Iterator[tuple[Place, RowMapping]]:
    query = select(articles).where(articles.c.id.in_([each.article_id for each in some]))
    by_id = {row["id"]: row for row in connection.execute(query).mappings()}
    return ((each.place, by_id[each.article_id]) for each in some if each.article_id in by_id)


def _says(row: RowMapping, query: Query) -> bool:
    """Whether the text has the phrases that are asked for, and none that is left out."""
    texts = query.texts
    if not texts:
        return True
    told = "\n".join(filter(None, (row["headline"], row["subtitle"], row["text"])))
    said = f" {' '.join(words(told))} "
    return all(term.is_in(said) is not term.is_left_out for term in texts)


def _begin(at: int, *, of_year: bool) -> int:
    """Return the first second of the year, or of the month, that a moment is in."""
    day = datetime.fromtimestamp(at, UTC)
    return int(datetime(day.year, 1 if of_year else day.month, 1, tzinfo=UTC).timestamp())
