"""The log of real crawls as JSON: every line parses, whatever happens."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.crawl.crawling import ENVIRONMENT
from tests.crawl.test_progress import on_a_terminal

BROKEN = r"""
import scrapy

HOSTILE = 'x\r\n{"level": "FAKE"}\x00\x1b[2J\u2028\ud800'

class Broken(scrapy.Spider):
    name = "broken"

    async def start(self):
        yield scrapy.Request(self.url)

    def parse(self, response):
        self.logger.warning("Odd headline: %s", HOSTILE)
        raise ValueError(HOSTILE)
"""


def parsed(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_every_line_on_stderr_is_an_object_from_the_first_to_the_verdict(crawl, small_site):
    process = crawl.run(
        "site", "-a", f"url={small_site.url}/", LOG_FILE="", NEWSCRAWL_LOG_JSON="True"
    )
    assert process.returncode == 0
    first, versions, *_, last = parsed(process.stderr)
    assert first["message"].startswith("Scrapy 2.")
    assert versions["message"].startswith("Versions")
    assert last["level"] == "INFO"
    assert last["message"].startswith("finished: 25 new articles; ")
    assert last["outcomes"]["article"] >= 25
    assert last["sites"] == [small_site.url.removeprefix("http://")]
    for line in parsed(process.stderr):
        assert {"time", "level", "logger", "message"} <= set(line)
        assert datetime.fromisoformat(line["time"]).utcoffset() == timedelta(0)


def test_with_a_log_file_a_person_still_gets_the_table(crawl, small_site):
    process = crawl.run("site", "-a", f"url={small_site.url}/", NEWSCRAWL_LOG_JSON="True")
    assert "What became of the URLs" in process.stderr
    messages = [line["message"] for line in parsed(crawl.log)]
    assert messages[0].startswith("Scrapy 2.")
    assert messages[-1].startswith("finished: 25 new articles; ")


def test_a_traceback_is_text_in_its_line_and_errors_are_counted(crawl, small_site):
    (crawl.folder / "broken.py").write_text(BROKEN)
    process = crawl.run(
        "broken",
        *("-a", f"url={small_site.url}/"),
        SPIDER_MODULES="broken",
        LOG_FILE="",
        NEWSCRAWL_LOG_JSON="True",
    )
    lines = parsed(process.stderr)
    assert process.returncode == 1
    assert "FAKE" not in {line["level"] for line in lines}
    (broken,) = [line for line in lines if "ValueError" in line.get("exc_info", "")]
    assert broken["exc_info"].startswith("Traceback (most recent call last):\n")
    assert broken["spider"] == "broken"
    (stats,) = [line for line in lines if line["message"].startswith("Dumping Scrapy stats")]
    assert "'log_count/ERROR': 1," in stats["message"]
    assert "'log_count/WARNING': " in stats["message"]


def test_nothing_is_drawn_in_place_on_a_terminal(crawl, small_site):
    _, shown = on_a_terminal(
        crawl,
        *("site", "-a", f"url={small_site.url}/"),
        LOG_FILE="",
        LOGSTATS_INTERVAL="0.2",
        NEWSCRAWL_LOG_JSON="1",
    )
    lines = parsed(shown)
    assert [line for line in lines if " pages visited, " in line["message"]]


def test_the_environment_may_say_so(crawl, small_site):
    command = crawl.command(
        *("site", "-a", f"url={small_site.url}/", "-a", "max_articles=1"),
        settings={"LOG_FILE": ""},
    )
    process = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=crawl.folder,
        env={**ENVIRONMENT, "NEWSCRAWL_LOG_JSON": "1"},
    )
    assert parsed(process.stderr)


@pytest.mark.parametrize(
    ("command", "setting", "told"),
    [
        ("crawl site", "NEWSCRAWL_LOG_JSON=perhaps", "cannot log as JSON: "),
        ("crawl site", "LOG_FILE=nowhere/crawl.log", "nowhere/crawl.log"),
        ("crawl site", "LOG_LEVEL=LOUD", "LOUD"),
        ("runs", "LOG_LEVEL=LOUD", "LOUD"),
        ("schedule check", "LOG_LEVEL=LOUD", "LOUD"),
    ],
)
def test_a_wrong_setting_is_one_line_and_status_2(crawl, command, setting, told):
    process = crawl.do(*command.split(), "-s", "NEWSCRAWL_LOG_JSON=1", "-s", setting)
    assert process.returncode == 2
    assert told in process.stderr.splitlines()[-1]
    assert "Traceback" not in process.stderr
