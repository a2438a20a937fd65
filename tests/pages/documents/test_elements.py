from __future__ import annotations

import re

from lxml import html

from newscrawl.pages.documents.elements import Elements

PAGE = """
<html><head><link rel="alternate" href="/feed"><meta property="og:title" content="Ferry"></head>
<body class="home"><h2 class="">Harbour</h2><div class="card big"><h1>Ferry sails</h1></div>
<!-- a remark --><p class="card">At ten.</p><div class="big"><h2>Later</h2>
<span itemprop="name">Ann</span></div></body></html>
"""


def page() -> Elements:
    return Elements(html.fromstring(PAGE))


def test_elements_of_several_tags_come_in_the_order_of_the_page():
    assert [each.text for each in page().tagged("h1", "h2")] == ["Harbour", "Ferry sails", "Later"]


def test_a_tag_that_the_page_has_not_gives_nothing():
    assert page().tagged("table") == []
    assert page().tagged() == []


def test_a_class_is_found_in_whatever_attribute_it_stands_and_by_one_tag_if_asked():
    found = page()
    assert [each.tag for each in found.by_class("card")] == ["div", "p"]
    assert [each.text for each in found.by_class("card", "p")] == ["At ten."]
    assert [each.tag for each in found.by_class("big")] == ["div", "div"]


def test_several_classes_are_told_apart():
    found = page().by_each(frozenset({"card", "big"}), "div")
    assert {name: len(each) for name, each in found.items()} == {"card": 1, "big": 2}


def test_a_pattern_is_looked_for_where_its_words_stand():
    found = page()
    pattern = re.compile("CARD|home", re.IGNORECASE)
    assert [each.tag for each in found.by_classes(pattern)] == ["body", "div", "p"]
    assert [each.tag for each in found.by_classes(pattern, "card")] == ["div", "p"]


def test_an_empty_class_is_none():
    assert all(each.get("class") for each in page().by_classes(re.compile("")))


def test_what_is_described_or_related_is_known():
    found = page()
    assert [each.tag for each in found.described] == ["meta", "span"]
    assert [each.get("rel") for each in found.related] == ["alternate"]


def test_holders_are_all_around_an_element():
    found = page()
    assert {each.tag for each in found.holders("h1")} == {"h1", "div", "body", "html"}


def test_what_says_something_of_an_object_or_a_relation_is_met_in_order():
    assert [each.tag for each in page().telling] == ["link", "meta", "span"]


def test_a_name_is_found_in_class_and_id_of_the_tags_that_are_asked_for():
    found = Elements(
        html.fromstring(
            "<div><p class='comments'>a</p><div id='comment-1'>b</div><div>c</div>"
            "<li itemtype='https://schema.org/Comment'>d</li><div class='card'>e</div></div>"
        )
    )
    assert [each.text for each in found.index.named("omment", "div", "li")] == ["b", "d"]


def test_what_is_taken_out_of_the_page_is_still_there_to_ask():
    root = html.fromstring(PAGE)
    found = Elements(root)
    assert len(found.every) == 12
    for each in root.xpath("//div"):
        each.drop_tree()
    assert [each.text for each in found.tagged("h1", "h2")] == ["Harbour", "Ferry sails", "Later"]
    assert [each.tag for each in found.by_class("big")] == ["div", "div"]


def test_links_around_pictures_are_known_with_the_first_picture_in_each():
    found = Elements(
        html.fromstring(
            "<div><a href='/'><b><img id='1'><img id='2'></b></a><a href='/c'>c</a>"
            "<a><img></a><a href='/d'><amp-img id='3'></amp-img></a></div>"
        )
    )
    told = found.anchors_around(10, "img", "amp-img")
    assert [(link.get("href"), href, image.get("id")) for link, href, image in told] == [
        ("/", "/", "1"),
        ("/d", "/d", "3"),
    ]
    assert len(found.anchors_around(1, "img", "amp-img")) == 1
    assert not found.anchors_around(10, "video")
