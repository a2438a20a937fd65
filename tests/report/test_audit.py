from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from newscrawl.discovery.links import Way
from newscrawl.history.auditing import FoundBy, PageFacts, SiteFacts, UnreadSource
from newscrawl.history.queries import ArticleCounts
from newscrawl.report.audit import ANY, Audit, Why, audit, percent

MARCH = datetime(2025, 3, 9, tzinfo=UTC)
SITEMAP = UnreadSource("sitemap", "https://daily.example/old.xml", "failed: Http500")


def page(path: str = "a", **values: Any) -> PageFacts:
    """A page that the sitemap lists and whose article is stored."""
    facts = PageFacts(
        url=f"https://daily.example/{path}",
        ways=Way.SITEMAP,
        state="done",
        outcome="article",
        reason=None,
        lastmod=None,
        published=MARCH,
        sections=["Harbour"],
        is_stored=True,
        is_own=True,
    )
    return facts._replace(**values)


def missing(path: str = "a", **values: Any) -> PageFacts:
    return page(
        path, outcome="failed", published=None, sections=None, is_stored=False, is_own=False
    )._replace(**values)


def of(*pages: PageFacts, **values: Any) -> Audit:
    facts = SiteFacts(
        site="daily.example",
        counts=ArticleCounts(len(pages), 0, 0),
        found_by=Counter(),
        asked=1,
        unread=[],
        unvisited=0,
        strays=0,
        api_total=None,
        pages=iter(pages),
    )
    return audit(facts._replace(**values))


# Against what the site lists


def test_recall_is_what_is_stored_of_what_is_listed():
    assert of(page(), page("b"), page("c"), missing("d")).sources["sitemap"].recall == 0.75


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"state": "queued", "outcome": None}, Why("queued")),
        ({"state": "claimed", "outcome": None}, Why("queued")),
        ({"outcome": "failed", "reason": "Http500"}, Why("failed", "Http500")),
        ({"outcome": "rejected", "reason": "TooShort"}, Why("rejected", "TooShort")),
        (
            {"outcome": "rejected", "reason": "PasswordProtected"},
            Why("rejected", "PasswordProtected"),
        ),
        ({"outcome": "refused", "reason": "RobotsForbidden"}, Why("refused", "RobotsForbidden")),
        (
            {"outcome": "refused", "reason": "OutOfScope: https://other.example/"},
            Why("refused", "OutOfScope"),
        ),
    ],
)
def test_what_is_missing_says_what_became_of_it(values, why):
    assert of(missing(**values)).sources["sitemap"].missing == {why: 1}


def test_reasons_are_counted_apart_by_section():
    sections = of(
        missing("harbour/a", outcome="rejected", reason="TooShort"),
        missing("harbour/b", outcome="rejected", reason="PasswordProtected"),
        missing("town/c", outcome="rejected", reason="TooShort"),
    ).sections
    assert {name: tally.as_dict()["reasons"] for name, tally in sections.items()} == {
        "harbour": {"rejected": {"TooShort": 1, "PasswordProtected": 1}},
        "town": {"rejected": {"TooShort": 1}},
    }


@pytest.mark.parametrize("outcome", ["gone", "redirected", "listing", "page", "part"])
def test_what_is_no_article_is_not_missing(outcome):
    tally = of(missing(outcome=outcome)).sources["sitemap"]
    assert (tally.others, tally.recall) == (1, None)


@pytest.mark.parametrize(
    "values", [{"state": "erased", "outcome": None}, {"outcome": "rejected", "reason": "Erased"}]
)
def test_what_was_erased_is_not_missing(values):
    tally = of(missing(**values)).sources["sitemap"]
    assert (tally.others, tally.recall) == (1, None)


@pytest.mark.parametrize("outcome", ["article", "revision", "unchanged", "duplicate", "failed"])
def test_an_article_counts_whatever_its_last_visit_said(outcome):
    assert of(page(outcome=outcome)).sources["sitemap"].stored == 1


def test_a_list_counts_only_what_it_names():
    sources = of(page(ways=Way.FEED | Way.CATEGORY), page("b", ways=Way.API)).sources
    assert {name: tally.listed for name, tally in sources.items()} == {
        "sitemap": 0,
        "feed": 1,
        "api": 1,
        "any": 2,
    }


def test_what_no_list_names_says_nothing_of_recall():
    tally = of(page(), missing("b"), page("c", ways=Way.RELATED)).months["2025-03"]
    assert (tally.stored, tally.unlisted) == (1, 1)
    assert of(page(), missing("b", published=MARCH), page("c", ways=Way.TAG)).sources[
        ANY
    ].recall == pytest.approx(0.5)


def test_a_month_of_which_the_site_lists_nothing_has_no_recall():
    assert of(page(ways=Way.RELATED)).months["2025-03"].recall is None


def test_another_address_of_a_stored_page_counts_where_a_list_names_it():
    result = of(page(is_own=False), page("b", ways=Way.RELATED, is_own=False))
    assert (result.sources[ANY].stored, result.sources[ANY].unlisted) == (1, 0)


def test_articles_in_no_list_are_counted_once_each():
    found_by = Counter({FoundBy(True, True, False): 3, FoundBy(True, False, True): 5})
    assert of(found_by=found_by).only_links == 3


def test_only_all_of_it_is_shown_as_all_of_it():
    assert [percent(1.0), percent(0.9999), percent(0.75)] == ["100.0%", "99.9%", "75.0%"]


# Lists that are not read


def test_recall_is_unknown_while_a_list_is_unread():
    result = of(page(), unread=[SITEMAP])
    assert (result.sources["sitemap"].recall, result.sources[ANY].recall) == (None, None)
    assert result.no_recall == (
        "not every list of the site was read, and those may name pages nobody knows of"
    )


def test_a_list_that_is_unread_says_nothing_of_the_others():
    result = of(page(ways=Way.FEED), unread=[SITEMAP])
    assert (result.sources["feed"].recall, result.sources[ANY].recall) == (1.0, None)


def test_an_unread_list_may_name_all_that_was_found_by_links_and_nothing_else():
    tally = of(page(), missing("b"), page("c", ways=Way.TAG), unread=[SITEMAP]).sources[ANY]
    assert tally.at_most == pytest.approx(2 / 3)


def test_an_unread_sitemap_may_name_what_only_the_feed_is_known_to_name():
    tally = of(page(), missing("b"), page("c", ways=Way.FEED), unread=[SITEMAP]).sources["sitemap"]
    assert tally.at_most == pytest.approx(2 / 3)


def test_a_bound_that_says_nothing_is_none():
    assert of(page(), unread=[SITEMAP]).sources[ANY].at_most is None


def test_months_and_sections_are_as_unknown_as_the_whole():
    result = of(page(), unread=[SITEMAP])
    assert result.months["2025-03"].recall is None
    assert result.sections["Harbour"].recall is None


def test_recall_is_unknown_while_pages_wait_that_no_list_names():
    """A feed names ten of three hundred articles, and the crawl was stopped when it had those."""
    result = of(page(ways=Way.FEED), unvisited=290, strays=290)
    assert (result.sources["feed"].recall, result.sources[ANY].recall) == (1.0, None)
    assert result.months["2025-03"].recall is None
    assert result.no_recall == (
        "the crawl has not ended: pages that no list names are not visited yet"
    )


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (0, "no sitemap, feed or API of the site was asked for"),
        (3, "the site lists no pages that may be articles"),
    ],
)
def test_where_nothing_is_listed_it_is_said_why_there_is_no_recall(asked, why):
    result = of(page(ways=Way.CATEGORY), asked=asked)
    assert (result.sources[ANY].recall, result.no_recall) == (None, why)


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


def test_what_is_not_stored_counts_in_the_section_of_that_name():
    pages = (page("local-news/a", sections=["Local & News"]), missing("local-news/b"))
    for order in (pages, pages[::-1]):
        (section,) = of(*order).sections.items()
        assert (section[0], section[1].recall) == ("Local & News", 0.5)


@pytest.mark.parametrize("path", ["a", "2025/03/a"])
def test_a_path_without_a_section_tells_none(path):
    assert list(of(missing(path)).sections) == ["unknown"]


def test_pages_that_are_neither_listed_nor_stored_are_left_out():
    assert of(missing(ways=Way.RELATED)).months == {}


# By two samples of the links

FOUND_BY = Counter({FoundBy(True, True, False): 60, FoundBy(True, False, False): 30})


def test_listings_and_other_articles_are_the_two_looks():
    found_by = Counter({FoundBy(True, False, True): 1, FoundBy(True, True, True): 1})
    result = of(found_by=found_by)
    assert result.estimate is not None
    assert result.estimate[:3] == (2, 1, 1)


@pytest.mark.parametrize("unfinished", [{"unvisited": 1}, {"unread": [SITEMAP]}])
def test_there_is_no_estimate_before_everything_known_was_looked_at(unfinished):
    assert of(found_by=FOUND_BY).estimate is not None
    assert of(found_by=FOUND_BY, **unfinished).estimate is None


def test_more_articles_than_the_estimate_has_refute_it():
    assert not of(found_by=FOUND_BY, counts=ArticleCounts(90, 40, 0)).exceeds_estimate
    assert of(found_by=FOUND_BY, counts=ArticleCounts(98, 0, 0)).exceeds_estimate


def test_everything_is_plain_for_json():
    plain = of(
        page(),
        missing("b", reason="Http500"),
        missing("c", state="queued", outcome=None),
        api_total=3,
        unread=[SITEMAP],
    ).as_dict()
    assert plain["sources"]["sitemap"] == {
        "listed": 3,
        "articles": 1,
        "stored": 1,
        "missing": {"failed": 1, "queued": 1},
        "reasons": {"failed": {"Http500": 1}},
        "other_pages": 0,
        "found_only_by_links": 0,
        "unlisted": 0,
        "recall": None,
        "recall_at_most": pytest.approx(1 / 3),
    }
    assert (plain["api_total"], plain["estimate"]) == (3, None)
    assert plain["unread_sources"] == [SITEMAP._asdict()]
