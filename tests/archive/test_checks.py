"""``scrapy db check`` on an archive, sound and damaged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from newscrawl.store.database import connect, reading
from newscrawl.store.schema import archives, visits
from newscrawl.upkeep.archive_checks import findings
from tests.crawl.crawling import Crawl


@pytest.fixture
def own(copied: Crawl, archived, tmp_path: Path) -> Crawl:
    """A copy of an archived crawl whose parts may be changed too."""
    shutil.copytree(archived.archive, tmp_path / "archive")
    engine = connect(copied.database)
    with engine.begin() as connection:
        for row in connection.execute(select(archives)).all():
            moved = str(tmp_path / "archive" / Path(row.path).name)
            connection.execute(update(archives).where(archives.c.id == row.id).values(path=moved))
    engine.dispose()
    return copied


def found(crawl: Crawl) -> list[str]:
    engine = connect(crawl.database)
    with reading(engine) as connection:
        texts = [each.text for each in findings(None, connection)]
    engine.dispose()
    return texts


def parts(crawl: Crawl) -> list[Path]:
    return [Path(row["path"]) for row in crawl.rows(archives)]


def test_a_sound_archive_is_in_order(own):
    assert found(own) == []


def test_a_part_that_was_cut_off_is_told(own):
    part = parts(own)[0]
    part.write_bytes(part.read_bytes()[:-1])
    (text,) = found(own)
    assert "has not the" in text


def test_a_damaged_record_is_told(own):
    part = parts(own)[0]
    data = bytearray(part.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 64] = bytes(64)
    part.write_bytes(data)
    assert any("cannot be read" in text or "has no record" in text for text in found(own))


def test_a_record_without_a_visit_is_told(own):
    engine = connect(own.database)
    with engine.begin() as connection:
        connection.execute(
            update(visits).where(visits.c.archive == 1).values(archive=None, offset=None)
        )
    engine.dispose()
    assert "records are of no visit" in found(own)[0]


def test_records_of_visits_that_retention_removed_are_no_fault(own):
    engine = connect(own.database)
    with engine.begin() as connection:
        connection.execute(delete(visits).where(visits.c.archive == 1))
    engine.dispose()
    assert found(own) == []


def test_a_part_that_was_moved_away_is_a_note(own):
    parts(own)[0].unlink()
    assert found(own) == ["1 parts are not where they were written"]
