"""Sitemaps, feeds and the REST API of the generated site."""

from __future__ import annotations

import json
import re
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from newscrawl.demo.content.posts import LOCAL
from newscrawl.demo.content.story import tell
from newscrawl.demo.content.taxonomy import AUTHORS, CATEGORIES, PAGES, SITE_NAME, TAGLINE
from newscrawl.demo.rendering.article_body import content_html

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from newscrawl.demo.rendering.markup import Layout

PER_SITEMAP = 1000
FEED_LENGTH = 10
_LARGEST_PAGE = 100
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP_NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def robots_txt(layout: Layout) -> bytes:
    return (
        "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n"
        f"Disallow: /private/\n\nSitemap: {layout.base}/sitemap_index.xml\n"
    ).encode()


def post_sitemap_names(layout: Layout) -> list[str]:
    files = -(-layout.posts.count // PER_SITEMAP)
    return [f"post-sitemap{number if number > 1 else ''}.xml" for number in range(1, files + 1)]


def sitemap(layout: Layout, name: str) -> bytes | None:
    """``None`` when the site has no sitemap called ``name``."""
    today = layout.posts.today.isoformat()
    if name == "sitemap_index.xml":
        names = [*post_sitemap_names(layout), "page-sitemap.xml.gz", "category-sitemap.xml"]
        return _sitemap("sitemap", ((f"{layout.base}/{file}", today) for file in names))
    if name == "page-sitemap.xml":
        paths = ["/", *PAGES]
    elif name == "category-sitemap.xml":
        paths = [category.path for category in CATEGORIES.values()]
    else:
        return _post_sitemap(layout, name)
    return _sitemap("url", ((f"{layout.base}{path}", today) for path in paths))


def _post_sitemap(layout: Layout, name: str) -> bytes | None:
    names = post_sitemap_names(layout)
    if name not in names:
        return None
    posts, start = layout.posts, names.index(name) * PER_SITEMAP
    numbers = (
        number for number in range(start, min(start + PER_SITEMAP, posts.count)) if number in posts
    )
    return _sitemap(
        "url",
        (
            (
                layout.teasers.link(posts.card(number)),
                posts.changed(number).isoformat(),
            )
            for number in numbers
        ),
    )


def _sitemap(kind: str, entries: Iterable[tuple[str, str]]) -> bytes:
    outer = "sitemapindex" if kind == "sitemap" else "urlset"
    rows = "".join(
        f"\t<{kind}>\n\t\t<loc>{link}</loc>\n\t\t<lastmod>{changed}</lastmod>\n\t</{kind}>\n"
        for link, changed in entries
    )
    return f"{_XML}<{outer} {_SITEMAP_NS}>\n{rows}</{outer}>\n".encode()


def feed(layout: Layout, title: str, path: str, numbers: Sequence[int]) -> bytes:
    items = "".join(_item(layout, number) for number in numbers)
    return (
        f'{_XML}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">\n<channel>\n'
        f"<title>{escape(title)}</title>\n"
        f'<atom:link href="{layout.base}{path}feed/" rel="self" type="application/rss+xml" />\n'
        f"<link>{layout.base}{path}</link>\n<description>{TAGLINE}</description>\n"
        f"<lastBuildDate>{format_datetime(layout.posts.today)}</lastBuildDate>\n"
        f"<language>en-US</language>\n<sy:updatePeriod>hourly</sy:updatePeriod>\n"
        "<generator>https://wordpress.org/?v=6.8.3</generator>\n"
        f"{items}</channel>\n</rss>\n"
    ).encode()


def _item(layout: Layout, number: int) -> str:
    story = tell(layout.posts, number)
    card = story.card
    link = layout.teasers.link(card)
    categories = "".join(
        f"<category><![CDATA[{CATEGORIES[slug].name}]]></category>" for slug in card.sections
    )
    return (
        f"<item>\n<title>{escape(card.headline)}</title>\n<link>{link}</link>\n"
        f"<dc:creator><![CDATA[{card.author.name}]]></dc:creator>\n"
        f"<pubDate>{format_datetime(card.published)}</pubDate>\n{categories}\n"
        f'<guid isPermaLink="false">{layout.base}/?p={card.post_id}</guid>\n'
        f"<description><![CDATA[<p>{escape(card.excerpt)}</p>\n<p>The post "
        f'<a href="{link}">{escape(card.headline)}</a> appeared first on '
        f'<a href="{layout.base}">{SITE_NAME}</a>.</p>]]></description>\n'
        f"<content:encoded><![CDATA[{content_html(layout, story)}]]></content:encoded>\n</item>\n"
    )


def api_index(layout: Layout) -> bytes:
    routes = {
        f"/wp/v2/{name}": {"namespace": "wp/v2", "methods": ["GET"]}
        for name in ("posts", "categories", "users")
    }
    return _json(
        {
            "name": SITE_NAME,
            "description": TAGLINE,
            "url": layout.base,
            "home": layout.base,
            "timezone_string": "America/New_York",
            "namespaces": ["oembed/1.0", "wp/v2"],
            "routes": routes,
        }
    )


def api_posts(layout: Layout, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a page of posts, newest or last modified first."""
    page, per_page = _whole(query.get("page"), 1), _whole(query.get("per_page"), 10)
    if not 1 <= per_page <= _LARGEST_PAGE or page < 1:
        return _api_error(400, "rest_invalid_param", "Invalid parameter(s): page, per_page")
    numbers = layout.posts.newest
    if query.get("orderby") == "modified":
        numbers = sorted(numbers, key=layout.posts.changed, reverse=True)
    pages = -(-len(numbers) // per_page)
    if page > max(1, pages):
        return _api_error(
            400,
            "rest_post_invalid_page_number",
            "The page number requested is larger than the number of pages available.",
        )
    chosen = numbers[(page - 1) * per_page : page * per_page]
    headers = {"X-WP-Total": str(len(numbers)), "X-WP-TotalPages": str(pages)}
    embedded = "_embed" in query
    found = [api_post(layout, number, embedded=embedded) for number in chosen]
    if "_fields" in query:
        names = set(query["_fields"].split(","))
        found = [{name: post[name] for name in post if name in names} for post in found]
    return 200, headers, _json(found)


def api_one(layout: Layout, post_id: int) -> tuple[int, dict[str, str], bytes]:
    number, rest = divmod(post_id - 1200, 3)
    if rest or number not in layout.posts:
        return _api_error(404, "rest_post_invalid_id", "Invalid post ID.")
    return 200, {}, _json(api_post(layout, number, embedded=False))


def api_post(layout: Layout, number: int, *, embedded: bool) -> dict[str, object]:
    posts = layout.posts
    story = tell(posts, number)
    card = story.card
    changed = posts.changed(number)
    author_id = AUTHORS.index(card.author) + 1
    post: dict[str, object] = {
        "id": card.post_id,
        "date": _stamp(card.published + LOCAL),
        "date_gmt": _stamp(card.published),
        "guid": {"rendered": f"{layout.base}/?p={card.post_id}"},
        "modified": _stamp(changed + LOCAL),
        "modified_gmt": _stamp(changed),
        "slug": card.slug,
        "status": "publish",
        "type": "post",
        "link": layout.teasers.link(card),
        "title": {"rendered": escape(card.headline, quote=False)},
        "content": {"rendered": content_html(layout, story), "protected": False},
        "excerpt": {"rendered": f"<p>{escape(card.excerpt)}</p>\n", "protected": False},
        "author": author_id,
        "categories": [CATEGORIES[slug].term_id for slug in card.sections],
    }
    if embedded:
        terms = [
            {"id": CATEGORIES[slug].term_id, "name": CATEGORIES[slug].name, "taxonomy": "category"}
            for slug in card.sections
        ]
        post["_embedded"] = {
            "author": [{"id": author_id, "name": card.author.name, "slug": card.author.slug}],
            "wp:term": [terms],
        }
    return post


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def _whole(value: str | None, default: int) -> int:
    if value is None:
        return default
    return int(value) if re.fullmatch("[0-9]{1,9}", value) else 0


def _api_error(status: int, code: str, message: str) -> tuple[int, dict[str, str], bytes]:
    return status, {}, _json({"code": code, "message": message, "data": {"status": status}})


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
