"""What a Scrapy tutorial ends with: a CrawlSpider with ten CSS fields, for a JSON Lines feed."""

from __future__ import annotations

from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule

from tests.bench.follower import FollowerSpider

FIELDS = {
    "headline": "h1.jeg_post_title::text",
    "subtitle": "h2.jeg_post_subtitle::text",
    "author": ".jeg_meta_author a::text",
    "date": ".jeg_meta_date a::text",
    "section": ".jeg_meta_category a::text",
    "tag": ".jeg_post_tags a::text",
    "picture": ".jeg_featured img::attr(src)",
    "canonical": "link[rel=canonical]::attr(href)",
    "description": "meta[property='og:description']::attr(content)",
    "text": ".content-inner p::text",
}


class TutorialSpider(CrawlSpider):
    name = "tutorial"
    custom_settings = FollowerSpider.custom_settings
    rules = (Rule(LinkExtractor(), callback="read", follow=True),)

    def __init__(self, url: str, **arguments: str) -> None:
        super().__init__(**arguments)
        self.start_urls = [url]
        self.allowed_domains = ["127.0.0.1"]

    def read(self, response):
        if response.css("h1.jeg_post_title"):
            yield {name: response.css(css).getall() for name, css in FIELDS.items()}
