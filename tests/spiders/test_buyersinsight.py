from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector

from newscrawl.addresses.address import fetch_url
from newscrawl.discovery.links import Link, LinkKind, Way
from newscrawl.frontier.rows import Row
from newscrawl.frontier.visits import Visit
from newscrawl.spiders.buyersinsight import BuyersInsightSpider

FRONT = "https://buyersinsight.net/"


def test_it_begins_at_the_front_page():
    assert BuyersInsightSpider().start_urls[0] == FRONT


def test_it_stays_on_one_site():
    assert BuyersInsightSpider().sites == {"buyersinsight.net"}


def test_its_other_seeds_are_categories():
    paths = [urlsplit(url).path for url in BuyersInsightSpider.start_urls[1:]]
    assert [path for path in paths if not path.startswith("/category/")] == []


def test_its_seeds_are_spelled_as_they_are_fetched_each_once():
    seeds = BuyersInsightSpider.start_urls
    assert [fetch_url(url) for url in seeds] == list(dict.fromkeys(seeds))


@pytest.mark.parametrize("path", ["shop/", "product/mug/", "cart/", "checkout/", "my-account/"])
def test_the_shop_is_never_visited(path):
    spider = BuyersInsightSpider()
    spider.crawler = Crawler(BuyersInsightSpider)
    spider.crawler.stats = MemoryStatsCollector(spider.crawler)
    visit = Visit(Row(1, "buyersinsight.net", FRONT, FRONT, "category", Way.SEED, 0, 0))
    assert spider.follow([Link(FRONT + path, LinkKind.CATEGORY)], visit) == []
