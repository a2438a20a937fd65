"""Which spider is meant by a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.spiderloader import SpiderLoaderProtocol

OURS = "newscrawl.spiders"


def spider_named(name: str, loader: SpiderLoaderProtocol) -> type[Spider]:
    """Return a spider of a project, else one of ours: ``site`` is there in every project.

    Raises:
        KeyError: there is none of that name.
    """
    try:
        return loader.load(name)
    except KeyError:
        return get_spider_loader(Settings({"SPIDER_MODULES": [OURS]})).load(name)


def unknown_spider(name: str, more: str = "") -> UsageError:
    """What to raise where no spider has a name."""
    return UsageError(
        f"there is no spider {name!r}; 'scrapy list' shows them{more}", print_help=False
    )
