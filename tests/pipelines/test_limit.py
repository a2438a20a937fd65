from __future__ import annotations

from types import SimpleNamespace

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawl.items import Article
from newscrawl.outcomes import OverLimit
from newscrawl.pipelines.limit import LimitPipeline
from newscrawl.session.session import Session


class Growing(Session):
    """Has ``grown`` by so many articles, while ``storing`` more are on their way."""

    def __init__(self) -> None:
        self.grown = self.storing = 0

    @property
    def growing(self) -> int:
        return self.grown + self.storing


class Engine:
    def __init__(self, session: Session) -> None:
        self.closed_as: list[str] = []
        self.scheduler = SimpleNamespace(session=session)

    async def close_spider_async(self, *, reason: str) -> None:
        self.closed_as.append(reason)


@pytest.fixture
def session() -> Growing:
    return Growing()


@pytest.fixture
def engine(session) -> Engine:
    return Engine(session)


@pytest.fixture
def pipeline(engine, monkeypatch) -> LimitPipeline:
    monkeypatch.setattr("scrapy.utils.defer.is_asyncio_available", lambda: False)
    return LimitPipeline(SimpleNamespace(engine=engine), 2)  # type: ignore[arg-type] # all it asks


ARTICLE = Article(url="https://daily.example/c")


def test_an_article_passes_while_there_is_a_place(pipeline, session):
    session.grown = 1
    assert pipeline.process_item(ARTICLE) is ARTICLE


def test_what_is_being_stored_has_its_place(pipeline, session):
    session.grown = session.storing = 1
    with pytest.raises(OverLimit, match=r"daily\.example/c"):
        pipeline.process_item(ARTICLE)


def test_the_run_ends_once_with_the_last_article_stored(pipeline, session, engine):
    session.grown = 1
    pipeline.item_done()
    assert engine.closed_as == []
    session.grown = 2
    pipeline.item_done()
    pipeline.item_done()
    assert engine.closed_as == ["max_articles"]


def test_other_items_need_no_place(pipeline, session):
    session.grown = 2
    assert pipeline.process_item({"a": 1}) == {"a": 1}


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
