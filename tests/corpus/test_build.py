"""``newscrawl corpus build`` as a command: what it reads, leaves, refuses, and survives."""

from __future__ import annotations

import random
import subprocess
from argparse import Namespace
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from newscrawl.commands import corpus
from newscrawl.corpus.account import accounts
from newscrawl.corpus.layout import Layout
from tests.archive.test_foreign import HTML, STORY
from tests.archive.test_reading import record
from tests.corpus.files import write_files
from tests.corpus.running import (
    Building,
    differing,
    lost,
    readers,
    repeated,
    rows_of,
    unbalanced,
)
from tests.crawl.crawling import ENVIRONMENT, Crawl


def do(*words: object) -> subprocess.CompletedProcess[str]:
    line = ["corpus", *map(str, words)]
    return Crawl.runner(line, folder=Path.cwd(), environment=ENVIRONMENT)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return write_files(tmp_path_factory.mktemp("made"), files=8, pages=40, sites=4)


@pytest.fixture(scope="module")
def single(made, tmp_path_factory):
    building = Building(tmp_path_factory.mktemp("single") / "out", made.files[0].parent, "--jobs=1")
    building.run()
    return building.layout


def test_every_capture_is_a_row_and_every_record_is_accounted_for(made, single):
    assert (lost(single, made), repeated(single), unbalanced(single, made)) == (0, 0, 0)
    assert set(rows_of(single)) == made.captures


def test_killed_workers_and_a_killed_command_cost_the_shards_under_way_and_nothing_else(
    made, single, tmp_path
):
    building = Building(tmp_path / "out", made.files[0].parent, "--jobs=2")
    building.kill_workers(2, random.Random(4), readers)
    building.run()
    assert differing(single, building.layout, ["shards", "parts"]) == []
    assert len(building.seen.attempts) <= len(made.files) + building.seen.killed
    assert list(building.layout.work.iterdir()) == []


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "in" / "small.warc"
    path.parent.mkdir()
    path.write_bytes(record("http://a.example/pier", STORY, HTML))
    return path


def test_a_corpus_that_is_whole_is_left_as_it_is(small, tmp_path):
    out = tmp_path / "out"
    first, again = do("build", out, small), do("build", out, small)
    assert (first.returncode, again.returncode) == (0, 0)
    assert first.stdout.endswith("1 shard read: 1 records, 1 articles\n")
    assert again.stdout.endswith(
        "0 shards read: 0 records, 0 articles; 1 shard had been read before\n"
    )


def test_a_file_that_has_grown_is_read_anew(small, tmp_path):
    do("build", tmp_path / "out", small)
    with small.open("ab") as file:
        file.write(record("http://a.example/quay", STORY, HTML))
    assert "1 shard read: 2 records" in do("build", tmp_path / "out", small).stdout
    ((_, account),) = accounts(Layout(tmp_path / "out"))
    assert account.rows == 2


def test_more_inputs_are_added(small, tmp_path):
    do("build", tmp_path / "out", small)
    other = small.with_name("other.warc")
    other.write_bytes(record("http://b.example/quay", STORY, HTML))
    assert "1 shard read" in do("build", tmp_path / "out", other).stdout
    status = do("status", tmp_path / "out").stdout
    assert "2 shards read: 2 records, 2 articles; 0 of those asked for are not read yet" in status


def test_the_status_says_whether_the_dataset_is_of_what_has_been_read(small, tmp_path):
    out = tmp_path / "out"
    do("build", out, small)
    assert do("status", out).stdout.splitlines()[-1].startswith("no dataset yet")
    do("dedupe", out)
    assert do("status", out).stdout.endswith("the dataset has 1 articles of 1 rows in 1 shards\n")
    other = small.with_name("other.warc")
    other.write_bytes(record("http://b.example/quay", STORY, HTML))
    do("build", out, other)
    assert (
        "which is not what has been read: run newscrawl corpus dedupe" in do("status", out).stdout
    )


def test_a_shard_that_cannot_be_read_fails_the_command_until_it_can(small, tmp_path):
    listed = tmp_path / "all.paths"
    listed.write_text(f"{small}\n{tmp_path}/late.warc\n")
    failed = do("build", tmp_path / "out", listed)
    assert failed.returncode == 1
    assert "1 shard could not be read; run the command again" in failed.stdout
    assert f"not read: {tmp_path}/late.warc: " in failed.stdout
    assert f"not read yet: {tmp_path}/late.warc" in do("status", tmp_path / "out").stdout
    (tmp_path / "late.warc").write_bytes(record("http://b.example/quay", STORY, HTML))
    assert do("build", tmp_path / "out", listed).returncode == 0


def test_two_builds_of_one_corpus_do_not_meet(small, tmp_path):
    do("build", tmp_path / "out", small)
    with (tmp_path / "out" / ".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        refused = do("build", tmp_path / "out", small)
    assert refused.returncode == 75
    assert "another process works on" in refused.stdout


REFUSED = {
    "no input": (("build", "{out}"), "usage: newscrawl corpus build OUT INPUT…"),
    "no action": (("bild", "{out}"), "usage: newscrawl corpus build OUT INPUT…"),
    "no such file": (("build", "{out}", "{in}/absent.warc"), "absent.warc: there is no such file"),
    "an empty folder": (("build", "{out}", "{empty}"), "empty: there is no WARC file"),
    "no corpus": (("status", "{empty}"), "empty is no corpus"),
    "a folder of others": (("build", "{in}", "{in}"), "in has other files in it"),
    "other filters": (("build", "{out}", "{in}", "--site", "b.example"), "with other filters"),
    "another zone": (("build", "{out}", "{in}", "--timezone", "Asia/Tokyo"), "with other zone"),
    "other settings": (("build", "{out}", "{in}", "-s", "NEWSCRAWL_MIN_WORDS=9"), "other settings"),
    "no zone": (("build", "{out}", "{in}", "--timezone", "Mars"), "Mars"),
    "no date": (("build", "{out}", "{in}", "--since", "soon"), "--since is not an ISO 8601 date"),
    "no site": (("build", "{out}", "{in}", "--site", "no site"), "--site: 'no site' is no site"),
    "no number": (("build", "{out}", "{in}", "--jobs", "many"), "--jobs is no number from 1 to"),
}


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=REFUSED)
def test_a_mistake_is_one_line_and_changes_nothing(words, said, small, tmp_path):
    (tmp_path / "empty").mkdir()
    do("build", tmp_path / "out", small)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    places = {name: str(tmp_path / name) for name in ("out", "in", "empty")}
    refused = do(*(word.format(**places) for word in words))
    assert refused.returncode == 2
    assert said in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(("action", "package"), [("build", "fastwarc"), ("dedupe", "duckdb")])
def test_a_package_that_is_missing_is_named(action, package, small, tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "find_spec", lambda name: None if name == package else name)
    command = corpus.Command()
    command.settings = Settings()
    with pytest.raises(UsageError, match=f"{package} is not installed: pip install"):
        command.run(
            [action, str(tmp_path / "out"), *[str(small)][: action == "build"]], Namespace()
        )


def test_an_account_that_was_damaged_is_told(small, tmp_path):
    do("build", tmp_path / "out", small)
    (path,) = (tmp_path / "out" / "shards").iterdir()
    path.write_text("{}")
    refused = do("status", tmp_path / "out")
    assert refused.returncode == 2
    assert f"{path} is no account of a shard" in refused.stderr
