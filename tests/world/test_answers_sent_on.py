"""Circles and walls of pages that send their readers on (``Refresh``, ``<meta http-equiv>``)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crawl.answering import (
    HTML,
    Answer,
    Answers,
    Asked,
    Server,
    answering,
    front,
    outcome,
    story,
)
from tests.crawl.crawling import Crawl

CIRCLE = ("failed", "TooManyRedirects")


def meta(target: str, *cookies: str) -> Answer:
    page = f'<!doctype html><meta http-equiv="refresh" content="0; url={target}"><title>One moment</title>'
    return Answer(page, headers=(HTML, *(("Set-Cookie", each) for each in cookies)))


def header(target: str, *cookies: str) -> Answer:
    sets = (("Set-Cookie", each) for each in cookies)
    return Answer("One moment", headers=(HTML, ("Refresh", f"0; url={target}"), *sets))


def crawl_of(folder: Path, server: Server) -> Crawl:
    crawl = Crawl(folder)
    crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links")
    return crawl


@pytest.mark.parametrize("sends", [meta, header])
def test_pages_that_send_on_in_a_circle_have_failed(sends, tmp_path):
    pages: dict[str, Answers] = {"/a": sends("/b"), "/b": sends("/c"), "/c": sends("/a")}
    with answering({"/": front("/a"), **pages}) as server:
        crawl = crawl_of(tmp_path, server)
        assert {outcome(crawl, server, path) for path in pages} == {CIRCLE}


@pytest.mark.parametrize("sends", [meta, header])
def test_a_wall_that_sends_on_is_passed(sends, tmp_path):
    def page(asked: Asked) -> Answer:
        return Answer(story("a")) if "k=1" in str(asked.headers["Cookie"]) else sends("/a", "k=1")

    with answering({"/": front("/a"), "/a": page}) as server:
        assert outcome(crawl_of(tmp_path, server), server, "/a") == ("article", None)


@pytest.mark.parametrize("sends", [meta, header])
def test_a_wall_that_sends_on_by_another_page_is_passed(sends, tmp_path):
    def page(asked: Asked) -> Answer:
        return Answer(story("a")) if "k=1" in str(asked.headers["Cookie"]) else sends("/b")

    with answering({"/": front("/a"), "/a": page, "/b": sends("/a", "k=1; Path=/")}) as server:
        crawl = crawl_of(tmp_path, server)
        assert outcome(crawl, server, "/a") == ("article", None)
        assert outcome(crawl, server, "/b")[0] == "redirected"
