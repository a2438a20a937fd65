"""A spider whose callbacks ask for all manner of things; each says what it was given."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import attrs
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy_poet.api import DummyResponse
from scrapy_poet.page_input_providers import PageObjectInputProvider
from web_poet import HttpClient, HttpResponse, PageParams, ResponseUrl, WebPage, handle_urls
from web_poet.exceptions import Retry

HERE = Path("site.txt")
SITE = HERE.read_text() if HERE.exists() else "example.com"
"""The server of the test, which rules are for."""


@attrs.define
class Told:
    """An item that only rules give."""

    title: str


@attrs.define
class Colour:
    """What only a provider of the user's own gives."""

    name: str


class ColourProvider(PageObjectInputProvider):
    provided_classes = {Colour}

    def __call__(self, _: set[Any]) -> list[Colour]:
        return [Colour("teal")]


class Plain(WebPage[Any]):
    def seen(self) -> str:
        return f"{type(self).__name__} {self.response.status} {len(self.response.body)}"


@handle_urls(f"{SITE}/ruled", instead_of=Plain)
class Ruled(Plain):
    """In place of ``Plain`` below ``/ruled``."""


@handle_urls(f"{SITE}/ruled", to_return=Told)
class TellingPage(WebPage[Told]):
    async def to_item(self) -> Told:
        return Told(str(self.response.url).rpartition("/")[2])


@attrs.define(kw_only=True)
class Far(WebPage[Any]):
    """Made from more than an answer."""

    http: HttpClient
    params: PageParams  # type: ignore[type-arg] # scrapy-poet provides it without


class Fickle(Plain):
    """Asks to be fetched again, once."""

    tries: list[str] = []

    def __attrs_post_init__(self) -> None:
        if len(self.tries) < 1:
            self.tries.append(str(self.response.url))
            raise Retry


class AskingSpider(Spider):
    name = "asking"
    server = ""
    paths = ("/plain", "/ruled/1", "/plain/2", "/ruled/2")

    async def start(self) -> AsyncIterator[Any]:
        def closure(response: Response) -> Iterator[Any]:
            yield from self._told("closure", response)

        asked = [self.page, self.far, self.item, self.url, self.unread, self.extra, self.parse]
        for callback in asked:
            for path in self.paths:
                yield self._request(path, callback)
        yield self._request("/plain", self.fickle)
        yield Request(f"{self.server}/plain?lambda", closure)
        if self.settings["SCRAPY_POET_PROVIDERS"]:
            yield self._request("/plain", self.coloured)

    def _request(self, path: str, callback: Any) -> Request:
        url = f"{self.server}{path}?{callback.__name__}"
        return Request(url, callback, meta={"page_params": {"path": path}}, dont_filter=True)

    def _told(self, what: str, response: Response, *more: Any) -> Iterator[Any]:
        path = response.url.removeprefix(self.server)
        yield {"what": what, "path": path, "more": [str(each) for each in more]}

    def page(self, response: Response, page: Plain) -> Iterator[Any]:
        yield from self._told("page", response, page.seen(), response.status)

    async def far(self, response: Response, page: Far, http: HttpClient) -> AsyncIterator[Any]:
        again = await http.get(f"{self.server}/beside")
        params = page.params.data if hasattr(page.params, "data") else dict(page.params)
        for each in self._told("far", response, again.status, params, page.http is http):
            yield each

    def item(self, response: Response, told: Told | None = None) -> Iterator[Any]:
        yield from self._told("item", response, told)

    def url(self, response: Response, url: ResponseUrl, answer: HttpResponse) -> Iterator[Any]:
        yield from self._told("url", response, type(url), answer.status)

    def unread(self, response: DummyResponse, url: Plain) -> Iterator[Any]:
        yield from self._told("unread", response, type(response).__name__, url.seen())

    def extra(self, response: Response, page: Plain, given: str = "") -> Iterator[Any]:
        yield from self._told("extra", response, page.seen(), given)

    def parse(self, response: Response) -> Iterator[Any]:
        yield from self._told("parse", response)

    def fickle(self, response: Response, page: Fickle) -> Iterator[Any]:
        yield from self._told("fickle", response, page.seen(), response.meta.get("retry_times"))

    def coloured(self, response: Response, colour: Colour, page: Plain) -> Iterator[Any]:
        yield from self._told("coloured", response, colour, page.seen())
