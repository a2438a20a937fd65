"""The window of the scheduler, over a session that answers when it is told to."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from twisted.python.failure import Failure

from newscrawl.addresses.admission import Gate
from newscrawl.discovery.links import Way
from newscrawl.frontier.rows import Row
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import HostWaits, Outcome, Redirected, RunEnds
from newscrawl.scheduler import LedgerScheduler, ledger_of
from newscrawl.session.deferring import Deferral
from newscrawl.session.opening import Plan

SITE = "daily.example"
CONCURRENCY = 2


class Session:
    """Keeps what it is asked; ``answer`` answers the oldest claim."""

    def __init__(self) -> None:
        self.plan = Plan("site", [SITE])
        self.deferral = Deferral([SITE])
        self.gate = Gate([SITE], count=lambda _: None)
        self.is_open = True
        self.is_writing = False
        self.unanswered = 0
        self.claims: list[Callable[[list[Row]], None]] = []
        self.finished: list[Visit] = []
        self.released: list[Visit] = []
        self.deferred: list[str] = []
        self.flushed = 0

    def ask(self, _: Any, answer: Callable[[list[Row]], None], *, durable: bool) -> None:
        assert durable
        self.claims.append(answer)

    def answer(self, *numbers: int) -> None:
        self.claims.pop(0)([row(number) for number in numbers])

    def finish(self, visit: Visit) -> None:
        self.finished.append(visit)

    def release(self, visit: Visit) -> None:
        self.released.append(visit)

    def flush(self) -> None:
        self.flushed += 1

    def defer(self, site: str, why: str) -> None:
        self.deferred.append(f"{site}: {why}")


class Inner:
    """Scrapy's own scheduler, with what others put into it."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def enqueue_request(self, request: Request) -> bool:
        self.requests.append(request)
        return True

    def next_request(self) -> Request | None:
        return self.requests.pop() if self.requests else None

    def has_pending_requests(self) -> bool:
        return bool(self.requests)


def row(number: int) -> Row:
    url = f"https://{SITE}/{number}"
    return Row(number, SITE, url, url, "article", Way.CATEGORY, 1, 0)


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def scheduler(session) -> LedgerScheduler:
    crawler: Any = SimpleNamespace(
        spider=SimpleNamespace(parse=None),
        engine=SimpleNamespace(
            _slot=None,
            downloader=SimpleNamespace(total_concurrency=16, domain_concurrency=CONCURRENCY),
        ),
    )
    return LedgerScheduler(crawler, Inner(), session, window=8, max_waiting=3)  # type: ignore[arg-type] # all it asks


def filled(scheduler: LedgerScheduler, session: Session, *numbers: int) -> LedgerScheduler:
    assert scheduler.next_request() is None
    session.answer(*numbers)
    return scheduler


def handed_out(scheduler: LedgerScheduler) -> list[Request]:
    given = []
    while (request := scheduler.next_request()) is not None:
        given.append(request)
    return given


def test_a_crawl_with_this_scheduler_has_a_ledger(scheduler):
    crawler: Any = SimpleNamespace(engine=SimpleNamespace(scheduler=scheduler))
    assert ledger_of(crawler) is scheduler
    crawler.engine.scheduler = Inner()
    assert ledger_of(crawler) is None


def test_no_more_is_handed_out_than_drains_soon(scheduler, session):
    filled(scheduler, session, 1, 2, 3, 4, 5, 6)
    assert [request.url[-1] for request in handed_out(scheduler)] == ["1", "2", "3"]


def test_nothing_is_handed_out_while_the_writer_is_behind(scheduler, session):
    filled(scheduler, session, 1, 2)
    session.unanswered = CONCURRENCY + 1
    assert handed_out(scheduler) == []
    session.unanswered = CONCURRENCY
    assert len(handed_out(scheduler)) == 2


def test_one_claim_at_a_time_is_asked_for(scheduler, session):
    handed_out(scheduler)
    handed_out(scheduler)
    assert len(session.claims) == 1
    assert scheduler.has_pending_requests()


def test_later_stages_are_claimed_only_when_all_is_quiet(scheduler, session):
    filled(scheduler, session, 1)
    (request,) = handed_out(scheduler)
    session.answer()
    assert handed_out(scheduler) == []
    assert session.claims == []
    scheduler.finish(request.meta["visit"])
    handed_out(scheduler)
    assert len(session.claims) == 1


def test_all_stages_are_tried_before_a_run_is_done(scheduler, session):
    for _ in range(4):
        assert scheduler.has_pending_requests()
        filled(scheduler, session)
    assert not scheduler.has_pending_requests()
    assert scheduler.next_request() is None
    assert session.claims == []


def test_rows_that_are_queued_have_all_stages_tried_again(scheduler, session):
    for _ in range(4):
        filled(scheduler, session)
    scheduler._changed(2)
    assert scheduler.queued == 2
    assert scheduler.has_pending_requests()


def test_tag_pages_are_limited(scheduler, session):
    for numbers in ([], [], [1, 2, 3]):
        assert scheduler.tag_pages_left == 3
        filled(scheduler, session, *numbers)
    assert scheduler.tag_pages_left == 0
    assert scheduler.queued == -3


def test_a_visit_is_taken_back_once(scheduler, session):
    filled(scheduler, session, 1)
    (request,) = handed_out(scheduler)
    for _ in range(2):
        scheduler.finish(request.meta["visit"])
    assert session.finished == [request.meta["visit"]]
    assert session.flushed == 1


def test_visits_wait_for_each_other_while_the_window_is_full(scheduler, session):
    filled(scheduler, session, 1, 2, 3, 4, 5)
    request, *_ = handed_out(scheduler)
    scheduler.finish(request.meta["visit"])
    assert session.flushed == 0


def test_a_request_that_is_tried_again_comes_first(scheduler, session):
    filled(scheduler, session, 1, 2, 3, 4, 5)
    request, *_ = handed_out(scheduler)
    scheduler.enqueue_request(request)
    assert scheduler.next_request() is request
    assert request.meta["visit"].attempts == 2


def test_requests_of_others_pass_by(scheduler):
    request = Request("https://elsewhere.example/")
    scheduler.enqueue_request(request)
    assert scheduler.has_pending_requests()
    assert scheduler.next_request() is request


def failed(scheduler: LedgerScheduler, session: Session, error: Exception) -> Visit:
    filled(scheduler, session, 1)
    (request,) = handed_out(scheduler)
    failure: Any = Failure(error)
    failure.request = request
    scheduler.fail(failure)
    visit: Visit = request.meta["visit"]
    return visit


def test_a_page_whose_host_waits_is_queued_again_and_its_site_deferred(scheduler, session):
    visit = failed(scheduler, session, HostWaits("503"))
    assert (session.released, session.finished) == ([visit], [])
    assert session.deferred == [f"{SITE}: 503"]


def test_a_page_whose_turn_did_not_come_defers_nothing(scheduler, session):
    visit = failed(scheduler, session, RunEnds("the run is ending"))
    assert (session.released, session.deferred) == ([visit], [])


def test_a_redirect_is_followed(scheduler, session):
    visit = failed(scheduler, session, Redirected(f"https://{SITE}/b"))
    assert (visit.outcome, [link.url for link in visit.links]) == (
        Outcome.REDIRECTED,
        [f"https://{SITE}/b"],
    )


def test_nothing_is_handed_out_when_the_store_has_failed(scheduler, session):
    filled(scheduler, session, 1)
    session.is_open = False
    assert scheduler.next_request() is None
    assert not scheduler.has_pending_requests()
