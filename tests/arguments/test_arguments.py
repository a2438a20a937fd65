from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from newscrawl.arguments.arguments import Arguments
from newscrawl.mistakes import BadInput
from newscrawl.spiders.news import NewsSpider


def test_nothing_asked_for_is_no_bound():
    assert Arguments.parse({}) == Arguments()


def test_everything_asked_for_is_read():
    assert Arguments.parse(
        {
            "url": "https://daily.example/a",
            "sections": "politics",
            "since": "2025-03-01",
            "until": "2025-04-01",
            "max_articles": "10",
            "max_depth": "0",
        }
    ) == Arguments(
        urls=("https://daily.example/a",),
        sections=("politics",),
        since=datetime(2025, 3, 1, tzinfo=UTC),
        until=datetime(2025, 4, 1, tzinfo=UTC),
        max_articles=10,
        max_depth=0,
    )


def test_everything_is_discovered_unless_some_ways_are_named():
    assert Arguments.parse({}).discover == {"links", "sitemap", "feed", "api"}
    assert Arguments.parse({"discover": "feed, api"}).discover == {"feed", "api"}


def test_lists_are_parted_by_commas():
    assert Arguments.parse({"sections": "politics, local news,"}).sections == (
        "politics",
        "local news",
    )


def test_a_url_may_be_given_without_its_scheme():
    urls = Arguments.parse({"url": "daily.example, http://weekly.example/news"}).urls
    assert urls == ("https://daily.example/", "http://weekly.example/news")


def test_a_date_keeps_the_offset_it_is_given_with():
    since = Arguments.parse({"since": "2025-03-01T06:00+02:00"}).since
    assert since == datetime(2025, 3, 1, 6, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"max_article": "3"},
            "unknown spider argument 'max_article'; did you mean 'max_articles'",
        ),
        ({"url": ""}, "'url' is empty"),
        ({"url": " , "}, "'url' is empty"),
        ({"url": "ftp://daily.example/"}, "'url' is not a web address: 'ftp://daily.example/'"),
        ({"url": "https://"}, "'url' is not a web address"),
        ({"url": "https://user:word@daily.example/"}, "'url' is not a web address"),
        ({"sections": ""}, "'sections' is empty"),
        ({"since": "yesterday"}, "'since' is not an ISO 8601 date: 'yesterday'; write e.g."),
        ({"since": ""}, "'since' is not an ISO 8601 date"),
        ({"until": "2025-02-30"}, "'until' is not an ISO 8601 date"),
        ({"since": "2025-03-01", "until": "2025-03-01"}, "'until' must be later than 'since'"),
        ({"max_articles": "0"}, "'max_articles' is not a whole number from 1: '0'"),
        ({"max_articles": "ten"}, "'max_articles' is not a whole number"),
        ({"max_articles": "1.5"}, "'max_articles' is not a whole number"),
        ({"max_articles": "٣"}, "'max_articles' is not a whole number"),
        ({"max_articles": ""}, "'max_articles' is not a whole number"),
        ({"discover": " , "}, "'discover' is empty"),
        ({"discover": "feeds"}, "'discover' knows no 'feeds'; there are: links, sitemap, feed"),
        ({"max_depth": "-1"}, "'max_depth' is not a whole number from 0: '-1'"),
    ],
)
def test_a_malformed_argument_is_named(given, message):
    with pytest.raises(ValueError, match=message):
        Arguments.parse(given)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(BadInput) as raised:
        Arguments.parse(
            {
                "colour": "red",
                "url": "ftp://a/, ftp://b/",
                "discover": "smell, taste",
                "max_depth": "-1",
            }
        )
    assert [each.partition(";")[0].partition(" (")[0] for each in raised.value.mistakes] == [
        "unknown spider argument 'colour'",
        "spider argument 'url' is not a web address: 'ftp://a/'",
        "spider argument 'url' is not a web address: 'ftp://b/'",
        "spider argument 'max_depth' is not a whole number from 0: '-1'",
        "spider argument 'discover' knows no 'smell'",
        "spider argument 'discover' knows no 'taste'",
    ]


@pytest.mark.parametrize("given", [{}, {"url": ""}])
def test_a_required_argument_that_is_missing_is_asked_for(given):
    with pytest.raises(ValueError, match="'url' is missing; add -a url="):
        Arguments.parse(given, required=("url",))


def test_what_a_service_says_of_its_job_is_no_argument():
    given = {"url": "daily.example", "_job": "6487ec79", "_version": "r12"}
    assert Arguments.parse(given) == Arguments.parse({"url": "daily.example"})
    spider = NewsSpider("daily", **given, _set_crawler="x")
    assert spider.arguments == {"url": "daily.example"}
    assert (vars(spider)["_job"], vars(spider)["_version"]) == ("6487ec79", "r12")
    assert callable(spider._set_crawler)


GONE = {"discover": "archive", "archive": "http://127.0.0.1:8080/coll"}


def test_an_archive_is_read_at_the_address_of_its_collection():
    asked = Arguments.parse({**GONE, "cdx": "index.cdxj"})
    assert (asked.archive, asked.cdx) == ("http://127.0.0.1:8080/coll/", "index.cdxj")
    assert asked.discover == {"archive"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"discover": "archive"}, "discover=archive needs archive="),
        ({**GONE, "discover": "archive,links"}, "discover=archive stands alone"),
        ({"archive": GONE["archive"]}, "'archive' is for discover=archive"),
        ({"cdx": "index.cdxj"}, "'cdx' is for discover=archive"),
        ({**GONE, "archive": "ftp://archive"}, "'archive' is not a web address"),
        ({**GONE, "sections": "town"}, "'sections' has no meaning with discover=archive"),
        ({**GONE, "max_depth": "2"}, "'max_depth' has no meaning with discover=archive"),
        ({**GONE, "browser": "auto"}, "'browser' has no meaning with discover=archive"),
    ],
)
def test_a_site_is_read_out_of_an_archive_or_where_it_is(given, message):
    with pytest.raises(BadInput, match=message):
        Arguments.parse(given)
