from __future__ import annotations

from types import SimpleNamespace

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawl.items import Article
from newscrawl.outcomes import OverLimit, TooShort, Unchanged
from newscrawl.pipelines.limit import LimitPipeline


class Engine:
    def __init__(self) -> None:
        self.closed_as: list[str] = []

    async def close_spider_async(self, *, reason: str) -> None:
        self.closed_as.append(reason)


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def pipeline(engine, monkeypatch) -> LimitPipeline:
    monkeypatch.setattr("scrapy.utils.defer.is_asyncio_available", lambda: False)
    return LimitPipeline(SimpleNamespace(engine=engine), 2)  # type: ignore[arg-type] # all it asks


def article(name: str = "a") -> Article:
    return Article(url=f"https://daily.example/{name}")


def test_as_many_articles_pass_as_were_asked_for(pipeline):
    for name in ("a", "b"):
        pipeline.process_item(article(name))
    with pytest.raises(OverLimit, match=r"daily\.example/c"):
        pipeline.process_item(article("c"))


def test_the_place_of_a_known_article_is_given_back(pipeline):
    pipeline.process_item(article("a"))
    known = pipeline.process_item(article("b"))
    pipeline.item_dropped(known, Unchanged("known"))
    assert pipeline.process_item(article("c"))


def test_an_article_rejected_before_took_no_place(pipeline):
    pipeline.item_dropped(article("a"), TooShort("short"))
    for name in ("b", "c"):
        pipeline.process_item(article(name))
    with pytest.raises(OverLimit):
        pipeline.process_item(article("d"))


def test_the_run_ends_with_the_last_article_stored(pipeline, engine):
    first, second = (pipeline.process_item(article(name)) for name in ("a", "b"))
    pipeline.item_scraped(first)
    assert engine.closed_as == []
    pipeline.item_scraped(second)
    assert engine.closed_as == ["max_articles"]


def test_other_items_take_no_place(pipeline, engine):
    for _ in range(5):
        item = pipeline.process_item({"a": 1})
        pipeline.item_scraped(item)
        pipeline.item_dropped(item, Unchanged("known"))
    assert (pipeline.taken, engine.closed_as) == (0, [])


@pytest.mark.parametrize("asked", [{}, {"max_articles": None}])
def test_a_spider_without_a_limit_needs_no_pipeline(asked):
    crawler = Crawler(Spider)
    crawler.spider = Spider("any", **asked)
    with pytest.raises(NotConfigured):
        LimitPipeline.from_crawler(crawler)


def test_the_limit_is_the_spiders():
    crawler = Crawler(Spider)
    crawler.spider = Spider("any", max_articles=3)
    assert LimitPipeline.from_crawler(crawler).limit == 3
