from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from scrapy import Request
from scrapy.http import Response

from newscrawl.items import Article, Heading
from newscrawl.middlewares.ledger import LedgerMiddleware

URL = "https://news.test/a/"


def test_pipelines_work_on_a_copy_of_an_article_that_no_visit_gave():
    crawler: Any = SimpleNamespace(stats=None, engine=SimpleNamespace(scheduler=None))
    article = Article(url=URL, headings=[Heading(level=2, text="x")])

    async def yielded():
        yield article
        yield {"url": URL}

    async def through():
        response = Response(URL, request=Request(URL))
        output = LedgerMiddleware(crawler).process_spider_output(response, yielded())
        return [each async for each in output]

    copied, other = asyncio.run(through())
    assert copied == article
    assert copied is not article
    assert copied.headings[0] is not article.headings[0]
    assert other == {"url": URL}
