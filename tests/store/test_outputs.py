"""What was written for others is known, and what was left unfinished goes wherever it lies."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, make_url, update

from newscrawl.store.database import connect, file_of, migrate, name_of, reading
from newscrawl.store.outputs import Kind, forget_gone, note, noted, sweep
from newscrawl.store.schema import logs, outputs
from tests.store.test_drafts import killed, names


def known(engine) -> dict[Path, Kind]:
    with reading(engine) as connection:
        return {each.path: each.kind for each in noted(connection)}


def test_what_is_noted_twice_is_known_once(engine, tmp_path):
    note(engine, [tmp_path / "a"], Kind.EXPORT)
    note(engine, [tmp_path / "a", tmp_path / "b"], Kind.BACKUP)
    assert known(engine) == {tmp_path / "a": Kind.BACKUP, tmp_path / "b": Kind.BACKUP}


def test_what_is_gone_is_forgotten_unless_another_machine_wrote_it(engine, tmp_path):
    note(engine, [tmp_path / "a", tmp_path / "b", tmp_path / "c"], Kind.EXPORT)
    (tmp_path / "a").touch()
    with engine.begin() as connection:
        theirs = outputs.c.path == str(tmp_path / "c")
        connection.execute(update(outputs).where(theirs).values(host="elsewhere"))
        forget_gone(connection)
    assert set(known(engine)) == {tmp_path / "a", tmp_path / "c"}


def test_drafts_are_swept_in_any_folder_that_was_noted(engine, tmp_path):
    far = tmp_path / "far"
    far.mkdir()
    note(engine, [far / "a.jsonl"], Kind.EXPORT)
    killed(far / "a.jsonl")
    sweep(engine)
    assert names(far) == []


def test_drafts_are_swept_in_the_current_folder(engine, tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    killed(here / "report.html")
    sweep(engine)
    assert names(here) == []


@pytest.mark.parametrize("is_named", [False, True])
def test_a_rewritten_part_stays_only_if_a_commit_named_it(engine, tmp_path, is_named):
    place = tmp_path / "a.jsonl"
    draft = killed(place, name_of(engine))
    values = {"site": "a.example", "day": "2025-01-01", "part": 1, "number": 1, "length": 4}
    with engine.begin() as connection:
        path = draft if is_named else place
        connection.execute(insert(logs).values(path=str(path), sealed=False, **values))
    sweep(engine)
    assert draft.exists() == is_named


def test_a_copy_of_a_database_leaves_the_parts_of_the_real_one_alone(tmp_path):
    real = connect(f"sqlite:///{tmp_path}/real.db")
    copy = connect(f"sqlite:///{tmp_path}/copy.db")
    draft = killed(tmp_path / "a.jsonl", name_of(real))
    migrate(copy)
    sweep(copy)
    assert draft.exists()
    real.dispose()
    copy.dispose()


def test_a_database_that_may_only_be_read_notes_nothing_and_does_not_fail(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/n.db")
    migrate(engine)
    engine.dispose()
    path = file_of(make_url(f"sqlite:///{tmp_path}/n.db"))
    assert path is not None
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.commit()
    note(engine, [tmp_path / "a"], Kind.EXPORT)
    assert known(engine) == {}
    engine.dispose()
