"""Deduplication of a whole corpus: what decides its bytes, what it survives, and who reads them."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from newscrawl.corpus.deduping import deduping
from newscrawl.corpus.deduping.balance import NotDedupedError
from newscrawl.corpus.deduping.shards import shards_in
from newscrawl.corpus.deduping.writing import ARTICLES, REVISIONS
from newscrawl.corpus.layout import Layout
from newscrawl.dataset.near import Scope
from newscrawl.items import FIELDS
from newscrawl.mistakes import BadInput
from tests.corpus.articles import make as make_many
from tests.corpus.articles import write_shard
from tests.corpus.deduping.making import (
    MORNING,
    Capture,
    bytes_in,
    dealt,
    dedupe,
    edited,
    make,
    story,
    without_whence,
)

ARTICLES_OF_ALL = 1_500
KILLS = 4
RUN = """
import sys
from pathlib import Path
from newscrawl.corpus.deduping.deduping import Deduping
from newscrawl.corpus.layout import Layout
from newscrawl.dataset.near import Scope

if __name__ == "__main__":
    Deduping(Layout(Path(sys.argv[1])), scope=Scope.ALL, jobs=2, memory="300MB").run(
        lambda step: print(step, flush=True)
    )
"""
_TEXTS = [
    story(1, 80),
    edited(story(1, 80), 12),
    story(2, 80),
    f"{story(1, 80)} {story(3, 30)}",
    "",
]
_CAPTURES = st.builds(
    Capture,
    path=st.sampled_from(["/a", "/b", "/c", "/d"]),
    text=st.sampled_from(_TEXTS),
    at=st.integers(0, 3),
    canonical=st.sampled_from(["", "", "/a", "/b", "/e"]),
    published=st.sampled_from([None, MORNING]),
    headline=st.sampled_from(["One", "Two"]),
    site=st.just("daily.example"),
    offset=st.integers(0, 3),
)


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Layout:
    folder = tmp_path_factory.mktemp("many")
    make_many(folder, ARTICLES_OF_ALL, per_shard=400)
    return Layout(folder)


@given(st.lists(_CAPTURES, min_size=1, max_size=12), st.integers(1, 4), st.integers(0, 99))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_rows_do_not_depend_on_the_shards(captures, shards, seed):
    with TemporaryDirectory() as name:
        one = dedupe(make(Path(name, "one"), captures))
        other = dedupe(make(Path(name, "other"), *dealt(captures, shards, seed)))
    assert without_whence(one.articles) == without_whence(other.articles)
    assert without_whence(one.revisions) == without_whence(other.revisions)
    assert replace(other.balance, shards=1) == one.balance
    assert len({row["id"] for row in one.articles}) == len(one.articles)


def test_the_bytes_do_not_depend_on_processes_and_memory(many):
    dedupe(many, jobs=1, memory="1GB")
    before = bytes_in(many)
    dedupe(many, jobs=3, memory="60MB")
    assert bytes_in(many) == before


def test_nothing_depends_on_how_many_slices_there_are(many, monkeypatch):
    dedupe(many)
    before = bytes_in(many)
    monkeypatch.setattr("newscrawl.corpus.deduping.candidates.BYTES", 100_000)
    dedupe(many)
    assert bytes_in(many) == before


def test_planted_copies_are_found_and_no_others(many):
    dataset = dedupe(many)
    original = {row["id"]: row["duplicate_of"] or row["id"] for row in dataset.articles}
    lines = (many.folder / "truth.jsonl").read_text().splitlines()
    truth = {copy: of for _, copy, of in map(json.loads, lines)}
    assert all(original[copy] == original[of] for copy, of in truth.items())
    assert dataset.balance.originals == ARTICLES_OF_ALL - len(truth)


def test_a_killed_run_leaves_what_was_there_and_the_next_one_gives_the_same_bytes(many):
    dedupe(many)
    before = bytes_in(many)
    chance = random.Random(1)
    for _ in range(KILLS):
        child = subprocess.Popen(
            [sys.executable, "-c", RUN, str(many.folder)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        for _ in range(chance.randint(1, 6)):
            child.stdout.readline()
        time.sleep(chance.random() / 4)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert bytes_in(many) == before
    dedupe(many)
    assert bytes_in(many) == before


def test_nothing_is_left_of_the_work(many):
    dedupe(many)
    assert list(many.work.iterdir()) == []
    assert not (many.folder / ".newscrawl").exists()


def test_a_run_that_does_not_balance_replaces_nothing(tmp_path, monkeypatch):
    layout = make(tmp_path, [Capture("/a"), Capture("/b", story(2))])
    dedupe(layout)
    before = bytes_in(layout)
    more = [shard._replace(rows=shard.rows + 1) for shard in shards_in(layout)]
    monkeypatch.setattr(deduping, "shards_in", lambda _layout: more)
    with pytest.raises(NotDedupedError, match="3 rows became 2 articles and 0 other things"):
        dedupe(layout)
    assert bytes_in(layout) == before


def test_a_corpus_whose_files_had_no_articles_gives_an_empty_dataset(tmp_path):
    dataset = dedupe(write_shard(tmp_path, "/archive/none.warc.gz", []))
    assert dataset.articles == dataset.revisions == []
    assert dataset.balance.rows == 0


def test_a_shard_of_which_all_is_elsewhere_has_files_without_rows(tmp_path):
    layout = make(tmp_path, [Capture("/a")], [Capture("/a")])
    dataset = dedupe(layout)
    assert len(dataset.articles) == 1
    assert len(list(layout.articles.iterdir())) == 2


def test_a_corpus_of_which_nothing_was_read_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no shard has been read yet"):
        dedupe(Layout(tmp_path))


@pytest.mark.parametrize("damage", ["cut", "changed", "lost"])
def test_a_damaged_part_is_named_and_nothing_is_replaced(tmp_path, damage):
    layout = make(tmp_path, [Capture("/a")], [Capture("/b", story(2))])
    dedupe(layout)
    before = bytes_in(layout)
    part = next(layout.parts.glob("001-*"))
    data = part.read_bytes()
    if damage == "lost":
        part.unlink()
    else:
        part.write_bytes(data[:-20] if damage == "cut" else data[:99] + b"?" + data[100:])
    with pytest.raises(BadInput) as raised:
        dedupe(layout)
    (mistake,) = raised.value.mistakes
    assert part.name in mistake
    assert bytes_in(layout) == before


def test_parts_without_an_account_are_not_read(tmp_path):
    layout = make(tmp_path, [Capture("/a")])
    (layout.parts / "left.parquet").write_bytes(b"of an attempt that was killed")
    assert dedupe(layout).balance.rows == 1


def test_a_folder_may_be_called_anything(tmp_path):
    folder = tmp_path / "it's [2025]* {all}"
    assert dedupe(make(folder, [Capture("/a"), Capture("/b")])).balance.exact == 1


def test_more_memory_is_asked_for_where_it_is_too_small(many):
    with pytest.raises(ValueError, match="a memory of 10MB is too small"):
        dedupe(many, memory="10MB")


@pytest.mark.parametrize("reader", ["duckdb", "pandas", "polars"])
def test_the_files_are_read_by_others_with_all_fields(many, reader):
    library = pytest.importorskip(reader)
    dedupe(many)
    read = library.read_parquet([str(path) for path in sorted(many.articles.iterdir())])
    assert list(read.columns) == [*FIELDS, "warc", "captured", "offset"]
    assert len(read) == ARTICLES_OF_ALL


def test_the_files_have_the_types_of_an_export(many):
    dedupe(many)
    for folder, schema in ((many.articles, ARTICLES), (many.revisions, REVISIONS)):
        parquet.write_table(schema.empty_table(), many.work / "empty.parquet")
        expected = parquet.read_schema(many.work / "empty.parquet")
        for path in folder.iterdir():
            assert parquet.read_schema(path).equals(expected, check_metadata=True)


def test_the_scope_is_told(many):
    dedupe(many, scope=Scope.SITE)
    assert json.loads(many.deduped.read_text())["scope"] == "site"
