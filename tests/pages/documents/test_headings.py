from __future__ import annotations

import pytest
from web_poet import HttpResponse

from newscrawl.pages.news import NewsPage
from tests.pages.examples import STORY, URL


def heading(html, title="", head=""):
    page = f"<html><head><title>{title}</title>{head}</head><body>{html}<div>{STORY}</div></body>"
    return NewsPage(HttpResponse(URL, page.encode())).page.heading


OG = '<meta property="og:title" content="The ferry is back">'
LD = (
    '<script type="application/ld+json">'
    '{"@type": "NewsArticle", "headline": "The ferry is back"}</script>'
)


@pytest.mark.parametrize("tag", ["h2", "h3"])
@pytest.mark.parametrize(
    ("title", "head"),
    [("The ferry is back | Isle Post", ""), ("Isle Post", OG), ("Isle Post", LD)],
    ids=["title", "og:title", "json-ld"],
)
def test_without_h1_the_heading_that_a_title_repeats_is_the_pages(tag, title, head):
    html = f"<h2>Weather</h2><{tag}>The ferry is back</{tag}>"
    assert heading(html, title, head) == "The ferry is back"


def test_a_lower_heading_that_is_the_title_goes_before_an_h1_about_nothing_of_it():
    html = "<h1>Details</h1><h3>The ferry is back</h3>"
    assert heading(html, "The ferry is back - Isle Post") == "The ferry is back"


@pytest.mark.parametrize("lower", ["Ferries", "The ferry is back in numbers", "Harbour"])
def test_an_h1_akin_to_the_title_stays_the_pages(lower):
    html = f"<h1>Why the ferry is back for good</h1><h2>{lower}</h2>"
    assert heading(html, "Why is the ferry back? | Harbour") == "Why the ferry is back for good"


def test_of_several_h1_the_one_with_most_of_the_title_counts():
    html = "<h1>Ferry</h1><h1></h1><h1>The ferry is back</h1>"
    assert heading(html, "The ferry is back - Ferry - Isle Post") == "The ferry is back"


def test_an_empty_h1_is_no_heading():
    assert heading("<h1><img src=/logo.png></h1><p>Quay</p>", "Isle Post") == ""


def test_a_title_that_was_cut_off_is_still_the_headings():
    html = "<h1>Isles</h1><h2>The ferry is back, and with it forty passengers</h2>"
    assert heading(html, "The ferry is back, and with it for…") == (
        "The ferry is back, and with it forty passengers"
    )
