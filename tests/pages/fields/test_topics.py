from __future__ import annotations

import pytest

from newscrawl.discovery.links import LinkKind
from newscrawl.pages.documents.layout import Place
from newscrawl.pages.documents.places import Placed
from newscrawl.pages.fields.topics import (
    declared_crumbs,
    linked_tags,
    sections,
    sections_between,
)
from tests.pages.examples import document


def links(page):
    return [
        Placed(page.absolute(href), Place.TAGS, LinkKind.TAG, each.text, False, each)
        for each, href in page.anchors
    ]


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ("Harbour, Town", ["Harbour", "Town"]),
        ("Harbour,Town,Harbour", ["Harbour", "Town"]),
        (["Harbour, Port", "Town"], ["Harbour, Port", "Town"]),
        ("Food, Drink & Travel", ["Food, Drink & Travel"]),
        ("Town", ["Town"]),
        (None, []),
    ],
)
def test_sections_in_one_string_are_parted(declared, found):
    assert sections(declared) == found


def test_sections_are_the_crumbs_between_the_front_page_and_the_story():
    crumbs = ["Home", "World", "Isles", "Ferry sails"]
    assert sections_between(crumbs, ["Ferry sails!"]) == ["World", "Isles"]


def test_the_name_of_the_site_is_no_section():
    assert sections_between(["The Post", "World"], ["The Post"]) == ["World"]


def test_crumbs_are_named_themselves_or_by_their_item():
    first = {"@type": "ListItem", "name": "World"}
    second = {"@type": "ListItem", "item": {"@id": "/isles/", "name": "Isles"}}
    crumbs = {"@type": "BreadcrumbList", "itemListElement": [first, second, None]}
    assert declared_crumbs([crumbs]) == ["World", "Isles"]


def test_tags_that_half_agree_with_the_keywords_are_the_storys():
    page = document(html="<a href=/f/>Ferries</a> <a href=/q/>Quays</a>")
    keywords = [["ferries, harbour"]]
    assert linked_tags(links(page), keywords, None) == ["Ferries", "Quays"]


def test_tags_that_no_keyword_bears_out_are_the_sites():
    page = document(html="<h1>Ferry sails</h1><a href=/e/>Elections</a>")
    heading = page.root.find(".//h1")
    assert linked_tags(links(page), [["ferries, harbour"]], heading) == []


def test_without_keywords_the_tags_near_the_headline_are_the_storys():
    html = "<div><h1>Ferry sails</h1><a href=/f/>Ferries</a></div><p><a href=/e/>Elections</a></p>"
    page = document(html=html)
    assert linked_tags(links(page), [], page.root.find(".//h1")) == ["Ferries"]
