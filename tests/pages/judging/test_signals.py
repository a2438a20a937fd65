from __future__ import annotations

import pytest
from web_poet import HttpResponse, HttpResponseHeaders

from newscrawl.pages.judging.signals import SIGNALS
from newscrawl.pages.news import NewsPage


def signals(head: str = "", *headers: tuple[str, str]) -> list[str]:
    body = f"<html><head>{head}</head><body><p>Text</p></body></html>".encode()
    found = HttpResponseHeaders(headers)
    return NewsPage(HttpResponse("https://daily.example/", body, headers=found)).signals


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", []),
        ('<meta name="robots" content="index, follow">', []),
        ('<meta name="robots" content="NOINDEX,nofollow">', ["noindex", "nofollow"]),
        ('<meta name="robots" content="none">', ["noindex", "nofollow"]),
        ('<meta name="newscrawl" content="noai">', ["noai"]),
        ('<meta name="googlebot" content="noindex">', []),
        ('<meta name="robots" content="noai, noimageai">', ["noai", "noimageai"]),
        ('<meta name="tdm-reservation" content="1">', ["tdm-reservation"]),
        ('<meta name="tdm-reservation" content="0">', []),
    ],
)
def test_meta_elements(head, expected):
    assert signals(head) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (("X-Robots-Tag", "noindex"), ["noindex"]),
        (("X-Robots-Tag", "newscrawl: noindex, nofollow"), ["noindex", "nofollow"]),
        (("X-Robots-Tag", "otherbot: noindex"), []),
        (("X-Robots-Tag", "unavailable_after: 25 Jun 2026, noarchive"), ["noarchive"]),
        (("tdm-reservation", "1"), ["tdm-reservation"]),
    ],
)
def test_headers(header, expected):
    assert signals("", header) == expected


def test_several_headers_are_all_read():
    assert signals("", ("X-Robots-Tag", "noai"), ("X-Robots-Tag", "noindex")) == ["noindex", "noai"]


def test_they_come_in_one_order():
    assert signals('<meta name="robots" content="noai,nofollow,noindex">') == [
        each for each in SIGNALS if each in {"noai", "nofollow", "noindex"}
    ]
