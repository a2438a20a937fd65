"""A Scrapy project that turns a news site into a clean, deduplicated, exactly accounted dataset."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newscrawl.addon.addon import Addon
    from newscrawl.discovery.links import Way
    from newscrawl.items import Article, Heading, Image
    from newscrawl.spiders.news import NewsSpider

__all__ = ["Addon", "Article", "Heading", "Image", "NewsSpider", "Way"]

__version__ = "0.1.0"

if not TYPE_CHECKING:
    HOMES = {
        "newscrawl.addon.addon": ("Addon",),
        "newscrawl.discovery.links": ("Way",),
        "newscrawl.items": ("Article", "Heading", "Image"),
        "newscrawl.spiders.news": ("NewsSpider",),
    }

    def __getattr__(name: str) -> Any:
        for home, names in HOMES.items():
            if name in names:
                return getattr(import_module(home), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
