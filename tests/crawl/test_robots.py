"""Whether a crawl obeys robots.txt, by the log of a server that is all hosts of a site."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest

from newscrawl.addresses.address import identity
from newscrawl.store.schema import hosts as kept
from tests.crawl.crawling import Crawl
from tests.crawl.test_politeness import LINKS, Answer
from tests.crawl.test_politeness import serving as serving_one
from tests.truth.hosts import Hosts, Robots, serving

NOTHING = "User-agent: *\nDisallow: /\n"
TOWN = "town.daily.localhost"
DAILY = "daily.localhost"


class Paper:
    """A site of some hosts, and a crawl of it."""

    def __init__(self, crawl: Crawl, hosts: Hosts) -> None:
        self.crawl, self._hosts = crawl, hosts

    def url(self, host: str, path: str = "", *, scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self._hosts.server_port}{path}"

    def crawled(self, robots: dict[str, Robots], *starts: str, **settings: str) -> list[str]:
        """Crawl, and return all URLs that were asked for apart from robots.txt."""
        known = [*robots, *(each.replace("://", "://www.") for each in robots)]
        names = dict.fromkeys(each.partition("://")[2] for each in robots)
        self._hosts.begin([*names], robots)
        arguments = ("loopback", "-a", f"url={','.join(starts)}")
        process = self.crawl.run(
            *arguments,
            SPIDER_MODULES="tests.truth.loopback",
            TWISTED_DNS_RESOLVER="tests.truth.loopback.LoopbackResolver",
            TRUTH_HOSTS=",".join(known),
            **{"RETRY_TIMES": "0", "NEWSCRAWL_BACKOFF": "0.01", **settings},
        )
        assert process.returncode != 2, process.stderr
        return [
            f"{event.authority}{event.path}"
            for event in self._hosts.events
            if event.says is None and event.path != "/robots.txt"
        ]


@pytest.fixture
def paper(crawl: Crawl) -> Iterator[Paper]:
    with serving(crawl.folder) as hosts:
        yield Paper(crawl, hosts)


@pytest.mark.parametrize("at_once", ["1", "2", "8", "16"])
def test_not_one_of_many_start_pages_is_asked_for_that_is_forbidden(paper, at_once):
    home = paper.url(DAILY)
    starts = [f"{home}/story-{number}" for number in range(12)]
    robots = {home: Robots(text=NOTHING, seconds=0.2)}
    assert paper.crawled(robots, *starts, CONCURRENT_REQUESTS_PER_DOMAIN=at_once) == []
    reasons = {page["reason"] for page in paper.crawl.pages().values()}
    assert reasons == {"RobotsForbidden"}


def test_a_host_met_in_the_middle_of_a_crawl_is_asked_for_its_rules_first(paper):
    home, town = paper.url(DAILY), paper.url(TOWN)
    robots = {home: Robots(), town: Robots(text=NOTHING, seconds=0.3)}
    asked = paper.crawled(robots, f"{home}/", CONCURRENT_REQUESTS_PER_DOMAIN="16")
    assert f"{home}/story-1" in asked
    assert [url for url in asked if url.startswith(town)] == []


def test_rules_that_changed_since_the_last_run_count(paper):
    home = paper.url(DAILY)
    starts = [f"{home}/story-1", f"{home}/story-2", f"{home}/town/"]
    settings = {"NEWSCRAWL_REVISIT_MIN": "0", "NEWSCRAWL_REVISIT_MAX": "0"}
    assert set(starts) <= {*paper.crawled({home: Robots()}, *starts, **settings)}
    assert paper.crawled({home: Robots(text=NOTHING, seconds=0.2)}, *starts, **settings) == []


def test_each_scheme_has_rules_of_its_own(paper):
    plain, secure = paper.url(DAILY), paper.url(DAILY, scheme="https")
    robots = {plain: Robots(), secure: Robots(text=NOTHING)}
    starts = (f"{plain}/story-1", f"{secure}/story-2")
    asked = paper.crawled(robots, *starts, DOWNLOAD_VERIFY_CERTIFICATES="False")
    assert f"{plain}/story-1" in asked
    assert f"{secure}/story-2" not in asked


def test_a_redirect_to_another_spelling_obeys_the_rules_there(paper):
    home, www = paper.url(DAILY), paper.url(f"www.{DAILY}")
    asked = paper.crawled({home: Robots(), www: Robots(text=NOTHING)}, f"{home}/hop-w")
    assert f"{home}/hop-w" in asked
    assert [url for url in asked if url.startswith(www)] == []
    assert paper.crawl.pages()[identity(f"{home}/hop-w")]["reason"] == "RobotsForbidden"


def test_pictures_parts_and_sources_are_asked_for_only_where_that_is_allowed(paper):
    home, town = paper.url(DAILY), paper.url(TOWN)
    text = "User-agent: *\nDisallow: /img/\nDisallow: /split/2\nDisallow: /*.xml$\nDisallow: /wp-json\n"
    robots = {home: Robots(text=text), town: Robots()}
    asked = paper.crawled(robots, f"{home}/", NEWSCRAWL_IMAGES_STORE="pictures")
    assert {f"{home}/split/", f"{town}/img/2.png", f"{town}/story-3"} <= {*asked}
    here = {url.removeprefix(home) for url in asked if url.startswith(home)}
    assert {path for path in here if path.startswith(("/img", "/split/2", "/wp-json"))} == set()
    assert {path for path in here if path.endswith(".xml")} == set()


@pytest.mark.parametrize("way", ["201", "203", "206"])
def test_any_success_brings_rules(paper, way):
    home = paper.url(DAILY)
    assert paper.crawled({home: Robots(way, NOTHING)}, f"{home}/") == []
    assert paper.crawl.pages()[identity(f"{home}/")]["outcome"] == "refused"


@pytest.mark.parametrize(
    ("way", "word"),
    [
        ("500", "robots.txt: 500;"),
        ("304", "robots.txt: 304;"),
        ("301", "robots.txt: 301 that leads nowhere;"),
        ("reset", "robots.txt: DownloadFailedError: Connection"),
        ("garbage", "robots.txt: DownloadFailedError: "),
        ("truncated", "robots.txt: Truncated;"),
        ("silent", "robots.txt: DownloadTimeoutError: "),
    ],
)
def test_what_does_not_say_what_is_allowed_allows_nothing_and_is_named(paper, way, word):
    home = paper.url(DAILY)
    starts = [f"{home}/", f"{home}/town/", f"{home}/story-1"]
    assert paper.crawled({home: Robots(way, "")}, *starts, DOWNLOAD_TIMEOUT="1") == []
    assert {page["state"] for page in paper.crawl.pages().values()} == {"queued"}
    (told,) = (line for line in paper.crawl.log.splitlines() if "Deferred to a later run" in line)
    assert f"{home.partition('://')[2]}: {word}" in told


def test_a_certificate_that_fails_allows_nothing_and_is_named(paper):
    home = paper.url(DAILY, scheme="https")
    assert paper.crawled({home: Robots()}, f"{home}/", f"{home}/town/") == []
    (told,) = (line for line in paper.crawl.log.splitlines() if "Deferred to a later run" in line)
    assert "robots.txt: DownloadFailedError" in told
    assert "certificate verify failed" in told


def test_what_a_status_forbids_for_now_is_kept_for_the_next_run(paper):
    home = paper.url(DAILY)
    paper.crawled({home: Robots("599")}, f"{home}/")
    (host,) = paper.crawl.rows(kept)
    assert host["reason"] == "robots.txt: 599"
    assert host["until"] > time.time()


def test_a_robots_txt_larger_than_a_page_may_be_is_read(paper):
    home = paper.url(DAILY)
    text = "# nothing\n" * 5000 + NOTHING
    assert paper.crawled({home: Robots(text=text)}, f"{home}/", DOWNLOAD_MAXSIZE="20000") == []
    assert paper.crawl.pages()[identity(f"{home}/")]["reason"] == "RobotsForbidden"


def test_a_crawl_delay_for_others_is_not_ours(crawl):
    text = "User-agent: news\nCrawl-delay: 9\n\nUser-agent: newscrawl\nCrawl-delay: 0.2\n"
    with serving_one(robots_txt=[Answer(body=text)]) as site:
        crawl.run("site", "-a", f"url={site.url}", *LINKS)
    assert [run["hosts"]["127.0.0.1"]["promised"] for run in crawl.runs()] == [0.2]


def test_of_two_schemes_the_longer_crawl_delay_counts_for_their_host(paper):
    plain, secure = paper.url(DAILY), paper.url(DAILY, scheme="https")
    robots = {
        plain: Robots(text="User-agent: *\nCrawl-delay: 0.3\n"),
        secure: Robots("404", seconds=0.3),
    }
    starts = (f"{plain}/story-1", f"{secure}/story-2")
    paper.crawled(robots, *starts, DOWNLOAD_VERIFY_CERTIFICATES="False")
    (run,) = paper.crawl.runs()
    assert run["hosts"][DAILY]["promised"] == 0.3


def test_a_run_that_ends_defers_no_host_whose_turn_had_not_come(crawl):
    robots = Answer(body="User-agent: *\nCrawl-delay: 30\n")
    with serving_one(robots_txt=[robots]) as site:
        process = crawl.start("site", "-a", f"url={site.url}", *LINKS)
        while not site.hits or "asks for a Crawl-delay" not in crawl.log:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert "Deferred to a later run" not in crawl.log
    assert crawl.runs()[0]["account"]["detail"] == ""
    assert "1970" not in crawl.log
