"""A database of each earlier schema is brought to the newest one, and says the same afterwards."""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, MetaData, Table, insert, inspect, make_url, select, text, update

from newscrawl.items import FIELDS, compact_json
from newscrawl.store.database import (
    HEAD,
    VERSION,
    _upgrade,
    connect,
    migrate,
    reading,
    revision_of,
)
from newscrawl.store.schema import articles, logs, metadata, visits
from tests.crawl.crawling import ALWAYS_DUE, ENVIRONMENT, Crawl
from tests.demo.serving import run_demo
from tests.upkeep.checking import faults

EARLIER = [f"{number:04}" for number in range(1, int(HEAD))]
TARGETS = ("all.jsonl", "all.csv")
NO_IMAGE_PATH = "0003"
"""The last schema whose program knew nothing of ``Image.path``."""
OF_THE_READING = {"confidence", "doubts"}
"""What is not known of articles that a program stored before these columns were there."""


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """Two crawls of a site whose pages change in between."""
    crawl = Crawl(tmp_path_factory.mktemp("upgrade"))
    with run_demo(articles=60) as server:
        assert crawl.run("site", "-a", f"url={server.url}/", **ALWAYS_DUE).returncode == 0
        port = make_url(server.url).port
    with run_demo(articles=60, port=port or 0, generation=1) as server:
        assert crawl.run("site", "-a", f"url={server.url}/", **ALWAYS_DUE).returncode == 0
    leave_out_comments(crawl)
    return crawl


def leave_out_comments(crawl: Crawl) -> None:
    """As a program that knew nothing of comments would have stored the articles."""
    engine = connect(crawl.database)
    with engine.begin() as connection:
        connection.execute(update(articles).values(comments=None, posts=None))
        for path in connection.scalars(select(logs.c.path)).all():
            file = crawl.folder / path
            records = [json.loads(line) for line in file.read_bytes().splitlines()]
            for record in records:
                del record["comments"], record["posts"]
            lines = "".join(f"{compact_json(record)}\n" for record in records).encode()
            file.write_bytes(lines)
            connection.execute(update(logs).where(logs.c.path == path).values(length=len(lines)))
    engine.dispose()


@pytest.fixture
def empty(empty_database):
    """The URL of a database without a table."""
    return empty_database


def moved_down(crawl: Crawl, url: str, revision: str) -> None:
    """Make a database of an earlier schema with what its program would have stored."""
    source, target = connect(crawl.database), connect(url)
    with reading(source) as old, target.begin() as connection:
        _upgrade(connection, revision)
        known = MetaData()
        known.reflect(connection)
        for table in metadata.sorted_tables:
            if table.name in known.tables:
                fill(connection, table, known.tables[table.name], old, revision)
    source.dispose()
    target.dispose()


def fill(
    connection: Connection, table: Table, earlier: Table, source: Connection, revision: str
) -> None:
    columns = [column for column in table.columns if column.name in earlier.columns]
    order = "id" if "id" in table.columns else columns[0].name
    rows = [dict(row) for row in source.execute(select(*columns).order_by(order)).mappings()]
    if table is articles and revision <= NO_IMAGE_PATH:
        for row in rows:
            row["images"] = [
                {name: value for name, value in image.items() if name != "path"}
                for image in row["images"]
            ]
    if rows:
        connection.execute(
            insert(Table(table.name, MetaData(), *(c._copy() for c in columns))), rows
        )


def exported(url: str, folder: Path) -> list[bytes]:
    """What earlier programs knew of the articles of a database."""
    folder.mkdir()
    names = ",".join(name for name in FIELDS if name not in OF_THE_READING)
    options = ("--with-copies", "--revisions", "--no-card", "--fields", names)
    ended = Crawl(folder).do("export", *TARGETS, *options, database=url)
    assert ended.returncode == 0, ended.stderr
    return [(folder / each).read_bytes() for each in TARGETS]


@pytest.fixture(scope="module")
def newest(crawled, tmp_path_factory):
    """What a database that was never migrated gives."""
    return exported(crawled.database, tmp_path_factory.mktemp("newest") / "files")


@pytest.mark.parametrize("revision", EARLIER)
def test_a_database_of_an_earlier_schema_gives_the_same_export(
    crawled, newest, empty, tmp_path, revision
):
    moved_down(crawled, empty, revision)
    got = exported(empty, tmp_path / "old")
    assert got == newest
    assert got[0].count(b"\n") > 60


def test_the_confidence_of_what_was_stored_before_is_not_known(crawled, empty):
    moved_down(crawled, empty, "0010")
    engine = connect(empty)
    migrate(engine)
    with reading(engine) as connection:
        found = connection.execute(select(articles.c.confidence, articles.c.doubts)).all()
    engine.dispose()
    assert len(found) > 60
    assert all((row.confidence, row.doubts) == (None, []) for row in found)


@pytest.mark.parametrize("revision", EARLIER)
def test_a_migrated_database_is_whole(crawled, empty, revision):
    moved_down(crawled, empty, revision)
    engine = connect(empty)
    upgrade = migrate(engine)
    assert upgrade is not None
    assert upgrade.since == revision
    unindexed = ["index of near-duplicates"] if revision == "0001" else []
    assert faults(engine, without=unindexed) == []
    engine.dispose()


def test_a_crawl_goes_on_with_a_database_of_the_first_schema(crawled, tmp_path):
    crawl = Crawl(tmp_path)
    moved_down(crawled, crawl.database, "0001")
    with run_demo(articles=60) as server:
        ended = crawl.run("site", "-a", f"url={server.url}/", NEWSCRAWL_JSONL="")
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / f"newscrawl.before-{HEAD}.db").exists()


# What is kept of a database before it is migrated


@pytest.fixture
def old(tmp_path):
    """A database of the schema before some, with nothing in it."""
    engine = connect(f"sqlite:///{tmp_path}/old.db")
    with engine.begin() as connection:
        _upgrade(connection, "0002")
    yield engine
    engine.dispose()


def revision(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        return str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_a_database_is_kept_as_it_was_before_it_is_migrated(old, tmp_path):
    upgrade = migrate(old)
    assert upgrade == ("0002", tmp_path / f"old.before-{HEAD}.db")
    assert revision(tmp_path / f"old.before-{HEAD}.db") == "0002"
    assert revision(tmp_path / "old.db") == HEAD


def test_what_was_kept_before_is_not_overwritten(old, tmp_path):
    (tmp_path / f"old.before-{HEAD}.db").write_text("kept")
    migrate(old)
    assert (tmp_path / f"old.before-{HEAD}.db").read_text() == "kept"


def test_a_database_without_anything_to_migrate_is_not_copied(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/new.db")
    assert migrate(engine) is None
    assert migrate(engine) is None
    assert [each for each in tmp_path.iterdir() if "before" in each.name] == []
    engine.dispose()


def test_a_full_disk_stops_the_start_and_leaves_the_database_alone(old, tmp_path):
    with old.begin() as connection:
        connection.execute(text("CREATE TABLE filling (bytes BLOB)"))
        connection.execute(text("INSERT INTO filling VALUES (zeroblob(500000))"))
    old.dispose()
    before = (tmp_path / "old.db").read_bytes()
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "newscrawl", "runs"),
            *("-s", f"NEWSCRAWL_DATABASE_URL=sqlite:///{tmp_path}/old.db"),
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={name: value for name, value in ENVIRONMENT.items() if "COV" not in name},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)),
    )
    assert ended.returncode == 2
    assert f"error: no backup of {tmp_path}/old.db to " in ended.stderr.splitlines()[-1]
    assert (tmp_path / "old.db").read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir() if "before" in each.name) == []


def test_a_failed_migration_leaves_the_database_as_it_was(empty):
    engine = connect(empty)
    with engine.begin() as connection:
        _upgrade(connection, "0002")
        connection.execute(text("CREATE TABLE hosts (ours INTEGER)"))  # in the way of 0005
    with pytest.raises(ValueError, match=f"from schema 0002 to {HEAD} and is as it was"):
        migrate(engine)
    with reading(engine) as connection:
        assert revision_of(connection) == "0002"
        names = {column["name"] for column in inspect(connection).get_columns(visits.name)}
    assert "seconds" not in names
    engine.dispose()


# A database that is newer than the program


@pytest.fixture
def newer(tmp_path):
    crawl = Crawl(tmp_path)
    engine = connect(crawl.database)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(VERSION.update().values(version_num="9999"))
    engine.dispose()
    return crawl


@pytest.mark.parametrize(
    "arguments",
    [
        ["runs"],
        ["export", "a.csv"],
        ["dedupe"],
        ["db", "upgrade"],
        ["db", "backup"],
        ["db", "check"],
    ],
    ids=" ".join,
)
def test_a_command_refuses_a_newer_database(newer, arguments):
    before = (newer.folder / "newscrawl.db").read_bytes()
    ended = newer.do(*arguments)
    assert ended.returncode == 2
    assert "error: the database has schema 9999" in ended.stderr.splitlines()[-1]
    assert (newer.folder / "newscrawl.db").read_bytes() == before
    assert [each.name for each in newer.folder.iterdir()] == ["newscrawl.db"]


def test_a_crawl_refuses_a_newer_database(newer):
    before = (newer.folder / "newscrawl.db").read_bytes()
    ended = newer.run("site", "-a", "url=http://127.0.0.1:9/")
    assert ended.returncode == 1
    assert "Cannot open the store: the database has schema 9999" in newer.log
    assert (newer.folder / "newscrawl.db").read_bytes() == before
    assert not newer.jsonl.exists()


def test_all_earlier_schemas_are_known():
    engine = connect("sqlite://")
    for known in [*EARLIER, HEAD]:
        with engine.begin() as connection:
            VERSION.create(connection, checkfirst=True)
            connection.execute(VERSION.delete())
            connection.execute(insert(VERSION).values(version_num=known))
            assert revision_of(connection) == known
    engine.dispose()
