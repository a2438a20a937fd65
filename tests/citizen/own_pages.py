"""Page objects of a user's own, each for the pages below a folder of the test's site."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import attrs
from scrapy import Field, Item
from web_poet import Returns, handle_urls
from web_poet import field as page_field

from newscrawl.items import Article
from newscrawl.pages.article import ArticlePage
from newscrawl.pages.news import NewsPage


@dataclass(kw_only=True)
class Review(Article):
    rating: float | None = None
    tested: list[str] = field(default_factory=list)


@attrs.define(kw_only=True)
class Note:
    url: str
    headline: str
    text: str = ""
    authors: list[str] = attrs.field(factory=list)
    id: int | None = None
    desk: str | None = None
    on: date | None = None


class Rated(ArticlePage, Returns[Review]):
    @page_field
    def rating(self) -> float | None:
        return float(found) if (found := self.css("[data-stars]::attr(data-stars)").get()) else None

    @page_field
    def tested(self) -> list[str]:
        return self.css(".tested li::text").getall()


class Noted(ArticlePage, Returns[Note]):
    @page_field
    def desk(self) -> str:
        return "local"

    @page_field
    def id(self) -> int:
        return 4711

    @page_field
    def on(self) -> date:
        return date(2025, 3, 1)


class Plain(ArticlePage):
    @page_field
    def mood(self) -> str:
        return self.first("mood", ("data-mood", lambda: "calm")) or ""


class Odd(ArticlePage):
    @page_field
    def rating(self) -> set[int]:
        return {1, 2}


class Told(NewsPage):
    async def to_item(self) -> Any:
        item = await super().to_item()
        return {
            "url": item.url,
            "headline": item.headline,
            "text": item.text,
            "published": "2025-03-01T10:00:00+01:00",
            "images": [{"url": "https://pictures.example/a.jpg"}],
            "score": {"for": 3, "against": 1},
            "nothing": None,
        }


class Untyped(NewsPage):
    async def to_item(self) -> Any:
        item = await super().to_item()
        return {"url": item.url, "headline": item.headline, "text": item.text, "tags": "one, two"}


class Weather(Item):
    degrees = Field()


class Forecast(NewsPage):
    async def to_item(self) -> Any:
        return Weather(degrees=7)


def _page(of: type[ArticlePage]) -> type[NewsPage]:
    return type(f"{of.__name__}Page", (NewsPage,), {"article_class": of})


for folder, page in {
    "rated": _page(Rated),
    "noted": _page(Noted),
    "plain": _page(Plain),
    "odd": _page(Odd),
    "told": Told,
    "untyped": Untyped,
    "forecast": Forecast,
}.items():
    handle_urls(f"{Path('site.txt').read_text()}/{folder}/", instead_of=NewsPage)(page)
