from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.addresses.shape import shape_of
from newscrawl.addresses.shapes import Shapes

SITE = "https://daily.example"


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("/", "/"),
        ("/politics/", "/politics/"),
        ("/council-votes-again/", "/*/"),
        ("/2025/10/09/council-votes/", "/#/*/"),
        ("/calendar/2031-01/", "/calendar/#/"),
        ("/shop?size=3&color=red&color=blue", "/shop?color,size"),
        ("/a/a/a/a/", "/a/"),
        ("/list/page/7", "/list/page/#"),
        ("/%D8%AE%D8%A8%D8%B1/", "/#/"),
    ],
)
def test_a_shape_is_a_url_without_what_differs(url, shape):
    assert shape_of(SITE + url) == shape


def test_pages_that_promise_more_of_their_kind_are_closed_and_named():
    shapes = Shapes(enough=3)
    told = [
        shapes.saw_other(n, f"{SITE}/calendar/{n}", n - 1 or None, promises=True)
        for n in range(1, 20)
    ]
    assert [each for each in told if each] == ["/calendar/#"]
    assert shapes.is_closed(f"{SITE}/calendar/99")
    assert not shapes.is_closed(f"{SITE}/harbour-reopens/")


def test_two_shapes_that_promise_each_other_are_both_closed():
    shapes = Shapes(enough=3)
    for n in range(1, 60):
        shapes.saw_other(n, f"{SITE}/{'ab'[n % 2]}/{n}", n - 1 or None, promises=True)
    assert shapes.closed == {"/a/#", "/b/#"}


def test_pages_without_links_are_barren_at_once():
    shapes = Shapes(enough=3)
    for n in range(1, 4):
        shapes.saw_other(n, f"{SITE}/poll/{n}", None, promises=False)
    assert shapes.closed == {"/poll/#"}


def test_a_page_lists_what_is_new_if_no_page_of_its_shape_did_before():
    shapes = Shapes()
    first, second = f"{SITE}/list?page=1", f"{SITE}/list?page=2"
    assert shapes.lists_new(first, [f"{SITE}/story-a/", f"{SITE}/story-b/"])
    assert not shapes.lists_new(second, [f"{SITE}/story-b/", f"{SITE}/story-a/"])
    assert shapes.lists_new(second, [f"{SITE}/story-a/", f"{SITE}/story-c/"])
    assert shapes.lists_new(f"{SITE}/other/", [f"{SITE}/story-a/"])


def test_links_to_its_own_shape_are_nothing_new():
    assert not Shapes().lists_new(f"{SITE}/calendar/1", [f"{SITE}/calendar/2"])


def test_one_article_keeps_the_shape_of_its_listing_open():
    shapes = Shapes(enough=3)
    for n in range(1, 50):
        shapes.saw_other(n, f"{SITE}/page/{n}", None, promises=True)
        if n == 1:
            shapes.saw_article(f"{SITE}/story-one/", 1)
    for n in range(50, 99):
        shapes.saw_other(n, f"{SITE}/page/{n}", n - 1, promises=True)
    assert not shapes.closed


def test_listings_whose_articles_are_still_to_come_are_not_judged():
    shapes = Shapes(enough=3)
    for n in range(1, 200):
        shapes.saw_other(n, f"{SITE}/category-{n}/", None, promises=True)
    assert not shapes.closed


def test_categories_that_overlap_are_not_closed():
    shapes = Shapes()
    for n in range(1, 200):
        shapes.saw_other(n, f"{SITE}/category-{n}/", None, promises=n % 5 == 0)
    assert not shapes.closed


def test_an_end_that_is_repeated_without_end_is_closed():
    shapes = Shapes(enough=3)
    told = [shapes.saw_other(n, f"{SITE}/page/{n}/", None, promises=n <= 5) for n in range(1, 100)]
    assert told.index("/page/#/") == 5 + 9 * 5 - 1


def test_a_shape_of_articles_stays_open_whatever_else_it_has():
    shapes = Shapes(enough=3)
    shapes.saw_article(f"{SITE}/a-story/", None)
    for n in range(1, 50):
        shapes.saw_other(n, f"{SITE}/no-story-{'x' * n}/", None, promises=False)
    assert not shapes.is_closed(f"{SITE}/another-story/")


@given(st.text(max_size=80))
def test_every_url_has_a_shape(text):
    assert shape_of(f"{SITE}/{text.replace('[', '').replace(']', '')}").startswith("/")
