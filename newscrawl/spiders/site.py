"""The spider for any news site."""

from __future__ import annotations

from newscrawl.spiders.news import NewsSpider


class SiteSpider(NewsSpider):
    """Any news site: ``scrapy crawl site -a url=https://…``, several URLs comma-separated."""

    name = "site"
    required_arguments = ("url",)
