"""What does a page say?

Front door: `news.NewsPage`, which gives the kind of any page, its links and its article.
A page object builds on the one before it: `parsed` (regions), `judged` (kind and links), `ruled`
(rules and provenance), `article` (fields), `wordpress`, `jnews`. What the page object of a single
site needs is named here, and loaded when it is asked for.

Whether to fetch, follow, believe or store what a page says never belongs here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from web_poet import field

    from newscrawl.dates import Moment, moment
    from newscrawl.discovery.links import Link, LinkKind
    from newscrawl.items import Article, Heading, Image
    from newscrawl.pages.article import ArticlePage
    from newscrawl.pages.documents.document import Element, text_of
    from newscrawl.pages.fields.people import people
    from newscrawl.pages.jnews import JNewsPage
    from newscrawl.pages.judging.kinds import PageKind
    from newscrawl.pages.news import NewsPage
    from newscrawl.pages.sites import handle_urls
    from newscrawl.pages.wordpress import WordPressPage

__all__ = [
    "Article",
    "ArticlePage",
    "Element",
    "Heading",
    "Image",
    "JNewsPage",
    "Link",
    "LinkKind",
    "Moment",
    "NewsPage",
    "PageKind",
    "WordPressPage",
    "field",
    "handle_urls",
    "moment",
    "people",
    "text_of",
]

if not TYPE_CHECKING:
    HOMES = {
        "web_poet": ("field",),
        "newscrawl.dates": ("Moment", "moment"),
        "newscrawl.discovery.links": ("Link", "LinkKind"),
        "newscrawl.items": ("Article", "Heading", "Image"),
        "newscrawl.pages.article": ("ArticlePage",),
        "newscrawl.pages.documents.document": ("Element", "text_of"),
        "newscrawl.pages.fields.people": ("people",),
        "newscrawl.pages.jnews": ("JNewsPage",),
        "newscrawl.pages.judging.kinds": ("PageKind",),
        "newscrawl.pages.news": ("NewsPage",),
        "newscrawl.pages.sites": ("handle_urls",),
        "newscrawl.pages.wordpress": ("WordPressPage",),
    }

    def __getattr__(name: str) -> Any:
        for home, names in HOMES.items():
            if name in names:
                return getattr(import_module(home), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
