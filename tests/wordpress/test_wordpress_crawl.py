"""Whole crawls of a real WordPress, in several themes, against what its posts say."""

from __future__ import annotations

import collections
from collections.abc import Callable
from typing import Any

import pytest

from newscrawl.addresses.address import identity
from newscrawl.items import Article
from tests.wordpress import newest
from tests.wordpress.conftest import Crawled
from tests.wordpress.spec import Post


def _told(article: Article, name: str) -> Any:
    value = getattr(article, name)
    if name in {"published", "modified"}:
        return value and value.isoformat()
    if name == "headings":
        return [(heading.level, heading.text) for heading in value]
    if name in {"previous_url", "next_url"}:
        return value and identity(value)
    if name == "images":
        return [(image.url, image.caption, image.alt) for image in value]
    return value


def _modified(crawled: Crawled, post: Post) -> str | None:
    if post.modified is None or not crawled.theme.modified:
        return None
    return post.modified.replace(tzinfo=crawled.site.zone).isoformat()


def _images(crawled: Crawled, post: Post) -> list[tuple[str, str | None, str]]:
    return [
        (
            f"{crawled.url}/{picture.path}",
            picture.caption if picture is not post.lead or crawled.theme.lead_caption else None,
            picture.alt,
        )
        for picture in post.pictures
    ]


def _neighbour(crawled: Crawled, post: Post, step: int) -> str | None:
    if not crawled.theme.neighbours:
        return None
    row = crawled.site.listed
    place = row.index(post) + step
    return crawled.key(row[place].path) if 0 <= place < len(row) else None


TRUTH: dict[str, Callable[[Crawled, Post], Any]] = {
    "headline": lambda _, post: post.headline,
    "subtitle": lambda crawled, post: post.excerpt if crawled.theme.excerpt else None,
    "authors": lambda _, post: post.authors,
    "published": lambda crawled, post: post.published.replace(tzinfo=crawled.site.zone).isoformat(),
    "modified": _modified,
    "sections": lambda _, post: post.sections,
    "tags": lambda _, post: post.labels,
    "language": lambda *_: "en-US",
    "text": lambda _, post: post.body,
    "headings": lambda _, post: post.headings,
    "images": _images,
    "previous_url": lambda crawled, post: _neighbour(crawled, post, -1),
    "next_url": lambda crawled, post: _neighbour(crawled, post, 1),
}


def _shown(wrong: dict[int, tuple[Any, Any]]) -> str:
    """The first few posts by number; of a text only the paragraphs that differ."""
    lines = [f"{len(wrong)} posts"]
    for number, (true, told) in sorted(wrong.items())[:4]:
        pair = (true, told)
        if "\n\n" in str(true):
            split = [str(each).split("\n\n") for each in pair]
            pair = (
                [p for p in split[0] if p not in split[1]],
                [p for p in split[1] if p not in split[0]],
            )
        lines.append(f"post {number}: true {pair[0]!r}, told {pair[1]!r}")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("theme", "source"),
    [("twentytwentyone", "sitemap"), ("twentytwentyone", "api"), (newest.THEME, "api")],
)
def test_one_source_alone_leads_to_every_post(theme, source, crawls):
    crawled = crawls(theme, source)
    assert crawled.stored.keys() == crawled.truth.keys()


def test_the_crawl_ends_well(crawled):
    assert crawled.process.returncode == 0, crawled.process.stderr


def test_the_log_has_no_error(crawled):
    assert "ERROR" not in crawled.log
    assert "Traceback" not in crawled.log


def test_every_post_is_stored(crawled):
    assert crawled.truth.keys() - crawled.stored.keys() == set()


def test_nothing_but_posts_is_stored(crawled):
    assert crawled.stored.keys() - crawled.truth.keys() == set()


@pytest.mark.parametrize("name", TRUTH)
def test_every_post_has_the_true(name, crawled):
    stored = crawled.stored
    values = {
        post.number: (TRUTH[name](crawled, post), _told(stored[key], name))
        for key, post in crawled.truth.items()
        if key in stored
    }
    wrong = {number: pair for number, pair in values.items() if pair[0] != pair[1]}
    assert values
    assert not wrong, _shown(wrong)


def test_exact_copies_are_kept_as_copies_of_their_original(crawled):
    stored = crawled.stored
    posts = crawled.site.posts
    told = {
        key: (stored[key].duplicate_of, stored[key].duplicate_kind)
        for key, post in crawled.truth.items()
        if post.exact_copy_of is not None
    }
    assert told == {
        key: (stored[crawled.key(posts[post.exact_copy_of].path)].id, "exact")
        for key, post in crawled.truth.items()
        if post.exact_copy_of is not None
    }


def test_no_other_post_is_called_an_exact_copy(crawled):
    called = {key for key, each in crawled.stored.items() if each.duplicate_kind == "exact"}
    assert called == {k for k, post in crawled.truth.items() if post.exact_copy_of is not None}


def test_each_later_part_of_a_split_post_is_a_part(crawled):
    pages = crawled.pages
    expected = {
        crawled.key(post.part_path(number))
        for post in crawled.site.posts
        for number in range(2, len(post.parts) + 1)
    }
    assert {key for key, page in pages.items() if page["outcome"] == "part"} == expected


def test_static_pages_are_pages(crawled):
    pages = crawled.pages
    told = {page.slug: pages[crawled.key(page.path)]["outcome"] for page in crawled.site.pages}
    assert told == dict.fromkeys(told, "page")


def test_nothing_of_a_post_that_nobody_may_read_is_stored(crawled):
    lines = crawled.lines
    for post in crawled.site.unreadable:
        assert post.blocks[0].texts[0] not in lines


def test_no_page_is_fetched_twice(crawled):
    seen = collections.Counter(path for status, path in crawled.hits if status == 200)
    assert {path: number for path, number in seen.items() if number > 1} == {}


def test_no_page_for_machines_or_editors_is_asked_for_by_links(crawled):
    shortlink = () if crawled.theme.newest else ("?p=",)
    wanted = (
        *shortlink,
        "/wp-login",
        "/wp-admin",
        "/wp-comments-post",
        "/xmlrpc",
        "replytocom",
        "/embed/",
    )
    asked = [path for _, path in crawled.hits if any(each in path for each in wanted)]
    assert asked == []


@pytest.mark.sources("links")
def test_a_crawl_by_links_reads_no_sitemap_feed_or_api(crawled):
    published = ("/wp-sitemap", "/feed/", "/wp-json", "sitemap=", "feed=", "rest_route=")
    asked = [path for _, path in crawled.hits if any(each in path for each in published)]
    assert asked == []


@pytest.mark.sources("all")
def test_a_crawl_by_all_sources_reads_sitemap_feed_and_api(crawled):
    published: tuple[str, ...] = ("/wp-sitemap", "/feed/", "/wp-json/wp/v2/posts")
    if (
        crawled.theme.newest
    ):  # plain permalinks: nothing answers as robots.txt, which names the sitemap
        published = ("feed=rss2", "rest_route=%2Fwp%2Fv2%2Fposts")
    asked = {each for _, path in crawled.hits for each in published if each in path}
    assert asked == set(published)


@pytest.mark.sources("all")
def test_an_old_slug_is_redirected_to_the_post(crawled):
    pages = crawled.pages
    old = [post.old_path for post in crawled.site.posts if post.old_slug]
    told = {path: pages[crawled.key(path)]["outcome"] for path in old}
    assert told == dict.fromkeys(old, "redirected")
