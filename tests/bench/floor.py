"""What nothing can be cheaper than: given pages fetched, and fetched and parsed once."""

from __future__ import annotations

from pathlib import Path

import scrapy
from lxml import etree

from newscrawl.pages.documents.document import PARSER


class FloorSpider(scrapy.Spider):
    """``urls`` is a file with a URL a line; ``parse_pages`` is 0 or 1."""

    name = "floor"
    custom_settings = {
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "CONCURRENT_ITEMS": 16,
        "LOG_LEVEL": "WARNING",
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "DOWNLOAD_DELAY": 0,
        "HTTPERROR_ALLOW_ALL": True,
    }

    def __init__(self, urls: str, parse_pages: str, **arguments: str) -> None:
        super().__init__(**arguments)
        self.start_urls = Path(urls).read_text(encoding="utf-8").split()
        self._parses = parse_pages == "1"

    def parse(self, response):
        if self._parses and response.body:
            etree.fromstring(response.body, PARSER)
