"""``newscrawl corpus dedupe`` as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.corpus.actions.dedupe import SCOPES
from newscrawl.corpus.building import locked
from newscrawl.corpus.layout import FORMAT, Layout
from newscrawl.dataset.near import Scope
from tests.corpus.deduping.making import Capture, make, story

PAGES = (
    Capture("/a"),
    Capture("/a", story(2), at=1),
    Capture("/b", story(2)),
    Capture("/c", story(2), site="weekly.example"),
)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = make(tmp_path / "corpus", PAGES[:2], PAGES[2:])
    layout.about.write_text(json.dumps({"format": FORMAT}))
    return layout


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newscrawl", "corpus", "dedupe", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_tells_what_became_of_all_rows(layout):
    done = run(str(layout.folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 rows, 3 articles" in done.stdout
    told = json.loads(layout.deduped.read_text())
    assert (told["originals"], told["exact"], told["revisions"]) == (1, 2, 1)


def test_copies_are_looked_for_in_all_sites_unless_each_is_to_be_by_itself(layout):
    run(str(layout.folder), "--scope", "site")
    told = json.loads(layout.deduped.read_text())
    assert (told["scope"], told["originals"], told["exact"]) == ("site", 2, 1)


def test_the_scopes_are_those_of_a_crawl():
    assert set(SCOPES) == set(Scope)


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        (["--memory", "much"], "--memory is no size such as 1GB: much"),
        (["--memory", "9KB"], "a memory of 9KB is too small"),
        (["--jobs", "0"], "--jobs is no number from 1"),
    ],
)
def test_a_mistake_is_one_line(layout, options, mistake):
    done = run(str(layout.folder), *options)
    assert done.returncode == 2
    assert mistake in done.stderr
    assert done.stderr.count("\n") == 1
    assert not layout.articles.exists()


def test_a_folder_that_is_no_corpus_is_refused(tmp_path):
    done = run(str(tmp_path))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "is no corpus" in done.stderr


def test_a_damaged_part_is_one_line_that_says_what_to_do(layout):
    part = next(layout.parts.glob("000-*"))
    part.write_bytes(part.read_bytes()[:-1])
    done = run(str(layout.folder))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"{part} is damaged: remove shards/" in done.stderr


def test_a_corpus_at_which_another_process_works_is_left_alone(layout):
    with locked(layout):
        done = run(str(layout.folder))
    assert done.returncode == 75
    assert not layout.articles.exists()
