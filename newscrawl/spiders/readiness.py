"""Whether all is there that a crawl with a ledger needs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import CloseSpider
from scrapy.utils.asyncio import is_asyncio_available
from scrapy_poet.downloadermiddlewares import InjectionMiddleware

from newscrawl.middlewares.injection import PageMiddleware
from newscrawl.middlewares.ledger import LedgerMiddleware
from newscrawl.pipelines.clean import CleanPipeline
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.pipelines.store import StorePipeline
from newscrawl.scheduler import LedgerScheduler, ledger_of
from newscrawl.session.keeping import why_no_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

NOT_SET_UP = "not_set_up"
"""How a crawl ends that lacks what its ledger needs."""
REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
NEEDED: tuple[tuple[str, type], ...] = (
    ("SCHEDULER", LedgerScheduler),
    ("DOWNLOADER_MIDDLEWARES", PageMiddleware),
    ("SPIDER_MIDDLEWARES", LedgerMiddleware),
    ("ITEM_PIPELINES", CleanPipeline),
    ("ITEM_PIPELINES", DedupePipeline),
    ("ITEM_PIPELINES", StorePipeline),
)
"""By the setting that names it: without one of these nothing is stored, or all as copies of one."""
ADDON = 'ADDONS = {"newscrawl.Addon": 500}'


def has_reactor(settings: BaseSettings) -> bool:
    """Whether settings name a reactor that newscrawl, scrapy-poet too, can work on."""
    return settings.getbool("TWISTED_REACTOR_ENABLED") and settings["TWISTED_REACTOR"] in {
        REACTOR,
        "",
        None,
    }


def why_not(crawler: Crawler) -> str:
    """Say in one line why a crawl cannot begin, and what to do; empty where it can."""
    settings = crawler.settings
    name = crawler.spidercls.name
    if not settings.getbool("TWISTED_REACTOR_ENABLED") or not is_asyncio_available():
        return (
            f"{name}: newscrawl works on Scrapy's default reactor only: take TWISTED_REACTOR and "
            f"TWISTED_REACTOR_ENABLED out of the settings, or set TWISTED_REACTOR = {REACTOR!r}"
        )
    lacking = [*_lacking(crawler)]
    if not lacking:
        return ""
    told = f"{name} is a NewsSpider, and {', '.join(lacking)}"
    if _has_addon(crawler):
        return f"{told}: take out of the settings what replaces it or switches it off, or name it in the spider's custom_settings"
    if len(lacking) == len(NEEDED):
        told = f"{name} is a NewsSpider, and newscrawl is not turned on in this project"
    return f"{told}: add {ADDON} to the settings"


def refuse_where_unready(crawler: Crawler) -> None:
    """End a crawl that cannot begin, as a failure for whoever started it.

    Scrapy's commands fail where a crawler has no spider, and else end with 0 whatever happened.

    Raises:
        CloseSpider: it cannot begin.
    """
    told = why_not(crawler) if why_no_ledger(crawler) is None else ""
    if not told:
        return
    logger.error("Not started: %s", told)
    crawler.stats.set_value(f"newscrawl/{NOT_SET_UP}", told)

    def closed() -> None:
        crawler.spider = None

    crawler.signals.connect(closed, signal=signals.spider_closed, weak=False)
    raise CloseSpider(NOT_SET_UP)


def _lacking(crawler: Crawler) -> Iterator[str]:
    for setting, component in NEEDED:
        if not _is_there(crawler, component):
            verb = "is not" if component is LedgerScheduler else "lacks"
            yield f"{setting} {verb} {component.__module__}.{component.__qualname__}"


def _is_there(crawler: Crawler, component: type) -> bool:
    if component is LedgerScheduler:
        return ledger_of(crawler) is not None
    # scrapy-poet's own does, and any other that is derived from it
    wanted = InjectionMiddleware if component is PageMiddleware else component
    return any(
        find(wanted) is not None
        for find in (
            crawler.get_downloader_middleware,
            crawler.get_spider_middleware,
            crawler.get_item_pipeline,
        )
    )


def _has_addon(crawler: Crawler) -> bool:
    bases = (base for addon in crawler.addons.addons for base in type(addon).__mro__)
    return any(base.__module__.startswith("newscrawl.") for base in bases)
