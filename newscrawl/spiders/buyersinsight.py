"""The spider of Buyer's Insight."""

from __future__ import annotations

from newscrawl.spiders.news import NewsSpider


class BuyersInsightSpider(NewsSpider):
    """Buyer's Insight, a JNews site that republishes other outlets' stories."""

    name = "buyersinsight"
    start_urls = [
        "https://buyersinsight.net/",
        "https://buyersinsight.net/category/top-stories/",
        "https://buyersinsight.net/category/local-news/",
        "https://buyersinsight.net/category/local-news/politics/",
        "https://buyersinsight.net/category/local-news/business-economy/",
        "https://buyersinsight.net/category/local-news/entertainment/",
        "https://buyersinsight.net/category/local-news/sports/",
        "https://buyersinsight.net/category/health/",
        "https://buyersinsight.net/category/lifestyle/",
        "https://buyersinsight.net/category/science-environment/",
        "https://buyersinsight.net/category/technology/",
        "https://buyersinsight.net/category/review-radar/",
    ]
    never = ("/shop", "/cart", "/checkout", "/my-account", "/product")
