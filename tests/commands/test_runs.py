from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from newscrawl.store.database import connect, migrate
from newscrawl.store.schema import runs
from tests.commands.terminal import joined, shown_on_a_terminal
from tests.crawl.crawling import ENVIRONMENT, NEWSCRAWL, Crawl

STARTED = datetime(2025, 3, 9, 8, 15, tzinfo=UTC)
SITES = ["a-newspaper-with-a-long-name.example", "weekly.example", "[::1]:8080"]
OUTCOMES = {"article": 1312, "duplicate": 24, "failed": 3, "gone": 12, "listing": 160, "page": 7}


@pytest.fixture
def crawl(tmp_path):
    """A database with a run that has ended and one that has not."""
    crawl = Crawl(tmp_path)
    engine = connect(crawl.database)
    migrate(engine)
    begun = {
        "spider": "site",
        "sites": SITES,
        "arguments": {"url": "https://weekly.example/"},
        "version": "0.1.0",
        "cycle": 1,
        "started": STARTED,
    }
    with engine.begin() as connection:
        connection.execute(
            insert(runs).values(
                **begun,
                finished=STARTED + timedelta(minutes=75, seconds=9),
                reason="finished",
                outcomes=OUTCOMES,
                claims=1518,
                peak_rss_mb=143,
                alarms=["subtitle: found in 0 of 40 articles"],
                hosts={"weekly.example": {"requests": 40, "mean": float("nan")}},
            )
        )
        connection.execute(insert(runs).values(**begun))
    engine.dispose()
    return crawl


def test_json_says_all_that_is_known_newest_first(crawl):
    told = json.loads(crawl.do("runs", "--json").stdout)
    assert [run["id"] for run in told] == [2, 1]
    assert set(told[0]) == set(runs.c.keys())
    assert (told[0]["finished"], told[0]["outcomes"], told[0]["alarms"]) == (None, None, None)
    assert told[1]["started"] == "2025-03-09T08:15:00+00:00"
    assert told[1]["outcomes"] == OUTCOMES
    assert told[1]["alarms"] == ["subtitle: found in 0 of 40 articles"]


def test_what_is_no_number_is_null(crawl):
    told = json.loads(crawl.do("runs", "--json").stdout, parse_constant=pytest.fail)
    assert told[1]["hosts"] == {"weekly.example": {"requests": 40, "mean": None}}


def test_in_a_pipe_a_run_is_one_line(crawl):
    lines = crawl.do("runs", "-n", "9").stdout.splitlines()
    (first,) = (line for line in lines if "article 1,312" in line)
    for expected in (*SITES, "2025-03-09 08:15:00", "75:09", "finished", "listing 160, page 7"):
        assert expected in first


@pytest.mark.parametrize("columns", ["40", "80"])
def test_in_a_pipe_no_environment_makes_lines_narrow(crawl, columns):
    environment = {**ENVIRONMENT, "COLUMNS": columns, "FORCE_COLOR": "1"}
    shown = subprocess.run(
        [*NEWSCRAWL, "runs", "-s", f"NEWSCRAWL_DATABASE_URL={crawl.database}"],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
        cwd=crawl.folder,
    ).stdout
    assert any(SITES[0] in line and "page 7" in line for line in shown.splitlines())


def test_eighty_columns_show_every_run_whole(crawl):
    shown = shown_on_a_terminal(["runs"], folder=crawl.folder, database=crawl.database)
    assert max(map(len, shown)) <= 80
    assert any("2025-03-09 08:15:00, 75:09, finished" in line for line in shown)
    whole = joined(shown)
    for expected in (*SITES, "143 MB", "article 1,312, duplicate 24", "page 7", "not yet"):
        assert expected in whole


def test_a_wide_terminal_shows_a_run_a_line(crawl):
    shown = shown_on_a_terminal(["runs"], folder=crawl.folder, database=crawl.database, columns=240)
    assert any(SITES[0] in line and "page 7" in line for line in shown)


@pytest.mark.parametrize("arguments", [["runs"], ["runs", "--json"]])
def test_a_reader_that_goes_away_is_no_fault(crawl, arguments):
    ours, theirs = os.pipe()
    os.close(ours)
    ended = subprocess.run(
        [*NEWSCRAWL, *arguments, "-s", f"NEWSCRAWL_DATABASE_URL={crawl.database}"],
        check=False,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        cwd=crawl.folder,
    )
    os.close(theirs)
    assert b"Traceback" not in ended.stderr


def test_the_job_of_a_run_has_a_column_where_a_run_has_one(crawl):
    assert " job " not in crawl.do("runs").stdout
    engine = connect(crawl.database)
    with engine.begin() as connection:
        connection.execute(update(runs).where(runs.c.id == 2).values(job="nightly-12"))
    engine.dispose()
    wide = crawl.do("runs").stdout
    assert " job " in wide
    assert [line for line in wide.splitlines() if "nightly-12" in line and "not yet" in line]
    narrow = shown_on_a_terminal(["runs"], folder=crawl.folder, database=crawl.database)
    assert "nightly-12" in "\n".join(narrow)
