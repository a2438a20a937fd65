from __future__ import annotations

import pytest
from lxml import etree

from newscrawl.pages.documents.lines import lines_after, lines_before, lines_in, told

PAGE = etree.HTML(
    "<body><p>One</p><div>Two<br>Three <b>bold</b><script>no</script></div><h1>Here</h1>"
    "<ul><li>Ada<i>4 May</i></li></ul>Loose<!-- no --> end<p>Last</p></body>"
)
HERE = next(PAGE.iter("h1"))


def texts(lines):
    return [each.text for each in lines]


def test_lines_end_where_a_block_does():
    assert texts(lines_after(HERE)) == ["Ada 4 May", "Loose end", "Last"]


def test_lines_before_come_nearest_first_and_read_forwards():
    assert texts(lines_before(HERE)) == ["Three bold", "Two", "One"]


def test_lines_inside_come_in_either_order():
    assert texts(lines_in(PAGE)) == texts(lines_in(PAGE, back=True))[::-1]


def test_a_line_knows_the_element_it_begins_in():
    assert next(lines_after(HERE)).element.tag == "li"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>By<b>Ada</b></p>", "By Ada"),
        ("<p>28.09.19<b>12:44</b></p>", "28.09.19 12:44"),
        ("<p>1<sup>st</sup> of May</p>", "1st of May"),
        ("<p>foot<b>ball</b></p>", "football"),
    ],
)
def test_words_of_neighbours_stay_apart(html, text):
    assert told(next(etree.HTML(html).iter("p")), 100) == text


def test_what_says_too_much_says_nothing():
    assert told(PAGE, 10) == ""


def test_a_deep_page_is_read_without_recursion():
    deep = etree.HTML("<div>" * 200 + "<i>x</i>" * 20_000)
    assert len([*lines_in(deep)]) <= 1
