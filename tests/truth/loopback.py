"""Many hosts of one site on this machine, for crawls that are told of them by a setting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from scrapy.crawler import Crawler
from twisted.internet.defer import Deferred, succeed

from newscrawl.middlewares.addresses import GuardedResolver
from newscrawl.spiders.site import SiteSpider


class LoopbackResolver(GuardedResolver):
    """Finds every name below ``localhost`` here, as browsers do."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 - the name is Twisted's
        if name.endswith(".localhost"):
            return succeed("127.0.0.1")
        return super().getHostByName(name, timeout)


class LoopbackSpider(SiteSpider):
    """The spider ``site``, which may ask the hosts that ``TRUTH_HOSTS`` names too."""

    name = "loopback"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.own_urls = crawler.settings.getlist("TRUTH_HOSTS")
        return spider
