from __future__ import annotations

from typing import Any

import pytest

from newscrawl.discovery.links import LinkKind, Way
from newscrawl.frontier.rows import Found, Row
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome
from newscrawl.session.barren import AGAIN, LAST, PROVEN, BarrenAnswers, Turn

SITE = "daily.example"


def visited(number: int, path: str, outcome: Outcome = Outcome.PAGE, **values: Any) -> Visit:
    reason, seconds = values.pop("reason", None), values.pop("seconds", 0.1)
    priority = values.pop("priority", 80)
    url = f"https://{SITE}/{path}"
    row = Row(number, SITE, url, url, "article", Way.CATEGORY, 1, priority, **values)
    return Visit(row, outcome, reason, seconds=seconds)


def link(path: str, priority: int = 80) -> Found:
    url = f"https://{SITE}/{path}"
    return Found(SITE, url, url, LinkKind.ARTICLE, Way.ARTICLE, 2, priority)


def turns(barren: BarrenAnswers, *visits: Visit) -> list[Turn]:
    return [turn for turn in map(barren.heard, visits) if turn is not None]


def test_a_site_is_doubted_and_then_spent():
    barren = BarrenAnswers(10)
    pages = [visited(n, f"maze/{n}") for n in range(30)]
    assert turns(barren, *pages[:9]) == [Turn.DOUBTED]
    assert turns(barren, *pages[9:]) == [Turn.SPENT]


def test_a_new_article_begins_the_count_anew():
    barren = BarrenAnswers(10)
    turns(barren, *(visited(n, f"maze/{n}") for n in range(9)))
    barren.brought(SITE)
    assert Turn.SPENT not in turns(barren, *(visited(n, f"maze/{n}") for n in range(9)))


@pytest.mark.parametrize(
    "visit",
    [
        pytest.param({"outcome": Outcome.ARTICLE}, id="an article"),
        pytest.param({"outcome": Outcome.LISTING, "read_as": "listing"}, id="visited before"),
        pytest.param({"outcome": Outcome.REFUSED, "seconds": None}, id="not asked for"),
        pytest.param({"outcome": Outcome.REJECTED, "reason": "PublishedBefore"}, id="too old"),
    ],
)
def test_what_does_not_count(visit):
    assert turns(BarrenAnswers(3), *(visited(n, f"a/{n}", **visit) for n in range(9))) == []


@pytest.mark.parametrize(
    "outcome",
    [Outcome.REDIRECTED, Outcome.DUPLICATE, Outcome.FAILED, Outcome.GONE, Outcome.REVISION],
)
def test_whatever_brings_no_new_article_counts(outcome):
    pages = (visited(n, f"a/{n}", outcome) for n in range(9))
    assert Turn.SPENT in turns(BarrenAnswers(3), *pages)


def test_the_parts_that_were_fetched_with_a_page_count():
    first, second = visited(1, "a/1", Outcome.DUPLICATE), visited(2, "a/2", Outcome.DUPLICATE)
    first.fetched, second.fetched = 3, 4
    barren = BarrenAnswers(9)
    assert Turn.SPENT not in turns(barren, first)
    assert Turn.SPENT in turns(barren, second)
    assert "its last 9 answers" in barren.told(SITE)


def test_without_a_limit_no_site_is_spent():
    pages = (visited(n, f"maze/{n}") for n in range(1000))
    assert turns(BarrenAnswers(0), *pages) == [Turn.DOUBTED]


def test_the_shape_that_most_answers_have_is_named():
    barren = BarrenAnswers(10)
    turns(barren, *(visited(n, f"maze/{n}") for n in range(9)), visited(9, "about"))
    assert barren.told(SITE) == (
        f"{SITE} goes on without end: its last 10 answers brought no new article, "
        "9 of them of the shape /maze/#"
    )


def test_answers_of_many_shapes_are_named_by_their_folder_if_they_have_one():
    barren = BarrenAnswers(4)
    turns(barren, *(visited(n, f"maze/{word}") for n, word in enumerate(("a", "b", "c", "d"))))
    assert "4 of them below /maze/" in barren.told(SITE)
    barren = BarrenAnswers(4)
    turns(barren, *(visited(n, word) for n, word in enumerate(("a", "b", "c", "d"))))
    assert "of 4 shapes, most often /a (1)" in barren.told(SITE)


def test_links_stay_where_they_are_until_a_site_is_doubted():
    barren, page = BarrenAnswers(0), visited(1, "maze/1")
    page.links = [link("maze/2")]
    assert barren.placed(page) == page.links


def doubted(*before: Visit) -> BarrenAnswers:
    barren = BarrenAnswers(4)
    turns(barren, *before, *(visited(n, f"maze/{n}") for n in range(100, 104)))
    return barren


def test_in_doubt_what_leads_to_articles_keeps_its_place():
    listing = visited(1, "harbour", Outcome.LISTING)
    story = visited(2, "harbour/a-long-title", Outcome.ARTICLE, found_on=1)
    barren = doubted(listing, story)
    listing.links = [link("harbour/another-title"), link("harbour"), link("maze/9")]
    assert [found.priority for found in barren.placed(listing)] == [80, 80, LAST]


def test_the_further_from_an_article_the_later():
    barren, page = doubted(), visited(1, "maze/1")
    page.links = [link("maze/2")]
    (first,) = barren.placed(page)
    assert first.priority == LAST - 1
    page = visited(2, "maze/2", priority=first.priority)
    page.links = [link("maze/3")]
    assert barren.placed(page)[0].priority == LAST - 2
    page = visited(3, "maze/3", priority=0)
    page.links = [link("maze/4")]
    assert barren.placed(page)[0].priority == 0


def test_what_waits_for_all_others_goes_on_waiting():
    barren, page = doubted(), visited(1, "maze/1", priority=-20)
    page.links = [link("tag/x", -20)]
    assert barren.placed(page) == page.links


def test_what_came_last_in_an_earlier_run_leads_to_what_comes_last():
    page = visited(1, "maze/1", priority=LAST)
    page.links = [link("maze/2")]
    assert BarrenAnswers(0).placed(page)[0].priority == LAST - 1


def test_a_shape_proves_nothing_after_many_barren_answers():
    barren = BarrenAnswers(0)
    barren.heard(visited(1, "all/1", Outcome.ARTICLE))
    assert barren.proven == {"/all/#"}
    turns(barren, *(visited(n, f"all/{n}") for n in range(2, PROVEN + 2)))
    assert barren.proven == frozenset()


def test_the_queue_of_a_doubted_site_is_put_in_order_again_when_shapes_have_changed():
    barren = doubted()
    barren.heard(visited(1, "harbour/a-long-title", Outcome.ARTICLE))
    known = [visited(n, "about", read_as="page") for n in range(2, AGAIN + 2)]
    assert turns(barren, *known) == [Turn.LEARNT]


def test_what_this_run_has_seen_of_a_shape_says_more_than_the_ledger():
    barren = doubted()
    barren.known(SITE, [f"https://{SITE}/maze/1", f"https://{SITE}/harbour/a-long-title"])
    assert barren.proven == {"/harbour/*"}
