"""Which URLs are let through, and what is counted of the others."""

from __future__ import annotations

from collections import Counter

import pytest

from newscrawl.addresses import admission
from newscrawl.addresses.address import Address
from newscrawl.addresses.admission import EVERY_WAY, Gate
from newscrawl.discovery.links import Way

SITE = "daily.example"


def gate(**given) -> tuple[Gate, Counter[str]]:
    counted: Counter[str] = Counter()
    return Gate({SITE}, count=lambda why: counted.update([why]), **given), counted


def test_a_link_of_the_site_passes_without_tracking_and_uncounted():
    made, counted = gate()
    assert made.admit("https://daily.example/a?utm_source=x&id=3") == Address.parse(
        "https://daily.example/a?id=3"
    )
    assert not counted


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://weekly.example/a", "offsite"),
        ("https://daily.example.evil.test/", "offsite"),
        ("mailto:desk@daily.example", "unfetchable"),
        ("https://daily.example/wp-login.php", "trap/login"),
        ("https://daily.example/shop/shoes", "never"),
        ("https://daily.example/shop", "never"),
    ],
)
def test_what_a_rule_forbids_is_refused_and_counted_by_its_name(url, why):
    made, counted = gate(never=("/shop",))
    assert made.admit(url) is None
    assert counted == {why: 1}


def test_a_path_that_only_begins_like_a_forbidden_one_passes():
    made, _ = gate(never=("/shop",))
    assert made.admit("https://daily.example/shopping-guide") is not None


def test_a_closed_shape_is_refused_as_one():
    made, counted = gate()
    made.shapes.closed.add("/archive/#")
    assert made.admit("https://daily.example/archive/77") is None
    assert made.admit("https://daily.example/archive/today") is not None
    assert counted == {"trap/shape": 1}


def test_a_source_may_look_like_a_trap_but_not_lie_elsewhere():
    made, counted = gate()
    assert made.admit_source("https://daily.example/feed") is not None
    assert made.admit_source("https://weekly.example/feed") is None
    assert made.admit_source("about:blank") is None
    assert counted == {"offsite": 1, "unfetchable": 1}


def test_an_address_within_the_site_is_told_whatever_else_forbids_it():
    made, counted = gate(never=("/shop",))
    assert made.within("https://www.daily.example/shop?utm_source=x") is not None
    assert made.within("https://weekly.example/") is None
    assert made.within("nonsense") is None
    assert not counted


@pytest.mark.parametrize(
    ("first", "then", "is_seen"),
    [
        (Way.CATEGORY, Way.CATEGORY, True),
        (Way.CATEGORY, Way.TAG, True),
        (Way.TAG, Way.CATEGORY, False),
        (Way.CATEGORY, Way.RELATED, False),
        (Way.RELATED, Way.ARTICLE, True),
        (EVERY_WAY, Way.SEED, True),
        (EVERY_WAY, Way.RELATED, True),
    ],
)
def test_a_url_is_seen_once_it_was_found_by_as_strong_a_way_of_the_same_group(first, then, is_seen):
    made, _ = gate()
    made.remember("https://daily.example/a", first)
    assert made.has_seen("https://daily.example/a", then) is is_seen
    assert not made.has_seen("https://daily.example/b", then)


def test_what_was_seen_is_forgotten_before_memory_runs_out(monkeypatch):
    monkeypatch.setattr(admission, "MAX_SEEN", 3)
    made, _ = gate()
    for number in range(4):
        made.remember(f"https://daily.example/{number}", Way.CATEGORY)
    seen = [made.has_seen(f"https://daily.example/{each}", Way.CATEGORY) for each in range(4)]
    assert seen == [False, False, False, True]


@pytest.mark.parametrize(
    ("sections", "url", "inside"),
    [
        (("politics",), "https://daily.example/category/Politics/page/2", True),
        (("Local News",), "https://daily.example/local-news/", True),
        (("/uk/politics",), "https://daily.example/uk/politics/", True),
        (("politics",), "https://daily.example/sport/", False),
    ],
)
def test_a_section_is_a_part_of_the_path(sections, url, inside):
    made, _ = gate(sections=sections)
    assert made.of_section(url) is inside


def test_a_section_is_known_by_its_name():
    made, _ = gate(sections=("local-news",))
    assert made.is_section("Local  News")
    assert not made.is_section("Sport")
