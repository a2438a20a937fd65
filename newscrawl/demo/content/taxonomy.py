"""The fixed parts of the generated site: its names, category tree, staff and sources."""

from __future__ import annotations

from typing import NamedTuple

SITE_NAME = "Harbour Ledger"
FOOTER_NAME = "Tidewater News Pulse"
TAGLINE = "Ports, people and everything the tide brings in"


class Category(NamedTuple):
    slug: str
    name: str
    term_id: int
    parent: str | None = None

    @property
    def path(self) -> str:
        return f"/category/{self.parent}/{self.slug}/" if self.parent else f"/category/{self.slug}/"


CATEGORIES = {
    category.slug: category
    for category in (
        Category("top-stories", "Top Stories", 21),
        Category("local-news", "Local News", 22),
        Category("politics", "Politics", 23, "local-news"),
        Category("business-economy", "Business & Economy", 24, "local-news"),
        Category("entertainment", "Entertainment", 25, "local-news"),
        Category("sports", "Sports", 26, "local-news"),
        Category("health", "Health", 27),
        Category("lifestyle", "Lifestyle", 28),
        Category("science-environment", "Science & Environment", 29),
        Category("technology", "Technology", 30),
        Category("review-radar", "Review Radar", 31),
        Category(
            "weight-loss-products-reviews", "Weight Loss Products Reviews", 32, "review-radar"
        ),
        Category("forex-trading", "Forex Trading", 33, "review-radar"),
    )
}
CHILDREN = {
    parent: [slug for slug, category in CATEGORIES.items() if category.parent == parent]
    for parent in CATEGORIES
}
LEADING = tuple(slug for slug in CATEGORIES if slug != "review-radar")
"""Categories a story may be filed under first."""


class Author(NamedTuple):
    slug: str
    name: str


AUTHORS = tuple(
    Author(name.lower().replace(" ", "-"), name)
    for name in (
        "Oliver Marsh",
        "Henrietta Vance",
        "Dominic Achterberg",
        "Saoirse Tolland",
        "Malik Derwent",
        "Paulina Strand",
        "Gideon Okafor-Lunn",
        "Wilhelmina Tarn",
        "Rohan Castellane",
        "Agnes Pellworth",
        "Ismael Dunmore",
        "Corinne Haldane",
    )
)
HOUSE_AUTHOR = AUTHORS[0]
"""The account that imports syndicated stories."""


class Source(NamedTuple):
    name: str
    host: str


SOURCES = (
    Source("Harbor Radio", "www.harborradio.example"),
    Source("Coastline Wire", "coastlinewire.example"),
    Source("Meridian Press", "www.meridianpress.example"),
    Source("The Northern Dispatch", "thenortherndispatch.example"),
    Source("UPN", "www.upn.example"),
)

PAGES = {
    "/contact/": "Contact",
    "/dmca/": "DMCA",
    "/privacy-policy/": "Privacy Policy",
    "/california-consumer-privacy-act-ccpa/": "California Consumer Privacy Act (CCPA)",
    "/cart/": "Cart",
    "/checkout/": "Checkout",
    "/my-account/": "My account",
    "/shop/": "Shop",
}
SHOP_PAGES = ("/cart/", "/checkout/", "/my-account/")
