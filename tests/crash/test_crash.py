"""A small version of ``python -m tests.crash``."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import time

import pytest

from tests.crash.killing import crawl_killed, crawl_undisturbed, plan_requests, wait_for, wasted
from tests.crawl.crawling import ALWAYS_DUE, Crawl, Running
from tests.demo.serving import run_demo


@pytest.fixture(scope="module")
def server():
    with run_demo(articles=100) as server:
        yield server


@pytest.fixture(scope="module")
def reference(server, tmp_path_factory):
    return crawl_undisturbed(server, tmp_path_factory.mktemp("reference"))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_crawl_killed_twice_loses_and_repeats_nothing(seed, server, reference, crawl):
    lives = plan_requests(random.Random(seed), 2, reference)
    measured = crawl_killed(server, crawl, lives, reference)
    assert measured.kills == 2
    assert (measured.lost, measured.repeated, measured.problems) == (0, 0, [])


def test_a_log_in_parts_loses_and_repeats_nothing_either(server, reference, crawl):
    lives = plan_requests(random.Random(3), 2, reference)
    parts = {"NEWSCRAWL_JSONL": f"{crawl.folder}/{{part}}.jsonl"}
    measured = crawl_killed(
        server, crawl, lives, reference, NEWSCRAWL_JSONL_MAX_BYTES="50000", **parts
    )
    assert len(list(crawl.folder.glob("*.jsonl"))) > 3
    assert (measured.lost, measured.repeated, measured.problems) == (0, 0, [])


def wait_for_a_suspect(crawl: Crawl, process: Running) -> None:
    """Wait until a row is under way that three runs had claimed when they died, or the run ends."""
    query = "SELECT count(*) FROM pages WHERE state = 'claimed' AND claims > 3"
    deadline = time.monotonic() + 60
    with contextlib.closing(sqlite3.connect(crawl.folder / "newscrawl.db")) as database:
        while process.poll() is None and not database.execute(query).fetchone()[0]:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_a_page_given_up_because_the_machine_kept_killing_runs_is_fetched_later(small_site, crawl):
    arguments = ("site", "-a", f"url={small_site.url}/")
    for _ in range(3):
        process = crawl.start(*arguments)
        wait_for(len(small_site.hits) + 10, small_site)
        process.kill()
        process.wait()
    process = crawl.start(*arguments)
    wait_for_a_suspect(crawl, process)
    process.kill()
    process.wait()
    for _ in range(2):
        assert crawl.run(*arguments, **ALWAYS_DUE).returncode == 0
    assert [key for key, page in crawl.pages().items() if page["reason"] == "Wedged"] == []


def test_a_page_fetched_again_is_counted_to_the_run_before():
    hits = [(200, "/a"), (200, "/b"), (200, "/robots.txt"), (404, "/c"), (200, "/b"), (404, "/c")]
    assert wasted(hits, [0, 3]) == [1, 0]
