from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from web_poet import HttpResponse

from newscrawl.items import Article, Heading, Image
from newscrawl.pages.links import LinksPage, PageLinks
from newscrawl.pages.news import NewsPage
from newscrawl.pages.recorded import GIVEN_LATER, RecordedItem
from tests.crawl.answering import story

URL = "https://news.test/a/"


def test_an_article_is_json_without_what_its_page_does_not_give():
    when = datetime(2025, 3, 1, 10, tzinfo=timezone(timedelta(hours=1)))
    article = Article(
        url=URL,
        published=when,
        first_seen=when,
        headings=[Heading(level=2, text="x")],
        images=[Image(url=f"{URL}a.jpg")],
        extra={"byline_place": "Ternholm"},
    )
    told = RecordedItem(article).asdict()
    assert told == json.loads(json.dumps(told))
    assert set(told) == {each.name for each in fields(Article)} - GIVEN_LATER
    assert told["published"] == "2025-03-01T10:00:00+01:00"
    assert told["headings"] == [{"level": 2, "text": "x"}]
    assert told["images"][0]["url"] == f"{URL}a.jpg"


def test_how_sure_a_text_is_is_not_recorded():
    rules = {"text": "html", "confidence": "signs", "doubts": "signs"}
    article = Article(url=URL, confidence=0.5, doubts=["few words"], provenance=rules)
    told = RecordedItem(article).asdict()
    assert not {"confidence", "doubts"} & told.keys()
    assert told["provenance"] == {"text": "html"}


def test_own_fields_are_left_out_where_an_article_has_none():
    assert "extra" not in RecordedItem(Article(url=URL)).asdict()


def test_the_same_moment_in_another_zone_differs():
    one, other = (
        RecordedItem(Article(url=URL, modified=when)).asdict()
        for when in (
            datetime(2025, 3, 1, 9, tzinfo=UTC),
            datetime(2025, 3, 1, 10, tzinfo=timezone(timedelta(hours=1))),
        )
    )
    assert one != other


@dataclass
class Odd(Article):
    price: Decimal = Decimal("1.50")
    opens: time = time(9, 30)


def test_fields_of_ones_own_are_kept():
    told = RecordedItem(Odd(url=URL)).asdict()
    assert (told["price"], told["opens"]) == ("1.50", "09:30:00")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (date(2025, 3, 1), "2025-03-01"),
        ({"b", "a"}, ["a", "b"]),
        ((1, [date(2025, 3, 1)]), [1, ["2025-03-01"]]),
        ({1: None}, {"1": None}),
        (True, True),
    ],
)
def test_any_item_is_json(value, told):
    assert RecordedItem({"id": value}).asdict() == {"id": told}


def test_the_links_of_a_page_are_an_item():
    html = story("Ferries").replace("<main>", "<nav><a href=/news/>News</a></nav><main>")
    found = asyncio.run(LinksPage(HttpResponse(URL, html.encode())).to_item())
    assert found == PageLinks(kind="article", category=["https://news.test/news/"])


def test_a_site_reads_links_by_its_own_page_object():
    class SitePage(NewsPage):
        links = ()  # type: ignore[assignment] # of a site without any

    class SiteLinks(LinksPage):
        news = SitePage

    html = "<nav><a href=/news/>News</a></nav><p>x"
    found = asyncio.run(SiteLinks(HttpResponse(URL, html.encode())).to_item())
    assert found == PageLinks(kind="page")
