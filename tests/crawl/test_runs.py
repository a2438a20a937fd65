"""What a user asks of a run, and how runs follow each other."""

from __future__ import annotations

import csv
import json
import signal
import time
from dataclasses import fields
from datetime import UTC, datetime
from urllib.parse import urlsplit

from newscrawl.addresses.address import identity, site_of
from newscrawl.items import Article
from tests.crawl.crawling import ALWAYS_DUE, Crawl
from tests.demo.serving import run_demo


def originals(crawl: Crawl) -> dict[str, Article]:
    return {key: a for key, a in crawl.articles().items() if a.duplicate_of is None}


def wait_for(requests: int, server) -> None:
    deadline = time.monotonic() + 60
    while len(server.hits) < requests:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_max_articles_stores_exactly_so_many_and_the_next_run_goes_on(crawl, small_site):
    url = f"url={small_site.url}/"
    assert crawl.run("site", "-a", url, "-a", "max_articles=7").returncode == 0
    assert len(crawl.articles()) == 7
    assert crawl.runs()[0]["reason"] == "max_articles"
    assert crawl.run("site", "-a", url).returncode == 0
    assert set(originals(crawl)) == {identity(a.url) for a in small_site.site.truth()}


def test_sections_limits_the_crawl_to_them(crawl, small_site):
    crawl.run("site", "-a", f"url={small_site.url}/", "-a", "sections=health")
    expected = {identity(a.url) for a in small_site.site.truth() if "Health" in a.sections}
    assert expected <= set(originals(crawl))
    categories = [
        urlsplit(page["url"]).path for page in crawl.pages().values() if page["kind"] == "category"
    ]
    assert set(categories) == {"/", "/category/health/"}


def test_since_and_until_keep_what_was_published_between(crawl, small_site):
    dates = sorted(a.published for a in small_site.site.truth() if a.published)
    since, until = dates[5], dates[15]
    crawl.run(
        *("site", "-a", f"url={small_site.url}/"),
        *("-a", f"since={since.isoformat()}", "-a", f"until={until.isoformat()}"),
    )
    expected = {
        identity(a.url)
        for a in small_site.site.truth()
        if a.published is None or since <= a.published < until
    }
    assert set(originals(crawl)) == expected


def test_max_depth_0_visits_the_start_page_alone(crawl, small_site):
    crawl.run("site", "-a", f"url={small_site.url}/", "-a", "max_depth=0")
    visited = [page for page in crawl.pages().values() if page["kind"] != "sitemap"]
    assert [page["outcome"] for page in visited] == ["listing"]


def test_scrapys_own_feeds_work_beside_the_store(crawl, small_site):
    crawl.run("site", "-a", f"url={small_site.url}/", "-O", "feed.jsonl", "-O", "feed.csv")
    lines = [json.loads(line) for line in (crawl.folder / "feed.jsonl").read_text().splitlines()]
    with (crawl.folder / "feed.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {line["url"] for line in lines} == {row["url"] for row in rows}
    assert {identity(line["url"]) for line in lines} >= set(originals(crawl))
    assert list(lines[0]) == [field.name for field in fields(Article)]


def test_sigterm_ends_the_run_in_order_and_the_next_one_goes_on(crawl):
    with run_demo(articles=120) as server:
        process = crawl.start("site", "-a", f"url={server.url}/")
        wait_for(60, server)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert crawl.runs()[0]["reason"] == "shutdown"
        assert {page["state"] for page in crawl.pages().values()} == {"queued", "done"}
        assert crawl.run("site", "-a", f"url={server.url}/").returncode == 0
        assert set(originals(crawl)) == {identity(a.url) for a in server.site.truth()}


def test_a_polite_run_stops_within_what_is_in_flight(crawl, small_site):
    process = crawl.start("site", "-a", f"url={small_site.url}/", DOWNLOAD_DELAY="2")
    before = len(small_site.hits)
    wait_for(before + 3, small_site)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert len(small_site.hits) - before <= 3 + 8 + 1


def test_a_second_run_of_a_site_is_turned_away_while_the_first_is_at_work(crawl, small_site):
    first = crawl.start("site", "-a", f"url={small_site.url}/", DOWNLOAD_DELAY="1")
    before = len(small_site.hits)
    wait_for(before + 2, small_site)
    second = crawl.run("site", "-a", f"url={small_site.url}/", LOG_FILE="")
    assert second.returncode == 75
    logged, shown = (line for line in second.stderr.splitlines() if "is crawling 127.0" in line)
    assert "INFO: Not started: run 1 " in logged
    assert shown.startswith("locked: Not started: run 1 ")
    for alarming in ("Traceback", "ERROR", "WARNING"):
        assert alarming not in second.stderr
    for other in (["forget", "--site", site_of(small_site.url)], ["dedupe"]):
        ended = crawl.do(*other)
        assert (ended.returncode, ended.stdout) == (75, "")
        assert ended.stderr.startswith("Not done: run 1 ")
        assert len(ended.stderr.splitlines()) == 1
    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0


def test_a_run_takes_over_from_one_that_was_killed(crawl):
    with run_demo(articles=120) as server:
        process = crawl.start("site", "-a", f"url={server.url}/")
        wait_for(80, server)
        process.kill()
        process.wait()
        assert crawl.run("site", "-a", f"url={server.url}/").returncode == 0
        assert set(originals(crawl)) == {identity(a.url) for a in server.site.truth()}
    killed, resumed = crawl.runs()
    assert killed["reason"] == "killed"
    assert killed["claims"] == sum(killed["outcomes"].values()) + killed["released"]
    assert resumed["cycle"] == killed["id"]


def test_an_unchanged_site_costs_no_article(crawl):
    with run_demo(articles=60) as server:
        url = f"url={server.url}/"
        crawl.run("site", "-a", url)
        lines, requests = crawl.jsonl.read_bytes(), len(server.hits)
        assert crawl.run("site", "-a", url).returncode == 0
        articles = {urlsplit(a.url).path for a in server.site.truth()}
        bodies = [p for status, p in server.hits[requests:] if status == 200 and p in articles]
    assert bodies == []
    assert crawl.jsonl.read_bytes() == lines
    assert not {"article", "revision"} & set(crawl.runs()[1]["outcomes"])


def test_a_changed_site_brings_exactly_its_changes(crawl):
    with run_demo(articles=60) as server:
        port = urlsplit(server.url).port
        crawl.run("site", "-a", f"url={server.url}/", **ALWAYS_DUE)
    with run_demo(articles=60, port=port or 0, generation=1) as server:
        assert crawl.run("site", "-a", f"url={server.url}/", **ALWAYS_DUE).returncode == 0
        changes = {
            name: {identity(url) for url in urls} for name, urls in server.site.changes().items()
        }
    second = crawl.runs()[1]["id"]
    got: dict[str, set[str]] = {"article": set(), "revision": set(), "gone": set()}
    pages = {page["id"]: key for key, page in crawl.pages().items()}
    stored = crawl.articles()
    for visit in crawl.visits():
        key = pages[visit["page"]]
        if visit["run"] == second and visit["outcome"] in got and key in stored:
            got[visit["outcome"]].add(key)
    assert got == {
        "article": changes["new"],
        "revision": changes["edited"],
        "gone": changes["deleted"],
    }


def test_the_dates_of_the_sitemap_bring_edits_before_they_are_due(crawl):
    with run_demo(articles=60) as server:
        port = urlsplit(server.url).port
        crawl.run("site", "-a", f"url={server.url}/")
    with run_demo(articles=60, port=port or 0, generation=1) as server:
        assert crawl.run("site", "-a", f"url={server.url}/").returncode == 0
        edited = {identity(url) for url in server.site.changes()["edited"]}
        articles = {urlsplit(article.url).path for article in server.site.truth()}
        bodies = {path for status, path in server.hits if status == 200 and path in articles}
        new = {urlsplit(url).path for url in server.site.changes()["new"]}
    revised = {key for key, article in crawl.articles().items() if article.revision == 2}
    assert revised == edited
    assert len(bodies - new) <= len(edited) + 1


def test_a_revision_keeps_the_version_before_it(crawl):
    with run_demo(articles=60) as server:
        port = urlsplit(server.url).port
        crawl.run("site", "-a", f"url={server.url}/", **ALWAYS_DUE)
    before = crawl.articles()
    with run_demo(articles=60, port=port or 0, generation=1) as server:
        crawl.run("site", "-a", f"url={server.url}/", **ALWAYS_DUE)
        edited = {identity(url) for url in server.site.changes()["edited"]}
        truth = {identity(a.url): a for a in server.site.truth()}
    after = crawl.articles()
    assert edited
    earlier = {row["article_id"]: row for row in crawl.revisions()}
    for key in edited:
        assert after[key].revision == 2
        assert after[key].text == truth[key].text
        assert earlier[after[key].id]["text"] == before[key].text
        assert after[key].first_seen == before[key].first_seen


def test_times_of_sight_are_utc(crawl, small_site):
    started = datetime.now(UTC)
    crawl.run("site", "-a", f"url={small_site.url}/", "-a", "max_articles=1")
    (article,) = crawl.articles().values()
    assert article.first_seen is not None
    assert started <= article.first_seen <= datetime.now(UTC)


def test_a_dry_run_leaves_no_trace(crawl, small_site):
    url = f"url={small_site.url}/"
    crawl.run("site", "-a", url, "-a", "max_articles=3")
    state, lines = crawl.pages(), crawl.jsonl.read_bytes()
    dry = crawl.run("site", "-a", url, "--dry-run")
    assert dry.returncode == 0
    assert "22 new articles" in dry.stderr
    assert crawl.pages() == state
    assert crawl.jsonl.read_bytes() == lines
    assert len(crawl.runs()) == 1


def test_a_run_that_grows_too_large_ends_in_order_with_an_alarm_and_the_next_one_goes_on(
    crawl, small_site
):
    url = f"url={small_site.url}/"
    limited = {"MEMUSAGE_LIMIT_MB": "60", "MEMUSAGE_CHECK_INTERVAL_SECONDS": "0.3"}
    first = crawl.run("site", "-a", url, DOWNLOAD_DELAY="0.05", **limited)
    assert first.returncode == 3, first.stderr
    assert "the run outgrew MEMUSAGE_LIMIT_MB" in first.stderr.replace("\n", " ")
    assert crawl.runs()[0]["reason"] == "memusage_exceeded"
    assert crawl.run("site", "-a", url).returncode == 0
    assert set(originals(crawl)) == {identity(a.url) for a in small_site.site.truth()}
