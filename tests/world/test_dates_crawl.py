"""Dates from the command line to the rows: whole crawls, and archived pages read again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.crawl.answering import answering, front, story
from tests.crawl.crawling import Crawl

TIME = '<time datetime="2025-03-01T10:00:00+01:00">1 March</time>'
SOON = (datetime.now(UTC) + timedelta(days=3)).isoformat(timespec="seconds")
LATEST = (
    '</main><div class="footer-posts"><ul class="wp-block-latest-posts">'
    '<li><a href="/naive">Another story</a><time datetime="2025-11-20T08:00:00+01:00">x</time></li>'
    '<li><a href="/utc">One more story</a><time datetime="2025-11-19T08:00:00+01:00">x</time></li>'
    "</ul></div>"
)


def dated(name, line="", head="", after="</main>"):
    page = story(name).replace(TIME, line).replace("</head>", f"{head}</head>")
    return page.replace("</main>", after)


def ld(when):
    told = json.dumps({"@type": "NewsArticle", "headline": "All about it", "datePublished": when})
    return f'<script type="application/ld+json">{told}</script>'


STORIES = {
    "/naive": dated("naive", '<time datetime="2025-07-09T10:00:00">9 July</time>'),
    "/winter": dated("winter", '<p class="date">9 January 2025, 10:00</p>'),
    "/utc": dated("utc", TIME, ld("2025-03-01T09:00:00+00:00")),
    "/named": dated("named", '<p class="date">9 July 2025, 10:00 GMT+5</p>'),
    "/epoch": dated("epoch", "", ld("1970-01-01T00:00:00+00:00")),
    "/old": dated("old", '<time datetime="1899-12-30">x</time>'),
    "/soon": dated("soon", f'<time datetime="{SOON}">x</time>'),
    "/changed": dated("changed", '<time class="updated" datetime="2025-11-20">x</time>'),
    "/list": dated("list", after=LATEST),
}
SITE = {"/": front(*STORIES), **STORIES}
RULES = {
    "/naive": "2025-07-09T10:00:00+02:00",
    "/winter": "2025-01-09T10:00:00+01:00",
    "/utc": "2025-03-01T10:00:00+01:00",
    "/named": "2025-07-09T10:00:00+05:00",
    **dict.fromkeys(("/epoch", "/old", "/soon", "/changed", "/list")),
}
RAW = {
    "/epoch": ("1970-01-01T00:00:00+00:00", "json-ld:epoch"),
    "/old": ("1899-12-30", "html:before-1990"),
    "/soon": (SOON, "html:future"),
    "/changed": (None, None),
    "/list": (None, None),
}


def published(crawl: Crawl):
    found = {article.url: article for article in crawl.articles().values()}
    return {
        "/" + url.rpartition("/")[2]: article.published and article.published.isoformat()
        for url, article in found.items()
    }


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    crawl = Crawl(tmp_path_factory.mktemp("dates"))
    with answering(SITE) as server:
        arguments = ("-a", f"url={server.url}/", "-a", "timezone=Europe/Berlin")
        ended = crawl.run("site", *arguments, NEWSCRAWL_ARCHIVE=str(crawl.folder / "archive"))
    assert ended.returncode == 0, ended.stderr
    return crawl


@pytest.mark.parametrize("path", STORIES)
def test_a_crawl_stores_the_date_of_each_story(crawled, path):
    assert published(crawled)[path] == RULES[path]


@pytest.mark.parametrize("path", RAW)
def test_a_crawl_keeps_what_a_page_wrote(crawled, path):
    article = next(each for each in crawled.articles().values() if each.url.endswith(path))
    assert (article.published_raw, article.provenance.get("published_raw")) == RAW[path]


@pytest.mark.parametrize("doubt", ["epoch", "before-1990", "future"])
def test_a_crawl_counts_dates_that_cannot_be_true(crawled, doubt):
    assert f"'newscrawl/dates/{doubt}': 1" in crawled.log


def test_a_page_read_again_is_read_in_the_zone_that_its_site_was_crawled_with(crawled):
    again = reextract(crawled, "--diff")
    assert "0 articles would change" in again.stdout, again.stderr


def test_a_page_may_be_read_again_in_another_zone(crawled):
    again = reextract(crawled, "--diff", "--timezone", "Asia/Tokyo")
    assert again.returncode == 0, again.stderr
    for when in ("2025-07-09T10:00:00+09:00", "2025-01-09T10:00:00+09:00"):
        assert f"+ {when}" in again.stdout
    assert "10:00:00+05:00" not in again.stdout


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "Berlin", "+25:00"])
def test_a_wrong_zone_ends_with_status_2_before_anything_is_fetched(tmp_path, zone):
    with answering(SITE) as server:
        ended = Crawl(tmp_path).run("site", "-a", f"url={server.url}/", "-a", f"timezone={zone}")
        assert server.asked == []
    assert ended.returncode == 2
    assert f"spider argument 'timezone' is no time zone: '{zone}'" in ended.stderr


def test_a_wrong_zone_to_read_pages_again_in_ends_with_status_2(crawled):
    again = reextract(crawled, "--timezone", "Mars/Olympus")
    assert again.returncode == 2
    assert "--timezone is no time zone: 'Mars/Olympus'" in again.stderr


def reextract(crawl: Crawl, *arguments: str):
    own = {
        "NEWSCRAWL_JSONL": str(crawl.jsonl),
        "NEWSCRAWL_ARCHIVE": str(crawl.folder / "archive"),
    }
    return crawl.do("reextract", *arguments, **own)
