from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import lxml.html
import pytest

from tests.demo.truth import KnownSite

NOT_BODY = (
    '//*[@id="ez-toc-container"] | //figure | //script'
    ' | //*[contains(@class, "bucketwrap") or contains(@class, "jeg_ad")'
    ' or contains(@class, "inline_related") or contains(@class, "post-views")]'
)


@pytest.fixture(scope="module")
def site():
    return KnownSite(60)


def get(site, url, **headers):
    path = url.removeprefix(site.base_url)
    return site.respond(path, {name.replace("_", "-"): value for name, value in headers.items()})


def tree(response):
    return lxml.html.fromstring(response.body.decode("utf-8-sig"))


def follow(site, url):
    """The final URL and page, or nothing for what leaves the site or never ends."""
    for _ in range(4):
        response = get(site, url)
        if response.status not in {301, 302}:
            return url, response
        url = response.headers["Location"]
        if not url.startswith(site.base_url):
            break
    return url, None


def paragraphs(site, url):
    captions, told = set(), []
    for part in ("", "2/", "3/"):
        response = get(site, url + part)
        if response.status == 404:
            break
        body = tree(response).xpath('//div[@class="content-inner "]')[0]
        captions |= {figure.text_content().strip() for figure in body.xpath(".//figcaption")}
        captions |= {p.text.strip() for p in body.xpath('.//div[@class="caption"]/p') if p.text}
        for extra in body.xpath(NOT_BODY.replace("//*", ".//*").replace(" //", " .//")):
            extra.drop_tree()
        told += [block.text_content() for block in body.xpath(".//p | .//h2 | .//h3")]
    told = [re.sub(r"\s+", " ", block).strip() for block in told]
    return [block for block in told if block and block not in captions | {"Source link"}]


def test_same_arguments_give_the_same_bytes():
    paths = [
        "/",
        "/category/local-news/",
        "/feed/",
        "/sitemap_index.xml",
        urlsplit(next(KnownSite(30, seed=4).truth()).url).path,
    ]
    for path in paths:
        assert KnownSite(30, seed=4).respond(path, {}) == KnownSite(30, seed=4).respond(path, {})


def test_another_seed_gives_other_articles():
    first, second = ({article.url for article in KnownSite(30, seed=n).truth()} for n in (1, 2))
    assert not first & second


def test_every_article_is_reached_by_categories_and_their_pages(site):
    queue, seen, articles = [f"{site.base_url}/"], set(), set()
    while queue:
        url = queue.pop()
        if url in seen:
            continue
        seen.add(url)
        page = tree(get(site, url))
        titles = page.xpath(
            '//div[contains(@class, "jnews_category_hero_container")]'
            '//*[@class="jeg_post_title"]/a/@href'
            ' | //div[@class="jnews_category_content_wrapper"]//*[@class="jeg_post_title"]/a/@href'
        )
        articles.update(titles)
        queue += page.xpath(
            '//ul[contains(@class, "jeg_main_menu")]//a[contains(@href,"/category/")]/@href'
        )
        queue += page.xpath('//a[contains(@class, "page_number")]/@href')
    assert {article.url for article in site.truth()} <= articles
    assert {url for url, _, kind in site.copies() if kind == "exact"} <= articles


def test_text_of_the_truth_is_the_text_of_the_page(site):
    for article in site.truth():
        assert "\n\n".join(paragraphs(site, article.url)) == article.text, article.url


def test_fields_of_the_truth_stand_in_the_page(site):
    for article in site.truth():
        page = tree(get(site, article.url))
        shown = page.xpath('string(//h1[@class="jeg_post_title"])')
        assert shown in {article.headline, f"{article.headline}: {article.source_name}"}
        assert (
            page.xpath('//div[@class="entry-header"]//div[@class="jeg_meta_author"]/a/text()')
            == article.authors
        )
        assert page.xpath('//a[@rel="category tag"]/text()') == article.sections
        assert page.xpath('//a[@rel="tag"]/text()') == article.tags
        assert page.xpath('//meta[@property="article:published_time"]/@content') == [
            raw for raw in [article.published_raw] if raw
        ]
        related = page.xpath('//div[@class="jnews_related_post_container"]//h3/a/@href')
        assert related == article.related_urls
        for kind, url in (("prev", article.previous_url), ("next", article.next_url)):
            assert page.xpath(f'//a[@class="post {kind}-post"]/@href') == [u for u in [url] if u]


def test_posts_have_the_traits_that_extraction_must_survive():
    articles = list(KnownSite(200).truth())
    seen: Counter[str] = Counter()
    for article in articles:
        seen["syndicated"] += article.source_name is not None
        seen["subtitle"] += article.subtitle is not None
        seen["credit"] += any(image.credit for image in article.images)
        seen["no date"] += article.published is None
        seen["no author"] += not article.authors
        seen["discussed"] += bool(article.comment_count)
        seen["views unknown"] += article.view_count is None
        seen["views known"] += article.view_count is not None
        seen["crumbs"] += bool(article.breadcrumbs)
        seen["h3"] += any(heading.level == 3 for heading in article.headings)
        seen["modified"] += article.modified is not None
    assert min(seen.values()) >= 1
    assert seen["no date"] == seen["no author"] == 1


def test_misdeclared_page_is_utf8_by_its_byte_order_mark(site):
    article = next(article for article in site.truth() if "Zoë Brontë" in article.text)
    response = get(site, article.url)
    assert "ISO-8859-1" in response.headers["Content-Type"]
    assert response.body.startswith(b"\xef\xbb\xbf")
    assert "Zoë Brontë" in response.body.decode("utf-8-sig")


def test_exact_copies_repeat_the_text_and_are_published_later(site):
    published = {article.url: article for article in site.truth()}
    exact = [(copy, original) for copy, original, kind in site.copies() if kind == "exact"]
    assert exact
    for copy, original in exact:
        assert "\n\n".join(paragraphs(site, copy)) == published[original].text
        page = tree(get(site, copy))
        assert page.xpath('//link[@rel="canonical"]/@href') == [copy]
        stamp = page.xpath('string(//meta[@property="article:published_time"]/@content)')
        assert stamp > published[original].published_raw


def test_canonical_copies_name_their_original(site):
    copies = [(copy, original) for copy, original, kind in site.copies() if kind == "canonical"]
    assert len(copies) >= 4
    for copy, original in copies:
        page = tree(get(site, copy))
        assert page.xpath('//link[@rel="canonical"]/@href') == [original]


def test_hero_of_a_category_repeats_and_the_list_starts_after_it():
    site = KnownSite(300)
    pages = [tree(get(site, f"/category/local-news/{tail}")) for tail in ("", "page/2/")]
    heroes = [page.xpath("//article[contains(@class, 'hero_item')]//h2/a/@href") for page in pages]
    assert heroes[0] == heroes[1]
    assert len(heroes[0]) == 4
    listed = pages[0].xpath('//div[@class="jnews_category_content_wrapper"]//h3/a/@href')
    assert not set(heroes[0]) & set(listed)


def test_query_is_copied_into_pagination_links():
    site = KnownSite(300)
    page = tree(get(site, "/category/local-news/?utm_source=mail"))
    links = page.xpath('//a[contains(@class, "page_number")]/@href')
    assert links
    assert all(link.endswith("?utm_source=mail") for link in links)


def test_page_beyond_the_last_is_missing(site):
    assert get(site, "/category/health/page/99/").status == 404


def test_shortlink_and_missing_slash_lead_to_the_permalink(site):
    article = next(site.truth())
    assert get(site, article.url[:-1]).headers["Location"] == article.url
    short = tree(get(site, article.url)).xpath('string(//link[@rel="shortlink"]/@href)')
    assert get(site, short).headers["Location"] == article.url


@pytest.mark.parametrize("validator", ["ETag", "Last-Modified"])
def test_known_validators_are_answered_304(site, validator):
    article = next(site.truth())
    first = get(site, article.url)
    header = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}[validator]
    again = site.respond(urlsplit(article.url).path, {header: first.headers[validator]})
    assert (again.status, again.body) == (304, b"")


def test_unchanged_article_keeps_its_etag_in_a_later_generation_whose_bytes_differ():
    then, now = KnownSite(60), KnownSite(60, generation=1)
    url = next(then.truth()).url
    before, after = get(then, url), get(now, url)
    assert before.headers["ETag"] == after.headers["ETag"]
    assert before.body != after.body


def test_generation_adds_edits_and_deletes():
    then, now = KnownSite(60), KnownSite(60, generation=1)
    changes = now.changes()
    old = {article.url: article for article in then.truth()}
    new = {article.url: article for article in now.truth()}
    assert set(changes["new"]) == new.keys() - old.keys()
    assert set(changes["deleted"]) == old.keys() - new.keys()
    edited = {url for url in old.keys() & new.keys() if old[url].text != new[url].text}
    assert set(changes["edited"]) == edited
    assert all(changes.values())
    assert all(get(now, url).status == 410 for url in changes["deleted"])
    for url in edited:
        modified, published = new[url].modified, old[url].published
        assert modified is not None
        assert published is not None
        assert modified > published


def test_generation_0_has_no_changes(site):
    assert site.changes() == {"new": [], "edited": [], "deleted": []}


def test_changed_theme_renames_headline_and_author():
    url = next(KnownSite(5).truth()).url
    body = get(KnownSite(5, theme="changed"), url).body
    assert b'<h1 class="jeg_post_title"' not in body
    assert b'<div class="jeg_meta_author"><img' not in body.replace(b"\n", b"")


def test_pages_are_padded_to_the_size_asked_for():
    site = KnownSite(30, page_kb=120)
    for url in ("/category/health/", next(site.truth()).url):
        assert 115_000 < len(get(site, url).body) < 130_000


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/2025/10/09/", "calendar"),
        ("/2025/10/", "calendar"),
        ("/?s=ferry", "search"),
        ("/a-story/?replytocom=3", "reply"),
        ("/shop/?add-to-cart=101", "cart"),
        ("/checkout/", "cart"),
        ("/a-story/?share=facebook", "share"),
        ("/a-story/?print=1", "print"),
        ("/a-story/feed/", "comment-feed"),
        ("/comments/feed/", "comment-feed"),
        ("/a-story/attachment/a-picture/", "attachment"),
        ("/?p=1203", "shortlink"),
        ("/a-story/?PHPSESSID=1", "session"),
        ("/category/health/?utm_source=x", "tracking"),
        ("/private/desk-notes/", "robots"),
        ("/feed/", None),
        ("/category/health/feed/", None),
        ("/category/local-news/politics/page/2/", None),
        ("/a-story/?from=listing", None),
    ],
)
def test_traps_have_names(site, path, name):
    assert site.trap(path) == name


def test_calendar_never_ends(site):
    url = "/2025/10/"
    for _ in range(30):
        links = tree(get(site, url)).xpath('//nav[@class="wp-calendar-nav"]/a/@href')
        url = links[-2]
    assert urlsplit(url).path == "/2023/04/"


def test_impossible_requests_are_answered(site):
    for path in (
        "",
        "//",
        "/2025/13/",
        "/9999/12/",
        "/0000/01/",
        "/%00/",
        "/?p=x",
        "/?p=9",
        "/x.php",
    ):
        assert site.respond(path, {}).status in {200, 301, 404}


def test_specials_are_linked_from_category_pages(site):
    linked = set()
    for path in ("top-stories", "health", "technology", "local-news/sports"):
        linked.update(tree(get(site, f"/category/{path}/")).xpath("//h3/a/@href"))
    assert len(linked & site.specials().keys()) == 4


def test_specials_answer_as_their_outcome_says(site):
    for url, outcome in site.specials().items():
        status = get(site, url).status
        if outcome == "gone":
            assert status in {404, 410}
        elif outcome == "redirected":
            assert status in {301, 302}
        elif outcome == "failed":
            assert status in {302, 500}
        elif outcome == "refused":
            assert status in {200, 302}
        else:
            assert status == 200


def test_chain_of_redirects_ends_at_an_article(site):
    url, _ = follow(site, "/moved-harbour-story/")
    assert url in {article.url for article in site.truth()}


def test_loop_of_redirects_never_ends(site):
    assert follow(site, "/roundabout-north/")[1] is None


def test_flaky_pages_answer_badly_only_at_first(site):
    answers = {}
    for article in site.truth():
        first = site.first_response(urlsplit(article.url).path)
        if first:
            answers[first.status] = first.headers.get("Retry-After")
            assert get(site, article.url).status == 200
    assert answers == {500: None, 429: "0"}


@pytest.mark.parametrize("options", [{"articles": 0}, {"generation": -1}, {"theme": "other"}])
def test_impossible_sites_are_refused(options):
    with pytest.raises(ValueError, match="articles"):
        KnownSite(**options)


def test_site_of_one_article_stands():
    site = KnownSite(1)
    article = next(site.truth())
    assert (article.previous_url, article.next_url, article.related_urls) == (None, None, [])
    for path in ("/", "/category/health/", "/feed/", "/moved-a-third-time/"):
        assert get(site, path).status in {200, 301}
