"""``make bench-dedupe``: how many copies are found, how few look-alikes, and what the index costs."""

from __future__ import annotations

import argparse
import math
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, select

from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.near import NearIndex
from newscrawl.dedup.shingles import Shingled
from newscrawl.dedup.signatures import content_hash
from newscrawl.history.queries import told
from newscrawl.items import Article
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.report.stories import Stories
from newscrawl.store.database import connect, copy_state, migrate
from newscrawl.store.schema import articles
from tests.bench import minhash
from tests.dedup.corpus import COPIES, LOOK_ALIKES, RESPUN, Corpus, Language, Pair, written

SITE = "daily.example"
GROUP = 200
"""Articles of one transaction, as the writer's by default."""
EARLY = 10_000
LOOK_UPS = 1000


class Labelled(NamedTuple):
    """What the store made of labelled pairs; ``false`` counts copies that are none, by class."""

    pairs: dict[str, int]
    found: Counter[str]
    false: Counter[str]
    jaccard: dict[str, float]
    """Mean over the pairs of a class."""

    def recall(self, kind: str) -> float:
        return self.found[kind] / self.pairs[kind]

    def precision(self, kind: str | None = None) -> float:
        """Of all classes; of one of look-alikes, among its pairs and all copies."""
        false = self.false.total() if kind is None else self.false[kind]
        copies = sum(self.found[name] for name in COPIES)
        return copies / (copies + false)


def label(folder: Path, *, pairs: int, seed: int) -> Labelled:
    """Store pairs of every class in a random order, and compare the marks with the labels."""
    numbers, made, pages = labelled_pages(pairs, seed)
    engine = connect(f"sqlite:///{folder}/corpus.db")
    migrate(engine)
    _store(engine, pages)
    found, false = _compare(engine, made)
    engine.dispose()
    jaccard = defaultdict(list)
    for pair in made:
        similarity = Shingled(pair.first).compare(Shingled(pair.second))
        jaccard[pair.kind].append(similarity.jaccard)
    means = {kind: statistics.mean(values) for kind, values in jaccard.items()}
    return Labelled(numbers, found, false, means)


def labelled_pages(pairs: int, seed: int) -> tuple[dict[str, int], list[Pair], list[Article]]:
    """Return how many pairs there are of each class, the pairs, and their pages in a random order.

    There are as many look-alikes as copies.
    """
    corpus = Corpus(seed)
    numbers = dict.fromkeys(COPIES | RESPUN, pairs)
    numbers |= dict.fromkeys(LOOK_ALIKES, pairs * len(COPIES) // len(LOOK_ALIKES) + 1)
    made = [pair for kind, number in numbers.items() for pair in corpus.pairs(kind, number)]
    pages = [page for number, pair in enumerate(made) for page in _pages(number, pair)]
    corpus.language.random.shuffle(pages)
    return numbers, made, pages


def _urls(number: int, pair: Pair) -> tuple[str, str]:
    first = pair.source_url or f"https://{SITE}/{number}/first"
    return first, f"https://{SITE}/{number}/second"


def _pages(number: int, pair: Pair) -> Iterator[Article]:
    first, second = _urls(number, pair)
    published = datetime(2025, 3, 1, tzinfo=UTC)
    for url, text, source in ((first, pair.first, None), (second, pair.second, pair.source_url)):
        yield Article(
            url=url, headline=f"Story {number}", text=text, published=published, source_url=source
        )


def _store(engine: Engine, pages: Iterable[Article]) -> None:
    store, sign, rest = ArticleStore(""), DedupePipeline(), iter(pages)
    while group := list(islice(rest, GROUP)):
        with engine.begin() as connection:
            for page in group:
                store.store(connection, sign.process_item(clean(page)))


def _compare(engine: Engine, made: list[Pair]) -> tuple[Counter[str], Counter[str]]:
    columns = (articles.c.id, articles.c.url, articles.c.duplicate_of)
    with engine.begin() as connection:
        rows = connection.execute(select(*columns)).all()
        stories = Stories(partial(told, connection))
        grouped = {telling.url: telling.story for telling in stories.tellings()}
    url_of = {row.id: row.url for row in rows}
    original = {row.url: url_of[row.duplicate_of or row.id] for row in rows}
    found, false = judged(made, original)
    for at, pair in enumerate(made):
        if pair.kind in RESPUN:
            first, second = _urls(at, pair)
            found[pair.kind] += first in grouped and grouped[first] == grouped.get(second)
    return found, false


def judged(made: list[Pair], original: Mapping[str, str]) -> tuple[Counter[str], Counter[str]]:
    """Compare labels with the URLs of originals by those of all pages: copies found, false ones.

    Nothing is said of pairs that only their source tells to be one story.
    """
    pair_of = {url: at for at, pair in enumerate(made) for url in _urls(at, pair)}
    found: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for at, pair in enumerate(made):
        first, second = _urls(at, pair)
        if pair.kind not in RESPUN:
            found[pair.kind] += original[first] == original[second]
    for kind in LOOK_ALIKES:
        false[kind] = found.pop(kind, 0)
    for url, of in original.items():
        if pair_of[url] != pair_of[of]:
            false[made[pair_of[url]].kind] += 1
    return found, false


def tell_quality(pairs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        labelled = label(Path(name), pairs=pairs, seed=1)
    for kind, number in labelled.pairs.items():
        rate = f"recall {labelled.recall(kind):.4f}, " if kind not in LOOK_ALIKES else ""
        print(
            f"{kind}: {number} pairs, {rate}false {labelled.false[kind]}, "
            f"mean Jaccard {labelled.jaccard[kind]:.3f}"
        )
    print(f"jaccard_template: {labelled.jaccard['template']:.3f}")
    print(f"precision_template: {labelled.precision('template'):.4f}")
    for kind in ("exact", "case_and_punctuation", "reordered", "wrapped", "in_boilerplate"):
        print(f"recall_{kind}: {labelled.recall(kind):.4f}")
    for share in (5, 15, 30):
        print(f"recall_{share}: {labelled.recall(f'changed_{share}'):.4f}")
    print(f"recall_cut: {labelled.recall('cut'):.4f}")
    print(f"recall_respun: {labelled.recall('respun'):.4f}")
    print(f"precision: {labelled.precision():.4f}")


class Filled:
    """An index that is filled with unrelated stories, a group a transaction."""

    def __init__(self, path: Path) -> None:
        self.url = f"sqlite:///{path}"
        self.engine = connect(self.url)
        migrate(self.engine)
        self.index = NearIndex()

    def add(self, texts: list[str]) -> float:
        """Return the seconds of CPU that signature, look-up, comparison and insertion took."""
        keys = [content_hash(text) for text in texts]
        began = time.process_time()
        with self.engine.begin() as connection:
            for key, text in zip(keys, texts, strict=True):
                shingled = Shingled(text)
                entry = self.index.look_up(connection, SITE, key, shingled)
                near = self.index.near(connection, SITE, entry, shingled)
                self.index.add(connection, entry, key, shingled, near)
        return time.process_time() - began

    def look_up(self, text: str) -> float:
        shingled = Shingled(text)
        key = content_hash(text)
        assert shingled.sample
        with self.engine.connect() as connection, connection.begin():
            began = time.process_time()
            entry = self.index.look_up(connection, SITE, key, shingled)
            self.index.near(connection, SITE, entry, shingled)
            return time.process_time() - began

    def copy_to(self, path: Path) -> Filled:
        copy_state(self.url, path)
        return Filled(path)

    def bytes(self) -> int:
        with self.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())


def tell_costs(number: int) -> None:
    language = Language(2)
    with tempfile.TemporaryDirectory() as name:
        filled = Filled(Path(name, "all.db"))
        spent = 0.0
        early = filled
        for at in range(GROUP, number + GROUP, GROUP):
            spent += filled.add([written(language.story()) for _ in range(GROUP)])
            if at == EARLY:
                early = filled.copy_to(Path(name, "early.db"))
            if at in {EARLY, number // 2}:
                print(f"rss_mb_{at}: {_rss_mb():.1f}")
        rss = _rss_mb()
        texts = [written(language.story()) for _ in range(LOOK_UPS)]
        for index in (early, filled):
            index.look_up(texts[0])
        pairs = [(early.look_up(text), filled.look_up(text)) for text in texts]
        first, last = (1000 * statistics.median(times) for times in zip(*pairs, strict=True))
        print(f"look_up_ms_{EARLY}: {first:.3f}")
        print(f"look_up_ms_{number}: {last:.3f}")
        print(f"look_up_growth: {last / first:.3f}")
        print(f"log_growth: {math.log(number) / math.log(EARLY):.3f}")
        print(f"articles_per_second: {number / spent:.0f}")
        print(f"index_bytes_per_article: {filled.bytes() / number:.0f}")
        print(f"rss_mb: {rss:.1f}")


def _rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.dedupe", description=__doc__)
    parser.add_argument("--pairs", type=int, default=1000, help="of each class of copies")
    parser.add_argument("--articles", type=int, default=200_000)
    options = parser.parse_args()
    if options.articles % GROUP or options.articles < EARLY:
        sys.exit(f"--articles must be a multiple of {GROUP} and at least {EARLY}")
    tell_costs(options.articles)
    minhash.tell(options.pairs)
    tell_quality(options.pairs)


if __name__ == "__main__":
    main()
