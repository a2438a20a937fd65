"""No site learns from which page we come, unless that is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.citizen.processes import Program
from tests.crawl.answering import Answer, Answers, answering, front, story

FOREIGN = """
import scrapy


class Shop(scrapy.Spider):
    name = "shop"

    async def start(self):
        yield scrapy.Request(self.server + "/from", callback=self.found)

    def found(self, response):
        yield response.follow("/led", self.end, headers={"X-Kind": "led"})
        yield response.follow("/plain", self.end, headers={"X-Kind": "plain"})

    def end(self, response):
        yield {"url": response.url}
"""


def led(to: str, status: int = 302) -> Answer:
    return Answer(status=status, headers=(("Location", to), ("Referrer-Policy", "unsafe-url")))


@pytest.fixture(scope="module")
def pages() -> dict[str, Answers]:
    return {
        "/": front("/pier", "/moved", "/twin"),
        "/pier": story("pier"),
        "/moved": led("/quay", 301),
        "/quay": story("quay"),
        "/twin": led("/twin/", 301),
        "/twin/": story("twin"),
        "/from": Answer("x", headers=(("Referrer-Policy", "unsafe-url"),)),
        "/led": led("/end"),
        "/end": "x",
        "/plain": "x",
    }


def crawled(tmp_path, pages, **settings: Any):
    program = Program(tmp_path, **settings)
    (tmp_path / "shop.py").write_text(FOREIGN)
    with answering(pages) as server:
        program.run(("site", {"url": f"{server.url}/"}), ("shop", {"server": server.url}))
    told = {each.path: each.headers.get("Referer") for each in server.asked}
    assert {"/quay", "/twin/", "/end", "/plain"} <= set(told)
    return program, server, told


def test_no_referer_goes_out_nor_after_a_redirect_and_no_line_warns(tmp_path, pages):
    program, _, told = crawled(tmp_path, pages)
    assert set(told.values()) == {None}
    assert "Referer" not in program.log.replace("REFERER_ENABLED", "")
    assert " WARNING: " not in program.log


def test_who_turns_it_on_gets_scrapys_own_also_after_a_redirect(tmp_path, pages):
    program, server, told = crawled(tmp_path, pages, REFERER_ENABLED=True)
    assert told["/plain"] == f"{server.url}/from"
    assert told["/end"] == f"{server.url}/led"
    assert " WARNING: " not in program.log
