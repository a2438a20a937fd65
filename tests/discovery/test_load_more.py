from __future__ import annotations

import pytest

from newscrawl.discovery.load_more import LOAD_MORE, next_numbered


@pytest.mark.parametrize(
    "classes",
    [
        "jeg_block_loadmore",
        "jeg_postblock jeg_pagination_loadmore jeg_col_2o3",
        "jeg_pagination_scrollload",
        "jeg_pagination_nextprev",
        "btn load-more",
        "Load_More_Button",
        "td-load-more-wrap",
        "archive infinite-scroll",
    ],
)
def test_some_classes_are_of_a_button_or_of_scrolling(classes):
    assert LOAD_MORE.search(classes)


@pytest.mark.parametrize(
    "classes",
    ["jeg_posts jeg_load_more_flag", "jeg_pagination_nav_1", "download-more", "more-link"],
)
def test_others_are_not(classes):
    assert LOAD_MORE.search(classes) is None


@pytest.mark.parametrize(
    ("url", "following"),
    [
        ("https://d.example/news/", "https://d.example/news/page/2/"),
        ("https://d.example/news/page/2/", "https://d.example/news/page/3/"),
        ("https://d.example/", "https://d.example/page/2/"),
        ("https://d.example/news.html", None),
        ("https://d.example/news/?order=old", None),
    ],
)
def test_pages_are_numbered_as_wordpress_does(url, following):
    assert next_numbered(url) == following
