"""A site whose articles were laid out otherwise before: which of its page objects reads a page."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from web_poet import HttpResponse, PageParams, field

from newscrawl.pages.article import ArticlePage
from newscrawl.pages.news import NewsPage

URL = "https://gazette.test/a-story/"
RELAUNCH = date(2025, 6, 1)


class Present(ArticlePage):
    @field
    def subtitle(self) -> str | None:
        return self.css(".dek::text").get()


class Until2025(ArticlePage):
    valid_until = RELAUNCH

    @field
    def subtitle(self) -> str | None:
        return self.css(".kicker::text").get()


class Until2020(Until2025):
    valid_until = date(2020, 1, 1)


class Marked(Until2025):
    @classmethod
    def shows(cls, document):
        return bool(document.by_class("old-story"))


class GazettePage(NewsPage):
    article_class = Present
    earlier = (Until2020, Until2025)


class MarkedPage(NewsPage):
    article_class = Present
    earlier = (Marked,)


def read(html="<h1>H</h1><p class=dek>New</p><p class=kicker>Old</p>", *, site=GazettePage, **how):
    headers = {"Date": how.pop("sent")} if "sent" in how else {}
    return site(HttpResponse(URL, html.encode(), headers=headers), **how)


@pytest.mark.parametrize(
    ("day", "chosen"),
    [
        (date(2019, 12, 31), Until2020),
        (date(2020, 1, 1), Until2025),
        (date(2025, 5, 31), Until2025),
        (date(2025, 6, 1), Present),
        (date(2026, 1, 1), Present),
    ],
)
def test_a_page_is_read_by_the_layout_of_the_day_it_came(day, chosen):
    page = read()
    page.fetched = datetime.combine(day, time(), UTC)
    assert type(page.page) is chosen


def test_the_fields_are_those_of_that_layout():
    page = read()
    page.fetched = datetime(2024, 1, 1, tzinfo=UTC)
    assert asyncio.run(page.to_item()).subtitle == "Old"
    assert asyncio.run(read().to_item()).subtitle == "New"


def test_without_a_noted_moment_the_server_says_when_it_was():
    assert type(read(sent="Sat, 31 May 2025 10:00:00 GMT").page) is Until2025
    assert type(read(sent="Mon, 02 Jun 2025 10:00:00 GMT").page) is Present


def test_where_nobody_knows_when_a_page_came_it_is_of_today():
    assert type(read().page) is Present
    assert type(read(sent="some day").page) is Present


def test_the_day_is_that_of_the_site():
    page = read(params=PageParams(timezone="Asia/Tokyo"))
    page.fetched = datetime(2025, 5, 31, 20, 0, tzinfo=UTC)
    assert type(page.page) is Present


def test_what_a_page_shows_counts_more_than_its_day():
    old, new = "<main class=old-story><h1>H</h1>", "<main><h1>H</h1>"
    late = read(old, site=MarkedPage, sent="Mon, 02 Jun 2025 10:00:00 GMT")
    early = read(new, site=MarkedPage, sent="Sat, 31 May 2025 10:00:00 GMT")
    assert (type(late.page), type(early.page)) == (Marked, Present)


def test_a_page_of_the_present_layout_may_show_that_too():
    class Told(Present):
        @classmethod
        def shows(cls, document):
            return bool(document.by_class("dek"))

    class ToldPage(NewsPage):
        article_class = Told
        earlier = (Until2025,)

    assert type(read(site=ToldPage, sent="Sat, 31 May 2025 10:00:00 GMT").page) is Told


def test_where_only_the_earlier_layout_was_odd_the_usual_page_objects_read_the_rest():
    class Usual(NewsPage):
        earlier = (Until2025,)

    html = "<body class='jnews single'><h1>H</h1>"
    assert type(read(html, site=Usual).page).__name__ == "JNewsPage"
    assert type(read(html, site=Usual, sent="Sat, 31 May 2025 10:00:00 GMT").page) is Until2025


def test_the_parts_of_a_page_are_read_as_the_page_is():
    page = read(params=PageParams(timezone="Asia/Tokyo"))
    page.zone, page.fetched = timezone(timedelta(hours=2)), datetime(2024, 1, 1, tzinfo=UTC)
    part = page.beside(HttpResponse(f"{URL}2/", b"<p>x"))
    assert type(part) is GazettePage
    assert (part.zone, part.fetched, part.params) == (page.zone, page.fetched, page.params)
    assert type(part.page) is Until2025


def test_any_moment_can_be_compared():
    page = read()
    page.fetched = datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))
    assert type(page.page) is Until2020


@pytest.mark.parametrize(
    ("earlier", "told"),
    [
        ((Present,), "Present is an earlier layout: give it valid_until"),
        ((Until2025, Until2020), "put the layout that ended first to the front"),
    ],
)
def test_layouts_that_cannot_be_told_apart_are_refused_at_once(earlier, told):
    with pytest.raises(TypeError, match=told):
        type("WrongPage", (NewsPage,), {"earlier": earlier})


@pytest.mark.parametrize("day", ["2025-06-01", datetime(2025, 6, 1, tzinfo=UTC)])
def test_a_day_that_is_none_is_refused_at_once(day):
    odd = type("Odd", (ArticlePage,), {"valid_until": day})
    with pytest.raises(TypeError, match="valid_until = date"):
        type("WrongPage", (NewsPage,), {"earlier": (odd,)})
