from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.links import Way
from newscrawl.report.audit import audit, estimate
from newscrawl.store.queries import PageFacts

MARCH = datetime(2025, 3, 9, tzinfo=UTC)


def page(path: str = "a", **values: Any) -> PageFacts:
    facts = PageFacts(
        url=f"https://daily.example/{path}",
        ways=Way.SITEMAP,
        state="done",
        outcome="article",
        article_id="1",
        lastmod=None,
        published=MARCH,
        sections=["Harbour"],
    )
    return facts._replace(**values)


def missing(path: str = "a", **values: Any) -> PageFacts:
    return page(path, outcome="failed", article_id=None, published=None, sections=None)._replace(
        **values
    )


def of(*pages: PageFacts, api_total: int | None = None):
    return audit("daily.example", pages, api_total)


# Against what the site lists


def test_recall_is_what_is_stored_of_what_is_listed():
    assert of(page(), page("b"), page("c"), missing("d")).sources["sitemap"].recall == 0.75


@pytest.mark.parametrize(
    ("state", "outcome", "why"),
    [
        ("queued", None, "queued"),
        ("done", "failed", "failed"),
        ("done", "rejected", "rejected"),
        ("done", "refused", "refused"),
    ],
)
def test_what_is_missing_says_what_became_of_it(state, outcome, why):
    assert of(missing(state=state, outcome=outcome)).sources["sitemap"].missing == {why: 1}


@pytest.mark.parametrize("outcome", ["gone", "redirected", "listing", "page", "part"])
def test_what_is_no_article_is_not_missing(outcome):
    tally = of(missing(outcome=outcome)).sources["sitemap"]
    assert (tally.others, tally.recall) == (1, None)


@pytest.mark.parametrize("outcome", ["article", "revision", "unchanged", "duplicate"])
def test_an_article_counts_whatever_its_last_visit_said(outcome):
    assert of(page(outcome=outcome)).sources["sitemap"].articles == 1


def test_a_list_counts_only_what_it_names():
    sources = of(page(ways=Way.FEED | Way.CATEGORY), page("b", ways=Way.API)).sources
    assert {name: tally.listed for name, tally in sources.items()} == {
        "sitemap": 0,
        "feed": 1,
        "api": 1,
        "any": 2,
    }


def test_articles_that_no_list_names_were_found_only_by_links():
    result = of(page(), page("b", ways=Way.RELATED))
    assert (result.articles, result.only_links) == (2, 1)


# By month and section


def test_the_month_is_that_of_publication():
    assert list(of(page(lastmod="2026-01-01")).months) == ["2025-03"]


def test_the_month_of_what_is_not_stored_is_that_of_its_date_in_the_list():
    assert list(of(missing(lastmod="2026-01-01T08:00:00Z")).months) == ["2026-01"]


def test_the_latest_month_comes_first():
    earlier = datetime(2024, 12, 1, tzinfo=UTC)
    assert list(of(page(published=earlier), page("b")).months) == ["2025-03", "2024-12"]


def test_the_section_of_what_is_not_stored_is_the_first_folder_of_its_path():
    assert list(of(missing("harbour/a")).sections) == ["harbour"]


@pytest.mark.parametrize("path", ["a", "2025/03/a"])
def test_a_path_without_a_section_tells_none(path):
    assert list(of(missing(path)).sections) == ["unknown"]


def test_pages_that_are_neither_listed_nor_stored_are_left_out():
    assert of(missing(ways=Way.RELATED)).months == {}


# By two looks at the links


def test_half_of_the_second_look_seen_by_the_first_means_half_is_known():
    found = estimate(listed=100, linked=100, both=50)
    assert found is not None
    assert found.total == pytest.approx(199, abs=1)
    assert found.low < found.total < found.high


def test_two_looks_that_saw_the_same_saw_it_all():
    assert estimate(listed=80, linked=80, both=80) == (80, 80, 80, 80, 80, 80)


def test_one_look_alone_estimates_nothing():
    assert estimate(listed=80, linked=0, both=0) is None


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.data())
def test_an_estimate_never_falls_below_what_was_seen(listed, linked, data):
    both = data.draw(st.integers(0, min(listed, linked)))
    found = estimate(listed, linked, both)
    assert found is not None
    assert listed + linked - both <= found.low <= found.high


def test_listings_and_other_articles_are_the_two_looks():
    result = of(
        page("a", ways=Way.CATEGORY),
        page("b", ways=Way.RELATED | Way.TAG),
        page("c", ways=Way.PREVNEXT),
    )
    assert result.estimate is not None
    assert result.estimate[:3] == (2, 2, 1)


def test_everything_is_plain_for_json():
    plain = of(page(), missing("b"), api_total=3).as_dict()
    assert plain["sources"]["sitemap"] == {
        "listed": 2,
        "articles": 1,
        "missing": {"failed": 1},
        "other_pages": 0,
        "found_only_by_links": 0,
        "recall": 0.5,
    }
    assert (plain["api_total"], plain["estimate"]) == (3, None)
