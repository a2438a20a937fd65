"""What reading costs, in parses: our CPU time over that of one bare parse of the same page.

Taken in one process with nothing beside it, the least of several repeats of each, in turn; the
figure is the median over the pages. The decoding of the bytes is part of neither.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from statistics import median
from time import process_time

from lxml import html
from web_poet import HttpResponse

from newscrawl.pages.news import NewsPage

REPEATS = 5
Work = Callable[[HttpResponse], object]


def parse(response: HttpResponse) -> object:
    encoded = response.text.encode()
    return html.document_fromstring(encoded, parser=html.HTMLParser(encoding="utf-8"))


def text(response: HttpResponse) -> object:
    return NewsPage(response).page.text


def everything(response: HttpResponse) -> object:
    """Kind, links and all fields: what a crawl's callback asks for."""
    page = NewsPage(response)
    return page.kind, page.links, asyncio.run(page.to_item())


def seconds(work: Work, response: HttpResponse) -> float:
    started = process_time()
    work(response)
    return process_time() - started


def parses(response: HttpResponse) -> dict[str, float]:
    """Text and everything of one page, in parses."""
    taken: dict[Work, list[float]] = {parse: [], text: [], everything: []}
    for work in taken:
        work(response)
    for _ in range(REPEATS):
        for work, times in taken.items():
            times.append(seconds(work, response))
    least = {work: min(times) for work, times in taken.items()}
    return {"text": least[text] / least[parse], "everything": least[everything] / least[parse]}


def cost(responses: Sequence[HttpResponse]) -> dict[str, float]:
    if not responses:
        return {}
    rows = [parses(response) for response in responses]
    return {f"cost_{name}": median(row[name] for row in rows) for name in ("text", "everything")}
