"""Spiders as users write them beside ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Literal

from scrapy import FormRequest, Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from newscrawl.spiders.news import NewsSpider


class Own(NewsSpider):
    """Takes arguments of its own, and asks for more than the links of its pages."""

    name = "own"
    edition: int = 1

    def __init__(
        self,
        region: Literal["north", "south"] = "north",
        words: list[int] | None = None,
        **given: Any,
    ) -> None:
        super().__init__(**given)
        self.region, self.words = region, words

    async def start(self) -> AsyncIterator[Any]:
        async for seed in super().start():
            yield seed
        yield Request(self.start_urls[0] + "table.json", callback=self.table, dont_filter=True)

    async def table(self, response: Response) -> AsyncIterator[Any]:
        yield {"region": self.region, "edition": self.edition, "words": self.words}
        yield FormRequest(
            response.urljoin("/search"),
            formdata={"q": "quay"},
            callback=self.found,
            meta=response.meta,
        )

    async def found(self, response: Response) -> AsyncIterator[Any]:
        yield {"found": response.text, "depth": response.meta["depth"]}


class Strict(NewsSpider):
    name = "strict"
    edition: int = 1


class Failing(NewsSpider):
    name = "failing"

    async def parse_article(self, *_: Any) -> AsyncIterator[Any]:
        yield 1 / len("")


class Zoned(NewsSpider):
    name = "zoned"
    timezone = "America/New_York"


class Member(NewsSpider):
    """Logs in before the first page is asked for."""

    name = "member"
    custom_settings = {"COOKIES_ENABLED": True}

    def __init__(self, password: str, **given: Any) -> None:
        super().__init__(**given)
        self.password = password

    async def start(self) -> AsyncIterator[Any]:
        yield FormRequest(
            self.start_urls[0] + "login",
            formdata={"name": "reader", "password": self.password},
            callback=self.logged_in,
        )

    async def logged_in(self, response: Response) -> AsyncIterator[Any]:
        if "Welcome" not in response.text:
            raise CloseSpider("login_failed")
        async for seed in super().start():
            yield seed


class Consenting(NewsSpider):
    name = "consenting"
    custom_settings = {"DEFAULT_REQUEST_HEADERS": {"Cookie": "consent=yes"}}
