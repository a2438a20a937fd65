"""Small corpora, and what deduplication makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from pyarrow import parquet

from newscrawl.corpus.deduping.balance import Balance
from newscrawl.corpus.deduping.deduping import Deduping
from newscrawl.corpus.layout import Layout
from newscrawl.corpus.parts import Row
from newscrawl.dataset.near import Scope
from newscrawl.items import Article
from tests.corpus.articles import signed, write_shard

SITE = "daily.example"
MORNING = datetime(2025, 3, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def story(seed: int, words: int = 60) -> str:
    """Words of an invented language: two stories share no three in a row."""
    random = Random(seed)
    return " ".join("".join(random.choices("abcdefghijklmnoprstuvw", k=6)) for _ in range(words))


def edited(text: str, every: int, seed: int = 0) -> str:
    """The same with every so manieth word another one."""
    random, words = Random(seed), text.split(" ")
    for at in range(random.randrange(every), len(words), every):
        words[at] = story(random.randrange(10**9), 1)
    return " ".join(words)


class Capture(NamedTuple):
    """What a page says at a moment, in hours from the first."""

    path: str
    text: str = story(1)
    at: float = 0
    canonical: str = ""
    published: datetime | None = MORNING
    headline: str = "The council met"
    site: str = SITE
    offset: int = 0

    def row(self) -> Row:
        host = f"https://{self.site}"
        article = Article(
            url=f"{host}{self.path}",
            canonical_url=f"{host}{self.canonical or self.path}",
            headline=self.headline,
            text=self.text,
            published=self.published,
            language="en",
        )
        return Row(signed(article), MORNING + self.at * HOUR, self.offset)


class Dataset(NamedTuple):
    """What was written, in the order of the shards; URLs are paths."""

    balance: Balance
    articles: list[dict[str, Any]]
    revisions: list[dict[str, Any]]

    def by_path(self) -> dict[str, dict[str, Any]]:
        return {_path(row["url"]): row for row in self.articles}

    def originals(self) -> dict[str, str]:
        """The path of the original of each article, by its own."""
        paths = {row["id"]: _path(row["url"]) for row in self.articles}
        return {_path(row["url"]): paths[row["duplicate_of"] or row["id"]] for row in self.articles}


def make(folder: Path, *shards: Iterable[Capture]) -> Layout:
    for number, captures in enumerate(shards):
        write_shard(folder, f"/archive/{number:03}.warc.gz", [each.row() for each in captures])
    return Layout(folder)


def dedupe(
    layout: Layout, *, scope: Scope = Scope.ALL, jobs: int = 1, memory: str = "300MB"
) -> Dataset:
    balance = Deduping(layout, scope=scope, jobs=jobs, memory=memory).run()
    return Dataset(balance, rows_in(layout.articles), rows_in(layout.revisions))


def deduped(folder: Path, *shards: Iterable[Capture], scope: Scope = Scope.ALL) -> Dataset:
    return dedupe(make(folder, *shards), scope=scope)


def rows_in(folder: Path) -> list[dict[str, Any]]:
    return [
        row for path in sorted(folder.iterdir()) for row in parquet.read_table(path).to_pylist()
    ]


def bytes_in(layout: Layout) -> dict[str, bytes]:
    """What the dataset is: all of it, as somebody sees it who resolves the link once."""
    dataset = layout.dataset.resolve(strict=True)
    paths = [path for path in dataset.rglob("*") if path.is_file()]
    return {str(path.relative_to(dataset)): path.read_bytes() for path in paths}


def without_whence(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in an order of their own, without the shard and its order."""
    found = [{key: row[key] for key in row if key not in {"warc", "offset"}} for row in rows]
    return sorted(found, key=repr)


def dealt(captures: Sequence[Capture], shards: int, seed: int) -> Iterator[list[Capture]]:
    """Deal captures to shards at random."""
    random = Random(seed)
    mixed = random.sample(list(captures), len(captures))
    cuts = sorted(random.randrange(len(mixed) + 1) for _ in range(shards - 1))
    for first, last in zip([0, *cuts], [*cuts, len(mixed)], strict=True):
        yield mixed[first:last]


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]
