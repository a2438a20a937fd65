from __future__ import annotations

import pytest

from newscrawl.discovery.links import LinkKind
from newscrawl.pages.documents.layout import Place
from newscrawl.pages.documents.places import Placed
from newscrawl.pages.fields.neighbours import neighbour
from tests.pages.examples import document


def links(html):
    page = document(html=html)
    return [
        Placed(page.absolute(href), Place.PREVNEXT, LinkKind.PREVNEXT, "", False, each)
        for each, href in page.anchors
    ]


@pytest.mark.parametrize(
    "html",
    [
        '<a rel="prev" href="/a/">A</a><a rel="next" href="/b/">B</a>',
        '<a class="post prev-post" href="/a/">A</a><a class="post next-post" href="/b/">B</a>',
        '<p class="nav-previous"><a href="/a/">A</a></p><p class="nav-next"><a href="/b/">B</a></p>',
    ],
)
def test_a_neighbour_is_marked_by_rel_or_by_class(html):
    found = links(html)
    assert neighbour(found, "prev") == "https://news.test/a/"
    assert neighbour(found, "next") == "https://news.test/b/"


def test_a_name_for_both_sides_marks_neither():
    assert neighbour(links('<p class="prevnext"><a href="/a/">A</a></p>'), "next") is None
