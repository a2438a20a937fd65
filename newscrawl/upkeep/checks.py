"""Whether a database and its logs are whole: a list of checks, each of which only reads.

Each takes a connection whose transaction sees one moment, see
:func:`~newscrawl.store.database.reading`, so a crawl at work raises no false alarm.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from functools import partial
from typing import Any, NamedTuple

import xxhash
from sqlalchemy import ColumnElement, Connection, FromClause, RowMapping, func, select

from newscrawl.dataset.articles import article_from
from newscrawl.dataset.jsonl import line
from newscrawl.dataset.last_lines import (
    LastLines,
    LogDamaged,
    Part,
    is_moved_away,
    lines_of,
    parsed,
    parts_of,
)
from newscrawl.dataset.logs import file_of
from newscrawl.dataset.near import EVERYWHERE, FAMILY, NearIndex, Scope
from newscrawl.dedup.shingles import Shingled
from newscrawl.frontier.visits import outcomes_of
from newscrawl.items import Article, Heading, Image
from newscrawl.search.index import State, differences, state_of
from newscrawl.store.schema import (
    CLAIMED,
    DONE,
    ERASED,
    QUEUED,
    aliases,
    articles,
    contents,
    logs,
    pages,
    revisions,
    runs,
    scopes,
    shingles,
    visits,
)

BATCH = 200
"""Articles that are read at a time."""
KILLED = "killed"
_NEW = asdict(Article(url=""))


class Finding(NamedTuple):
    """What a check found; a note is no fault."""

    text: str
    is_note: bool = False


class Check(NamedTuple):
    name: str
    findings: Callable[[Connection], Iterator[Finding]]
    sqlite_only: bool = False


def checks(scope: Scope) -> tuple[Check, ...]:
    """Return all checks; copies are looked for in ``scope``."""
    return (
        Check("file", _file, sqlite_only=True),
        Check("accounts of the runs", _accounts),
        Check("rows of the ledger", _rows),
        Check("references", _references),
        Check("JSON Lines", _logs),
        Check("index of near-duplicates", partial(_index, scope)),
        Check("index of the search", _searched),
    )


def _searched(connection: Connection) -> Iterator[Finding]:
    state = state_of(connection)
    if state is not State.WHOLE:
        yield Finding(state.value, is_note=True)
        return
    found = differences(connection)
    if any(found):
        yield Finding(
            f"{found.missing:,} articles are not in it, {found.too_many:,} of it are no articles"
        )


def _file(connection: Connection) -> Iterator[Finding]:
    for (answer,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if answer != "ok":
            yield Finding(answer)
    for table, row, target, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Finding(f"row {row} of {table} names a row of {target} that is not there")


def _accounts(connection: Connection) -> Iterator[Finding]:
    """Claims are visits, what was given back, and what is claimed now.

    An ended run also has its visits counted by outcome. Retention may have removed visits
    since, never added any.
    """
    query = (
        select(pages.c.last_run, func.count())
        .where(pages.c.state == CLAIMED)
        .group_by(pages.c.last_run)
    )
    claimed = Counter({run: number for run, number in connection.execute(query)})  # noqa: C416 - Counter() takes no rows
    removed = 0
    for run in connection.execute(select(runs).order_by(runs.c.id)).mappings():
        stored = Counter(outcomes_of(connection, run["id"]))
        counted = stored if run["finished"] is None else Counter(run["outcomes"] or {})
        still = claimed[run["id"]]
        if run["claims"] != counted.total() + run["released"] + still:
            yield Finding(
                f"run {run['id']}: {run['claims']:,} claims, but {counted.total():,} visits + "
                f"{run['released']:,} released + {still:,} claimed"
            )
        if too_many := stored - counted:
            yield Finding(f"run {run['id']}: visits that it did not count: {dict(too_many)}")
        removed += (counted - stored).total()
    if removed:
        yield Finding(f"{removed:,} visits of ended runs were removed", is_note=True)


def _rows(connection: Connection) -> Iterator[Finding]:
    """Each row is queued, claimed, or done with an outcome; what ends in order leaves none claimed."""
    ended = select(runs.c.id).where(runs.c.finished.is_not(None), runs.c.reason != KILLED)
    for what, which in {
        "are in no state": pages.c.state.not_in((QUEUED, CLAIMED, DONE, ERASED)),
        "are claimed by a run that has ended": (pages.c.state == CLAIMED)
        & pages.c.last_run.in_(ended),
        "are done without an outcome": (pages.c.state == DONE) & pages.c.outcome.is_(None),
        "are done without a visit": (pages.c.state == DONE)
        & ~select(visits.c.id).where(visits.c.page == pages.c.id).exists(),
    }.items():
        query = select(pages.c.site, func.count(), func.min(pages.c.url)).where(which)
        for site, number, example in connection.execute(query.group_by(pages.c.site)):
            yield Finding(f"{site}: {number:,} rows {what}, e.g. {example}")


def _references(connection: Connection) -> Iterator[Finding]:
    original = articles.alias()
    for what, column, key in (
        ("the article of an alias", aliases.c.article_id, aliases.c.identity),
        ("the article of an earlier revision", revisions.c.article_id, revisions.c.article_id),
        ("the article of a page", pages.c.article_id, pages.c.url),
        ("the original of a copy", articles.c.duplicate_of, articles.c.id),
    ):
        missing = (
            column.is_not(None) & ~select(original.c.id).where(original.c.id == column).exists()
        )
        for target, example in connection.execute(select(column, key).where(missing)):
            yield Finding(f"{what} is not there: {target}, named by {example}")


def _logs(connection: Connection) -> Iterator[Finding]:
    for site in connection.execute(select(logs.c.site).distinct().order_by(logs.c.site)).scalars():
        parts = parts_of(connection, site)
        with LastLines() as last:
            damage = [*_read_log(site, parts, last)]
            yield from damage
            if not damage:  # what is behind it is unknown
                yield from _compared(connection, site, parts, last)


def _read_log(site: str, parts: Sequence[Part], last: LastLines) -> Iterator[Finding]:
    for number, part in enumerate(parts):
        path = file_of(part.path)
        if is_moved_away(part):
            last.clear()  # it may have had a later line of any article
            continue
        try:
            for each in lines_of(number, path, part.length):
                record = parsed(each, path)
                last.add(record["id"], each, _digest(record))
        except LogDamaged as error:
            yield Finding(f"{site}: {error}")


def _compared(
    connection: Connection, site: str, parts: Sequence[Part], last: LastLines
) -> Iterator[Finding]:
    """Compare the last line of each article with its row, as far as the parts are there."""
    moved_away = sum(is_moved_away(part) for part in parts)
    begun = parts[0].day
    earlier = 0
    query = select(articles).where(articles.c.site == site).execution_options(yield_per=BATCH)
    for row in connection.execute(query).mappings():
        logged = last.pop(row["id"])
        if logged is None and (moved_away or _seen_on(row) < begun):
            earlier += 1
        elif logged is None:
            yield Finding(f"{site}: no line of {row['id']} ({row['url']})")
        elif logged != _digest(json.loads(line(article_from(row)))):
            yield Finding(f"{site}: the last line of {row['id']} is not its row ({row['url']})")
    for key in last.rest():
        yield Finding(f"{site}: a line of {key}, which is not in the database")
    if moved_away:
        yield Finding(f"{site}: {moved_away:,} sealed parts were moved away", is_note=True)
    if earlier:
        yield Finding(
            f"{site}: the lines of {earlier:,} articles are from before what is there", is_note=True
        )


def _seen_on(row: RowMapping) -> str:
    return row["first_seen"].date().isoformat() if row["first_seen"] else ""


def _digest(record: Mapping[str, Any]) -> bytes:
    """Sum up what a line says; the time of the last sight is no part of it.

    What a field that came later was before, its default says.
    """
    values = {name: record.get(name, default) for name, default in _NEW.items()}
    del values["last_seen"]
    values["headings"] = [_of(Heading, each) for each in values["headings"]]
    values["images"] = [_of(Image, each) for each in values["images"]]
    return xxhash.xxh3_128_digest(json.dumps(values, sort_keys=True).encode())


def _of(part: type[Heading | Image], values: Mapping[str, Any]) -> list[Any]:
    return [values.get(field.name) for field in fields(part)]


def _index(scope: Scope, connection: Connection) -> Iterator[Finding]:
    try:
        NearIndex(scope).check(connection)
    except ValueError as error:
        yield Finding(str(error))
        return
    in_scope = (scopes.c.name == EVERYWHERE) | (scopes.c.name == articles.c.site)
    held = contents.join(scopes, scopes.c.id == contents.c.scope)
    yield from _count(
        connection,
        "texts in the index that no article has",
        held,
        ~select(articles.c.id)
        .where(articles.c.content_hash == contents.c.content_hash, in_scope)
        .exists(),
    )
    yield from _count(
        connection,
        "shingles of texts that are not in the index",
        shingles,
        (shingles.c.content > 0)
        & ~select(contents.c.id).where(contents.c.id == shingles.c.content).exists(),
    )
    missing = ~(
        select(contents.c.id)
        .select_from(held)
        .where(contents.c.content_hash == articles.c.content_hash, in_scope)
        .exists()
    )
    query = select(articles.c.id, articles.c.url, articles.c.duplicate_of, articles.c.text)
    for row in connection.execute(query.where(missing).execution_options(yield_per=BATCH)):
        if Shingled(row.text).sample and not _has_many_copies(
            connection, row.duplicate_of or row.id
        ):
            yield Finding(f"not in the index: {row.id} ({row.url}); run newscrawl dedupe")


def _count(
    connection: Connection, what: str, table: FromClause, which: ColumnElement[bool]
) -> Iterator[Finding]:
    number = connection.execute(select(func.count()).select_from(table).where(which)).scalar_one()
    if number:
        yield Finding(f"{number:,} {what}; run newscrawl dedupe")


def _has_many_copies(connection: Connection, original: str) -> bool:
    """Whether a story has so many copies that not all of them are indexed."""
    query = select(func.count()).where(articles.c.duplicate_of == original)
    return connection.execute(query).scalar_one() >= FAMILY
