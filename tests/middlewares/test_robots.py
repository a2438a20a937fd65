"""Requests that wait together for one robots.txt, by the middleware alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from scrapy import Request, Spider, signals
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.robotstxt import PythonRobotParser
from scrapy.utils.test import get_crawler

from newscrawl.middlewares import robots
from newscrawl.middlewares.robots import RobotsMiddleware
from newscrawl.outcomes import ForbiddenAddress, HostWaits, RobotsForbidden

NOTHING = b"User-agent: *\nDisallow: /\n"
SETTINGS = {
    "ROBOTSTXT_OBEY": True,
    "ROBOTSTXT_PARSER": "newscrawl.politeness.robots_parser.TokenRobotParser",
    "USER_AGENT": "newscrawl/1 (a crawler of news archives)",
}


class Engine:
    """Downloads what ``answer`` says, not at once."""

    def __init__(self, answer: Callable[[str], Response]) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def download_async(self, request: Request) -> Response:
        self.asked.append(request.url)
        await asyncio.sleep(0.01)
        return self.answer(request.url)


def middleware(answer: Callable[[str], Response], **settings: Any):
    crawler: Any = get_crawler(settings_dict={**SETTINGS, **settings}, prevent_warnings=True)
    crawler.engine = Engine(answer)
    return RobotsMiddleware.from_crawler(crawler)


def says(body: bytes, status: int = 200) -> Callable[[str], Response]:
    return lambda url: Response(url, status, body=body)


def fails(error: Exception) -> Callable[[str], Response]:
    def answer(_: str) -> Response:
        raise error

    return answer


async def asked(rules: Any, *urls: str) -> list[str]:
    """Return what became of requests made at once: ``sent``, or the name of an error."""
    tasks = (rules.process_request(Request(url)) for url in urls)
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    return ["sent" if end is None else type(end).__name__ for end in ends]


PAGES = [f"https://paper.example/town/{number}" for number in range(16)]


def test_all_that_wait_for_the_rules_obey_them():
    rules = middleware(says(NOTHING))
    assert asyncio.run(asked(rules, *PAGES)) == ["RobotsForbidden"] * len(PAGES)
    assert rules.crawler.engine.asked == ["https://paper.example/robots.txt"]


@pytest.mark.parametrize(
    "error", [DownloadTimeoutError("slow"), ConnectionResetError(), IgnoreRequest("refused")]
)
def test_all_that_wait_learn_that_the_rules_are_not_known(error):
    rules = middleware(fails(error))
    assert asyncio.run(asked(rules, *PAGES)) == ["RobotsUnreachable"] * len(PAGES)


@pytest.mark.parametrize("error", [CannotResolveHostError("no"), DownloadConnectionRefusedError()])
def test_where_nobody_is_there_requests_end_with_that_and_are_not_sent(error):
    rules = middleware(fails(error))
    assert asyncio.run(asked(rules, *PAGES)) == [type(error).__name__] * len(PAGES)


def test_a_host_that_comes_back_is_asked_for_its_rules_first():
    answers = iter([fails(DownloadConnectionRefusedError()), says(NOTHING)])

    def answer(url: str) -> Response:
        return next(answers)(url)

    rules = middleware(answer)

    async def twice() -> list[str]:
        return [*await asked(rules, PAGES[0]), *await asked(rules, PAGES[0])]

    assert asyncio.run(twice()) == ["DownloadConnectionRefusedError", "RobotsForbidden"]


def test_an_inner_address_is_refused_as_such():
    rules = middleware(fails(ForbiddenAddress("10.0.0.1")))
    assert asyncio.run(asked(rules, PAGES[0])) == ["ForbiddenAddress"]


def test_who_asked_first_may_go_away():
    rules = middleware(says(NOTHING))

    async def leave() -> list[str]:
        first = asyncio.ensure_future(rules.process_request(Request(PAGES[0])))
        others = asyncio.ensure_future(asked(rules, *PAGES[1:]))
        await asyncio.sleep(0)
        first.cancel()
        return await others

    assert asyncio.run(leave()) == ["RobotsForbidden"] * (len(PAGES) - 1)
    assert len(rules.crawler.engine.asked) == 1


class Broken(PythonRobotParser):
    """Breaks at any line."""

    def __init__(self, robotstxt_body: bytes, spider: Spider | None) -> None:
        super().__init__(b"", spider)
        if robotstxt_body:
            raise ZeroDivisionError


def test_a_parser_that_breaks_allows_nothing():
    rules = middleware(says(NOTHING), ROBOTSTXT_PARSER=Broken)
    assert asyncio.run(asked(rules, *PAGES)) == ["RobotsUnreachable"] * len(PAGES)


def test_a_handler_that_breaks_changes_no_rules():
    rules = middleware(says(b"User-agent: *\nDisallow: /town/7\n"))

    def broken() -> None:
        raise ZeroDivisionError

    rules.crawler.signals.connect(broken, signal=signals.robots_parsed)
    ends = asyncio.run(asked(rules, *PAGES))
    assert [number for number, end in enumerate(ends) if end == "RobotsForbidden"] == [7]


def test_handlers_hear_of_the_rules_before_a_request_goes_on():
    rules = middleware(says(b""))
    order: list[str] = []

    async def hear() -> None:
        await asyncio.sleep(0.01)
        order.append("heard")

    async def go() -> None:
        await rules.process_request(Request(PAGES[0]))
        order.append("sent")

    rules.crawler.signals.connect(hear, signal=signals.robots_parsed)
    asyncio.run(go())
    assert order == ["heard", "sent"]


def test_each_scheme_host_and_port_has_its_own_rules():
    urls = [
        "https://paper.example/a",
        "http://paper.example/a",
        "https://paper.example:8443/a",
        "https://town.paper.example/a",
        "https://paper.example:443/b",
        "https://user:word@Paper.example/c",
    ]
    rules = middleware(lambda url: Response(url, body=NOTHING if url.startswith("http:") else b""))
    ends = asyncio.run(asked(rules, *urls))
    assert ends == ["sent", "RobotsForbidden", "sent", "sent", "sent", "sent"]
    assert rules.crawler.engine.asked == [
        "https://paper.example/robots.txt",
        "http://paper.example/robots.txt",
        "https://paper.example:8443/robots.txt",
        "https://town.paper.example/robots.txt",
    ]


def test_rules_that_are_too_old_are_asked_for_again_and_waited_for(monkeypatch):
    monkeypatch.setattr(robots, "BELIEVED", 0.0)
    answers = iter([b"", NOTHING])
    rules = middleware(lambda url: Response(url, body=next(answers)))

    async def twice() -> list[str]:
        return [*await asked(rules, PAGES[0]), *await asked(rules, *PAGES)]

    assert asyncio.run(twice()) == ["sent", *["RobotsForbidden"] * len(PAGES)]


@pytest.mark.parametrize(
    ("status", "end"),
    [
        *((status, "RobotsForbidden") for status in (200, 201, 203, 206, 226)),
        *((status, "sent") for status in (400, 401, 403, 404, 410, 418, 451)),
        *((status, "RobotsUnreachable") for status in (300, 304, 500, 503, 599, 999)),
        (429, "HostWaits"),
    ],
)
def test_a_status_says_whether_there_are_rules(status, end):
    assert asyncio.run(asked(middleware(says(NOTHING, status)), PAGES[0])) == [end]


def test_an_empty_success_forbids_nothing():
    assert asyncio.run(asked(middleware(says(b"", 204)), PAGES[0])) == ["sent"]


def hops(number: int, last: Callable[[str], Response], elsewhere: str = ""):
    """Answer with so many redirects, each to another host, or all to ``elsewhere``."""
    left = iter(range(number))

    def answer(url: str) -> Response:
        hop = next(left, None)
        if hop is None:
            return last(url)
        target = elsewhere or f"https://hop{hop}.example/rules"
        return Response(url, 302, headers={"Location": target})

    return middleware(answer)


@pytest.mark.parametrize(
    ("number", "end"), [(1, "RobotsForbidden"), (5, "RobotsForbidden"), (6, "sent")]
)
def test_five_redirects_are_followed_across_hosts(number, end):
    assert asyncio.run(asked(hops(number, says(NOTHING)), PAGES[0])) == [end]


@pytest.mark.parametrize("location", ["", "javascript:void(0)", "http://", "ftp://paper.example/"])
def test_a_redirect_to_nowhere_says_nothing(location):
    assert asyncio.run(asked(hops(1, says(b""), location or " "), PAGES[0])) == [
        "RobotsUnreachable"
    ]


@pytest.mark.parametrize(
    "error",
    [ForbiddenAddress("10.0.0.1"), CannotResolveHostError(), DownloadConnectionRefusedError()],
)
def test_a_redirect_to_where_nothing_is_got_says_nothing(error):
    assert asyncio.run(asked(hops(1, fails(error)), PAGES[0])) == ["RobotsUnreachable"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (says(b"", 503), "paper.example: robots.txt: 503; "),
        (fails(DownloadTimeoutError("took too long")), "DownloadTimeoutError: took too long"),
        (
            hops(1, fails(CannotResolveHostError("no address"))).crawler.engine.answer,
            "hop0.example",
        ),
    ],
)
def test_the_reason_names_host_and_cause(answer, words):
    with pytest.raises(HostWaits) as told:
        asyncio.run(middleware(answer).process_request(Request(PAGES[0])))
    assert words in str(told.value)


def test_who_we_are_is_named_by_setting_request_or_user_agent():
    body = b"User-agent: study\nDisallow: /\n\nUser-agent: newscrawl\nDisallow: /town/\n"
    ours, theirs = Request(PAGES[0]), Request(PAGES[0], headers={"User-Agent": "Study/2 (x)"})

    async def forbidden(*requests: Request, **settings: str) -> list[bool]:
        rules = middleware(says(body), **settings)
        return [not await rules.allows(request) for request in requests]

    front = Request("https://paper.example/", headers={"User-Agent": "study"})
    assert asyncio.run(forbidden(ours, theirs, front)) == [True, True, True]
    named = {"ROBOTSTXT_USER_AGENT": "Other/1.0"}
    assert asyncio.run(forbidden(ours, theirs, front, **named)) == [False, False, False]
    assert asyncio.run(forbidden(ours, USER_AGENT="study/1")) == [True]


def test_a_parser_of_the_users_is_used():
    rules = middleware(says(NOTHING), ROBOTSTXT_PARSER="scrapy.robotstxt.PythonRobotParser")
    with pytest.raises(RobotsForbidden):
        asyncio.run(rules.process_request(Request(PAGES[0])))


def test_a_request_may_be_exempt():
    rules = middleware(says(NOTHING))
    asyncio.run(rules.process_request(Request(PAGES[0], meta={"dont_obey_robotstxt": True})))
    asyncio.run(rules.process_request(Request("data:,words")))
    assert rules.crawler.engine.asked == []
