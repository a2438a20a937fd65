"""The gaps between requests, as the server's own log has them, and as the run keeps them."""

from __future__ import annotations

import itertools

from tests.demo.serving import run_demo


def test_a_run_keeps_the_gaps_of_each_host_and_they_are_as_promised(crawl, small_site):
    before = len(small_site.times)
    arguments = ("-a", f"url={small_site.url}/", "-a", "max_articles=5")
    process = crawl.run("site", *arguments, DOWNLOAD_DELAY="0.1", AUTOTHROTTLE_ENABLED="True")
    assert process.returncode == 0, process.stderr
    ((name, host),) = crawl.runs()[0]["hosts"].items()
    times = small_site.times[before:]
    assert name == "127.0.0.1"
    assert host["requests"] == len(times)
    assert (host["promised"], host["short"]) == (0.1, 0)
    assert host["least"] >= 0.09
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.09


def test_visits_keep_how_long_the_answer_took(crawl, small_site):
    crawl.run("site", "-a", f"url={small_site.url}/", "-a", "max_articles=5")
    timed = [visit["seconds"] for visit in crawl.visits() if visit["status"]]
    assert timed
    assert all(0 < seconds < 60 for seconds in timed)


def test_answers_that_ask_to_slow_down_are_counted(crawl):
    with run_demo(articles=10) as server:
        crawl.run("site", "-a", f"url={server.url}/")
        asked = sum(status in {429, 503} for status, _ in server.hits)
    (host,) = crawl.runs()[0]["hosts"].values()
    assert host["slow_downs"] == asked >= 1
