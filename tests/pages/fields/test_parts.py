from __future__ import annotations

import pytest

from newscrawl.items import Article, Heading, Image
from newscrawl.pages.fields.parts import (
    MAX_PARTS,
    is_numbered_among,
    join_parts,
    numbered_links,
    part_after,
    part_number,
    parts_between,
)

STORY = "https://news.test/story/"


@pytest.mark.parametrize(
    ("url", "page", "number"),
    [
        (STORY + "2/", STORY, 2),
        (STORY + "3", STORY + "2", 3),
        (STORY, STORY + "2/", 1),
        (STORY + "?page=2", STORY, 2),
        (STORY + "2/index.htm", STORY + "index.htm", 2),
        ("https://news.test/2020/04/26/317/2/", "https://news.test/2020/04/26/317/", 2),
        ("https://news.test/2020/04/26/317/", "https://news.test/2020/04/26/317/2/", 1),
        ("https://news.test/other/2/", STORY, None),
        ("https://other.test/story/2/", STORY, None),
        (STORY + "999/", STORY, None),
    ],
)
def test_parts_are_told_by_their_number(url, page, number):
    assert part_number(url, page) == number


def test_a_page_that_follows_another_part_has_its_number():
    assert part_after(STORY, STORY + "2/") == 2


@pytest.mark.parametrize("before", [None, "https://news.test/other/", STORY + "4/"])
def test_a_page_that_follows_none_is_the_first(before):
    assert part_after(before, STORY + "2/") == 1


def test_the_first_link_to_each_part_counts():
    urls = [STORY + "2/", None, "https://news.test/other/", STORY + "2", STORY + "3/"]
    assert numbered_links(urls, STORY) == {2: STORY + "2/", 3: STORY + "3/"}


def test_numbers_that_the_page_skips_are_filled():
    assert parts_between({2: STORY + "2/", 4: STORY + "4/"}) == [
        STORY + "2/",
        STORY + "3/",
        STORY + "4/",
    ]


@pytest.mark.parametrize(
    ("page", "link", "is_later"),
    [
        (STORY + "?page=7", STORY + "?page=8", True),
        (STORY + "7/", STORY + "8/", True),
        (STORY + "7/", STORY, True),
        (STORY, STORY + "2/", False),
        (STORY + "1/", STORY + "2/", False),
        (STORY + "7/", STORY + "7/2/", False),
    ],
)
def test_a_later_one_of_numbered_pages_is_told_by_its_own_number(page, link, is_later):
    assert is_numbered_among({2: link}, page) is is_later


def test_an_article_of_too_many_parts_has_none():
    assert parts_between({MAX_PARTS + 1: STORY}) == []


def part(text, image):
    return Article(
        url=STORY,
        headline="H",
        text=text,
        html=f"<p>{text}</p>" if text else "",
        headings=[Heading(level=2, text=text)],
        images=[Image(url="lead"), Image(url=image)],
    )


def test_parts_are_joined_in_order_with_each_picture_once():
    joined = join_parts(part("a", "1"), [part("b", "2"), part("", "1")])
    assert joined.text == "a\n\nb"
    assert joined.html == "<p>a</p>\n<p>b</p>"
    assert [image.url for image in joined.images] == ["lead", "1", "2"]
    assert [heading.text for heading in joined.headings] == ["a", "b", ""]


def test_joining_leaves_the_first_part_as_it_was():
    first = part("a", "1")
    join_parts(first, [part("b", "2")])
    assert first.text == "a"
