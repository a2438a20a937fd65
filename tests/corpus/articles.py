"""A corpus of made-up articles, in parts as ``corpus build`` leaves them, of which it is known what copies what.

``python -m tests.corpus.articles FOLDER --articles 2000000`` takes half a millisecond an article.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import xxhash

from newscrawl import __version__
from newscrawl.corpus.account import ShardAccount
from newscrawl.corpus.layout import Layout, name_of
from newscrawl.corpus.parts import PartWriter, Row, digest_of
from newscrawl.dedup.signatures import article_id, content_hash, revision_hash
from newscrawl.items import Article
from newscrawl.pipelines.clean import clean
from tests.dedup.corpus import Corpus, written

SITES = 20
PER_SHARD = 20_000
SOURCES = 4_000
"""Stories that may yet be copied."""
KINDS = {"exact": 0.05, "changed_5": 0.05, "changed_15": 0.05}
"""Shares of the articles that copy another one, by how."""
BEGAN = datetime(2025, 3, 1, tzinfo=UTC)
TRUTH = "truth.jsonl"
"""A line ``[kind, id, id of what is copied]`` for each copy."""


class Source(NamedTuple):
    id: str
    sentences: list[str]


def signed(article: Article) -> Article:
    """Return an article as the pipelines of a crawl leave it."""
    article = clean(article)
    article.content_hash = content_hash(article.text)
    article.revision_hash = revision_hash(article)
    return article


def write_shard(folder: Path, address: str, rows: Iterable[Row]) -> Layout:
    """Write rows as the part of an input."""
    layout = Layout(folder)
    for each in (layout.shards, layout.parts, layout.work):
        each.mkdir(parents=True, exist_ok=True)
    name = name_of(address)
    path = layout.parts / f"{name}.0.parquet"
    with PartWriter(path) as writer:
        for row in rows:
            row.article.first_seen = row.article.last_seen = row.captured
            writer.write(row)
    account = ShardAccount(
        input=address,
        size=0,
        records=writer.rows,
        outcomes={"article": writer.rows},
        part=path.name,
        rows=writer.rows,
        sha256=digest_of(path),
        newscrawl=__version__,
    )
    account.write(layout.account(name))
    return layout


class Articles:
    """Makes articles, one after another, the same ones for a seed; ``truth`` says what copies what."""

    def __init__(self, seed: int) -> None:
        self.truth: list[tuple[str, str, str]] = []
        self._corpus = Corpus(seed)
        self._random = Random(seed)
        self._sources: list[Source] = []
        self._number = 0

    def rows(self, number: int) -> Iterator[Row]:
        for _ in range(number):
            yield self._row()

    def _row(self) -> Row:
        self._number += 1
        kind = self._kind()
        url = f"https://site{self._number % SITES}.example/news/{self._number}-story"
        key = article_id(url)
        if kind is None:
            sentences = self._story()
            text = written(sentences)
            self._remember(Source(key, sentences))
        else:
            source = self._random.choice(self._sources)
            text = self._copy(kind, source.sentences)
            self.truth.append((kind, key, source.id))
        at = BEGAN + timedelta(seconds=self._number)
        return Row(self._article(url, key, text, at), at, self._number)

    def _kind(self) -> str | None:
        roll = self._random.random()
        for kind, share in KINDS.items():
            roll -= share
            if roll < 0 and self._sources:
                return kind
        return None

    def _story(self) -> list[str]:
        """About 350 words."""
        language = self._corpus.language
        words = min(1400, max(120, int(self._random.lognormvariate(5.78, 0.4))))
        return language.sentences(words, [language.name() for _ in range(3)])

    def _copy(self, kind: str, sentences: list[str]) -> str:
        if kind == "exact":
            return written(sentences)
        return self._corpus.changed(sentences, int(kind.rpartition("_")[2]) / 100)[1]

    def _remember(self, source: Source) -> None:
        if len(self._sources) < SOURCES:
            self._sources.append(source)
        elif self._random.random() < 0.2:
            self._sources[self._random.randrange(SOURCES)] = source

    def _article(self, url: str, key: str, text: str, at: datetime) -> Article:
        return Article(
            id=key,
            url=url,
            canonical_url=url,
            site=url.split("/")[2],
            headline=f"Story {self._number}",
            published=at,
            text=text,
            html="<p>" + text.replace("\n\n", "</p><p>") + "</p>",
            language="en",
            word_count=text.count(" ") + 1,
            content_hash=content_hash(text),
            revision_hash=xxhash.xxh3_128_hexdigest(text.encode()),
            provenance={"text": "made"},
        )


def make(folder: Path, number: int, *, seed: int = 1, per_shard: int = PER_SHARD) -> None:
    """Make a corpus of so many articles, and write beside it what copies what."""
    articles = Articles(seed)
    for first in range(0, number, per_shard):
        rows = articles.rows(min(per_shard, number - first))
        write_shard(folder, f"https://archive.example/made-{first:09}.warc.gz", rows)
    lines = [json.dumps(each) for each in articles.truth]
    Path(folder, TRUTH).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.articles", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=2_000_000)
    options = parser.parse_args()
    make(options.folder, options.articles)


if __name__ == "__main__":
    main()
