from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler

from newscrawl.items import Article
from newscrawl.outcomes import (
    MissingHeadline,
    MissingText,
    PublishedAfter,
    PublishedBefore,
    Rejected,
    TooShort,
)
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.validate import ValidatePipeline

MARCH = datetime(2025, 3, 1, tzinfo=UTC)
APRIL = datetime(2025, 4, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def article(**values) -> Article:
    good = {
        "url": "https://daily.example/a",
        "headline": "Harbour reopens",
        "text": "The harbour reopened on Friday.",
        "word_count": 5,
    }
    return Article(**{**good, **values})


@pytest.fixture
def pipeline() -> ValidatePipeline:
    return ValidatePipeline(5, since=MARCH, until=APRIL)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"headline": ""}, MissingHeadline),
        ({"text": "", "word_count": 0}, MissingText),
        ({"word_count": 4}, TooShort),
        ({"published": MARCH - SECOND}, PublishedBefore),
        ({"published": APRIL}, PublishedAfter),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_each_reason_is_a_class(pipeline, values, reason):
    with pytest.raises(Rejected) as raised:
        pipeline.process_item(article(**values))
    assert raised.type is reason


@pytest.mark.parametrize("published", [None, MARCH, APRIL - SECOND])
def test_a_good_article_passes(pipeline, published):
    item = article(published=published)
    assert pipeline.process_item(item) is item


def test_dates_are_compared_across_offsets(pipeline):
    east = timezone(timedelta(hours=2))
    with pytest.raises(PublishedBefore):
        pipeline.process_item(article(published=datetime(2025, 3, 1, 1, tzinfo=east)))


def test_without_dates_asked_for_every_date_passes():
    item = article(published=MARCH)
    assert ValidatePipeline(5).process_item(item) is item


def test_a_short_article_says_how_short(pipeline):
    with pytest.raises(TooShort, match="4 words"):
        pipeline.process_item(article(word_count=4))


def test_a_short_looking_chinese_article_is_not_too_short():
    story = (
        "港口隧道将于一年后开放,市政府周五表示。工程正按计划进行,列车目前绕道行驶,渡轮照常航行。"
        * 2
    )
    item = clean(article(text=story))
    assert ValidatePipeline(50).process_item(item) is item


def test_other_items_pass(pipeline):
    item = {"headline": ""}
    assert pipeline.process_item(item) is item


def test_the_bounds_come_from_settings_and_spider():
    crawler = Crawler(Spider, {"NEWSCRAWL_MIN_WORDS": 7})
    crawler.spider = Spider("any")
    crawler.spider.since = MARCH  # type: ignore[attr-defined] # an argument of newscrawl's spiders
    made = ValidatePipeline.from_crawler(crawler)
    assert (made.min_words, made.since, made.until) == (7, MARCH, None)
