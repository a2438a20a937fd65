"""What a crawl does while it waits for its database, with a clock that is turned by hand."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from newscrawl.session import watching
from newscrawl.session.watching import HASTE, LONG, Watch


class Waiting:
    """A writer that waits, and notes what it is told."""

    def __init__(self) -> None:
        self.waited = 0.0
        self.has_begun = False
        self.waits_for_answer = True
        self.told: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return lambda: self.told.append(name)


@pytest.fixture
def crawler() -> Any:
    return SimpleNamespace(crawling=True)


@pytest.fixture
def at_once(monkeypatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(watching, "in_thread", lambda work: work())
    monkeypatch.setattr(watching, "monotonic", lambda: now[0])
    return now


def watch(
    crawler: Any, engine: Any, now: list[float], *, for_seconds: float, **said: bool
) -> list[str]:
    """Look at a waiting writer for so long, once a second; return what it was told."""
    writer = Waiting()
    vars(writer).update(said)
    made = Watch(crawler, writer, engine, 1)  # type: ignore[arg-type] # all it needs
    for _ in range(int(for_seconds) + 1):
        made.look()
        now[0] += 1
        writer.waited += 1
    return writer.told


def test_a_statement_that_the_server_does_not_know_is_broken_off(crawler, engine, at_once):
    told = watch(crawler, engine, at_once, for_seconds=LONG + 1)
    assert told == (["break_off"] if engine.name == "postgresql" else [])


def test_who_was_asked_to_end_does_not_wait(crawler, engine, at_once):
    crawler.crawling = False
    told = watch(crawler, engine, at_once, for_seconds=HASTE + 1)
    assert told == (["hurry", "break_off"] if engine.name == "postgresql" else ["give_up"])


def test_who_works_is_left_alone(crawler, engine, at_once):
    assert watch(crawler, engine, at_once, for_seconds=HASTE + 1) == []


def test_who_works_by_himself_is_left_alone_also_when_asked_to_end(crawler, engine, at_once):
    crawler.crawling = False
    told = watch(
        crawler, engine, at_once, for_seconds=HASTE + 1, has_begun=True, waits_for_answer=False
    )
    assert "break_off" not in told
    assert "give_up" not in told


def test_a_thread_that_hangs_does_not_hold_up_the_end_of_the_program():
    ended = threading.Event()
    watching.in_thread(ended.wait)
    (thread,) = [each for each in threading.enumerate() if each.name == "newscrawl-waiting"]
    assert thread.daemon
    ended.set()
