from __future__ import annotations

import gzip
import json

import lxml.etree
import pytest

from tests.demo.truth import KnownSite

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture(scope="module")
def site():
    return KnownSite(60)


@pytest.fixture(scope="module")
def urls(site):
    exact = {copy for copy, _, kind in site.copies() if kind == "exact"}
    return {article.url for article in site.truth()} | exact


def get(site, url):
    return site.respond(url.removeprefix(site.base_url), {})


def test_robots_txt_names_the_sitemap(site):
    assert f"Sitemap: {site.base_url}/sitemap_index.xml" in get(site, "/robots.txt").body.decode()


def test_sitemaps_hold_every_post(site, urls):
    index = lxml.etree.fromstring(get(site, "/sitemap_index.xml").body)
    found = set()
    for file in index.xpath("//s:loc/text()", namespaces=SITEMAP):
        body = get(site, file).body
        root = lxml.etree.fromstring(gzip.decompress(body) if file.endswith(".gz") else body)
        found.update(root.xpath("//s:loc/text()", namespaces=SITEMAP))
        assert len(root.xpath("//s:lastmod", namespaces=SITEMAP)) == len(root)
    assert urls <= found


def test_sitemaps_hold_a_thousand_posts_each():
    site = KnownSite(1200)
    first = lxml.etree.fromstring(get(site, "/post-sitemap.xml").body)
    second = lxml.etree.fromstring(get(site, "/post-sitemap2.xml").body)
    assert (len(first), len(second)) == (1000, 250)
    assert get(site, "/post-sitemap3.xml").status == 404


@pytest.mark.parametrize("path", ["/feed/", "/category/local-news/feed/"])
def test_feed_has_the_ten_newest_in_full(site, urls, path):
    root = lxml.etree.fromstring(get(site, path).body)
    links = root.xpath("//item/link/text()")
    assert len(links) == 10
    assert set(links) <= urls
    full = root.xpath(
        "//item/content:encoded", namespaces={"content": "http://purl.org/rss/1.0/modules/content/"}
    )
    assert all(entry.text.count("<p>") > 1 for entry in full)


def test_comment_feeds_are_empty(site):
    root = lxml.etree.fromstring(get(site, next(site.truth()).url + "feed/").body)
    assert not root.xpath("//item")


def test_api_pages_hold_every_post(site, urls):
    found: set[str] = set()
    page = 1
    while True:
        response = get(site, f"/wp-json/wp/v2/posts?page={page}&per_page=20&_embed=1")
        assert response.headers["X-WP-Total"] == str(len(urls))
        posts = json.loads(response.body)
        found.update(post["link"] for post in posts)
        assert all(post["_embedded"]["author"][0]["name"] for post in posts)
        if page == int(response.headers["X-WP-TotalPages"]):
            break
        page += 1
    assert found == urls


def test_api_refuses_a_page_too_far(site):
    response = get(site, "/wp-json/wp/v2/posts?page=99")
    assert response.status == 400
    assert json.loads(response.body)["code"] == "rest_post_invalid_page_number"


@pytest.mark.parametrize("query", ["page=0", "per_page=101", "page=x"])
def test_api_refuses_impossible_parameters(site, query):
    assert get(site, f"/wp-json/wp/v2/posts?{query}").status == 400


def test_api_post_is_linked_from_its_article(site):
    article = next(site.truth())
    body = get(site, article.url).body.decode()
    path = body.partition('type="application/json" href="')[2].partition('"')[0]
    assert json.loads(get(site, path).body)["link"] == article.url
    assert json.loads(get(site, path).body)["date_gmt"] == article.published_raw[:19]


def test_a_feed_goes_on_by_paged_until_there_are_no_posts(site, urls):
    found, page = [], 1
    while (response := get(site, f"/feed/?paged={page}")).status == 200:
        root = lxml.etree.fromstring(response.body)
        found += root.xpath("//item/link/text()")
        page += 1
    assert response.status == 404
    assert (len(found), set(found)) == (len(urls), urls)


def test_a_feed_says_that_wordpress_made_it(site):
    assert b"<generator>https://wordpress.org/" in get(site, "/feed/").body


def api(site, query):
    return get(site, f"/wp-json/wp/v2/posts?per_page=100&{query}")


def test_the_api_gives_the_last_modified_first_where_it_is_asked_to():
    site = KnownSite(60, generation=1)
    posts = json.loads(api(site, "orderby=modified").body)
    dates = [post["modified_gmt"] for post in posts]
    assert dates == sorted(dates, reverse=True)
    assert {post["link"] for post in posts[:8]} & set(site.changes()["edited"])
    assert {post["link"] for post in posts}.isdisjoint(site.changes()["deleted"])


def test_the_api_gives_only_the_fields_asked_for(site):
    posts = json.loads(api(site, "_fields=link,date_gmt").body)
    assert {tuple(post) for post in posts} == {("date_gmt", "link")}
    posts = json.loads(api(site, "_fields=link,_links,_embedded&_embed=wp:term").body)
    assert {tuple(post) for post in posts} == {("link", "_embedded")}


def test_the_api_answers_by_rest_route_too(site):
    by_route = get(site, "/?rest_route=/wp/v2/posts&page=2")
    by_path = get(site, "/wp-json/wp/v2/posts?page=2")
    assert by_route == by_path
    assert by_route.headers["X-WP-Total"] == "62"


@pytest.mark.parametrize(
    "path", ["/sitemap_index.xml", "/page-sitemap.xml.gz", "/feed/", "/wp-json/wp/v2/posts"]
)
def test_a_list_that_the_client_has_is_answered_304(site, path):
    first = get(site, path)
    again = site.respond(path, {"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
