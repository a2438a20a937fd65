from __future__ import annotations

import pytest
from web_poet import HttpResponse

from newscrawl.pages.news import NewsPage
from tests.pages.examples import FIRST, SECOND, STORY, THIRD

TOLD = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
EXCERPT = "A short look at what else has happened along this coast over the last week."
PLACES = ("harbour", "lighthouse", "island", "market", "bridge", "station")
LONG = f"{EXCERPT} {EXCERPT} {EXCERPT}"


def text(body):
    html = f"<html><body>{body}</body></html>"
    url = "https://news.test/2026/05/ferry"
    return NewsPage(HttpResponse(url, html.encode())).page.body.text


def listed(item, wrap="<ul>{}</ul>"):
    return wrap.format("".join(item.format(place, LONG) for place in PLACES))


@pytest.mark.parametrize(
    "others",
    [
        listed('<li><div><a href="/{0}">What is new at the {0}</a></div><p>{1}</p></li>'),
        listed('<li><a href="/{0}">What is new at the {0}</a><div>{1}</div></li>'),
        listed('<li><div><a href="/{0}">What is new at the {0}</a>{1}</div></li>'),
        listed(
            '<tr><td><a href="/{0}">What is new at the {0}</a><br>{1}</td></tr>',
            "<table>{}</table>",
        ),
    ],
)
def test_items_that_lead_elsewhere_are_teasers_without_headings(others):
    assert text(f"<div><h1>Ferry</h1>{STORY}</div><div>{others}</div>") == TOLD


def test_teasers_that_outweigh_the_story_are_not_the_body():
    others = listed('<li><div><a href="/{0}">What is new at the {0}</a></div><p>{1}</p></li>')
    assert text(f"<div><p>{FIRST}</p></div><div>{others}</div>") == FIRST


@pytest.mark.parametrize(
    "item",
    [
        '<li><a href="/{0}">Ada {0}</a>: {1}</li>',
        '<li><a href="https://other.test/{0}">What is new at the {0}</a>: {1}</li>',
        '<li>{1} <a href="/{0}">What is new at the {0}</a></li>',
    ],
)
def test_lists_that_lead_to_names_or_other_sites_or_end_with_links_are_of_the_story(item):
    assert text(f"<div>{STORY}{listed(item)}</div>").count(LONG) == len(PLACES)


def test_rows_under_linked_headings_are_of_the_story():
    rows = listed(
        '<tr><td><h2><a href="/{0}">The {0}</a></h2><p>{1} {1} {1}</p></td></tr>',
        "<table>{}</table>",
    )
    assert text(f"<div>{STORY}{rows}</div>").count(LONG) == 3 * len(PLACES)


def test_items_side_by_side_that_are_cut_short_are_teasers():
    others = listed("<li><p>{1}...</p></li>")
    assert text(f"<div>{STORY}<div>{others}</div></div>") == TOLD
    assert text(f"<div>{STORY * 2}{others}</div>").count(LONG) == 0


def test_a_list_with_one_item_that_is_cut_short_is_of_the_story():
    others = f"<ul><li><p>{LONG}...</p></li>{'<li><p>' + LONG + '</p></li>'}</ul>"
    assert text(f"<div>{STORY}{others}</div>").count(LONG) == 2
