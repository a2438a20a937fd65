"""``make bench-export``: 200,000 stored articles to Parquet, beside pandas on the same database.

What is written is read back by DuckDB and Arrow and compared with the database, value by value.
"""

from __future__ import annotations

import argparse
import importlib.util
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice, zip_longest
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import xxhash
from sqlalchemy import func, insert, select

from newscrawl.items import FIELDS, Article, record
from newscrawl.store.database import connect, migrate
from newscrawl.store.schema import articles
from tests.bench.measure import Spent, spend
from tests.demo.truth import KnownSite

KNOWN = 50_000
STORIES = 200
BLOCK = 2_000
PANDAS = """
import sys, pandas, sqlalchemy
engine = sqlalchemy.create_engine(f"sqlite:///{sys.argv[1]}")
pandas.read_sql("SELECT * FROM articles WHERE duplicate_of IS NULL", engine).to_parquet(sys.argv[2])
"""


def stories() -> Iterator[Article]:
    """Endless articles: those of a generated site under other addresses and dates."""
    site = KnownSite(articles=STORIES)
    for number, article in enumerate(cycle(site.truth())):
        key = xxhash.xxh3_64_hexdigest(str(number).encode())
        url = f"https://news-{number % 5}.example/{key}/"
        day = datetime(2015, 1, 1, number % 24, tzinfo=UTC) + timedelta(days=number % 3_650)
        values = {name: value for name, value in record(article).items() if name != "id"}
        values |= {
            "url": url,
            "canonical_url": url,
            "site": f"news-{number % 5}.example",
            "html": "".join(f"<p>{part}</p>\n" for part in article.text.split("\n\n")),
            "published": day,
            "published_raw": day.isoformat(),
            "first_seen": day,
            "last_seen": day,
            "content_hash": key,
            "revision_hash": key,
            "found_via": "category",
            "provenance": dict.fromkeys(("headline", "text", "published"), "json-ld"),
        }
        yield Article(id=key, **values)


def fill(database: Path, number: int) -> None:
    engine = connect(f"sqlite:///{database}")
    migrate(engine)
    rest = stories()
    with engine.begin() as connection:
        for _ in range(0, number, BLOCK):
            rows = [{**record(each), "changed_run": 1} for each in islice(rest, BLOCK)]
            connection.execute(insert(articles), rows)
    engine.dispose()


def export(folder: Path, database: Path) -> Spent:
    command = ["newscrawl", "export", f"{folder}/ours.parquet", "--no-card"]
    return spend([*command, "-s", f"NEWSCRAWL_DATABASE_URL=sqlite:///{database}"], folder)


def by_pandas(folder: Path, database: Path) -> Spent:
    (folder / "by_pandas.py").write_text(PANDAS)
    return spend(["by_pandas", str(database), f"{folder}/pandas.parquet"], folder)


def stored(database: Path) -> Iterator[tuple[Any, ...]]:
    """The articles as the database has them, in the order of an export."""
    engine = connect(f"sqlite:///{database}")
    with engine.begin() as connection:
        yield from map(
            tuple,
            connection.execute(
                select(*(articles.c[name] for name in FIELDS))
                .where(articles.c.duplicate_of.is_(None))
                .order_by(articles.c.site, func.substr(articles.c.published, 1, 7), articles.c.id)
                .execution_options(yield_per=BLOCK)
            ),
        )
    engine.dispose()


def by_arrow(parquet: Path) -> Iterator[tuple[Any, ...]]:
    for batch in pq.ParquetFile(parquet).iter_batches(BLOCK):
        for row in batch.to_pylist():
            row["provenance"] = dict(row["provenance"])
            yield tuple(row.values())


def by_duckdb(parquet: Path) -> Iterator[tuple[Any, ...]]:
    found = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(parquet)])
    while rows := found.fetchmany(BLOCK):
        yield from rows


def unequal(database: Path, rows: Iterator[tuple[Any, ...]]) -> int:
    """Return how many articles differ between the database and what was read back."""
    return sum(ours != theirs for ours, theirs in zip_longest(stored(database), rows))


def run(number: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    for size in sorted({min(KNOWN, number), number}):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            database = folder / "n.db"
            fill(database, size)
            ours = export(folder, database)
            print(f"  {size} articles: {ours.wall_seconds:.1f} s, {ours.peak_rss_mb:.0f} MB")
            figures[f"rss_mb_{size}"] = ours.peak_rss_mb
            if size < number:
                continue
            again = (folder / "ours.parquet").read_bytes()
            export(folder, database)
            figures["same_bytes"] = float((folder / "ours.parquet").read_bytes() == again)
            del again
            if importlib.util.find_spec("pandas") is None:
                print("  pandas: not installed")
            else:
                theirs = by_pandas(folder, database)
                print(f"  pandas: {theirs.wall_seconds:.1f} s, {theirs.peak_rss_mb:.0f} MB")
                figures["seconds_ratio_pandas"] = ours.wall_seconds / theirs.wall_seconds
                figures["cpu_ratio_pandas"] = ours.cpu_seconds / theirs.cpu_seconds
            figures["unequal_arrow"] = unequal(database, by_arrow(folder / "ours.parquet"))
            figures["unequal_duckdb"] = unequal(database, by_duckdb(folder / "ours.parquet"))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.export", description=__doc__)
    parser.add_argument("--articles", type=int, default=200_000)
    for name, value in run(parser.parse_args().articles).items():
        print(f"{name}: {value:.3f}")


if __name__ == "__main__":
    main()
