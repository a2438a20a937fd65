"""Links of listings that nothing marks."""

from __future__ import annotations

from web_poet import HttpResponse

from newscrawl.discovery.links import LinkKind
from newscrawl.pages.news import NewsPage

FRONT = "https://estuary.example/"
SECTION = "https://estuary.example/harbour"


def links(url: str, body: str, kind: LinkKind) -> list[str]:
    page = NewsPage(HttpResponse(url, f"<html><body>{body}</body></html>".encode()))
    return [
        link.url.removeprefix("https://estuary.example") for link in page.links if link.kind is kind
    ]


def card(number: int, title: str) -> str:
    return (
        f'<div><h2>{title}</h2><p>Two lines.</p><a href="/harbour/quay-{number}">Read on</a></div>'
    )


CARDS = "".join(card(number, f"The ferry of the year {number}") for number in range(1, 9))
HEADED = "".join(
    f'<h2><a href="/harbour/ferry-{number}">The ferry of the year {number}</a></h2>'
    for number in range(1, 5)
)


def test_an_anchor_may_name_the_next_page_of_a_listing() -> None:
    body = f'{HEADED}<a rel="next" href="/harbour?start=25">Older</a>'
    assert links(SECTION, body, LinkKind.PAGINATION) == ["/harbour?start=25"]


def test_an_anchor_that_names_the_page_before_leads_to_no_further_page() -> None:
    body = f'{HEADED}<a rel="prev" href="/harbour">Newer</a>'
    assert links(f"{SECTION}?start=25", body, LinkKind.PAGINATION) == []


def test_an_anchor_of_an_article_may_name_the_next_article() -> None:
    text = "".join(f"<p>{'The ferry leaves the quay at noon, as it has for years. ' * 6}</p>" * 4)
    body = (
        f"<nav><a rel=next href='/harbour/tide'>Tide</a></nav>"
        f"<article><h1>The ferry of the year</h1>{text}</article>"
    )
    page = f"{SECTION}/ferry"
    assert links(page, body, LinkKind.PREVNEXT) == ["/harbour/tide"]
    assert links(page, body, LinkKind.CATEGORY) == []


def test_a_number_after_the_address_of_a_listing_is_a_page_of_it() -> None:
    body = f'{HEADED}<p></p><a href="/harbour/page/2">2</a><a href="/harbour?page=3">3</a>'
    assert links(SECTION, body, LinkKind.PAGINATION) == ["/harbour/page/2", "/harbour?page=3"]


def test_a_number_after_another_address_is_no_page_of_a_listing() -> None:
    body = f'{HEADED}<a href="/council/page/2">2</a>'
    assert links(SECTION, body, LinkKind.PAGINATION) == []


def test_the_same_words_lead_to_articles_whose_headlines_are_no_links() -> None:
    found = [f"/harbour/quay-{number}" for number in range(1, 9)]
    assert links(SECTION, CARDS, LinkKind.ARTICLE) == found


def test_the_same_words_beside_linked_headlines_are_not_followed() -> None:
    share = "".join(f'<a href="/share/{number}">Share</a>' for number in range(1, 4))
    found = [f"/harbour/ferry-{number}" for number in range(1, 5)]
    assert links(SECTION, HEADED + share, LinkKind.ARTICLE) == found


def test_a_front_page_without_a_menu_leads_to_its_sections() -> None:
    body = '<h1>The Estuary Post</h1><a href="/harbour">Harbour</a> <a href="/council">Council</a>'
    assert links(FRONT, body, LinkKind.CATEGORY) == ["/harbour", "/council"]


def test_a_front_page_with_a_menu_has_its_sections_there() -> None:
    body = f'<nav><a href="/harbour">Harbour</a></nav>{HEADED}<a href="/imprint">Imprint</a>'
    assert links(FRONT, body, LinkKind.CATEGORY) == ["/harbour"]
