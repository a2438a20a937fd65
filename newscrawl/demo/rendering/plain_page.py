"""Pages that are neither article nor listing, and those that only look like one."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from newscrawl.demo.content.taxonomy import SITE_NAME
from newscrawl.demo.rendering.markup import meta

if TYPE_CHECKING:
    from newscrawl.demo.rendering.markup import Layout

PRODUCTS = (
    (101, "tide-table-poster", "Tide table poster", 18),
    (102, "enamel-harbour-mug", "Enamel harbour mug", 14),
    (103, "lighthouse-keeper-diary", "Lighthouse keeper diary", 21),
    (104, "knitted-deck-cap", "Knitted deck cap", 25),
)


def plain_page(
    layout: Layout, path: str, title: str, content: str, *, body_class: str = ""
) -> bytes:
    return layout.page(
        path=path,
        title=f"{title} - {SITE_NAME}",
        head=f'<link rel="canonical" href="{layout.base}{path}" />\n' + meta("og:title", title),
        body_class=body_class or "wp-singular page-template-default page page-id-40",
        main=layout.frame(
            '<div class="jeg_main_content col-md-8"><div class="entry-header">'
            f'<h1 class="jeg_post_title">{escape(title)}</h1></div>'
            f'<div class="entry-content no-share"><div class="content-inner">{content}</div></div>'
            "</div>\n",
            "jeg_content jeg_singlepage",
        ),
    )


def page_content(layout: Layout, path: str) -> str:
    """What a page linked from the menus says."""
    if path == "/shop/":
        return _products(layout)
    return {
        "/contact/": "<p>Write to the desk above the fish market, or ring twice.</p>"
        f'<p><a href="{layout.base}/private/desk-notes/">Desk notes</a> '
        f'<a href="{layout.base}/wp-admin/">Staff</a></p>',
        "/cart/": "<p>Your cart is currently empty.</p>"
        f'<p><a href="{layout.base}/cart/?remove_item=9f1">Undo</a></p>',
        "/checkout/": "<p>Nothing to pay for yet.</p>",
        "/my-account/": "<p>Please log in to see your orders.</p>",
        "/dmca/": "<p>Tell us which picture is yours and we take it down within two tides.</p>",
    }.get(path, "<p>We keep as little about readers as a gull keeps of a chip.</p>")


def _products(layout: Layout) -> str:
    items = "".join(
        f'<li class="product"><a href="{layout.base}/product/{slug}/"><h2>{name}</h2></a> ${price} '
        f'<a href="{layout.base}/shop/?add-to-cart={number}" rel="nofollow" '
        'class="add_to_cart_button">Add to cart</a></li>'
        for number, slug, name, price in PRODUCTS
    )
    return (
        f'<p><a href="{layout.base}/shop/?orderby=price">Cheapest first</a></p>'
        f'<ul class="products columns-4">{items}</ul>'
    )


def product_page(layout: Layout, path: str, name: str) -> bytes:
    return plain_page(
        layout,
        path,
        name,
        "<p>Made within sight of the pier.</p>"
        f'<p><a href="{layout.base}{path}?add-to-cart=101">Add to cart</a></p>',
        body_class="product-template-default single single-product",
    )


def attachment_page(layout: Layout, path: str, name: str) -> bytes:
    """An attachment has an article's headline and nothing but a picture below it."""
    return plain_page(
        layout,
        path,
        name,
        f'<p class="attachment"><img src="{layout.base}/wp-content/uploads/{name}.jpg" alt="" /></p>',
        body_class="attachment wp-singular attachment-template-default single single-attachment",
    )


def missing_page(layout: Layout) -> bytes:
    teasers = "".join(layout.teasers.block(number) for number in layout.posts.latest(4))
    return layout.page(
        path="/404",
        title=f"Page not found - {SITE_NAME}",
        head=meta("robots", "noindex, follow", "name"),
        body_class="error404",
        main=layout.frame(
            '<div class="jeg_main_content col-md-8"><div class="jeg_archive_header">'
            '<h1 class="jeg_archive_title">Page Not Found</h1></div>'
            f'<div class="jeg_posts">{teasers}</div></div>\n'
        ),
    )
