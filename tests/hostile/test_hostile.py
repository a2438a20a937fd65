"""The hostile site is crawled to its end, loses nothing honest and reaches nothing forbidden."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.browse.shown import PHONE, browsing, tab
from tests.hostile.attacks import ATTACKS
from tests.hostile.siege import besieged
from tests.hostile.traps import TRAPS
from tests.tabs import chromium, needs_chromium

NO_ROW = {"to-chain"}


@pytest.fixture(scope="module")
def siege(tmp_path_factory):
    with besieged(tmp_path_factory.mktemp("hostile"), DOWNLOAD_TIMEOUT="2") as siege:
        yield siege


def test_the_crawl_ends_well(siege):
    assert siege.status == 0
    assert siege.crawl.runs()[0]["reason"] == "finished"


def test_nobody_was_led_to_the_forbidden_port(siege):
    assert siege.calls == []


def test_no_honest_article_is_lost(siege):
    assert siege.honest_lost == 0


def test_memory_and_time_are_bounded(siege):
    assert siege.peak_mb <= 400
    assert siege.slowest <= 5


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_every_attack_has_an_outcome(siege, attack):
    outcome = siege.outcome(attack.path).partition(":")[0]
    assert outcome not in {"queued", "claimed", "never followed"}


@pytest.mark.parametrize("name", ["gzip-bomb", "gzip-twice", "deflate-bomb", "endless-body"])
def test_what_is_too_large_is_told_so(siege, name):
    assert siege.outcome(f"/{name}/") == "refused: TooLarge"


@pytest.mark.parametrize("name", sorted(TRAPS))
def test_a_trap_is_closed_and_named(siege, name):
    pages = [page for page in siege.crawl.pages().values() if f"/{name}" in page["url"]]
    visited = [page for page in pages if page["outcome"] in {"listing", "page"}]
    assert len(visited) < 400
    refused = {page["reason"] for page in pages if page["outcome"] == "refused"}
    assert all(reason.startswith("Trap: /") for reason in refused)


def test_a_thief_does_not_take_the_place_of_a_story(siege):
    stolen = next(a for a in siege.crawl.articles().values() if a.url.endswith("/honest/3"))
    assert stolen.headline == "Honest story number 3"
    assert stolen.duplicate_of is None


def test_nothing_that_a_terminal_would_obey_is_stored(siege):
    for article in siege.crawl.articles().values():
        assert "\x1b" not in article.headline + article.text
        assert "\x00" not in article.headline + article.text


def test_html_has_nothing_that_runs(siege):
    for article in siege.crawl.articles().values():
        assert "<script" not in article.html
        assert "onerror" not in article.html
        assert "javascript:" not in article.html


@needs_chromium
def test_what_was_stored_of_the_attacks_does_nothing_where_it_is_browsed(siege, tmp_path):
    with (
        browsing(siege.crawl.database, tmp_path) as base,
        chromium() as browser,
        tab(browser, base, viewport=PHONE) as opened,
    ):
        waiting = ["/", "/search?copies=1", "/urls", "/runs", "/run/1", "/now"]
        shown = set(waiting)
        while waiting:
            page = opened.go(waiting.pop())
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            assert page.locator("main script, main iframe, main object, main style").count() == 0
            links = page.locator("main a").evaluate_all("all => all.map(each => each.href)")
            inside = {link.removeprefix(base) for link in links if link.startswith(base)}
            new = {
                path for path in inside - shown if path.startswith(("/article/", "/search?after"))
            }
            shown |= new
            waiting += sorted(new)
        for attack in ATTACKS:
            opened.go(
                f"/url?u={quote(siege.crawl.runs()[0]['arguments']['url'] + attack.path[1:])}"
            )
        assert sum(path.startswith("/article/") for path in shown) >= 10
        assert [each for each in opened.complaints if "status of 404" not in each] == []
        assert opened.elsewhere == []
