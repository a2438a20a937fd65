from __future__ import annotations

import json
import logging

import pytest
from scrapy import Spider
from scrapy.settings import Settings

from newscrawl.terminal.json_log import JsonLogFormatter, log_as_json

HOSTILE = [
    'two\nlines {"level": "FAKE"}',
    'a "quote" and a \\',
    "\r\x1b[2J\x00\x85",
    "line separators \u2028 \u2029",
    "half a character \ud800",
]


def record(message: str, *args: object, **extra: object) -> logging.LogRecord:
    logger = logging.getLogger("newscrawl.example")
    return logger.makeRecord(
        logger.name, logging.WARNING, "example.py", 1, message, args, None, extra=extra
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_the_web_stays_in_one_line_and_comes_back_whole(text):
    line = JsonLogFormatter().format(record("Odd headline: %s", text))
    assert len(line.splitlines()) == 1
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["message"] == f"Odd headline: {text}"


def test_time_is_iso_8601_in_utc():
    made = record("then")
    made.created = 1_750_000_000.25
    line = json.loads(JsonLogFormatter().format(made))
    assert line == {
        "time": "2025-06-15T15:06:40.250000+00:00",
        "level": "WARNING",
        "logger": "newscrawl.example",
        "message": "then",
    }


def test_a_spider_is_told_by_its_name_and_sites():
    spider = Spider("site", sites=frozenset({"b.example", "a.example"}))
    line = json.loads(JsonLogFormatter().format(record("opened", spider=spider)))
    assert (line["spider"], line["sites"]) == ("site", ["a.example", "b.example"])


@pytest.fixture
def root():
    level, handlers = logging.root.level, list(logging.root.handlers)
    yield logging.root
    logging.captureWarnings(capture=False)
    logging.root.setLevel(level)
    for handler in set(logging.root.handlers).difference(handlers):
        logging.root.removeHandler(handler)
        handler.close()


@pytest.mark.parametrize(("append", "kept"), [(True, ["old", "new"]), (False, ["new"])])
def test_a_log_file_is_replaced_or_added_to(tmp_path, root, append, kept):
    path = tmp_path / "crawl.log"
    path.write_text('{"message": "old"}\n')
    log_as_json(Settings({"LOG_FILE": str(path), "LOG_FILE_APPEND": append, "LOG_LEVEL": "INFO"}))
    root.info("new")
    root.debug("below the level")
    assert [json.loads(line)["message"] for line in path.read_text().splitlines()] == kept


def test_logging_can_be_off(root, capsys):
    log_as_json(Settings({"LOG_ENABLED": False}))
    root.error("unheard")
    assert capsys.readouterr().err == ""
