"""What reading costs, in parses: our CPU time over that of one bare parse of the same page.

Taken in one process with nothing beside it, the least of several repeats of each, in turn; the
figure is the median over the pages. The decoding of the bytes is part of neither.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from statistics import median
from time import process_time
from typing import Any

from lxml import html
from web_poet import HttpResponse

from newscrawl.items import Article
from newscrawl.pages.news import NewsPage

REPEATS = 6
Work = Callable[[HttpResponse], object]
Runner = Callable[[Coroutine[Any, Any, Article]], Article]


def parse(response: HttpResponse) -> object:
    encoded = response.text.encode()
    return html.document_fromstring(encoded, parser=html.HTMLParser(encoding="utf-8"))


def text(response: HttpResponse) -> object:
    return NewsPage(response).page.text


def everything(run: Runner, response: HttpResponse) -> object:
    """Kind, links and all fields: what a crawl's callback asks for."""
    page = NewsPage(response)
    return page.kind, page.links, run(page.to_item())


def seconds(work: Work, response: HttpResponse) -> float:
    started = process_time()
    work(response)
    return process_time() - started


def parses(run: Runner, response: HttpResponse) -> dict[str, float]:
    """Text and everything of one page, in parses."""
    works: dict[str, Work] = {"parse": parse, "text": text, "everything": partial(everything, run)}
    turns = [
        {name: seconds(work, response) for name, work in works.items()} for _ in range(REPEATS)
    ]
    least = {name: min(turn[name] for turn in turns) for name in works}
    return {name: least[name] / least["parse"] for name in ("text", "everything")}


def cost(responses: Sequence[HttpResponse]) -> dict[str, float]:
    if not responses:
        return {}
    with asyncio.Runner() as runner:
        rows = [parses(runner.run, response) for response in responses]
    return {f"cost_{name}": median(row[name] for row in rows) for name in ("text", "everything")}
