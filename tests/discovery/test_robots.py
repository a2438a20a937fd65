"""Which lines of a robots.txt count for a crawler of this name (RFC 9309)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.robots import EVERYBODY, MAX_BYTES, RobotsTxt, first_lines, token_of

ANY_SITE = "https://paper.example"


def allowed(robots: str | bytes, path: str = "/town/council", token: str = "newscrawl") -> bool:
    body = robots if isinstance(robots, bytes) else robots.encode()
    return RobotsTxt(body).rules(token).can_fetch(ANY_SITE + path, EVERYBODY)


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        ("newscrawl/0.1.0 (Scrapy; a news archive crawler; obeys robots.txt)", "newscrawl"),
        ("NewsCrawl", "newscrawl"),
        ("city-archive_bot/2 (+https://city.example)", "city-archive_bot"),
        ("study bot", "study"),
        ("bot2/1.0", "bot2"),
        ("my.study/1.0", "my.study"),
        ("Mozilla/5.0 (compatible; study/1.0)", "mozilla"),
        ("", ""),
        ("/1.0", ""),
    ],
)
def test_the_token_is_what_stands_before_version_and_comment(agent, token):
    assert token_of(agent) == token


@pytest.mark.parametrize(
    "other",
    ["news", "scrapy", "crawler", "archive", "newscrawl-images", "newscrawler", "crawl", "obeys"],
)
def test_a_group_for_another_crawler_is_not_ours(other):
    assert allowed(f"User-agent: {other}\nDisallow: /\n")
    assert not allowed(f"User-agent: {other}\nAllow: /\n\nUser-agent: *\nDisallow: /\n")


@pytest.mark.parametrize(
    "ours",
    [
        "newscrawl",
        "NEWSCRAWL",
        "Newscrawl/1.0",
        "newscrawl*",
        "newscrawl # the archive",
        "newscrawl ",
    ],
)
def test_our_name_is_known_however_it_is_written(ours):
    assert not allowed(f"User-agent: {ours}\nDisallow: /\n")


def test_everybody_counts_only_where_no_group_names_us():
    robots = "User-agent: *\nDisallow: /\n\nUser-agent: newscrawl\nDisallow: /private\n"
    assert allowed(robots)
    assert not allowed(robots, "/private/notes")


def test_a_group_that_names_us_and_forbids_nothing_frees_us():
    assert allowed("User-agent: *\nDisallow: /\n\nUser-agent: newscrawl\nDisallow:\n")
    assert allowed("User-agent: *\nDisallow: /\n\nUser-agent: newscrawl\n")


def test_groups_of_the_same_name_are_one():
    robots = (
        "User-agent: newscrawl\nDisallow: /sport\n"
        "User-agent: other\nDisallow: /\n"
        "User-agent: Newscrawl\nDisallow: /town\n"
    )
    assert not allowed(robots, "/sport/1")
    assert not allowed(robots, "/town/1")
    assert allowed(robots, "/culture/1")


def test_groups_of_everybody_are_one():
    robots = "User-agent: *\nDisallow: /sport\n\nUser-agent: *\nDisallow: /town\n"
    assert not allowed(robots, "/sport/1")
    assert not allowed(robots, "/town/1")


def test_a_group_may_be_for_several_crawlers():
    robots = "User-agent: other\nUser-agent: newscrawl\n\nUser-agent: third\nDisallow: /\n"
    assert not allowed(robots)
    assert not allowed(robots, token="third")
    assert allowed(robots, token="fourth")


@pytest.mark.parametrize(
    "between", ["Sitemap: https://paper.example/map.xml", "Host: paper.example", "Crawl-delay: 3"]
)
def test_a_line_that_is_no_rule_does_not_end_the_names_of_a_group(between):
    assert not allowed(f"User-agent: newscrawl\n{between}\nUser-agent: other\nDisallow: /\n")


def test_a_name_after_rules_begins_a_group():
    assert allowed("User-agent: newscrawl\nAllow: /\nUser-agent: other\nDisallow: /\n")


def test_a_line_without_a_name_begins_a_group_of_nobody():
    robots = "User-agent: newscrawl\nDisallow: /sport\nUser-agent:\nDisallow: /town\n"
    assert allowed(robots, "/town/1")
    assert allowed(robots, "/town/1", token="")


def test_rules_before_any_group_are_nobodys():
    assert allowed("Disallow: /\n\nUser-agent: other\nDisallow:\n")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(ending):
    assert not allowed(f"User-agent: newscrawl{ending}Disallow: /town{ending}")


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(charset):
    assert not allowed("User-agent: newscrawl\nDisallow: /\n".encode(charset))


def test_bytes_of_another_charset_hide_nothing():
    robots = b"# Gemeinde Z\xfcrich\nUser-agent: newscrawl\nDisallow: /caf\xe9\nDisallow: /town\n"
    assert not allowed(robots)
    assert not allowed(robots, "/caf%E9/1")


@pytest.mark.parametrize(
    "line", ["DISALLOW:/town", "  Disallow : /town  ", "Disallow /town", "Disalow: /town # all"]
)
def test_slips_of_the_pen_are_read(line):
    assert not allowed(f"user agent: newscrawl\n{line}\n")


def test_the_longest_rule_counts_and_of_equals_the_kinder():
    robots = (
        "User-agent: newscrawl\nDisallow: /town\nAllow: /town/council\nDisallow: /a\nAllow: /a\n"
    )
    assert allowed(robots)
    assert not allowed(robots, "/town/market")
    assert allowed(robots, "/a/1")


def test_an_error_page_in_place_of_robots_txt_forbids_nothing():
    assert allowed("<!DOCTYPE html><title>Not found</title><p>Disallow: / is not here</p>")


def test_a_crawl_delay_is_that_of_the_group_that_counts():
    robots = RobotsTxt(
        b"User-agent: *\nCrawl-delay: 9\nDisallow: /x\n\nUser-agent: news\nCrawl-delay: 7\n"
        b"Disallow: /x\n\nUser-agent: newscrawl\nCrawl-delay: 2\nDisallow: /x\n"
    )
    assert robots.rules("newscrawl").crawl_delay(EVERYBODY) == 2
    assert robots.rules("stranger").crawl_delay(EVERYBODY) == 9


def test_sitemaps_belong_to_no_group():
    robots = RobotsTxt(
        b"Sitemap: https://paper.example/a.xml\nUser-agent: other\nDisallow: /\n"
        b"SITEMAP: https://paper.example/b.xml # new\nSitemap:\n"
    )
    assert robots.sitemaps == ["https://paper.example/a.xml", "https://paper.example/b.xml"]


def test_half_a_line_at_the_limit_does_not_count():
    head = b"User-agent: newscrawl\nDisallow: /private\n"
    filling = b"#" * (MAX_BYTES - len(head) - len(b"\nAllow: /")) + b"\n"
    body = first_lines(head + filling + b"Allow: /town/square\nDisallow: /town\n")
    assert body == head + filling
    assert not allowed(body, "/private/notes")


def test_a_file_of_one_endless_line_has_no_rules():
    assert first_lines(b"Disallow: /" + b"x" * MAX_BYTES) == b""


@given(st.binary(max_size=300), st.text(max_size=20))
def test_no_file_breaks_it(body, name):
    robots = RobotsTxt(b"User-agent: *\n" + body)
    robots.rules(token_of(name)).can_fetch(ANY_SITE, EVERYBODY)
