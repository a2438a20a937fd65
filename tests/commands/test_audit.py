"""What ``audit`` says of real crawls: whole ones, some that were stopped, some that were kept out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.commands.gazette import Answer, Gazette, gazette, sitemap, sitemap_index, story, words
from tests.crawl.crawling import Crawl

FEED = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'


@pytest.fixture
def crawl(tmp_path):
    return Crawl(tmp_path)


def crawled(crawl: Crawl, site: Gazette, *arguments: str, **settings: str) -> None:
    crawl.run("site", "-a", f"url={site.url()}", *arguments, **settings)


def told(crawl: Crawl, site: Gazette) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(crawl.do("audit", site.site, "--json").stdout)
    return found


def with_sitemap(site: Gazette) -> Gazette:
    site.pages["/sitemap.xml"] = sitemap(site.urls(site.stories))
    return site


@contextmanager
def listed_last(stories: int) -> Iterator[Gazette]:
    """A site whose stories are listed where a crawl comes when it has followed all links."""
    with gazette(stories=stories) as site:
        front = site.pages["/"]
        site.pages["/"] = front._replace(body=f"<head>{FEED}</head>{front.body}")
        yield site


def test_a_whole_crawl_has_all_that_the_site_lists(crawl):
    with gazette() as site:
        crawled(crawl, with_sitemap(site))
        audit = told(crawl, site)
    assert (audit["articles"], audit["copies"], audit["unvisited"]) == (12, 0, 0)
    assert audit["sources"]["any"]["recall"] == 1.0
    assert audit["recall_is_unknown_because"] is None


@pytest.mark.parametrize(
    "stopped", [{"arguments": ("-a", "max_articles=5")}, {"CLOSESPIDER_ITEMCOUNT": "5"}]
)
def test_a_crawl_that_stopped_early_counts_what_is_queued_as_missing(crawl, stopped):
    arguments = stopped.pop("arguments", ())
    with gazette(stories=60) as site:
        crawled(crawl, with_sitemap(site), "-a", "discover=sitemap", *arguments, **stopped)
        audit = told(crawl, site)
        shown = crawl.do("audit", site.site).stdout
    any_list = audit["sources"]["any"]
    assert any_list["listed"] == 60
    assert any_list["missing"]["queued"] == 60 - any_list["stored"]
    assert any_list["recall"] == pytest.approx(any_list["stored"] / 60)
    assert audit["estimate"] is None
    assert "100.0%" not in shown


def test_a_crawl_that_was_stopped_before_it_had_read_the_lists_has_no_recall(crawl):
    with listed_last(stories=60) as site:
        crawled(crawl, site, "-a", "max_articles=5")
        audit = told(crawl, site)
        shown = crawl.do("audit", site.site).stdout
    assert audit["unread_sources"] == [
        {"kind": "feed", "url": site.url("/feed.xml"), "why": "queued"}
    ]
    assert audit["sources"]["any"]["recall"] is None
    assert audit["estimate"] is None
    assert "100.0%" not in shown
    assert f"Not read: {site.url('/feed.xml')} (feed, queued)" in shown


def test_a_killed_crawl_claims_nothing_that_it_did_not_do(crawl):
    with listed_last(stories=60) as site:
        running = crawl.start("site", "-a", f"url={site.url()}", DOWNLOAD_DELAY="0.05")
        while not (crawl.jsonl.exists() and crawl.jsonl.stat().st_size and crawl.articles()):
            assert running.poll() is None
        running.kill()
        running.wait()
        audit = told(crawl, site)
        shown = crawl.do("audit", site.site).stdout
    assert 0 < audit["articles"] < 60
    assert audit["unvisited"] > 0
    assert (audit["sources"]["any"]["recall"], audit["estimate"]) == (None, None)
    assert "100.0%" not in shown


@pytest.mark.parametrize(
    ("old", "why"),
    [
        (Answer(500), "failed: Http500"),
        (Answer(302, headers=(("Location", "https://cdn.example.org/"),)), "refused: OutOfScope"),
    ],
)
def test_a_list_that_could_not_be_read_makes_recall_a_bound(crawl, old, why):
    with gazette() as site:
        lost = "/town/report-lost.html"
        site.pages["/sitemap.xml"] = sitemap_index(site.urls(["/new.xml", "/old.xml"]))
        site.pages["/new.xml"] = sitemap(site.urls([*site.stories[:9], lost]))
        site.pages["/old.xml"] = old
        site.pages[lost] = Answer(500)
        crawled(crawl, site, RETRY_ENABLED="False")
        audit = told(crawl, site)
        shown = crawl.do("audit", site.site).stdout
    unread = audit["unread_sources"]
    assert [each["url"] for each in unread] == [site.url("/old.xml")]
    assert unread[0]["why"].startswith(why)
    any_list = audit["sources"]["any"]
    assert any_list["recall"] is None
    assert any_list["recall_at_most"] == pytest.approx(12 / 13)
    assert "≤ 92.3%" in shown


def test_a_list_that_robots_txt_forbids_is_an_unread_one(crawl):
    robots = Answer(body="User-agent: *\nDisallow: /sitemap.xml\n", type="text/plain")
    with gazette({"/robots.txt": robots}) as site:
        crawled(crawl, with_sitemap(site))
        audit = told(crawl, site)
    assert [each["why"] for each in audit["unread_sources"]] == ["refused: RobotsForbidden"]
    assert audit["sources"]["any"]["recall"] is None


def test_a_site_that_lists_nothing_has_no_recall_and_says_why(crawl):
    with gazette() as site:
        crawled(crawl, site)
        audit = told(crawl, site)
        shown = crawl.do("audit", site.site).stdout
    assert audit["articles"] == 12
    assert audit["sources"]["any"]["recall"] is None
    assert all(section["recall"] is None for section in audit["sections"].values())
    assert "%" not in shown.partition("Estimated")[0]
    assert (
        "Recall over all lists is unknown: the site lists no pages that may be articles." in shown
    )


def test_lists_that_nobody_asked_for_are_not_said_to_be_empty(crawl):
    with gazette() as site:
        crawled(crawl, with_sitemap(site), "-a", "discover=links")
        shown = crawl.do("audit", site.site).stdout
    assert "no sitemap, feed or API of the site was asked for" in shown


def test_what_is_not_stored_is_told_by_reason_and_section(crawl):
    robots = Answer(body="User-agent: *\nDisallow: /letters/secret.html\n", type="text/plain")
    extra = {
        "/town/short.html": story("/town/short.html", text=words("short", 80)),
        "/town/broken.html": Answer(500),
        "/letters/secret.html": story("/letters/secret.html"),
    }
    with gazette({"/robots.txt": robots, **extra}) as site:
        site.pages["/sitemap.xml"] = sitemap(site.urls([*site.stories, *extra]))
        settings = {"RETRY_ENABLED": "False", "NEWSCRAWL_MIN_WORDS": "100"}
        crawled(crawl, site, **settings)
        audit = told(crawl, site)
        shown = crawl.do("audit", site.site).stdout
    assert audit["sections"]["town"]["reasons"] == {
        "rejected": {"TooShort": 1},
        "failed": {"Http500": 1},
    }
    assert audit["sections"]["letters"]["reasons"] == {"refused": {"RobotsForbidden": 1}}
    (all_lists,) = (line for line in shown.splitlines() if line.startswith("│ any"))
    for expected in ("1 rejected: TooShort", "1 failed: Http500", "1 refused: RobotsForbidden"):
        assert expected in all_lists


def test_copies_are_counted_once_each_and_apart_from_articles(crawl):
    """Of twelve stories one has two more addresses, and another is told twice."""
    with gazette() as site:
        first, second = site.stories[:2]
        site.pages["/print/1.html"] = story(first, canonical=first)
        site.pages["/mobile/1.html"] = story(first, canonical=first)
        site.pages["/again/2.html"] = story(second)
        again = ["/print/1.html", "/mobile/1.html", "/again/2.html"]
        site.pages["/sitemap.xml"] = sitemap(site.urls([*site.stories, *again]))
        crawled(crawl, site)
        audit = told(crawl, site)
        shown = crawl.do("audit", site.site).stdout
    assert (audit["articles"], audit["copies"]) == (12, 1)
    assert audit["sources"]["any"]["stored"] == 15
    assert (
        "Stored: 12 articles, 1 copy of them; articles that no list of the site names: 0." in shown
    )


def test_the_articles_of_a_site_are_estimated_when_all_that_is_known_was_looked_at(crawl):
    with gazette() as site:
        linked = site.stories[4:9]
        links = "".join(f'<a href="{path}">Read also: {path}</a>' for path in linked)
        for path in site.stories[:3]:
            page = story(path)
            site.pages[path] = page._replace(
                body=page.body.replace("</article>", f"<aside>{links}</aside></article>")
            )
        crawled(crawl, site)
        audit = told(crawl, site)
        shown = crawl.do("audit", site.site).stdout
    found = audit["estimate"]
    assert (found["listed"], found["linked"], found["both"]) == (12, 5, 5)
    assert found["low"] == 12 < found["high"]
    assert "Estimated from links alone: at least 12 articles." in shown
