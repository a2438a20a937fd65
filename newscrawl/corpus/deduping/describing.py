"""What a corpus says of its clean dataset: the card, and descriptions for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from newscrawl.corpus.deduping.work import literal
from newscrawl.corpus.layout import ARTICLES
from newscrawl.exporters.card import NAME, Counts, Part, card, parts
from newscrawl.exporters.described import DESCRIPTIONS, data_package
from newscrawl.exporters.parquet import SCHEMA
from newscrawl.store.replacing import write_whole

MOST_FILES = 1_000
"""Files that are named one by one, each with its digest."""
_EMPTY_OBJECT = frozenset({"provenance", "extra"})


def describe(folder: Path, filters: dict[str, Any], *, memory: str, jobs: int) -> None:
    """Write the card and the descriptions into the folder of a result.

    Raises:
        OSError: one cannot be written, or the dataset not be read.
        ValueError: ``memory`` is too small.
    """
    with opened(folder / ARTICLES, memory=memory, jobs=jobs) as db:
        counts = counted(db)
    files = _files(folder)
    is_listed = all(each.sha256 for each in files)
    chosen = {name: value for name, value in filters.items() if value} | {"copies": "marked"}
    for name, described in DESCRIPTIONS.items():
        if described is data_package and not is_listed:  # which knows no patterns
            (folder / name).unlink(missing_ok=True)
            continue
        text = json.dumps(described(counts, files), ensure_ascii=False, indent=1)
        write_whole(folder / name, f"{text}\n")
    write_whole(folder / NAME, card(counts, None, files, chosen))


def _files(folder: Path) -> list[Part]:
    articles = folder / ARTICLES
    if sum(1 for _ in articles.iterdir()) > MOST_FILES:
        return [Part(f"{ARTICLES}/*.parquet", _size(articles), "")]
    return [*parts(folder, [articles])]


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.iterdir())


@contextmanager
def opened(articles: Path, *, memory: str, jobs: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """Provide the rows of a dataset as the view ``articles``.

    Raises:
        OSError: the dataset cannot be read.
        ValueError: ``memory`` is too small.
    """
    with duckdb.connect(":memory:", config={"memory_limit": memory, "threads": jobs}) as db:
        try:
            db.read_parquet(f"{literal(str(articles))}/*.parquet").create_view("articles")
            yield db
        except duckdb.OutOfMemoryException as error:
            told = str(error).partition("\n")[0]
            raise ValueError(f"a memory of {memory} is too small: {told}") from error
        except duckdb.IOException as error:
            raise OSError(str(error).partition("\n")[0]) from error


def counted(db: duckdb.DuckDBPyConnection) -> Counts:
    """Count what is filled in one pass over all columns."""
    filled = ", ".join(f'count(*) FILTER ({_is_filled(each)}) AS "{each.name}"' for each in SCHEMA)
    rows, copies, first, last, *numbers = _row(
        db,
        f"SELECT count(*), count(duplicate_of), min(published), max(published), {filled} "  # noqa: S608 - names of our own columns
        "FROM articles",
    )
    sites, languages = (_groups(db, name) for name in ("site", "language"))
    counts = Counts(SCHEMA.names, rows=rows, copies=copies, sites=sites, languages=languages)
    counts.first, counts.last = first and f"{first:%Y-%m-%d}", last and f"{last:%Y-%m-%d}"
    counts.filled.update(dict(zip(SCHEMA.names, numbers, strict=True)))
    return counts


def _is_filled(field: pa.Field) -> str:
    name = f'"{field.name}"'
    if pa.types.is_list(field.type):
        return f"len({name}) > 0"
    if field.name in _EMPTY_OBJECT:
        return f"{name} != '{{}}'"
    return f"{name} != ''" if pa.types.is_string(field.type) else f"{name} IS NOT NULL"


def _row(db: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = db.execute(query).fetchone()
    assert row is not None
    return row


def _groups(db: duckdb.DuckDBPyConnection, name: str) -> Counter[str]:
    query = f"SELECT coalesce({name}, ''), count(*) FROM articles GROUP BY ALL ORDER BY ALL"  # noqa: S608 - as above
    return Counter(dict(db.execute(query).fetchall()))
