from __future__ import annotations

from web_poet import HttpResponse

from newscrawl.pages.news import NewsPage
from tests.pages.examples import FIRST, SECOND, STORY, THIRD

TOLD = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
LONG = "Each passenger may take one bicycle, and dogs travel free of charge in the bow. " * 3
ITEMS = "".join(
    f"<li>{amount} grams of {what} from the mill</li>"
    for amount in (100, 250, 500)
    for what in ("wheat flour", "rye flour", "oat flakes", "coarse meal")
)


def page(body, title="Ferry to run again"):
    html = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    return NewsPage(HttpResponse("https://news.test/2026/05/ferry", html.encode())).page


def test_a_list_beside_a_small_body_is_read_with_it():
    parts = f"<section><ul>{ITEMS}</ul></section><section><p>{LONG}</p></section>"
    text = page(f"<main><h1>Ferry to run again</h1>{parts}</main>").body.text
    assert text.count("from the mill") == ITEMS.count("<li>")
    assert LONG.strip() in text


def test_a_list_above_the_headline_or_half_of_links_is_not():
    story = f"<h1>Ferry to run again</h1><div>{STORY}</div>"
    links = ITEMS.replace("</li>", '<a href="/mill">more about all that the mill sells</a></li>')
    assert page(f"<main><ul>{ITEMS}</ul>{story}</main>").body.text == TOLD
    assert page(f"<main>{story}<ul>{links}</ul></main>").body.text == TOLD
    assert page(f"<main>{story}<ul>{ITEMS}</ul></main>").body.text != TOLD


def test_a_heading_that_says_the_title_is_no_part_of_the_body():
    told = page(f"<div><h2>Ferry to run again</h2>{STORY}<h2>Who pays</h2>{STORY}</div>").body
    assert told.text.startswith(FIRST)


def test_parts_that_links_stand_between_are_one_body_where_each_has_little_of_the_text():
    offer = f"<div><p><a href='/x'>{'What the harbours offer. ' * 30}</a></p></div>"
    parts = [f"<div><h2>Part {n}</h2><p>{n}. {FIRST} {SECOND}</p></div>" for n in range(8)]
    html = "".join(f"{part}{offer}" for part in parts)
    found = page(f"<div><h1>Ferry</h1>{html}</div>").body.text
    assert [f"{n}. {FIRST}" in found for n in range(8)] == [True] * 8
