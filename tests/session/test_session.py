from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.settings import Settings

from newscrawl.discovery.links import Way
from newscrawl.frontier.hosts import HostLimits
from newscrawl.frontier.rows import Row
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome
from newscrawl.session import session as sessions
from newscrawl.session.session import FINISHED_AT_ONCE, Session, session_of
from newscrawl.session.settings import SessionSettings

SITE = "daily.example"


class Stats(dict[str, int]):
    def inc_value(self, name: str) -> None:
        self[name] = self.get(name, 0) + 1


@pytest.fixture
def session(monkeypatch) -> Session:
    """A session whose writer never answers."""
    monkeypatch.setattr(sessions, "create_looping_call", lambda _: None)
    settings = Settings()
    settings.setmodule("newscrawl.settings")
    crawler: Any = SimpleNamespace(stats=Stats(), engine=SimpleNamespace(spider=None))
    session = Session(crawler, SessionSettings.from_settings(settings))
    session.prepare(SimpleNamespace(name="site", sites={SITE}))  # type: ignore[arg-type] # all it asks
    asked: list[Any] = []
    monkeypatch.setattr(session, "ask", lambda *question, **_: asked.append(question))
    return session


def visit(number: int = 1, outcome: Outcome | None = None, reason: str | None = None) -> Visit:
    url = f"https://{SITE}/{number}"
    return Visit(Row(number, SITE, url, url, "page", Way.CATEGORY, 1, 0), outcome, reason)


def test_a_crawl_has_the_session_of_its_scheduler(session):
    crawler: Any = SimpleNamespace(
        engine=SimpleNamespace(scheduler=SimpleNamespace(session=session))
    )
    assert session_of(crawler) is session


@pytest.mark.parametrize("scheduler", [None, object(), SimpleNamespace(session=object())])
def test_a_crawl_with_another_scheduler_has_none(scheduler):
    crawler: Any = SimpleNamespace(engine=SimpleNamespace(scheduler=scheduler))
    assert session_of(crawler) is None


def test_without_sites_there_is_nothing_to_open(session):
    assert not session.prepare(SimpleNamespace(name="other"))
    assert not session.is_open


def test_what_is_said_before_it_is_open_is_not_kept(session):
    session.keep_limits(HostLimits(SITE, 0, 1, ""))
    session.discover([])
    session.look_ahead(lambda _: None)
    assert not session.is_writing


def test_a_visit_without_a_word_was_to_a_page(session):
    told = visit()
    session.finish(told)
    assert told.outcome is Outcome.PAGE
    assert session.stats == {"newscrawl/outcome/page": 1}


def test_reasons_are_counted_by_their_name(session):
    session.finish(visit(1, Outcome.REFUSED, "OutOfScope: https://other.example/"))
    session.finish(visit(2, Outcome.REDIRECTED, "anything"))
    assert session.stats == {
        "newscrawl/outcome/refused": 1,
        "newscrawl/reason/refused/OutOfScope": 1,
        "newscrawl/outcome/redirected": 1,
    }


def test_visits_are_committed_some_at_a_time(session):
    for number in range(FINISHED_AT_ONCE - 1):
        session.finish(visit(number))
    assert (session.is_writing, session.unanswered) == (True, 0)
    session.finish(visit(FINISHED_AT_ONCE))
    assert session.unanswered == FINISHED_AT_ONCE


def test_a_released_visit_waits_for_its_answer_alone(session):
    session.release(visit())
    assert session.unanswered == 1


def test_a_site_is_deferred_with_a_word_in_the_log(session, caplog):
    session.defer(SITE, "daily.example: 503")
    session.defer(SITE, "daily.example: 429")
    assert session.deferral.left == []
    assert caplog.messages == ["Deferred to a later run: daily.example: 503"]
