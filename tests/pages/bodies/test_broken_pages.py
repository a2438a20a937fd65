from __future__ import annotations

import pytest
from web_poet import HttpResponse

from newscrawl.pages.news import NewsPage
from tests.pages.examples import FIRST, SECOND, STORY, THIRD

TOLD = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
LONG = STORY * 4
TOLD_BEFORE = (
    "Nobody had believed the company when it promised a boat before Easter, least of all the two "
    "shops that have lived on tinned soup and candles since the pier went under in the new year."
)
TITLE = "<title>The ferry is back | Post</title>"
MENU = "<ul><li><a href='/a'>Harbours</a></li><li><a href='/b'>Islands</a></li></ul>"


def text(html):
    return NewsPage(HttpResponse("https://news.test/2026/05/ferry", html.encode())).page.body.text


def body(html, head=TITLE, marks=""):
    return text(f"<html><head>{head}</head><body {marks}>{html}</body></html>")


@pytest.mark.parametrize("end", ["</body></html>", "</BODY>\n</HTML>", "</html>"])
def test_what_stands_behind_the_end_of_a_page_is_read_as_browsers_do(end):
    head = f"<html><head>{TITLE}</head><body><header>{MENU}</header>"
    assert text(f"{head}{end}<div><h1>The ferry is back</h1>{STORY}</div>") == TOLD


def test_a_script_that_names_the_end_of_a_page_ends_none():
    script = '<script>frame.write("<p>Loading</p></body></html>")</script>'
    assert body(f"<div>{STORY}</div>{script}") == TOLD


@pytest.mark.parametrize("tag", ["nav", "button"])
def test_a_menu_that_is_never_closed_hides_no_story(tag):
    assert body(f"<header><{tag}>{MENU}<div>{STORY}</div>") == TOLD


def test_a_menu_with_some_words_about_each_link_is_none_of_the_story():
    about = "".join(f"<p><a href='/{n}'>Place {n}</a> {FIRST}</p>" for n in range(9))
    assert body(f"<nav>{about}</nav><div>{STORY}</div>") == TOLD


def test_a_section_with_its_own_heading_is_no_other_story():
    own = f"<article><h1>The ferry is back</h1><p>{FIRST}</p></article>"
    part = f"<article><h2>How to get there</h2><p>{SECOND}</p><p>{THIRD}</p></article>"
    assert SECOND in body(f"<main>{own}{part}</main>")


@pytest.mark.parametrize(
    "part",
    [f"<h2><a href='/x'>Harbour</a></h2>{LONG}", f"<h2>Harbour</h2><time>9 May</time>{LONG}"],
)
def test_a_linked_or_dated_one_is_another_story(part):
    own = f"<article><h1>The ferry is back</h1><p>{FIRST}</p><p>{SECOND}</p></article>"
    assert body(f"<main>{own}<article>{part}</article></main>") == f"{FIRST}\n\n{SECOND}"


def test_a_short_text_that_wordpress_marks_does_not_outweigh_the_main_part():
    marked = f"<article><h1>The ferry is back</h1><div class=entry-content><p>{FIRST}</p></div>"
    script = f"<div class=transcript>{''.join(f'<p>{n}. {SECOND}</p>' for n in range(30))}</div>"
    found = body(f"<main>{marked}</article>{script}</main>", marks='class="single-post single"')
    assert found.count(SECOND) == 30


def test_of_other_parts_of_the_page_it_does():
    marked = f"<article><h1>The ferry is back</h1><div class=entry-content><p>{FIRST}</p></div>"
    aside = f"<div>{''.join(f'<p>{n}. {SECOND}</p>' for n in range(30))}</div>"
    found = body(f"<main>{marked}</article></main>{aside}", marks='class="single-post single"')
    assert found == FIRST


def test_short_paragraphs_between_headline_and_body_belong_to_it():
    lead = f"<div><p>{TOLD_BEFORE}</p><p>Forty passengers were on board of the ferry.</p></div>"
    found = body(f"<div><h1>The ferry is back</h1>{lead}</div><div><div>{LONG}</div></div>")
    assert "Forty passengers were on board of the ferry." in found


@pytest.mark.parametrize(
    "marks",
    [
        "id=comments-on-the-ferry-and-its-new-sidebar",
        "class=inline-and-sidebar-container",
        "class=offset-print-1",
        "id=related-harbours",
    ],
)
def test_layouts_and_names_made_of_headlines_shut_nothing(marks):
    part = f"<div {marks}><h2>Related harbours</h2><p>{THIRD}</p></div>"
    assert THIRD in body(f"<div><h1>The ferry is back</h1>{STORY.replace(THIRD, '')}{part}</div>")


def test_panels_that_a_click_shows_are_read():
    panel = f"<div role=tabpanel hidden><p>{THIRD}</p></div>"
    found = body(f"<div><h1>The ferry is back</h1><p>{FIRST}</p><p>{SECOND}</p>{panel}</div>")
    assert found == TOLD


def test_consent_that_is_hidden_stays_shut_however_long():
    consent = f"<div class=cookie-consent style='display:none'>{LONG}</div>"
    own = f"<div><h1>The ferry is back</h1><p>{FIRST}</p></div>"
    assert body(f"{own}{consent}") == FIRST


def test_a_second_heading_of_the_first_rank_heads_a_part():
    own = (
        f"<h1>The ferry is back</h1><p>{FIRST}</p><h1>The channel</h1><p>{SECOND}</p><p>{THIRD}</p>"
    )
    assert body(f"<div>{own}</div>") == f"{FIRST}\n\nThe channel\n\n{SECOND}\n\n{THIRD}"
