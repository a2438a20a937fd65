from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response, XmlResponse
from scrapy.statscollectors import MemoryStatsCollector

from newscrawl.discovery.links import Link, LinkKind, Way
from newscrawl.frontier.rows import Found, Row
from newscrawl.frontier.visits import Visit
from newscrawl.items import Article
from newscrawl.middlewares.ledger import Report
from newscrawl.outcomes import Outcome
from newscrawl.pages.judging.kinds import PageKind
from newscrawl.spiders.news import NewsSpider
from newscrawl.spiders.roles import LINK_RULES
from newscrawl.spiders.site import SiteSpider

FRONT = "https://daily.example/"


class Daily(NewsSpider):
    name = "daily"
    start_urls = [FRONT, "HTTPS://daily.example/local news"]
    never = ("/shop",)


def spider(cls: type[NewsSpider] = Daily, **given: str) -> NewsSpider:
    made = cls(**given)
    made.crawler = Crawler(cls)
    made.crawler.stats = MemoryStatsCollector(made.crawler)
    return made


def visit(
    path: str = "", *, kind: str = "category", via: Way = Way.CATEGORY, depth: int = 0
) -> Visit:
    url = FRONT + path
    return Visit(Row(1, "daily.example", url, url, kind, via, depth, priority=0))


def link(target: str, kind: LinkKind = LinkKind.ARTICLE, text: str = "") -> Link:
    return Link(target if "://" in target else FRONT + target, kind, text)


def paths(found: Iterable[Found]) -> list[str]:
    return [row.url.removeprefix(FRONT) for row in found]


def counted(made: NewsSpider) -> dict[str, Any]:
    assert made.crawler.stats is not None
    prefix = "newscrawl/links/"
    stats = made.crawler.stats.get_stats()
    return {name.removeprefix(prefix): number for name, number in stats.items()}


# Which links are followed


def test_a_link_becomes_a_row():
    (found,) = spider().follow([link("a b?utm_source=x#top")], visit(depth=2))
    assert found == Found(
        site="daily.example",
        identity=FRONT + "a%20b",
        url=FRONT + "a%20b",
        kind="article",
        ways=Way.CATEGORY,
        depth=3,
        priority=80,
    )


def test_a_link_is_followed_without_what_only_tracks():
    (found,) = spider().follow([link("a?utm_source=x&page=2")], visit())
    assert found.url == FRONT + "a?page=2"


@pytest.mark.parametrize("kind", LINK_RULES)
def test_every_kind_in_the_table_is_followed_with_its_priority(kind):
    (found,) = spider().follow([link("a", kind)], visit(kind="article"))
    assert (found.kind, found.priority) == (kind, LINK_RULES[kind].priority)


def test_categories_go_before_articles_and_these_before_related_ones():
    kinds = [LinkKind.CATEGORY, LinkKind.ARTICLE, LinkKind.PAGINATION, LinkKind.RELATED]
    priorities = [LINK_RULES[kind].priority for kind in kinds]
    assert priorities == sorted(priorities, reverse=True)


@pytest.mark.parametrize("kind", [LinkKind.TAG, LinkKind.AUTHOR])
def test_tags_and_authors_wait_for_all_others(kind):
    assert LINK_RULES[kind].priority < 0


def test_no_listing_is_followed_without_end():
    made = spider()
    last, beyond = (link(f"news/page/{n}/", LinkKind.PAGINATION) for n in (10_000, 10_001))
    assert paths(made.follow([last, beyond], visit())) == ["news/page/10000/"]
    assert counted(made)["trap/listing"] == 1


def test_a_shape_that_was_closed_is_not_followed():
    made = spider()
    made.shapes.closed.add("/calendar/#/")
    assert made.follow([link("calendar/2031/")], visit()) == []
    assert counted(made)["trap/shape"] == 1


def test_parts_are_fetched_with_their_article_not_followed():
    assert spider().follow([link("a/2/", LinkKind.PART)], visit()) == []


def test_a_link_is_offered_to_the_ledger_once():
    made = spider()
    made.follow([link("a")], visit())
    assert paths(made.follow([link("a"), link("b")], visit("local/"))) == ["b"]


def test_a_link_of_a_stronger_listing_is_offered_again():
    made = spider()
    made.follow([link("a")], visit(kind="tag"))
    assert [row.ways for row in made.follow([link("a")], visit())] == [Way.CATEGORY]


def test_a_link_of_a_weaker_listing_is_not_offered_again():
    made = spider()
    made.follow([link("a")], visit())
    assert made.follow([link("a")], visit(kind="tag")) == []


@pytest.mark.parametrize("listed_first", [True, False])
def test_a_link_is_offered_both_by_a_listing_and_by_another_article(listed_first):
    made = spider()
    pages = [
        ([link("a")], visit()),
        ([link("a", LinkKind.RELATED)], visit("b", kind="article")),
    ]
    for links, visited in pages if listed_first else reversed(pages):
        assert paths(made.follow(links, visited)) == ["a"]


def test_a_link_that_is_not_followed_is_counted_once():
    made = spider()
    made.follow([link("https://weekly.example/a", LinkKind.RELATED)], visit("b", kind="article"))
    made.follow([link("https://weekly.example/a")], visit())
    assert counted(made) == {"offsite": 1}


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("https://weekly.example/a", "offsite"),
        ("https://daily.example.evil.test/a", "offsite"),
        ("mailto:desk@daily.example", "unfetchable"),
        ("https://user:word@daily.example/a", "unfetchable"),
        ("https://[::1/a", "unfetchable"),
        ("?s=harbour", "trap/search"),
        ("wp-login.php", "trap/login"),
        ("a/feed/", "trap/feed"),
        ("a.jpg", "trap/media"),
        ("shop/mugs", "never"),
    ],
)
def test_links_not_followed_are_counted_by_reason(target, reason):
    made = spider()
    url = target if ":" in target else FRONT + target
    assert made.follow([Link(url, LinkKind.ARTICLE)], visit()) == []
    assert counted(made) == {reason: 1}


def test_a_subdomain_is_the_same_site():
    assert len(spider().follow([link("https://sport.daily.example/a")], visit())) == 1


def test_a_story_whose_slug_begins_like_a_forbidden_path_is_followed():
    assert paths(spider().follow([link("shoplifting-down/")], visit())) == ["shoplifting-down/"]


def test_the_depth_asked_for_is_the_last_one_followed():
    made = spider(max_depth="2")
    assert len(made.follow([link("a")], visit(depth=1))) == 1
    assert made.follow([link("b")], visit(depth=2)) == []
    assert counted(made) == {"too_deep": 1}


def test_a_kind_has_a_bound_on_each_page():
    made = spider()
    bound = LINK_RULES[LinkKind.AUTHOR].a_page
    links = [link(f"author/{number}", LinkKind.AUTHOR) for number in range(bound + 3)]
    assert len(made.follow(links, visit())) == bound
    assert counted(made) == {"too_many": 3}


def test_a_link_over_the_bound_may_be_found_again_elsewhere():
    made = spider()
    bound = LINK_RULES[LinkKind.AUTHOR].a_page
    links = [link(f"author/{number}", LinkKind.AUTHOR) for number in range(bound + 1)]
    made.follow(links, visit())
    assert len(made.follow(links, visit("local/"))) == 1


# What a row remembers of its way


@pytest.mark.parametrize("kind", ["category", "pagination", "tag", "author"])
def test_an_article_was_found_via_the_kind_of_its_listing(kind):
    (found,) = spider().follow([link("a")], visit(kind=kind))
    assert found.ways == Way[kind.upper()]


def test_an_article_on_a_listing_that_a_sitemap_named_was_found_via_a_category():
    (found,) = spider().follow([link("a")], visit(kind="entry", via=Way.SITEMAP))
    assert found.ways == Way.CATEGORY


def test_an_article_linked_in_an_article_was_found_via_that_link():
    (found,) = spider().follow([link("b", LinkKind.RELATED)], visit("a", kind="article"))
    assert found.ways == Way.RELATED


@pytest.mark.parametrize("kind", [LinkKind.TAG, LinkKind.AUTHOR])
def test_the_next_page_of_a_waiting_listing_waits_too(kind):
    (found,) = spider().follow([link("x/page/2/", LinkKind.PAGINATION)], visit("x/", kind=kind))
    assert (found.kind, found.priority) == (kind, LINK_RULES[kind].priority)


# Sections


def test_only_the_sections_asked_for_are_followed():
    links = [
        link("category/politics/", LinkKind.CATEGORY),
        link("category/local/politics/", LinkKind.CATEGORY),
        link("category/sport/", LinkKind.CATEGORY),
    ]
    found = spider(sections="politics").follow(links, visit(via=Way.SEED))
    assert paths(found) == ["category/politics/", "category/local/politics/"]


def test_a_section_may_be_asked_for_by_a_name_that_makes_its_slug():
    links = [link("c/local-news/", LinkKind.CATEGORY), link("c/18/", LinkKind.CATEGORY)]
    made = spider(sections="Local News")
    assert paths(made.follow(links, visit(via=Way.SEED))) == ["c/local-news/"]


def test_a_section_may_be_asked_for_by_its_path():
    made = spider(sections="/category/politics/")
    assert paths(made.follow([link("a")], visit("category/politics/", via=Way.SEED))) == ["a"]


def test_articles_count_where_they_stand_on_a_listing_of_the_section():
    made = spider(sections="politics")
    assert made.follow([link("a")], visit(via=Way.SEED)) == []
    assert paths(made.follow([link("a")], visit("category/politics/"))) == ["a"]


def test_a_seed_of_the_section_asked_for_counts():
    made = spider(sections="politics")
    assert paths(made.follow([link("a")], visit("category/politics/", via=Way.SEED))) == ["a"]


@pytest.mark.parametrize(
    "kind", [LinkKind.RELATED, LinkKind.PREVNEXT, LinkKind.TAG, LinkKind.AUTHOR]
)
def test_links_across_sections_are_not_followed(kind):
    assert spider(sections="politics").follow([link("a", kind)], visit("x", kind="article")) == []


# Seeds


def seeds(made: NewsSpider) -> list[Found]:
    async def first() -> Any:
        return [output async for output in made.start()]

    (report,) = asyncio.run(first())
    found: list[Found] = report.links
    return found


def test_seeds_are_the_start_urls():
    assert paths(seeds(spider())) == ["", "local%20news"]


def test_seeds_go_first():
    assert {(seed.ways, seed.depth) for seed in seeds(spider())} == {(Way.SEED, 0)}
    assert min(seed.priority for seed in seeds(spider())) > max(
        rule.priority for rule in LINK_RULES.values()
    )


def test_urls_asked_for_take_the_place_of_the_start_urls():
    made = spider(url="weekly.example/news")
    assert [seed.url for seed in seeds(made)] == ["https://weekly.example/news"]
    assert made.sites == {"weekly.example"}


def test_the_path_of_a_section_is_a_seed():
    made = spider(url="daily.example", sections="/category/politics/")
    assert paths(seeds(made)) == ["", "category/politics/"]


def test_the_spider_for_any_site_needs_a_url():
    with pytest.raises(ValueError, match="'url' is missing"):
        SiteSpider()


def test_the_arguments_are_kept_as_given():
    assert spider(max_articles="5").arguments == {"max_articles": "5"}


# Pages


class Page:
    """A page object that says what it is told to."""

    evidence = {"rule": "told"}
    first_part_url: str | None = None
    offers_more = False
    signals = ()

    def __init__(self, kind: PageKind, links: Iterable[Link] = (), parts: Iterable[str] = ()):
        self.kind = kind
        self.links = list(links)
        self.part_urls = list(parts)

    async def to_item(self) -> Article:
        return Article(url=FRONT + "a", headline="Harbour")


def outputs(page: Page, here: Visit, response: Response | None = None) -> list[Any]:
    response = response or HtmlResponse(here.row.url)
    request_meta = {"visit": here}
    response = response.replace(request=_request(here.row.url, request_meta))

    async def collected() -> list[Any]:
        outcome = spider().parse(response, page, None)  # type: ignore[arg-type] # as injected
        return [output async for output in outcome]

    return asyncio.run(collected())


def _request(url: str, meta: dict[str, Any]) -> Any:
    from scrapy import Request

    return Request(url, meta=meta)


def test_the_links_of_an_article_are_reported_before_it():
    page = Page(PageKind.ARTICLE, [link("b", LinkKind.RELATED)])
    report, article = outputs(page, visit("a", kind="article", via=Way.TAG))
    assert (report.outcome, paths(report.links)) == (None, ["b"])
    assert (article.headline, article.found_via) == ("Harbour", "tag")


def test_a_listing_is_one():
    (report,) = outputs(Page(PageKind.LISTING, [link("a")]), visit())
    assert (report.outcome, paths(report.links)) == (Outcome.LISTING, ["a"])


def test_a_listing_names_the_page_that_follows_it():
    links = [link(f"x/page/{number}/", LinkKind.PAGINATION) for number in (1, 2, 3, 4)]
    (report,) = outputs(Page(PageKind.LISTING, links), visit("x/page/2/"))
    assert report.next_pages == [FRONT + "x/page/3"]


def test_any_other_page_is_a_page_with_its_evidence():
    (report,) = outputs(Page(PageKind.PAGE, [link("a")]), visit("contact"))
    assert (report.outcome, paths(report.links)) == (Outcome.PAGE, ["a"])
    assert report.evidence == {"rule": "told"}


def test_a_part_leads_to_the_article_it_is_part_of():
    page = Page(PageKind.PART)
    page.first_part_url = FRONT + "a/"
    (report,) = outputs(page, visit("a/2/", kind="article"))
    assert (report.outcome, paths(report.links)) == (Outcome.PART, ["a/"])


def test_a_feed_is_a_listing_by_its_content_type():
    response = XmlResponse(FRONT + "feed.xml", body=b"<rss/>")
    report = outputs(Page(PageKind.PAGE), visit(), response)
    assert report == [Report(Outcome.LISTING, reason="Xml")]
