from __future__ import annotations

import pytest

from tests.truth.hosts import FAILED, MISSING, Event
from tests.truth.robots import judged, measure
from tests.truth.rules import allowed

HOME = "http://daily.localhost:8000"


def test_crawls_obey_robots_txt():
    told: list[str] = []
    assert measure(5, told.append) == []


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("User-agent: *\nDisallow: /town", ["forbidden"]),
        (FAILED, ["cannot be known"]),
        (MISSING, []),
        ("User-agent: news\nDisallow: /", []),
    ],
)
def test_the_judge_sees_what_is_asked_for_wrongly(said, wrong):
    events = [Event(HOME, "/robots.txt"), Event(HOME, says=said), Event(HOME, "/town/1")]
    found = [*judged(events, "newscrawl")]
    assert len(found) == len(wrong)
    assert all(word in line for word, line in zip(wrong, found, strict=True))


def test_the_judge_sees_what_is_asked_for_too_soon():
    events = [Event(HOME, "/town/1"), Event(HOME, says=""), Event(HOME, "/town/2")]
    (line,) = judged(events, "newscrawl")
    assert "/town/1 was asked for before" in line


def test_the_second_reading_of_the_rfc_knows_its_examples():
    robots = (
        "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n"
        "User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n"
        "User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n"
        "User-Agent: quxbot\n\nEOF"
    )
    assert not allowed(robots, "foobot", "/example/other")
    assert allowed(robots, "foobot", "/example/page.html")
    assert not allowed(robots, "bazbot", "/example/page.html")
    assert allowed(robots, "quxbot", "/example/page.html")
    assert not allowed(robots, "anybot", "/a/b.gif")
    assert allowed(robots, "anybot", "/publications/")
