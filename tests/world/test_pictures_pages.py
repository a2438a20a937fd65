"""Pictures of whole pages: the lead, the body, and what a page declares of itself."""

from __future__ import annotations

import asyncio
import json

import pytest
from web_poet import HttpResponse

from newscrawl.pages.news import NewsPage
from tests.crawl.answering import answering, front
from tests.crawl.conftest import crawl
from tests.crawl.crawling import Crawl

__all__ = ["crawl"]

SITE = "https://quay.test"
DATA = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
WORDPRESS = '<meta name="generator" content="WordPress 6.9">'
PROSE = "<p>" + "The harbour reopened on Friday, after a week of storms and repairs. " * 4 + "</p>"


def images(html: str, head: str = "", classes: str = "") -> list[str]:
    page = f"<html><head>{head}</head><body class='{classes}'>{html}</body></html>"
    response = HttpResponse(f"{SITE}/news/a-story/", page.encode())
    item = asyncio.run(NewsPage(response).to_item())
    return [image.url.removeprefix(SITE) for image in item.images]


def wordpress(lead: str, body: str = "", head: str = "") -> list[str]:
    html = (
        f'<main><article class="post"><h1 class="entry-title">The harbour</h1>{lead}'
        f'<div class="entry-content">{PROSE}{body}{PROSE}</div></article></main>'
    )
    return images(html, WORDPRESS + head, "single single-post")


def jnews(lead: str, body: str = "") -> list[str]:
    html = (
        '<div class="entry-header"><h1 class="jeg_post_title">The harbour</h1></div>'
        f'<div class="jeg_featured featured_image">{lead}</div>'
        f'<div class="content-inner">{PROSE}{body}</div>'
    )
    return images(html, classes="single single-post jnews")


def plain(body: str, head: str = "") -> list[str]:
    html = f"<main><article><h1>The harbour</h1>{PROSE}{body}{PROSE}</article></main>"
    return images(html, head)


LEADS = [
    pytest.param(f'<img src="{DATA}" data-lazy="/a.jpg">', id="lazy"),
    pytest.param('<img src="/s.jpg" srcset="/s.jpg 300w, /a.jpg 1600w">', id="the largest"),
    pytest.param(f'<img src="{DATA}"><noscript><img src="/a.jpg"></noscript>', id="no scripts"),
    pytest.param('<noscript><img src="/a.jpg"></noscript>', id="only without scripts"),
    pytest.param(
        f'<picture><source data-srcset="/a.jpg"><img src="{DATA}"></picture>', id="picture"
    ),
    pytest.param('<amp-img src="/a.jpg"></amp-img>', id="amp"),
    pytest.param('<div style="background-image:url(/a.jpg)"></div>', id="background"),
    pytest.param('<div class="bg" data-src="/a.jpg"></div>', id="lazy background"),
    pytest.param('<a href="/a.jpg"><img src="/blank.gif"></a>', id="linked file"),
]


@pytest.mark.parametrize("lead", LEADS)
def test_the_lead_of_a_wordpress_theme_is_its_largest_file(lead):
    assert wordpress(f'<figure class="post-thumbnail">{lead}</figure>') == ["/a.jpg"]
    assert wordpress(f'<div class="post-thumbnail">{lead}</div>') == ["/a.jpg"]


@pytest.mark.parametrize("lead", LEADS)
def test_the_lead_of_jnews_is_its_largest_file(lead):
    assert jnews(lead) == ["/a.jpg"]


@pytest.mark.parametrize("lead", LEADS)
def test_the_lead_of_a_plain_page_is_its_largest_file(lead):
    html = (
        f"<main><article><header><h1>The harbour</h1><figure>{lead}</figure></header>"
        f"<div class='article-body'>{PROSE * 2}<figure><img src='/b.jpg'></figure></div></article>"
    )
    assert images(html) == ["/a.jpg", "/b.jpg"]


@pytest.mark.parametrize(
    "beside",
    [
        '<ul><li><figure><img src="/b.jpg"></figure></li></ul>',
        '<aside><figure><img src="/b.jpg"></figure></aside>',
        '<a href="/other"><figure><img src="/b.jpg"></figure></a>',
        '<div class="related"><figure><img src="/b.jpg"></figure></div>',
        '<figure><img class="avatar" src="/ada.jpg"></figure>',
    ],
)
def test_pictures_of_something_else_before_the_body_are_no_lead(beside):
    html = f"<main><article><h1>The harbour</h1>{beside}<div class='article-body'>{PROSE * 2}</div>"
    assert images(html, '<meta property="og:image" content="/a.jpg">') == ["/a.jpg"]


@pytest.mark.parametrize("size", ["-300x200", "-1024x683", "-scaled"])
def test_the_lead_in_another_size_is_not_listed_again(size):
    uploads = "/wp-content/uploads/2025/03"
    lead = f'<div class="post-thumbnail"><img src="{uploads}/a{size}.jpg"></div>'
    found = wordpress(lead, f'<figure><img src="{uploads}/a-768x512.jpg"></figure>')
    assert len(found) == 1
    assert found[0] in {f"{uploads}/a.jpg", f"{uploads}/a-scaled.jpg"}


def test_pictures_of_a_plain_page_are_read_in_their_order():
    body = f"""<figure><img src="{DATA}" data-src="/a.jpg"><noscript><img src="/a.jpg"></noscript>
    </figure>{PROSE}<figure><picture><source srcset="/b.jpg 1200w"><img src="/bs.jpg"></picture>
    </figure>{PROSE}<figure style="background-image:url(/c.jpg)"></figure>"""
    assert plain(body) == ["/a.jpg", "/b.jpg", "/c.jpg"]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="a.jpg">',
        f'<img src="{DATA}" data-src="a.jpg">',
        '<img srcset="s.jpg 300w, a.jpg 900w">',
        '<noscript><img src="a.jpg"></noscript>',
        '<amp-img src="a.jpg"></amp-img>',
        '<figure style="background-image:url(a.jpg)"></figure>',
        '<img src="//quay.test/media/a.jpg">',
        '<img src=" a.jpg ">',
    ],
)
def test_addresses_count_from_the_base_of_the_page(html):
    assert plain(html, '<base href="/media/">') == ["/media/a.jpg"]


@pytest.mark.parametrize(
    ("image", "url"),
    [
        pytest.param("/a.jpg?a=1&amp;b=2", "/a.jpg?a=1&b=2", id="entities"),
        pytest.param([f"{DATA}", "/a.jpg"], "/a.jpg", id="a placeholder first"),
        pytest.param({"@type": "ImageObject", "contentUrl": "/a.jpg"}, "/a.jpg", id="contentUrl"),
        pytest.param(
            [{"url": "/s.jpg", "width": 300}, {"url": "/a.jpg", "width": "1200"}],
            "/a.jpg",
            id="the widest",
        ),
        pytest.param({"url": ["/a.jpg", "/b.jpg"]}, "/a.jpg", id="several addresses"),
    ],
)
def test_a_declared_picture_stands_in_where_the_body_shows_none(image, url):
    story = json.dumps({"@type": "NewsArticle", "headline": "The harbour", "image": image})
    head = f'<script type="application/ld+json">{story}</script>'
    assert plain("", head) == [url]


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="og:image" content="/a.jpg">',
        '<meta property="og:image:secure_url" content="/a.jpg">',
        '<meta name="twitter:image:src" content="/a.jpg">',
        '<meta property="og:image" content="/placeholder.png"><meta name="twitter:image" content="/a.jpg">',
        '<link rel="image_src" href="/a.jpg">',
    ],
)
def test_a_shared_picture_stands_in_where_nothing_else_does(head):
    assert plain("", head) == ["/a.jpg"]


def test_a_crawl_stores_the_largest_file_of_each_picture(crawl: Crawl):
    body = f"""<figure><img src="{DATA}" data-srcset="/s.jpg 300w, /a,b.jpg 900w">
    <noscript><img src="/s.jpg"></noscript><figcaption>The quay.</figcaption></figure>{PROSE}
    <picture><source media="(min-width: 900px)" srcset="/c.jpg?x=1&amp;y=2"><img src="/cs.jpg">
    </picture>{PROSE}<p><img src="/d-300x200.jpg"><img src="/d-900x600.jpg"></p>"""
    page = f"""<html><head><title>The harbour</title>
    <meta property="og:type" content="article"></head><body><main><article><h1>The harbour</h1>
    <time datetime="2025-03-01T10:00:00+01:00">1 March</time>{PROSE}{body}{PROSE}</article></main>"""
    with answering({"/": front("/harbour"), "/harbour": page}) as server:
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links")
    (article,) = crawl.articles().values()
    found = [(image.url.removeprefix(server.url), image.caption) for image in article.images]
    assert found == [
        ("/a,b.jpg", "The quay."),
        ("/c.jpg?x=1&y=2", None),
        ("/d-900x600.jpg", None),
    ]
