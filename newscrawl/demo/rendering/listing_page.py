"""Front page, category, tag, author, date and search pages in JNews markup."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from newscrawl.demo.content.taxonomy import CATEGORIES, SITE_NAME, TAGLINE
from newscrawl.demo.rendering.markup import meta

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.demo.content.taxonomy import Category
    from newscrawl.demo.rendering.markup import Layout

PER_PAGE = 10
HERO = 4
"""Newest posts shown on top of every page of a category; the list starts after them."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list of posts; ``query`` is copied into every pagination link."""

    path: str
    title: str
    body_class: str
    header: str
    wrapper: str
    numbers: Sequence[int]
    page: int = 1
    pages: int = 1
    query: str = ""
    hero: Sequence[int] = ()
    extra: str = ""
    sidebar: str = ""
    robots: str = "index, follow"


def page_count(posts: int, offset: int = 0) -> int:
    return max(1, -(-(posts - offset) // PER_PAGE))


def listing_page(layout: Layout, listing: Listing) -> bytes:
    paged = f" paged-{listing.page} paged" if listing.page > 1 else ""
    suffix = f" - Page {listing.page} of {listing.pages}" if listing.page > 1 else ""
    return layout.page(
        path=f"{listing.path}{listing.page}",
        title=f"{listing.title}{suffix} - {SITE_NAME}",
        head=_head(layout, listing),
        body_class=f"{listing.body_class}{paged}",
        main="".join(
            [
                listing.header,
                _hero(layout, listing),
                layout.frame(
                    '<div class="jeg_main_content col-md-8"><div class="jeg_inner_content">'
                ),
                f'<div class="{listing.wrapper}">{_block(layout, listing)}</div></div></div>\n',
            ]
        ),
        sidebar=listing.sidebar,
    )


def _address(layout: Layout, listing: Listing, page: int) -> str:
    tail = f"page/{page}/" if page > 1 else ""
    query = f"?{escape(listing.query)}" if listing.query else ""
    return f"{layout.base}{listing.path}{tail}{query}"


def _head(layout: Layout, listing: Listing) -> str:
    own = f"{layout.base}{listing.path}"
    if listing.page > 1:
        own += f"page/{listing.page}/"
    head = [
        f'<link rel="canonical" href="{own}" />\n',
        meta("robots", listing.robots, "name"),
        meta("og:type", "article"),
        meta("og:title", f"{listing.title} - {SITE_NAME}"),
        meta("og:url", own),
        meta("og:site_name", SITE_NAME),
    ]
    if listing.body_class.startswith(("archive category", "archive tag", "archive author")):
        head.append(
            f'<link rel="alternate" type="application/rss+xml" title="{escape(listing.title)} '
            f'Feed" href="{layout.base}{listing.path}feed/" />\n'
        )
    if listing.page < listing.pages:
        head.append(f'<link rel="next" href="{_address(layout, listing, listing.page + 1)}" />\n')
    if listing.page > 1:
        head.append(f'<link rel="prev" href="{_address(layout, listing, listing.page - 1)}" />\n')
    return "".join(head)


def _hero(layout: Layout, listing: Listing) -> str:
    if not listing.hero:
        return ""
    items = "".join(
        layout.teasers.hero(number, place) for place, number in enumerate(listing.hero, 1)
    )
    return (
        '<div class="jnews_category_hero_container"><div class="jeg_heroblock jeg_heroblock_1 '
        'jeg_col_3o3 jeg_hero_style_2 jnews_module_0_0_@uniqid@"><div '
        f'class="jeg_heroblock_wrapper">{items}</div></div></div>\n'
    )


def _block(layout: Layout, listing: Listing) -> str:
    teasers = "".join(layout.teasers.block(number) for number in listing.numbers) + listing.extra
    if not teasers:
        return '<div class="jeg_empty_module">No Content Available</div>'
    unique = "jnews_module_0_1_@uniqid@"
    return (
        '<div class="jeg_postblock_5 jeg_postblock jeg_module_hook jeg_pagination_nav_1 '
        f'jeg_col_2o3 {unique}" data-unique="{unique}"><div class="jeg_block_container">'
        f'<div class="jeg_posts jeg_load_more_flag">{teasers}</div></div>'
        f'<div class="jeg_block_navigation">{_pagination(layout, listing)}</div>'
        f'<script>var {unique} = {{"post_offset":{len(listing.hero)},"pagination_mode":"nav_1",'
        f'"paged":{listing.page},"class":"jnews_block_5"}};</script></div>'
    )


def _pagination(layout: Layout, listing: Listing) -> str:
    if listing.pages == 1:
        return ""
    here, last = listing.page, listing.pages
    near = {1, last, *range(max(1, here - 1), min(last, here + 1) + 1)}
    parts = [f'<span class="page_info">Page {here} of {last}</span>']
    if here > 1:
        parts.append(
            f'<a class="page_nav prev" href="{_address(layout, listing, here - 1)}">'
            '<span class="navtext">Prev</span></a>'
        )
    before = 0
    for page in sorted(near):
        if page - before > 1:
            parts.append('<span class="page_number dots">…</span>')
        before = page
        parts.append(
            f'<span class="page_number active">{page}</span>'
            if page == here
            else f'<a class="page_number" href="{_address(layout, listing, page)}">{page}</a>'
        )
    if here < last:
        parts.append(
            f'<a class="page_nav next" href="{_address(layout, listing, here + 1)}">'
            '<span class="navtext">Next</span></a>'
        )
    return (
        '<div class="jeg_navigation jeg_pagination jeg_pagenav_1 jeg_aligncenter no_pageinfo">'
        f"{''.join(parts)}</div>"
    )


def category_header(layout: Layout, category: Category) -> str:
    return (
        '<div class="jnews_category_header_top"><div class="jeg_cat_header jeg_cat_header_1">'
        '<div class="jeg_breadcrumbs jeg_breadcrumb_category jeg_breadcrumb_container">'
        f'<div id="breadcrumbs"><span class=""><a href="{layout.base}/">Home</a></span>'
        '<i class="fa fa-angle-right"></i><span class="breadcrumb_last_link">'
        f"{layout.teasers.category_link(category)}</span></div></div>"
        f'<h1 class="jeg_cat_title">{escape(category.name)}</h1></div></div>\n'
    )


def archive_header(title: str) -> str:
    return (
        '<div class="jeg_archive_header"><h1 class="jeg_archive_title">'
        f"{escape(title)}</h1></div>\n"
    )


def author_header(name: str) -> str:
    """JNews author pages have no ``h1``."""
    return (
        '<div class="jeg_author_header"><h3 class="jeg_author_name fn">'
        f"{name}</h3><p>{name} writes for {SITE_NAME}.</p></div>\n"
    )


def front_page(layout: Layout) -> bytes:
    hero = "".join(
        layout.teasers.hero(number, place)
        for place, number in enumerate(layout.posts.latest(HERO), 1)
    )
    blocks = "".join(
        '<div class="jeg_postblock_5 jeg_postblock jeg_module_hook jeg_pagination_disable">'
        f'<div class="jeg_block_heading"><h3 class="jeg_block_title">'
        f"{layout.teasers.category_link(category)}</h3></div>"
        '<div class="jeg_posts">'
        + "".join(layout.teasers.block(number) for number in layout.posts.by_category[slug][:3])
        + "</div></div>"
        for slug, category in CATEGORIES.items()
        if not category.parent
    )
    return layout.page(
        path="/",
        title=f"{SITE_NAME} - {TAGLINE}",
        head=f'<link rel="canonical" href="{layout.base}/" />\n' + meta("og:type", "website"),
        body_class="home wp-singular page-template page-template-template-builder page page-id-9",
        main=layout.frame(
            '<div class="jeg_main_content col-md-8"><div class="jeg_heroblock jeg_heroblock_1">'
            f'{hero}</div><div class="vc_row">{blocks}</div></div>\n'
        ),
    )
