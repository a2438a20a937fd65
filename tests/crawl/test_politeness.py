"""How often a host is asked, by the server's own log."""

from __future__ import annotations

import http.server
import signal
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import NamedTuple

import pytest

from newscrawl.store.schema import hosts
from tests.crawl.crawling import Crawl
from tests.crawl.favour import favour
from tests.serving import BusyServer

TOLERANCE = 0.01
WORDS = " ".join(f"word{number}" for number in range(200))
ARTICLES = [f"/story-{number}" for number in range(6)]
LINKS = ("-a", "discover=links")
QUICK = {
    "NEWSCRAWL_BACKOFF": "0.2",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "1",
    "DOWNLOAD_DELAY": "0.02",
}
"""One at a time: what is under way when the server says so cannot be called back. Without any
delay Scrapy sends all that is queued at once, whatever the concurrency."""


class Answer(NamedTuple):
    status: int = 200
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class Hit(NamedTuple):
    at: float
    path: str
    status: int


def front() -> Answer:
    teasers = (
        f'<article><h2><a href="{path}">Headline of the story at {path}</a></h2></article>'
        for path in ARTICLES
    )
    return Answer(body=f"<main>{''.join(teasers)}</main>")


def story(path: str) -> Answer:
    return Answer(body=f"<article><h1>Story {path}</h1><p>{path} {WORDS}</p></article>")


class Site(BusyServer):
    """Answers as ``answers`` say, once each where there is a list; remembers when it was asked."""

    def __init__(self, answers: dict[str, list[Answer]]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers
        self.hits: list[Hit] = []
        self.together = threading.Barrier(1)
        """How many answers that are no pages must be due before any is given."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def serve_promptly(self) -> None:
        favour()
        self.serve_forever()

    def answer(self, path: str) -> Answer:
        at = time.time()
        waiting = self.answers.get(path)
        if waiting:
            found = waiting.pop(0) if len(waiting) > 1 or waiting[0].status != 200 else waiting[0]
        elif path == "/":
            found = front()
        else:
            found = story(path) if path in ARTICLES else Answer(404)
        self.hits.append(Hit(at, path, found.status))
        return found

    def handle_error(self, request: object, client_address: object) -> None:
        """A killed crawl hangs up."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        found = self.server.answer(self.path)
        if found.status != 200:
            self.server.together.wait(20)
        self.send_response(found.status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        for name, value in found.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(found.body.encode())))
        self.end_headers()
        self.wfile.write(found.body.encode())

    def log_message(self, *_) -> None:
        pass


@contextmanager
def serving(**answers: list[Answer]):
    by_path = {f"/{name.replace('_', '-')}": list(given) for name, given in answers.items()}
    if "/robots-txt" in by_path:
        by_path["/robots.txt"] = by_path.pop("/robots-txt")
    with Site(by_path) as site:
        threading.Thread(target=site.serve_promptly, daemon=True).start()
        try:
            yield site
        finally:
            site.shutdown()


def slow_down(seconds: str, status: int = 429) -> Answer:
    return Answer(status, headers=(("Retry-After", seconds),))


def crawled(crawl: Crawl, site: Site, **settings: str):
    process = crawl.run("site", "-a", f"url={site.url}", *LINKS, **{**QUICK, **settings})
    assert process.returncode == 0, process.stderr
    return process


def stored(crawl: Crawl) -> int:
    return len(crawl.articles())


@pytest.mark.parametrize("status", [429, 503])
def test_nothing_is_asked_before_the_seconds_of_retry_after_are_over(crawl, status):
    with serving(story_2=[slow_down("2", status)]) as site:
        crawled(crawl, site)
        told = next(hit for hit in site.hits if hit.status == status)
        later = [hit.at - told.at for hit in site.hits if hit.at > told.at]
    assert stored(crawl) == len(ARTICLES)
    assert min(later) >= 2 - TOLERANCE


def test_retry_after_may_be_a_date(crawl):
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=8)
    with serving(story_2=[slow_down(format_datetime(until, usegmt=True))]) as site:
        crawled(crawl, site)
        told = next(hit for hit in site.hits if hit.status == 429)
        after = [hit.at for hit in site.hits if hit.at > told.at]
    assert stored(crawl) == len(ARTICLES)
    assert min(after) >= until.timestamp() - TOLERANCE


def test_retry_after_holds_over_a_kill(crawl):
    with serving(story_2=[slow_down("6")]) as site:
        process = crawl.start("site", "-a", f"url={site.url}", *LINKS, **QUICK)
        while not any(hit.status == 429 for hit in site.hits):
            time.sleep(0.02)
        told = next(hit for hit in site.hits if hit.status == 429)
        time.sleep(1.0)  # the wait is committed like everything else, in a group
        process.send_signal(signal.SIGKILL)
        process.wait()
        before = len(site.hits)
        crawled(crawl, site)
        after = [hit.at for hit in site.hits[before:]]
    assert stored(crawl) == len(ARTICLES)
    assert min(after) - told.at >= 6 - TOLERANCE


def test_a_long_retry_after_ends_the_run_and_the_next_one_asks_for_nothing(crawl):
    with serving(story_2=[slow_down("7200")]) as site:
        first = crawled(crawl, site)
        before = len(site.hits)
        crawled(crawl, site)
        assert site.hits[before:] == []
    assert "waiting" in first.stderr
    assert [run["reason"] for run in crawl.runs()] == ["waiting", "waiting"]
    states = {page["state"] for page in crawl.pages().values() if page["outcome"] is None}
    assert states == {"queued"}
    (kept,) = crawl.rows(hosts)
    assert 7000 < kept["until"] - time.time() < 7200


def test_a_signal_ends_a_run_that_waits(crawl):
    with serving(story_2=[slow_down("120")]) as site:
        process = crawl.start("site", "-a", f"url={site.url}", *LINKS, **QUICK)
        while not any(hit.status == 429 for hit in site.hits):
            time.sleep(0.02)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert crawl.runs()[0]["reason"] == "shutdown"


def test_crawl_delay_is_obeyed_also_by_the_next_run(crawl):
    robots = Answer(body="User-agent: *\nCrawl-delay: 0.6\n")
    with serving(robots_txt=[robots]) as site:
        crawled(crawl, site, CLOSESPIDER_ITEMCOUNT="2")
        crawled(crawl, site)
        times = [hit.at for hit in site.hits]
    assert stored(crawl) == len(ARTICLES)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps[1:]) >= 0.6 - TOLERANCE
    kept = [run["hosts"]["127.0.0.1"] for run in crawl.runs()]
    assert [(each["promised"], each["short"]) for each in kept] == [(0.6, 0), (0.6, 0)]


def test_a_crawl_delay_beyond_the_cap_counts_as_the_cap(crawl):
    robots = Answer(body="User-agent: *\nCrawl-delay: 86400\n")
    with serving(robots_txt=[robots]) as site:
        crawled(crawl, site, NEWSCRAWL_MAX_CRAWL_DELAY="0.1")
    assert stored(crawl) == len(ARTICLES)


@pytest.mark.parametrize(
    ("status", "reason", "ended"),
    [(500, "unreachable", 1), (503, "unreachable", 1), (429, "waiting", 0)],
)
def test_a_robots_txt_that_fails_forbids_everything_for_now(crawl, status, reason, ended):
    with serving(robots_txt=[Answer(status)] * 20) as site:
        process = crawl.run("site", "-a", f"url={site.url}", *LINKS, **QUICK)
        assert {hit.path for hit in site.hits} == {"/robots.txt"}
    assert (crawl.runs()[0]["reason"], process.returncode) == (reason, ended)
    assert f"robots.txt: {status}" in process.stderr
    assert {page["state"] for page in crawl.pages().values()} == {"queued"}


@pytest.mark.parametrize("status", [500, 429])
def test_an_outage_of_robots_txt_that_lasts_two_runs_is_an_alarm(crawl, status):
    with serving(robots_txt=[Answer(status)] * 20) as site:
        crawl.run("site", "-a", f"url={site.url}", *LINKS, **QUICK)
        asked = len(site.hits)
        second = crawl.run("site", "-a", f"url={site.url}", *LINKS, **QUICK)
        assert len(site.hits) == asked
    assert second.returncode == 3
    assert "nothing could be read by 2 runs in a row" in second.stderr
    assert [run["reason"] for run in crawl.runs()][1] == "waiting"
    for command in (["runs"], ["explain", site.url]):
        assert f"robots.txt: {status}" in crawl.do(*command).stdout


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_robots_txt_that_is_not_given_allows_everything(crawl, status):
    body = "User-agent: *\nDisallow: /\n"
    with serving(robots_txt=[Answer(status, body)] * 9) as site:
        crawled(crawl, site)
    assert stored(crawl) == len(ARTICLES)


def test_a_robots_txt_that_moved_is_followed(crawl):
    moved = Answer(301, headers=(("Location", "/rules.txt"),))
    rules = Answer(body="User-agent: *\nDisallow: /story-3\n")
    with serving(robots_txt=[moved] * 3) as site:
        site.answers["/rules.txt"] = [rules]
        crawled(crawl, site)
    assert stored(crawl) == len(ARTICLES) - 1


def test_rules_beyond_500_kib_of_robots_txt_do_not_count(crawl):
    body = "User-agent: *\n" + "# nothing\n" * 60_000 + "Disallow: /\n"
    with serving(robots_txt=[Answer(body=body)]) as site:
        crawled(crawl, site)
    assert stored(crawl) == len(ARTICLES)


def test_failures_in_a_row_grow_the_gaps_and_then_end_the_run(crawl):
    broken = {f"story_{number}": [Answer(500)] * 9 for number in range(6)}
    with serving(**broken) as site:
        crawled(crawl, site, NEWSCRAWL_MAX_FAILURES="8")
        failed = [hit.at for hit in site.hits if hit.status == 500]
    assert len(failed) == 8
    gaps = [later - earlier for earlier, later in pairwise(failed)]
    assert gaps[-1] > gaps[-2] > gaps[-3] > 0.15
    assert crawl.runs()[0]["reason"] == "waiting"


def test_answers_too_large_for_us_are_no_failures_of_their_host(crawl):
    large = {f"story_{number}": [Answer(body="x" * 30_000)] for number in range(5)}
    with serving(**large) as site:
        crawled(crawl, site, DOWNLOAD_MAXSIZE="20000", NEWSCRAWL_MAX_FAILURES="3")
    outcomes = [(row["outcome"], row["reason"]) for row in crawl.pages().values()]
    assert outcomes.count(("refused", "TooLarge")) == 5
    assert stored(crawl) == 1
    assert crawl.runs()[0]["reason"] == "finished"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_trouble_that_meets_all_requests_under_way_is_one_trouble(crawl, status):
    troubled = {
        f"story_{number}": [Answer(status), story(f"/story-{number}")] for number in range(6)
    }
    settings = {"CONCURRENT_REQUESTS_PER_DOMAIN": "6", "DOWNLOAD_DELAY": "0"}
    with serving(robots_txt=[Answer()], **troubled) as site:
        site.together = threading.Barrier(len(ARTICLES))
        crawled(crawl, site, NEWSCRAWL_MAX_WAIT="0.3", **settings)
    assert stored(crawl) == len(ARTICLES)
    assert crawl.runs()[0]["reason"] == "finished"
