"""``reextract --jobs``: the same database and log, however many processes read, and die."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from newscrawl.store.database import connect
from newscrawl.store.schema import metadata
from tests.archive.reextracting import reextract
from tests.archive.test_foreign import HTML, PARAGRAPH, STORY
from tests.archive.test_reading import record
from tests.archive.test_reextract import spoil
from tests.crawl.crawling import ENVIRONMENT, NEWSCRAWL, Crawl

TIMES = {"started", "finished", "heartbeat", "pid", "host", "token", "arguments"}
"""Columns that differ between any two runs of a command."""


@pytest.fixture
def other(tmp_path: Path) -> Crawl:
    (tmp_path / "other").mkdir()
    return Crawl(tmp_path / "other")


def copy_of(archived, crawl: Crawl) -> Crawl:
    """Put the database and the log of the archived crawls into the folder of a crawl."""
    for path in (*archived.crawl.folder.glob("newscrawl.db*"), archived.crawl.jsonl):
        shutil.copy(path, crawl.folder)
    engine = connect(crawl.database)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE logs SET path = ?", (str(crawl.jsonl),))
    engine.dispose()
    return crawl


def rows(crawl: Crawl) -> dict[str, list[dict[str, object]]]:
    """Return all that a database holds, in the order in which it was written."""
    engine = connect(crawl.database)
    with engine.begin() as connection:
        found = {
            table.name: [
                {name: value for name, value in row.items() if name not in TIMES}
                for row in connection.execute(select(table)).mappings()
            ]
            for table in metadata.sorted_tables
        }
    engine.dispose()
    for log in found.pop("logs"):
        assert log["path"] == str(crawl.jsonl)
    return found


def assert_same(crawl: Crawl, other: Crawl) -> None:
    ours, theirs = rows(crawl), rows(other)
    assert [name for name in ours if ours[name] != theirs[name]] == []
    assert crawl.jsonl.read_bytes() == other.jsonl.read_bytes()


def test_files_give_the_same_database(archived, crawl, other):
    one = reextract(crawl, archive=str(archived.archive))
    three = reextract(other, "--jobs", "3", archive=str(archived.archive))
    assert (three.returncode, three.stdout) == (0, one.stdout)
    assert_same(crawl, other)


def test_the_ledgers_own_archive_gives_the_same_changes(archived, crawl, other):
    for each in (crawl, other):
        spoil(copy_of(archived, each), "UPDATE articles SET subtitle = 'old', text = 'old'")
    one, three = reextract(crawl), reextract(other, "--jobs", "3")
    assert "articles changed" in one.stdout
    assert (three.returncode, three.stdout) == (0, one.stdout)
    assert_same(crawl, other)


def test_a_difference_is_the_same(archived, crawl):
    spoil(copy_of(archived, crawl), "UPDATE articles SET subtitle = 'old'")
    before = rows(crawl)
    one, two = reextract(crawl, "--diff"), reextract(crawl, "--diff", "--jobs", "2")
    assert (two.returncode, two.stdout) == (0, one.stdout)
    assert rows(crawl) == before


@pytest.mark.parametrize("jobs", ["0", "-1", "two", "9999999"])
def test_a_number_that_is_none_is_refused(archived, crawl, jobs):
    ended = reextract(copy_of(archived, crawl), f"--jobs={jobs}")
    assert ended.returncode == 2
    assert f"--jobs is no number from 1 to 1,000: {jobs}" in ended.stderr
