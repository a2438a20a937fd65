"""The files of an archive follow the database."""

from __future__ import annotations

from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from newscrawl.answer import Answer
from newscrawl.archive.archive import Archive
from newscrawl.archive.parts import recover
from newscrawl.archive.reading import RecordReader, scan
from newscrawl.frontier import runs
from newscrawl.frontier.journal import RunJournal
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import Row
from newscrawl.store.schema import archives

SITE = "news.example"
ROW = Row(1, SITE, "news.example/a", "https://news.example/a", "article", 1, 0, 0)
LIMIT = 10_000


def begin(connection):
    return runs.begin_run(
        connection, spider="s", sites=[SITE], arguments={}, version="", policy=RevisitPolicy(0, 0)
    ).run


def answer(body=b"hello", status=200):
    return Answer(url=ROW.url, status=status, headers=(), body=body, at=datetime.now(UTC))


@pytest.fixture
def archive(engine, tmp_path):
    with engine.begin() as connection:
        run = begin(connection)
        archive = Archive(str(tmp_path / "archive"), max_bytes=0, sync=False, run=run, sites=[SITE])
        archive.open(connection)
    yield archive
    archive.close()


def rows(engine):
    with engine.begin() as connection:
        return connection.execute(select(archives).order_by(archives.c.id)).all()


def files(tmp_path):
    return sorted(path.name for path in (tmp_path / "archive").iterdir())


def keep(engine, archive, *bodies):
    with engine.begin() as connection:
        places = [archive.keep(connection, ROW, answer(body)) for body in bodies]
        archive.before_commit(connection)
    return places


def read(path, place, folder=None):
    with closing(RecordReader(folder)) as reader:
        return reader.answer(path, place.offset, LIMIT)[0].body


def types_in(path):
    return [each.head and each.head.type for each in scan(Path(path))]


def test_a_record_is_read_where_it_is_said_to_be(engine, archive):
    places = keep(engine, archive, b"one", b"two")
    (row,) = rows(engine)
    assert [read(row.path, place) for place in places] == [b"one", b"two"]


def test_what_was_rolled_back_is_cut_off(engine, archive):
    keep(engine, archive, b"one")
    (row,) = rows(engine)
    with engine.connect() as connection:
        archive.keep(connection, ROW, answer(b"never promised"))
        archive.before_commit(connection)
        connection.rollback()
        archive.reopen(connection)
    (place,) = keep(engine, archive, b"two")
    assert place.offset == row.length
    assert types_in(row.path) == ["warcinfo", "response", "response"]


def test_what_failed_by_itself_leaves_no_record(engine, archive):
    keep(engine, archive, b"one")
    with engine.begin() as connection:
        with suppress(ValueError), RunJournal(1, [archive]).attempt(connection):
            archive.keep(connection, ROW, answer(b"refused"))
            raise ValueError("refused")
        place = archive.keep(connection, ROW, answer(b"two"))
        archive.before_commit(connection)
    (row,) = rows(engine)
    assert read(row.path, place) == b"two"
    assert types_in(row.path) == ["warcinfo", "response", "response"]


def test_a_rolled_back_beginning_is_begun_again(engine, archive):
    with engine.connect() as connection:
        archive.keep(connection, ROW, answer(b"never promised"))
        connection.rollback()
        archive.reopen(connection)
    keep(engine, archive, b"one")
    (row,) = rows(engine)
    assert types_in(row.path) == ["warcinfo", "response"]


def test_the_torn_tail_of_a_dead_run_is_cut_off_by_the_next(engine, archive, tmp_path):
    keep(engine, archive, b"one")
    (row,) = rows(engine)
    path = tmp_path / "archive" / files(tmp_path)[0]
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08torn")
    with engine.begin() as connection:
        recover(connection, [SITE])
    assert path.stat().st_size == row.length
    assert rows(engine)[0].sealed


def test_a_part_shorter_than_promised_is_refused(engine, archive, tmp_path):
    keep(engine, archive, b"one")
    path = tmp_path / "archive" / files(tmp_path)[0]
    path.write_bytes(path.read_bytes()[:-5])
    with engine.begin() as connection, pytest.raises(ValueError, match="put the file back"):
        recover(connection, [SITE])


def test_a_part_that_was_moved_away_is_no_hindrance(engine, archive, tmp_path):
    keep(engine, archive, b"one")
    (tmp_path / "archive" / files(tmp_path)[0]).unlink()
    with engine.begin() as connection:
        recover(connection, [SITE])


def test_a_run_without_answers_leaves_nothing(engine, archive, tmp_path):
    with engine.begin() as connection:
        archive.seal(connection, since=1)
    assert (rows(engine), files(tmp_path)) == ([], [])


def test_a_full_part_is_sealed_and_the_next_begun(engine, tmp_path):
    with engine.begin() as connection:
        run = begin(connection)
        archive = Archive(str(tmp_path / "archive"), max_bytes=1, sync=False, run=run, sites=[SITE])
        archive.open(connection)
    keep(engine, archive, b"one")
    keep(engine, archive, b"two")
    archive.close()
    assert [(row.part, row.sealed) for row in rows(engine)] == [(1, True), (2, True), (3, False)]
    assert len(files(tmp_path)) == 2


def test_two_runs_never_share_a_part(engine, archive, tmp_path):
    keep(engine, archive, b"one")
    other = Archive(str(tmp_path / "archive"), max_bytes=0, sync=False, run=1, sites=[SITE])
    with engine.begin() as connection:
        other.open(connection)
        other.keep(connection, ROW, answer())
        other.before_commit(connection)
    other.close()
    assert len(files(tmp_path)) == 2


def test_a_moved_part_is_found_by_its_name(engine, archive, tmp_path):
    (place,) = keep(engine, archive, b"one")
    (row,) = rows(engine)
    moved = (tmp_path / "archive").rename(tmp_path / "elsewhere")
    assert read(row.path, place, moved) == b"one"
