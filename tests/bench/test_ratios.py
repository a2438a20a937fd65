"""Costs that must not grow unnoticed, as ratios within one run; ``make bench`` has the figures."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from collections.abc import Iterator

import pytest

from newscrawl.discovery.links import Link, LinkKind
from newscrawl.pages.news import NewsPage
from tests.bench import extraction
from tests.bench.admitting import measured
from tests.bench.extraction import HEADERS, Page, seconds
from tests.demo.truth import KnownSite

REPEATS = 15
ARTICLE = LinkKind.ARTICLE
MOST = 14.0
"""Parses of a small page of the demo, which take about 8; of real ones they are fewer."""


@pytest.fixture(scope="module")
def story() -> Page:
    site = KnownSite(articles=3)
    url = next(iter(site.truth())).url
    answer = site.respond(url.removeprefix(site.base_url), {})
    return extraction.page(url, answer.body, HEADERS)


@pytest.fixture
def untraced() -> Iterator[None]:
    """What coverage adds to each line is no cost of ours."""
    trace = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(trace)


@pytest.mark.usefixtures("untraced")
def test_a_page_object_costs_a_few_parses_of_its_page(story):
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    read = [seconds(extraction.newscrawl(story)) for _ in range(REPEATS)]
    parse = [seconds(extraction.parse(story)) for _ in range(REPEATS)]
    loop.close()
    asyncio.set_event_loop(None)
    assert min(read) <= MOST * min(parse)


def test_a_page_is_freed_without_the_garbage_collector(story):
    loop = asyncio.new_event_loop()
    gc.disable()
    try:
        page = NewsPage(story.response)
        assert page.links
        assert loop.run_until_complete(page.to_item()).text
        document = weakref.ref(page.page.document)
        del page
        assert document() is None
    finally:
        gc.enable()
        loop.close()


@pytest.mark.usefixtures("untraced")
def test_a_link_that_is_known_costs_a_fraction_of_a_new_one():
    links = [
        Link(f"https://daily.example/news/{number}-words-of-a-headline/?utm_source=x", ARTICLE)
        for number in range(100)
    ]
    took = measured([("https://daily.example/", links)], 5)
    assert took["links"] == 5 * len(links)
    assert 5 * took["known"] < took["new"]
