"""``reextract --jobs``: the same database and log, however many processes read, and die."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from newscrawl.store.database import connect
from newscrawl.store.process import is_running
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


def test_files_give_the_same_database_on_postgresql(archived, crawl, other, postgresql):
    archive = str(archived.archive)
    with postgresql.database() as one_url, postgresql.database() as two_url:
        ours, theirs = Crawl(crawl.folder, one_url), Crawl(other.folder, two_url)
        one = reextract(ours, archive=archive, NEWSCRAWL_DATABASE_URL=one_url)
        two = reextract(theirs, "--jobs", "2", archive=archive, NEWSCRAWL_DATABASE_URL=two_url)
        assert (two.returncode, two.stdout) == (0, one.stdout)
        assert ours.articles()
        assert_same(ours, theirs)


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


SPLIT = 4
"""Pages of the article that is split."""


def a_story(number: int, rest: bytes = b"") -> bytes:
    text = PARAGRAPH.replace(b"word", b"word%d" % number)
    return STORY.replace(PARAGRAPH, text).replace(b"</body>", rest + b"</body>")


def a_part(number: int) -> bytes:
    links = b"".join(b'<a href="/pier/%d/">%d</a>' % (n, n) for n in range(1, SPLIT + 1))
    return a_story(1000 + number, b"<nav class=pagination>" + links + b"</nav>")


def a_file(folder: Path, pages: dict[str, bytes]) -> Path:
    """Write pages of held.example by their paths."""
    path = folder / "pages.warc.gz"
    told = [record(f"http://held.example/{name}", body, HTML) for name, body in pages.items()]
    path.write_bytes(b"".join(map(gzip.compress, told)))
    return path


def many(*named: str) -> dict[str, bytes]:
    """Return sixty pages, these first."""
    names = (*named, *(f"plain{number}" for number in range(60 - len(named))))
    return {name: a_story(number) for number, name in enumerate(names)}


OWN = {"SCRAPY_POET_DISCOVER": "newscrawl.pages,held_pages", "NEWSCRAWL_JSONL": "articles.jsonl"}


def command(crawl: Crawl, file: Path, jobs: int) -> list[str]:
    settings = {
        "NEWSCRAWL_DATABASE_URL": crawl.database,
        **OWN,
        "NEWSCRAWL_JSONL": str(crawl.jsonl),
    }
    options = [each for name, value in settings.items() for each in ("-s", f"{name}={value}")]
    return [*NEWSCRAWL, "reextract", f"--jobs={jobs}", "--warc", str(file), *options]


def started(crawl: Crawl, file: Path, jobs: int = 2) -> subprocess.Popen[str]:
    shutil.copy(Path(__file__).parent / "held_pages.py", crawl.folder)
    return subprocess.Popen(
        command(crawl, file, jobs),
        cwd=crawl.folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def readers_of(crawl: Crawl, name: str, number: int = 1) -> list[int]:
    """Wait until a page was begun so many times; return the processes that began it."""
    path = crawl.folder / "begun" / name
    while not path.exists() or len(path.read_text().splitlines()) < number:
        time.sleep(0.01)
    return [int(line) for line in path.read_text().split()]


def wait_until_gone(pids: list[int]) -> None:
    while any(map(is_running, pids)):
        time.sleep(0.01)


def ended_well(process: subprocess.Popen[str]) -> str:
    out, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")
    return out


def serial(crawl: Crawl, file: Path) -> str:
    """Read the same pages in one process, none of which is held up any more."""
    shutil.rmtree(crawl.folder / "begun", ignore_errors=True)
    (crawl.folder / "begun").mkdir()
    for name in ("held0", "held1"):
        (crawl.folder / "begun" / name).write_text("0\n")
    return ended_well(started(crawl, file, jobs=1))


def test_articles_in_parts_are_joined_whoever_reads_them(crawl, other):
    parts = {f"pier/{n}/" if n > 1 else "pier": a_part(n) for n in range(1, SPLIT + 1)}
    file = a_file(crawl.folder, {**many(), **parts, "later": a_story(99)})
    two = ended_well(started(crawl, file))
    assert two == serial(other, file)
    assert_same(crawl, other)
    [split] = [each for each in crawl.articles().values() if each.url.endswith("/pier")]
    assert "word1004" in split.text


def test_a_killed_worker_changes_nothing(crawl, other):
    file = a_file(crawl.folder, many("held0", "plain", "held1"))
    process = started(crawl, file)
    for name in ("held0", "held1"):
        [pid] = readers_of(crawl, name)
        os.kill(pid, signal.SIGKILL)
    two = ended_well(process)
    assert two == serial(other, file)
    assert_same(crawl, other)
    assert len(crawl.articles()) == 60


def test_a_page_that_kills_each_reader_has_failed_and_the_others_are_read(crawl):
    file = a_file(crawl.folder, many("poison"))
    told = ended_well(started(crawl, file))
    assert "WorkerDied" in told
    assert len(readers_of(crawl, "poison")) == 3
    assert len(crawl.articles()) == 59


def test_an_interrupt_ends_all_with_one_line(crawl):
    process = started(crawl, a_file(crawl.folder, many("held0")))
    pids = readers_of(crawl, "held0")
    os.killpg(process.pid, signal.SIGINT)
    wait_until_gone(pids)
    assert process.communicate()[1] == "interrupted\n"
    assert process.returncode == 130
    assert [run["reason"] for run in crawl.runs()] == ["failed"]


def test_a_killed_command_leaves_no_readers_and_is_made_good_by_the_next(crawl, other):
    file = a_file(crawl.folder, many(*(f"plain-{n}" for n in range(55)), "held0"))
    process = started(crawl, file)
    pids = readers_of(crawl, "held0")
    process.kill()
    wait_until_gone(pids)
    assert process.communicate()[1] == ""
    ended_well(started(crawl, file))
    serial(other, file)
    assert [run["reason"] for run in crawl.runs()] == ["killed", "finished"]
    assert crawl.articles() == other.articles()
