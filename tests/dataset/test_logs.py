from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from newscrawl.dataset.last_lines import parts_of
from newscrawl.dataset.logs import LogPath, SiteLog
from newscrawl.items import Article
from newscrawl.store.schema import logs

SITE = "daily.example"
MONDAY, TUESDAY = date(2025, 3, 3), date(2025, 3, 4)


@pytest.fixture
def db(engine):
    with engine.begin() as connection:
        yield connection


def article(number: int) -> Article:
    return Article(id=f"{number:016x}", url=f"https://{SITE}/{number}", site=SITE)


def opened(db: Connection, path: LogPath, today: date = MONDAY) -> SiteLog:
    return SiteLog(db, SITE, path, today=lambda: today)


def commit(db: Connection, log: SiteLog, *numbers: int) -> None:
    for number in numbers:
        log.append(article(number))
    log.before_commit(db)


def numbers(path: Path) -> list[int]:
    return [int(json.loads(line)["id"], 16) for line in path.read_text().splitlines()]


def test_a_part_that_is_full_is_sealed_and_the_next_one_begun(db, tmp_path):
    log = opened(db, LogPath(f"{tmp_path}/{{site}}-{{part:04}}.jsonl", max_bytes=100))
    commit(db, log, 1)
    commit(db, log, 2)
    log.close()
    assert numbers(tmp_path / f"{SITE}-0001.jsonl") == [1]
    assert numbers(tmp_path / f"{SITE}-0002.jsonl") == [2]
    sealed = {row.part: row.sealed for row in db.execute(select(logs))}
    assert sealed == {1: True, 2: True, 3: False}


def test_a_log_by_day_begins_a_part_each_day(db, tmp_path):
    path = LogPath(f"{tmp_path}/{{day}}.jsonl")
    log = opened(db, path)
    commit(db, log, 1)
    log.close()
    log = opened(db, path, TUESDAY)
    commit(db, log, 2)
    log.close()
    assert numbers(tmp_path / "2025-03-03.jsonl") == [1]
    assert numbers(tmp_path / "2025-03-04.jsonl") == [2]


def test_a_file_in_the_way_of_a_part_is_left_alone(db, tmp_path):
    (tmp_path / "2.jsonl").write_text("someone else's\n")
    log = opened(db, LogPath(f"{tmp_path}/{{part}}.jsonl", max_bytes=100))
    commit(db, log, 1)
    commit(db, log, 2)
    log.close()
    assert (tmp_path / "2.jsonl").read_text() == "someone else's\n"
    assert numbers(tmp_path / "3.jsonl") == [2]


def test_what_a_killed_run_wrote_into_a_new_part_is_cut_off(db, tmp_path):
    path = LogPath(f"{tmp_path}/{{part}}.jsonl", max_bytes=100)
    log = opened(db, path)
    commit(db, log, 1)
    log.close()
    (tmp_path / "2.jsonl").write_text('{"torn')
    log = opened(db, path)
    commit(db, log, 2)
    log.close()
    assert numbers(tmp_path / "2.jsonl") == [2]


def test_a_sealed_part_is_not_opened_again(db, tmp_path):
    path = LogPath(f"{tmp_path}/{{part}}.jsonl", max_bytes=100)
    log = opened(db, path)
    commit(db, log, 1)
    log.close()
    (tmp_path / "1.jsonl").chmod(0o444)
    before = (tmp_path / "1.jsonl").stat().st_mtime_ns
    log = opened(db, path)
    commit(db, log, 2)
    log.close()
    assert (tmp_path / "1.jsonl").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("template", "max_bytes"), [("{spider}.jsonl", 0), ("{site", 0), ("{site}.jsonl", 1000)]
)
def test_a_template_that_cannot_work_is_refused(template, max_bytes):
    with pytest.raises(ValueError, match="NEWSCRAWL_JSONL"):
        LogPath(template, max_bytes).check()


def test_the_parts_of_a_log_are_in_the_order_in_which_they_were_begun(db, tmp_path):
    path = LogPath(f"{tmp_path}/{{day}}-{{part}}.jsonl", max_bytes=10_000)
    for number, today in enumerate((MONDAY, TUESDAY, MONDAY), 1):
        log = opened(db, path, today)
        commit(db, log, number)
        log.close()
    parts = [Path(part.path) for part in parts_of(db, SITE)]
    assert [numbers(part) for part in parts] == [[1], [2], [3]]
    assert [part.name for part in parts] == [
        f"{MONDAY}-1.jsonl",
        f"{TUESDAY}-1.jsonl",
        f"{MONDAY}-2.jsonl",
    ]


def test_a_day_that_has_its_part_already_begins_none_when_the_clock_shows_it_again(db, tmp_path):
    path = LogPath(f"{tmp_path}/{{day}}.jsonl")
    for number, today in enumerate((MONDAY, TUESDAY, MONDAY, TUESDAY), 1):
        log = opened(db, path, today)
        commit(db, log, number)
        log.close()
    assert numbers(tmp_path / f"{MONDAY}.jsonl") == [1]
    assert numbers(tmp_path / f"{TUESDAY}.jsonl") == [2, 3, 4]


def test_a_part_that_was_moved_away_is_not_begun_again_when_the_clock_was_set_back(db, tmp_path):
    path = LogPath(f"{tmp_path}/{{day}}-{{part}}.jsonl", max_bytes=10_000)
    for number, today in enumerate((MONDAY, TUESDAY), 1):
        log = opened(db, path, today)
        commit(db, log, number)
        log.close()
    (tmp_path / f"{MONDAY}-1.jsonl").rename(tmp_path / "elsewhere")
    log = opened(db, path)
    commit(db, log, 3)
    log.close()
    assert numbers(tmp_path / f"{MONDAY}-2.jsonl") == [3]
