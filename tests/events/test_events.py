from __future__ import annotations

from urllib.parse import urlsplit

from newscrawl.events.events import Event, Kind, after, latest
from tests.events.conftest import CHANGED, GONE


def path(event: Event) -> str:
    return urlsplit(event.article.url).path


def test_each_article_is_told_once_with_what_happened_last(engine):
    with engine.begin() as connection:
        events = latest(connection, 9)
    kinds = {path(event): event.kind for event in events}
    assert len(events) == len(kinds) == 4
    assert kinds.pop(CHANGED) is Kind.CHANGED
    assert kinds.pop(GONE) is Kind.GONE
    assert {*kinds.values()} == {Kind.NEW}


def test_the_latest_comes_first(engine):
    with engine.begin() as connection:
        events = latest(connection, 9)
    assert [event.visit for event in events] == sorted((e.visit for e in events), reverse=True)


def test_no_more_are_told_than_asked_for(engine):
    with engine.begin() as connection:
        assert len(latest(connection, 2)) == 2
        assert latest(connection, 2, sites=["other.example"]) == []


def test_a_run_is_told_from_any_of_its_visits(engine):
    with engine.begin() as connection:
        first, *rest = after(connection, 1, 0, sites=())
        assert [event.key for event in after(connection, 1, first.visit, sites=())] == [
            event.key for event in rest
        ]
        assert {event.kind for event in after(connection, 2, 0, sites=())} == {
            *(Kind.CHANGED, Kind.GONE)
        }
