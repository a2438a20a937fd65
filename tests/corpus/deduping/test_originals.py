"""Originals and copies: by the rules of a crawl, with none of its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from newscrawl.corpus.parts import Row
from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.near import COMMON, Scope
from newscrawl.items import Article
from newscrawl.store.database import connect, migrate
from newscrawl.store.schema import articles
from tests.corpus.articles import signed, write_shard
from tests.corpus.deduping.making import (
    HOUR,
    MORNING,
    Capture,
    Dataset,
    dealt,
    dedupe,
    deduped,
    edited,
    make,
    story,
)
from tests.dedup.corpus import COPIES, LOOK_ALIKES, Corpus

TEXT = story(1)
EARLY = MORNING - HOUR
LATE = MORNING + HOUR
WIRE = 300


def test_of_equal_texts_the_earliest_published_is_the_original(tmp_path):
    pages = [Capture("/a", TEXT), Capture("/b", TEXT, published=EARLY), Capture("/c", TEXT.upper())]
    dataset = deduped(tmp_path, *([page] for page in pages))
    assert dataset.originals() == {"/a": "/b", "/b": "/b", "/c": "/b"}
    copy = dataset.by_path()["/c"]
    assert (copy["duplicate_kind"], copy["similarity"]) == ("exact", 1.0)


def test_one_without_a_date_comes_last_and_ties_are_decided_by_url(tmp_path):
    pages = [Capture("/a", TEXT, published=None), Capture("/c", TEXT), Capture("/b", TEXT)]
    assert set(deduped(tmp_path, pages).originals().values()) == {"/b"}


def test_a_near_copy_has_the_share_of_its_text_that_is_in_the_original(tmp_path):
    pages = [Capture("/a", TEXT, published=EARLY), Capture("/b", edited(TEXT, 20))]
    dataset = deduped(tmp_path, pages)
    copy = dataset.by_path()["/b"]
    assert copy["duplicate_kind"] == "near"
    assert 0.7 < copy["similarity"] < 1
    assert (dataset.balance.originals, dataset.balance.near) == (1, 1)


def test_exact_copies_of_a_near_copy_are_near_copies_of_the_original(tmp_path):
    later = edited(TEXT, 20)
    pages = [Capture("/a", TEXT, published=EARLY), Capture("/b", later), Capture("/c", later)]
    dataset = deduped(tmp_path, pages)
    assert dataset.originals() == {"/a": "/a", "/b": "/a", "/c": "/a"}
    assert dataset.balance.near == 2


def test_a_copy_of_a_copy_is_of_the_first_of_its_own_matches(tmp_path):
    parts = [story(seed, 100) for seed in range(5)]
    texts = [(" ".join(parts[at : at + 3]), EARLY + at * HOUR) for at in range(3)]
    pages = [Capture(f"/{at}", text, published=date) for at, (text, date) in enumerate(texts)]
    assert deduped(tmp_path, pages).originals() == {"/0": "/0", "/1": "/0", "/2": "/1"}


def test_in_the_scope_of_a_site_the_same_story_elsewhere_is_an_original(tmp_path):
    pages = [Capture("/a", TEXT), Capture("/b", TEXT), Capture("/c", TEXT, site="weekly.example")]
    layout = make(tmp_path, pages)
    assert dedupe(layout, scope=Scope.SITE).originals() == {"/a": "/a", "/b": "/a", "/c": "/c"}
    assert set(dedupe(layout, scope=Scope.ALL).originals().values()) == {"/a"}


def test_only_the_latest_text_of_a_page_is_compared(tmp_path):
    pages = [Capture("/a", TEXT, at=1), Capture("/a", story(2), at=2), Capture("/b", TEXT)]
    assert deduped(tmp_path, pages).originals() == {"/a": "/a", "/b": "/b"}


def test_a_canonical_copy_is_neither_an_original_nor_a_copy_of_another_kind(tmp_path):
    pages = [
        Capture("/a", TEXT, canonical="/c", published=EARLY),
        Capture("/c", TEXT, published=LATE),
        Capture("/d", TEXT),
    ]
    assert deduped(tmp_path, pages).originals() == {"/c": "/d", "/d": "/d"}


def test_a_story_told_in_hundreds_of_edits_finds_its_original(tmp_path):
    """In as many texts as make its shingles common."""
    assert WIRE > 2 * COMMON
    text = story(1, 300)
    edits = [
        Capture(f"/{at}", edited(text, 20, at), published=MORNING + at * HOUR) for at in range(WIRE)
    ]
    pages = [Capture("/first", text, published=EARLY), *edits]
    dataset = deduped(tmp_path, *dealt(pages, 3, seed=1))
    assert Counter(dataset.originals().values()) == {"/first": WIRE + 1}


def test_boilerplate_of_thousands_of_texts_makes_no_copies(tmp_path):
    around = story(1, 40)
    pages = [Capture(f"/{at}", f"{around} {story(at + 2, 120)}") for at in range(3_000)]
    assert deduped(tmp_path, pages).balance.originals == len(pages)


def labelled(seed: int, pairs: int) -> list[Article]:
    corpus, found = Corpus(seed), []
    random = Random(seed)
    for kind in (*COPIES, *LOOK_ALIKES):
        for at, pair in enumerate(corpus.pairs(kind, pairs)):
            for text in pair[1:3]:
                date = datetime(2025, 3, random.randint(1, 28), tzinfo=UTC)
                host = random.choice(("daily.example", "weekly.example"))
                url = f"https://{host}/{kind}/{at}/{random.getrandbits(32)}"
                found.append(
                    Article(url=url, headline="Story", text=text, published=date, language="en")
                )
    return found


def as_stored(
    folder: Path, pages: Iterable[Article], scope: Scope
) -> dict[str, tuple[object, ...]]:
    engine = connect(f"sqlite:///{folder}/articles.db")
    migrate(engine)
    store = ArticleStore("", scope=scope)
    columns = ("id", "duplicate_of", "duplicate_kind", "similarity")
    with engine.begin() as connection:
        for page in pages:
            store.store(connection, page)
        rows = connection.execute(select(*(articles.c[name] for name in columns))).all()
    engine.dispose()
    return {row.id: tuple(row) for row in rows}


def as_deduped(
    folder: Path, pages: list[Article], scope: Scope, seed: int
) -> dict[str, tuple[object, ...]]:
    random = Random(seed)
    mixed = random.sample(pages, len(pages))
    step = random.randint(20, len(pages))
    for first in range(0, len(mixed), step):
        rows = [Row(page, MORNING + timedelta(days=60), 0) for page in mixed[first : first + step]]
        layout = write_shard(folder, f"/archive/{random.getrandbits(32)}.warc.gz", rows)
    dataset: Dataset = dedupe(layout, scope=scope)
    columns = ("id", "duplicate_of", "duplicate_kind", "similarity")
    return {row["id"]: tuple(row[name] for name in columns) for row in dataset.articles}


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("seed", range(3))
def test_the_marks_are_those_of_a_crawl_that_met_the_same_articles(tmp_path, scope, seed):
    pages = [signed(page) for page in labelled(seed, pairs=12)]
    in_an_order = Random(seed + 100).sample(pages, len(pages))
    stored = as_stored(tmp_path, in_an_order, scope)
    assert sum(marks[1] is not None for marks in stored.values()) >= 40
    assert as_deduped(tmp_path / "corpus", pages, scope, seed) == stored
