"""The frame around every page of the generated site, and the teasers that fill its blocks."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from itertools import cycle
from typing import TYPE_CHECKING
from zlib import crc32

from newscrawl.demo.content.taxonomy import (
    CATEGORIES,
    CHILDREN,
    FOOTER_NAME,
    PAGES,
    SITE_NAME,
    TAGLINE,
)

if TYPE_CHECKING:
    from datetime import datetime

    from newscrawl.demo.content.posts import Card, Posts
    from newscrawl.demo.content.taxonomy import Author, Category

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def day_text(day: datetime) -> str:
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def meta(name: str, content: str, key: str = "property") -> str:
    return f'<meta {key}="{name}" content="{escape(content)}" />\n'


class Teasers:
    """Teasers of single posts in the forms JNews has for them."""

    def __init__(self, posts: Posts, base_url: str) -> None:
        self._posts = posts
        self._base = base_url
        self._empty = f"{base_url}/wp-content/themes/jnews/assets/img/jeg-empty.png"
        self.block = lru_cache(maxsize=2048)(self._block)
        self.small = lru_cache(maxsize=1024)(self._small)

    def link(self, card: Card) -> str:
        return f"{self._base}/{card.slug}/"

    def author_link(self, author: Author) -> str:
        return f'<a href="{self._base}/author/{author.slug}/">{author.name}</a>'

    def category_link(self, category: Category, attributes: str = "") -> str:
        return f'<a href="{self._base}{category.path}"{attributes}>{escape(category.name)}</a>'

    def image(self, card: Card, width: int, height: int) -> str:
        return (
            f'<div class="thumbnail-container animate-lazy  size-{height * 1000 // width} ">'
            f'<img width="{width}" height="{height}" src="{self._empty}" '
            f'class="attachment-jnews-{width}x{height} default-featured-img lazyload" alt="" '
            f'data-src="{self._base}{card.image}-{width}x{height}.jpg" data-sizes="auto" '
            f'data-expand="700" /></div>'
        )

    def _thumb_target(self, card: Card) -> str:
        link = self.link(card)
        return (
            link,
            link[:-1],
            f"{link}?utm_source=listing&amp;utm_medium=thumb",
            link,
            f"{link}?fbclid=IwAR{card.post_id}x",
        )[card.number % 5]

    def _block(self, number: int) -> str:
        card = self._posts.card(number)
        link = self.link(card)
        first = CATEGORIES[card.sections[0]]
        thumb = self._thumb_target(card)
        variant = self._posts.variant(number)
        if variant == "edition":
            thumb = f"{self._base}/edition/{card.slug}/"
        elif variant == "query":
            thumb = f"{link}?from=listing"
        marker = f' class="category-{first.slug}"'
        return (
            f'<article class="jeg_post jeg_pl_md_2 post-{card.post_id} post type-post '
            f'status-publish format-standard has-post-thumbnail hentry category-{first.term_id}">'
            f'<div class="jeg_thumb"><a href="{thumb}">{self.image(card, 350, 250)}</a>'
            f'<div class="jeg_post_category"><span>{self.category_link(first, marker)}</span>'
            f'</div></div><div class="jeg_postblock_content"><h3 class="jeg_post_title">'
            f'<a href="{link}">{escape(card.headline)}</a></h3><div class="jeg_post_meta">'
            f'<div class="jeg_meta_author"><span class="by">by</span> '
            f'{self.author_link(card.author)}</div><div class="jeg_meta_date"><a href="{link}">'
            f'<i class="fa fa-clock-o"></i> {day_text(card.published)}</a></div></div>'
            f'<div class="jeg_post_excerpt"><p>{escape(card.excerpt[:110])}...</p></div>'
            f"</div></article>"
        )

    def hero(self, number: int, place: int) -> str:
        card = self._posts.card(number)
        link = self.link(card)
        image = f"{self._base}{card.image}.jpg"
        return (
            f'<article class="jeg_post jeg_hero_item_{place} post-{card.post_id} post type-post">'
            f'<div class="jeg_block_container"><div class="jeg_thumb"><a href="{link}">'
            f'<div class="thumbnail-container thumbnail-background" data-src="{image}">'
            f'<div class="lazyloaded" data-src="{image}" '
            f'style="background-image: url({image})"></div></div></a></div>'
            f'<div class="jeg_postblock_content"><div class="jeg_post_info">'
            f'<h2 class="jeg_post_title"><a href="{link}">{escape(card.headline)}</a></h2>'
            f'<div class="jeg_post_meta"><div class="jeg_meta_author"><span class="by">by</span> '
            f'{self.author_link(card.author)}</div><div class="jeg_meta_date"><a href="{link}">'
            f'<i class="fa fa-clock-o"></i> {day_text(card.published)}</a></div></div>'
            f"</div></div></div></article>"
        )

    def newsfeed(self, number: int) -> str:
        card = self._posts.card(number)
        link = self.link(card)
        image = self.image(card, 360, 180).replace("lazyload", "owl-lazy")
        return (
            f'<div class="jeg_newsfeed_item "><div class="jeg_thumb"><a href="{link}">{image}</a>'
            f'</div><h3 class="jeg_post_title"><a href="{link}">{escape(card.headline)}</a></h3>'
            f"</div>"
        )

    def _small(self, number: int) -> str:
        card = self._posts.card(number)
        link = self.link(card)
        return (
            f'<article class="jeg_post jeg_pl_sm format-standard"><div class="jeg_thumb">'
            f'<a href="{link}">{self.image(card, 120, 86)}</a></div>'
            f'<div class="jeg_postblock_content"><h3 class="jeg_post_title"><a href="{link}">'
            f'{escape(card.headline)}</a></h3><div class="jeg_post_meta">'
            f'<div class="jeg_meta_date"><i class="fa fa-clock-o"></i> '
            f"{day_text(card.published)}</div></div></div></article>"
        )


class Layout:
    """Joins what a page has of its own with the chunks all pages share, rendered once."""

    def __init__(self, posts: Posts, base_url: str, page_kb: int | None) -> None:
        self.posts = posts
        self.base = base_url
        self.teasers = Teasers(posts, base_url)
        self._bytes = page_kb * 1024 if page_kb else 0
        self._head = self._shared_head().encode()
        self._header = self._shared_header().encode()
        self._sidebar = self._shared_sidebar().encode()
        self._footer = self._shared_footer().encode()

    def page(
        self, *, path: str, title: str, head: str, body_class: str, main: str, sidebar: str = ""
    ) -> bytes:
        token = f"{crc32(f'{self.posts.generation}{path}'.encode()):08x}"
        main = main.replace("@uniqid@", token)
        opening = (
            '<!doctype html>\n<html class="no-js" lang="en-US">\n<head>\n'
            f'<meta charset="UTF-8" />\n<title>{escape(title)}</title>\n{head}'
        )
        body = (
            f'</head>\n<body class="{body_class} wp-embed-responsive jeg_toggle_light jnews '
            'jsc_normal wpb-js-composer vc_responsive">\n'
        )
        parts = [
            opening.encode(),
            self._head,
            body.encode(),
            self._header,
            main.encode(),
            self._sidebar,
            sidebar.encode(),
            b"</div>\n",
            self._footer,
        ]
        missing = self._bytes - sum(map(len, parts))
        if missing > 0:
            parts[2:2] = _padding(missing)
        return b"".join(parts)

    def frame(self, columns: str, content_class: str = "jeg_content") -> str:
        """The main column; the page's sidebar and its closing tag follow."""
        return (
            f'<div class="jeg_main "><div class="jeg_container"><div class="{content_class}">'
            f'<div class="container"><div class="row">{columns}'
        )

    def menu(self) -> str:
        items = [self._menu_item(f"{self.base}/", "Home")]
        for slug, category in CATEGORIES.items():
            if category.parent:
                continue
            below = [
                self._menu_item(f"{self.base}{CATEGORIES[child].path}", CATEGORIES[child].name)
                for child in CHILDREN[slug]
            ]
            if slug == "review-radar":
                below.append(self._menu_item(f"{self.base}/shop/", "Shop"))
            nested = f'\n<ul class="sub-menu">{"".join(below)}</ul>\n' if below else ""
            items.append(self._menu_item(f"{self.base}{category.path}", category.name, nested))
        items.append(self._menu_item(f"{self.base}/contact/", "Contact"))
        return "".join(items)

    def calendar(self, year: int, month: int) -> str:
        """A month's table of days; its neighbours are linked without end."""
        before, after = _neighbours(year, month)
        days = "".join(
            f'<td><a href="{self.base}/{year:04}/{month:02}/{day:02}/">{day}</a></td>'
            for day in range(3, 29, 5)
        )
        return (
            f'<div class="widget widget_calendar"><table id="wp-calendar" class="wp-calendar-table">'
            f"<caption>{MONTHS[month - 1]} {year}</caption><tbody><tr>{days}</tr></tbody></table>"
            f'<nav class="wp-calendar-nav"><a href="{self.base}{before}">&laquo; Earlier</a> '
            f'<a href="{self.base}{after}">Later &raquo;</a></nav></div>'
        )

    @staticmethod
    def _menu_item(link: str, label: str, nested: str = "") -> str:
        return (
            '<li class="menu-item menu-item-type-taxonomy bgnav" data-item-row="default">'
            f'<a href="{link}">{escape(label)}</a>{nested}</li>'
        )

    def _mega_menu(self) -> str:
        blocks = []
        for slug in ("technology", "health"):
            category = CATEGORIES[slug]
            feed = "".join(
                self.teasers.newsfeed(number) for number in self.posts.by_category[slug][:3]
            )
            blocks.append(
                f'<li class="menu-item menu-item-object-category bgnav jeg_megamenu category_1">'
                f'{self.teasers.category_link(category)}<div class="sub-menu">'
                f'<div class="jeg_newsfeed clearfix"><div class="jeg_newsfeed_list">'
                f'<div data-cat-id="{category.term_id}" class="jeg_newsfeed_container">'
                f'<div class="newsfeed_carousel owl-carousel no_subcat">{feed}</div></div>'
                f"</div></div></div></li>"
            )
        return "".join(blocks)

    def _shared_head(self) -> str:
        base = self.base
        return (
            "<meta name='viewport' content='width=device-width, initial-scale=1' />\n"
            f'<link rel="pingback" href="{base}/xmlrpc.php" />\n'
            f'<link rel="alternate" type="application/rss+xml" title="{SITE_NAME} &raquo; Feed" '
            f'href="{base}/feed/" />\n'
            f'<link rel="alternate" type="application/rss+xml" title="{SITE_NAME} &raquo; '
            f'Comments Feed" href="{base}/comments/feed/" />\n'
            f'<link rel="https://api.w.org/" href="{base}/wp-json/" />\n'
            f'<link rel="EditURI" type="application/rsd+xml" title="RSD" '
            f'href="{base}/xmlrpc.php?rsd" />\n'
            f"<script>var jnews_ajax_url = '{base}/?ajax-request=jnews'</script>\n"
            f"<link rel='stylesheet' id='jnews-frontend-css' "
            f"href='{base}/wp-content/themes/jnews/assets/dist/frontend.min.css' media='all' />\n"
            f"<link rel='stylesheet' id='jnews-style-css' "
            f"href='{base}/wp-content/themes/jnews/style.css' media='all' />\n"
            '<meta name="generator" content="WordPress 6.8.3" />\n'
            '<style id="jeg_dynamic_css" data-type="jeg_custom-css">'
            "body { --j-accent-color: #1d5c7a; } .jeg_topbar { background: #0d2b3a; }</style>\n"
            f'<script type="application/ld+json">{{"@context":"http:\\/\\/schema.org",'
            f'"@type":"WebSite","@id":"{base}/#website","url":"{base}/","name":"{SITE_NAME}",'
            f'"potentialAction":{{"@type":"SearchAction","target":"{base}/?s={{search_term_string}}",'
            f'"query-input":"required name=search_term_string"}}}}</script>\n'
        )

    def _search_form(self) -> str:
        return (
            f'<div class="jeg_nav_item jeg_nav_search"><form action="{self.base}/" method="get" '
            'class="jeg_search_form" target="_top"><input name="s" class="jeg_search_input" '
            'placeholder="Search..." type="text" value="" autocomplete="off" /></form>'
            '<div class="jeg_search_result jeg_search_hide with_result">'
            '<div class="search-link search-noresult">No Result </div>'
            '<div class="search-link search-all-button"><i class="fa fa-search"></i> '
            "View All Result </div></div></div>"
        )

    def _shared_header(self) -> str:
        base, today = self.base, self.posts.today
        pages = "".join(self._menu_item(f"{base}{path}", name) for path, name in PAGES.items())
        menu = self.menu()
        logo = (
            f'<div class="jeg_nav_item jeg_logo"><div class="site-title"><a href="{base}/">'
            f"{SITE_NAME}</a></div></div>"
        )
        return (
            '<div class="jeg_ad jeg_ad_top jnews_header_top_ads"><div class="ads-wrapper"></div>'
            '</div>\n<div class="jeg_viewport">\n<div class="jeg_header_wrapper">'
            '<div class="jeg_header normal"><div class="jeg_topbar jeg_container dark">'
            '<div class="container"><div class="jeg_nav_item"><ul class="jeg_menu jeg_top_menu">'
            f'<li class="menu-item"><a href="{base}/blog/">Blog</a></li>{pages}</ul></div>'
            f'<div class="jeg_nav_item jeg_top_date">{today:%A}, {day_text(today)}</div>'
            f'<div class="jeg_nav_item jeg_trending">Trending: <a href="{base}/?s=ferry">ferry</a> '
            f'<a href="{base}/?s=harbour+fees">harbour fees</a></div>'
            '<div class="jeg_nav_item jeg_nav_account"><a href="#jeg_loginform" '
            f'class="jeg_popuplink">Login</a></div><div class="jeg_cart"><a href="{base}/cart/">'
            '<i class="fa fa-shopping-cart"></i></a></div></div></div>'
            f'<div class="jeg_midbar jeg_container normal">{logo}{self._search_form()}</div>'
            '<div class="jeg_bottombar jeg_navbar jeg_container"><div class="jeg_mainmenu_wrap">'
            f'<ul class="jeg_menu jeg_main_menu jeg_menu_style_1">{menu}{self._mega_menu()}</ul>'
            "</div></div></div></div>\n"
            f'<div class="jeg_navbar_mobile_wrapper">{logo}{self._search_form()}</div>\n'
        )

    def _shared_sidebar(self) -> str:
        latest = "".join(self.teasers.small(number) for number in self.posts.latest(5))
        today, base = self.posts.today, self.base
        return (
            '\n<div class="jeg_sidebar jeg_sticky_sidebar col-md-4">'
            '<div class="widget widget_jnews_recent_news"><div class="jeg_block_heading">'
            '<h3 class="jeg_block_title"><span>Recent News</span></h3></div>'
            f'<div class="jeg_postblock"><div class="jeg_posts">{latest}</div></div></div>'
            f"{self.calendar(today.year, today.month)}"
            '<div class="widget woocommerce widget_products"><ul class="product_list_widget"><li>'
            f'<a href="{base}/product/tide-table-poster/">Tide table poster</a> '
            f'<a href="{base}/shop/?add-to-cart=101" rel="nofollow" class="add_to_cart_button">'
            "Add to cart</a></li></ul></div></div>\n"
        )

    def _shared_footer(self) -> str:
        base = self.base
        links = "".join(
            self._menu_item(f"{base}{path}", name) for path, name in list(PAGES.items())[:4]
        )
        return (
            "</div></div></div></div></div>\n"
            '<div class="footer-holder" id="footer"><div class="jeg_footer jeg_footer_1 dark">'
            f'<div class="footer_column"><h3 class="jeg_footer_title">{FOOTER_NAME}</h3>'
            f'<p>{TAGLINE}</p></div><ul class="jeg_menu_footer">{links}</ul></div></div>\n</div>\n'
            '<div id="jeg_off_canvas" class="normal"><div class="jeg_mobile_wrapper">'
            f'{self._search_form()}<ul class="jeg_mobile_menu">{self.menu()}</ul></div></div>\n'
            '<div id="jeg_loginform" class="jeg_popup mfp-hide"><form action="#" method="post">'
            "<h3>Welcome Back!</h3><p>Login to your account below</p>"
            '<a href="#jeg_forgotform" class="jeg_popuplink">Forgotten Password?</a></form></div>\n'
            '<div id="jeg_forgotform" class="jeg_popup mfp-hide"><form action="#" method="post">'
            "<h3>Retrieve your password</h3><p>Please enter your username or email address to "
            "reset your password.</p></form></div>\n"
            '<script>var jnewsoption = {"popup_script":"magnific","ajax_url":'
            f'"{base}/?ajax-request=jnews"}};</script>\n</body>\n</html>\n'
        )


_FILLER_BYTES = 400_000


@lru_cache(maxsize=1)
def _filler() -> tuple[bytes, bytes]:
    names = cycle(("block", "hero", "navbar", "footer", "widget", "popup", "share"))
    rules, options = [], []
    for turn in range(_FILLER_BYTES // 80):
        name, number = next(names), turn * 2654435761 % 0xFFFFFF
        rules.append(
            f".jeg_{name}_{turn} .jeg_thumb > a {{ margin: {turn % 17}px 0 {turn % 9}px; "
            f"color: #{number:06x}; }}\n"
        )
        options.append(
            f'window.jnews_{name}_{turn} = {{"paged": 1, "number": {number}, "sort": "latest"}};\n'
        )
    return "".join(rules).encode(), "".join(options).encode()


def _padding(size: int) -> tuple[bytes, ...]:
    """Inline style and script of about ``size`` bytes together."""
    rules, options = (chunk[: chunk.rfind(b"\n", 0, max(1, size // 2)) + 1] for chunk in _filler())
    return b"<style>\n", rules, b"</style>\n<script>\n", options, b"</script>\n"


def _neighbours(year: int, month: int) -> tuple[str, str]:
    at = year * 12 + month - 1
    before, after = divmod(at - 1, 12), divmod(at + 1, 12)
    return f"/{before[0]:04}/{before[1] + 1:02}/", f"/{after[0]:04}/{after[1] + 1:02}/"
