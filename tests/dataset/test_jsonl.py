from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from newscrawl.dataset.jsonl import ArticleLog, line
from newscrawl.items import FIELDS, Article, Heading, Image

BERLIN = timezone(timedelta(hours=1))


def article(**values) -> Article:
    return Article(**{"url": "https://daily.example/story", "headline": "Story", **values})


def lines(path: Path) -> list[str]:
    return [json.loads(record)["headline"] for record in path.read_text().splitlines()]


def test_a_line_has_the_fields_in_the_order_of_the_schema():
    assert tuple(json.loads(line(article()))) == FIELDS


def test_a_line_is_one_line_even_of_a_text_with_many():
    record = line(article(text="One.\n\nTwo.\u2028Three."))
    assert record.count(b"\n") == 1
    assert record.endswith(b"}\n")


def test_dates_keep_their_offset():
    record = json.loads(line(article(published=datetime(2025, 3, 1, 8, 30, tzinfo=BERLIN))))
    assert record["published"] == "2025-03-01T08:30:00+01:00"


def test_letters_of_any_script_stay_readable():
    assert "Größe 東京".encode() in line(article(headline="Größe 東京"))


def test_a_lone_surrogate_does_not_break_the_line():
    assert json.loads(line(article(headline="torn \ud83d emoji")))["headline"] == "torn ? emoji"


def test_headings_and_images_are_objects():
    record = json.loads(
        line(
            article(
                headings=[Heading(level=2, text="Why")],
                images=[Image(url="https://daily.example/a.jpg", alt="A")],
            )
        )
    )
    assert record["headings"] == [{"level": 2, "text": "Why"}]
    assert record["images"] == [
        {
            "url": "https://daily.example/a.jpg",
            "caption": None,
            "credit": None,
            "alt": "A",
            "path": None,
        }
    ]


def test_nothing_is_in_the_file_before_it_is_written(tmp_path):
    log = ArticleLog(tmp_path / "a.jsonl", 0)
    log.append(article())
    assert log.path.stat().st_size == 0
    log.close()


def test_the_length_counts_the_bytes_written(tmp_path):
    log = ArticleLog(tmp_path / "a.jsonl", 0)
    log.append(article(headline="Größe"))
    log.append(article())
    assert log.write()
    assert log.length == log.path.stat().st_size > 0
    log.close()


def test_lines_are_written_once(tmp_path):
    log = ArticleLog(tmp_path / "a.jsonl", 0)
    log.append(article())
    assert [log.write(sync=True), log.write()] == [True, False]
    assert lines(log.path) == ["Story"]
    log.close()


def test_a_tail_behind_the_committed_length_is_cut_off(tmp_path):
    first = ArticleLog(tmp_path / "a.jsonl", 0)
    first.append(article(headline="committed"))
    first.write()
    committed = first.length
    first.append(article(headline="never committed"))
    first.write()
    first.close()

    again = ArticleLog(tmp_path / "a.jsonl", committed)
    again.append(article(headline="next"))
    again.write()
    again.close()
    assert lines(again.path) == ["committed", "next"]


def test_a_file_shorter_than_the_database_says_is_refused(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"{}\n")
    with pytest.raises(ValueError, match="has 3 bytes and the database remembers 9"):
        ArticleLog(path, 9)


def test_the_folder_of_the_file_is_made(tmp_path):
    log = ArticleLog(tmp_path / "deep" / "er" / "a.jsonl", 0)
    log.close()
    assert log.path.exists()
