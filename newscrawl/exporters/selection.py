"""Which articles an export holds, read from the database in batches."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Text,
    bindparam,
    cast,
    func,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.types import JSON

from newscrawl.exporters.markdown import markdown
from newscrawl.items import FIELDS, Image
from newscrawl.pages.doubts import DOUBTFUL
from newscrawl.store.schema import Timestamp, articles, revisions

MARKDOWN = "markdown"
"""A column made of others on the way out."""
MONTH = "month"
"""A column of every batch: the month of publication of the article, also beside its revisions."""
CHUNK = 250
"""Articles of one statement."""
OF_JSON = frozenset(name for name in FIELDS if isinstance(articles.c[name].type, JSON))
_KEPT = tuple(name for name in FIELDS if name in revisions.c and name != "revision")
_OF_ARTICLE = ("id", "url", "canonical_url", "site")
_ALWAYS = ("id", "site", "published", "sections", "tags", "language", "duplicate_of", "revision")
_EMPTY = {
    name: "{}" if name in {"provenance", "extra"} else "[]"
    for name in OF_JSON
    if not articles.c[name].nullable
}
_IMAGE = dict.fromkeys(field.name for field in fields(Image))
"""What came later to an image, those stored before have not."""
_OF_MARKDOWN = ("headline", "html", "text", "provenance")
_FAR = timedelta(days=2)
"""More than two offsets from UTC can differ, so that dates can be compared as text first."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters of an export; what is left empty lets everything through.

    ``since`` is inclusive, ``until`` exclusive, both of publication: with one of them,
    articles without a date are left out. ``since_run`` lets through what has changed since
    that run ended, ``doubtful`` only texts of little confidence. ``names`` are fields in the
    order of the schema, behind them perhaps ``markdown``.
    """

    sites: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    sections: Sequence[str] = ()
    tags: Sequence[str] = ()
    languages: Sequence[str] = ()
    with_copies: bool = False
    with_revisions: bool = False
    since_run: int | None = None
    doubtful: bool = False
    names: Sequence[str] = FIELDS


class Batch(NamedTuple):
    """Some articles by column; lists are lists, times are ISO 8601 text with an offset."""

    columns: Mapping[str, Sequence[Any]]
    size: int

    def rows(self, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        return zip(*(self.columns[name] for name in names), strict=True)

    def take(self, places: Sequence[int]) -> Batch:
        taken = {name: [values[at] for at in places] for name, values in self.columns.items()}
        return Batch(taken, len(places))


def batches(connection: Connection, selection: Selection) -> Iterator[Batch]:
    """Yield what a selection lets through, by site, month and id; revisions before their article."""
    month = func.coalesce(func.substr(articles.c.published, 1, 7), "")
    keys = connection.execute(
        select(articles.c.id)
        .where(*_conditions(selection))
        .order_by(articles.c.site, month.nulls_first(), articles.c.id)
        .execution_options(yield_per=CHUNK)
    )
    reader = _Reader(connection, selection)
    judged = selection.since or selection.until or selection.sections or selection.tags
    for chunk in keys.scalars().partitions(CHUNK):
        batch = reader.read(chunk)
        if not judged:
            yield batch
        elif places := [at for at in range(batch.size) if _fits(batch, at, selection)]:
            yield batch.take(places)


def _conditions(selection: Selection) -> Iterator[ColumnElement[bool]]:
    """What the database can judge; of dates only the rough part, see :func:`_fits`."""
    yield true()
    if selection.sites:
        yield articles.c.site.in_(selection.sites)
    if not selection.with_copies:
        yield articles.c.duplicate_of.is_(None)
    if selection.since_run is not None:
        yield articles.c.changed_run > selection.since_run
    if selection.doubtful:
        yield articles.c.confidence < DOUBTFUL
    published = type_coerce(articles.c.published, Text)
    if selection.since is not None:
        yield published >= (selection.since - _FAR).date().isoformat()
    if selection.until is not None:
        yield published <= (selection.until + _FAR).date().isoformat()
    if selection.languages:
        language = func.lower(articles.c.language)
        asked = [each.lower() for each in selection.languages]
        yield or_(
            *(language == each for each in asked),
            *(language.startswith(f"{each}-", autoescape=True) for each in asked),
        )


def _fits(batch: Batch, at: int, selection: Selection) -> bool:
    columns = batch.columns
    if selection.since is not None or selection.until is not None:
        published = datetime.fromisoformat(columns["published"][at])
        if selection.since is not None and published < selection.since:
            return False
        if selection.until is not None and published >= selection.until:
            return False
    return _names_one(columns["sections"][at], selection.sections) and _names_one(
        columns["tags"][at], selection.tags
    )


def _names_one(names: Sequence[str], asked: Sequence[str]) -> bool:
    wanted = {each.casefold() for each in asked}
    return not wanted or not wanted.isdisjoint(name.casefold() for name in names)


def _raw(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column as its text: what is converted in bulk, or not at all, costs a tenth."""
    if isinstance(column.type, JSON):
        return cast(column, Text)
    return type_coerce(column, Text) if isinstance(column.type, Timestamp) else column


class _Reader:
    """Reads the columns that are asked for, and those that partitions, filters and cards need."""

    def __init__(self, connection: Connection, selection: Selection) -> None:
        self._db = connection
        self._with_revisions = selection.with_revisions
        self._in_markdown = MARKDOWN in selection.names
        asked = {*selection.names, *_ALWAYS, *(_OF_MARKDOWN if self._in_markdown else ())}
        self._names = [name for name in FIELDS if name in asked]
        self._kept = [name for name in self._names if name in _KEPT]
        ids: BindParameter[Sequence[str]] = bindparam("ids", expanding=True)
        self._articles = select(*(_raw(articles.c[name]) for name in self._names)).where(
            articles.c.id.in_(ids)
        )
        self._revisions = (
            select(
                revisions.c.article_id,
                revisions.c.revision,
                *(_raw(revisions.c[name]) for name in self._kept),
            )
            .where(revisions.c.article_id.in_(ids))
            .order_by(revisions.c.article_id, revisions.c.revision)
        )

    def read(self, ids: Sequence[str]) -> Batch:
        found = {row[0]: row for row in self._db.execute(self._articles, {"ids": ids}).all()}
        earlier = self._earlier(ids, found) if self._with_revisions else {}
        rows = [row for key in ids for row in (*earlier.get(key, ()), found[key])]
        columns: dict[str, Sequence[Any]] = dict(
            zip(self._names, zip(*rows, strict=True), strict=True)
        )
        for name in OF_JSON.intersection(columns):
            columns[name] = json.loads(f"[{','.join(each or 'null' for each in columns[name])}]")
        if "images" in columns:
            columns["images"] = [[_IMAGE | each for each in images] for images in columns["images"]]
        if self._in_markdown:
            columns[MARKDOWN] = [*map(_markdown, *(columns[name] for name in _OF_MARKDOWN))]
        at = self._names.index("published")
        columns[MONTH] = [
            (found[key][at] or "")[:7] for key in ids for _ in (*earlier.get(key, ()), key)
        ]
        return Batch(columns, len(rows))

    def _earlier(
        self, ids: Sequence[str], found: Mapping[str, Sequence[Any]]
    ) -> dict[str, list[Sequence[Any]]]:
        """The revisions before the present one: what they kept, and whose they are."""
        earlier: dict[str, list[Sequence[Any]]] = {}
        for key, revision, *kept in self._db.execute(self._revisions, {"ids": ids}):
            of_article = dict(zip(self._names, found[key], strict=True))
            values = {name: of_article.get(name) for name in _OF_ARTICLE}
            values |= dict(zip(self._kept, kept, strict=True)) | {"revision": revision}
            row = [values.get(name, _EMPTY.get(name)) for name in self._names]
            earlier.setdefault(key, []).append(row)
        return earlier


def _markdown(headline: str, html: str | None, text: str, provenance: Mapping[str, str]) -> str:
    """By the text where that is from elsewhere and says more, and in revisions, which keep no HTML."""
    return markdown(headline, "" if provenance.get("text") == "json-ld" else html or "", text)
