from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from twisted.internet.defer import Deferred, fail, succeed

from newscrawl.dataset.articles import Stored
from newscrawl.items import Article
from newscrawl.outcomes import Duplicate, NotStored, Outcome, Unchanged
from newscrawl.pipelines.store import StorePipeline
from newscrawl.session.session import Session


class Answering(Session):
    """Answers what it was told to."""

    def __init__(self, answer: Deferred[Stored]) -> None:
        self.answer = answer

    def store(self, article: Article) -> Deferred[Stored]:  # noqa: ARG002 - the session's own
        return self.answer


def passed(item: Any, session: object, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the pipeline makes of ``item``; its exception if it raises one."""
    monkeypatch.setattr("scrapy.utils.defer.is_asyncio_available", lambda: False)
    crawler = SimpleNamespace(engine=SimpleNamespace(scheduler=SimpleNamespace(session=session)))
    pipeline = StorePipeline(crawler)  # type: ignore[arg-type] # all it asks
    results: list[Any] = []
    Deferred.fromCoroutine(pipeline.process_item(item)).addBoth(results.append)
    return getattr(results[0], "value", results[0])


@pytest.fixture
def article() -> Article:
    return Article(url="https://daily.example/a")


@pytest.mark.parametrize("outcome", [Outcome.ARTICLE, Outcome.REVISION])
def test_what_is_new_goes_on(article, outcome, monkeypatch):
    session = Answering(succeed(Stored(outcome, "1f")))
    assert passed(article, session, monkeypatch) is article


@pytest.mark.parametrize("kind", ["canonical", "exact"])
def test_a_copy_is_dropped_by_its_kind(article, kind, monkeypatch):
    session = Answering(succeed(Stored(Outcome.DUPLICATE, "1f", kind)))
    error = passed(article, session, monkeypatch)
    assert isinstance(error, Duplicate)
    assert str(error) == kind


def test_an_unchanged_article_is_dropped(article, monkeypatch):
    session = Answering(succeed(Stored(Outcome.UNCHANGED, "1f")))
    assert isinstance(passed(article, session, monkeypatch), Unchanged)


def test_a_failed_store_drops_what_it_did_not_store(article, monkeypatch):
    session = Answering(fail(NotStored("the store has failed")))
    assert isinstance(passed(article, session, monkeypatch), NotStored)


def test_a_crawl_without_a_session_stores_nothing(article, monkeypatch):
    assert passed(article, object(), monkeypatch) is article


def test_other_items_pass(monkeypatch):
    item = {"a": 1}
    assert passed(item, Answering(Deferred()), monkeypatch) is item
