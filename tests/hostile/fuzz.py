"""``make fuzz``: inputs nobody would think of, through everything that reads what came from a site.

Each target is given thousands of inputs made by hypothesis: fragments of what it expects, put
together at random, and plain bytes. An exception, or an input that takes seconds, is a failure.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from scrapy.http import Response
from web_poet import HttpResponse

from newscrawl.addresses.address import Address, fetch_url, identity, site_of, untracked_url
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.charset import decode
from newscrawl.discovery.alternates import read_alternates
from newscrawl.discovery.feeds import read_feed
from newscrawl.discovery.robots import EVERYBODY, RobotsTxt
from newscrawl.discovery.sitemaps import read_sitemap
from newscrawl.discovery.wordpress_api import read_posts
from newscrawl.pages.fields.dates import in_url, moment
from newscrawl.pages.news import NewsPage
from newscrawl.politeness.politeness import retry_after
from newscrawl.spiders.deadline import TooSlow, deadline
from tests.bench.hostile import JNEWS, START, WORDPRESS
from tests.bench.hostile import read as read_page

SLOW = 2.0
"""Seconds after which an input counts as a hang."""
URL = "https://daily.example/2025/03/a/"


def pieces(*known: str, most: int = 14) -> st.SearchStrategy[str]:
    """Fragments of a format, between any text."""
    part = st.one_of(st.sampled_from(known), st.text(max_size=12), st.integers().map(str))
    return st.lists(part, max_size=most).map("".join)


def encoded(text: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    return st.one_of(
        text.map(lambda each: each.encode("utf-8", "surrogatepass")), st.binary(max_size=300)
    )


URLS = pieces(
    *(
        "http",
        "https",
        "://",
        "//",
        "/",
        "?",
        "#",
        "&",
        "=",
        "@",
        ":",
        "%",
        "%2F",
        "%zz",
        "..",
        ".",
    ),
    *(
        "daily.example",
        "[::1]",
        "127.0.0.1",
        "0x7f.1",
        "xn--",
        "\\",
        "\t",
        "utm_source",
        ";",
        "www.",
    ),
)
DATES = pieces(
    *("2025", "-", "03", "/", "T", ":", "Z", "+", "00", " ", "March", "März", "am", "pm", ","),
    *("1er", "yesterday", "GMT", "99", "١", "年", "月", "日", "."),
)
ROBOTS = pieces(
    *("User-agent", ":", "*", "\n", "Disallow", "Allow", "/", "Crawl-delay", "Sitemap", "$", "#"),
    *("\r", "\x00", "newscrawl", "http://"),
)
XML = pieces(
    *("<?xml version='1.0'?>", "<urlset>", "<url>", "<loc>", URL, "</loc>", "</url>", "<rss>"),
    *("<channel>", "<item>", "<link>", "<pubDate>", "<![CDATA[", "]]>", "<!DOCTYPE x [", "]>"),
    *("<!ENTITY a 'b'>", "&a;", "&#0;", "<feed>", "<entry>", "xmlns='", "'", "</", ">", "<!--"),
)
JSON = pieces(
    *("[", "]", "{", "}", ",", ":", '"', '"link"', '"date_gmt"', "null", "true", "1e999", "\\u"),
    *('"items"', '"url"', '"version":"https://jsonfeed.org/version/1"', "\\ud800"),
)
HTML = pieces(
    *("<p>", "</p>", "<div class='", "'>", "<a href='", "<h1>", "<table><tr>", "<svg>", "</body>"),
    *("<script type='application/ld+json'>{", "}</script>", "<meta property='og:title' content='"),
    *("<time datetime='", "<link rel='canonical' href='", "<base href='", "&#xD800;", "<!--"),
    *("<img srcset='", " 2x,", "<template>", "<frameset>", "<plaintext>", "\x00", "entry-content"),
    most=30,
)


def urls(text: str) -> None:
    for read in (fetch_url, untracked_url, identity, site_of):
        with suppress(UnfetchableURL):
            read(text)
    with suppress(UnfetchableURL):
        address = Address.of_link(text)
        assert address.shape
        assert address.trap != ""


def dates(text: str) -> None:
    moment(text)
    moment(text, month_first=True)
    in_url(text)


def robots(body: bytes) -> None:
    found = RobotsTxt(body)
    rules = found.rules("newscrawl")
    rules.can_fetch(URL, EVERYBODY)
    rules.crawl_delay(EVERYBODY)
    assert all(found.sitemaps)


def header(value: bytes) -> None:
    retry_after(Response(URL, headers={"Retry-After": value}))


def posts(body: bytes) -> None:
    read_posts(body, URL, total="9", pages="2")


def alternates(text: str) -> None:
    read_alternates(text, URL, [text[:80]])


def page(body: bytes) -> None:
    read_page(body)
    assert NewsPage(HttpResponse(URL, body, status=200)).signals is not None


def charset(body: bytes) -> None:
    decode(body, "text/html; charset=" + body[:12].decode("latin-1"))


def framed(text: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    start = st.sampled_from(["", START, WORDPRESS, JNEWS])
    return encoded(st.tuples(start, text).map("".join))


class Target(NamedTuple):
    """A reader, what it is given, and its share of the inputs in per cent."""

    read: Callable[[Any], object]
    given: st.SearchStrategy[Any]
    share: int


TARGETS = (
    Target(urls, URLS, 25),
    Target(dates, DATES, 15),
    Target(robots, encoded(ROBOTS), 8),
    Target(header, encoded(DATES), 5),
    Target(read_sitemap, encoded(XML), 10),
    Target(lambda body: read_feed(body, URL), encoded(st.one_of(XML, JSON)), 10),
    Target(posts, encoded(JSON), 5),
    Target(alternates, HTML, 5),
    Target(charset, st.binary(max_size=400), 5),
    Target(page, framed(HTML), 12),
)


class Fuzz:
    """Counts inputs and the slowest one; lets an exception through, reduced by hypothesis."""

    def __init__(self) -> None:
        self.inputs = 0
        self.slowest = 0.0
        self.hangs = 0

    def run(self, target: Target, number: int, start: int) -> None:
        @seed(start)
        @settings(
            max_examples=number,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(target.given)
        def read(value: Any) -> None:
            self.inputs += 1
            began = time.perf_counter()
            try:
                with deadline(SLOW * 2):
                    target.read(value)
            except TooSlow:
                self.hangs += 1
            took = time.perf_counter() - began
            self.hangs += SLOW < took < SLOW * 2
            self.slowest = max(self.slowest, took)

        read()


def fuzz(inputs: int, start: int) -> dict[str, float]:
    """Give so many inputs to all targets; returns the figures.

    Raises:
        Exception: whatever a target raised, with the smallest input that does it as a note.
    """
    runner = Fuzz()
    for target in TARGETS:
        runner.run(target, max(1, inputs * target.share // 100), start)
    return {
        "fuzzed_inputs": runner.inputs,
        "uncaught_exceptions": 0,
        "hangs": runner.hangs,
        "slowest_input_s": round(runner.slowest, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=110_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for name, value in fuzz(options.inputs, options.seed).items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
