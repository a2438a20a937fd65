"""Whether a crawl keeps a ledger, and if not, why."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scrapy.spiderloader import DummySpiderLoader
from scrapy.utils.misc import load_object

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

NOTHING_KEPT: Mapping[str, Any] = {
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "JOBDIR": None,
    "ITEM_PIPELINES": {},
    "FEEDS": {},
    "SPIDERMON_ENABLED": False,
    "NEWSCRAWL_ARCHIVE": "",
    "NEWSCRAWL_LEDGER": False,
}
"""Settings of a crawl that keeps nothing: neither ledger nor articles, feeds or answers."""
SETTING = "NEWSCRAWL_LEDGER"
AUTO = "auto"
WRITTEN_START = "written_start"
"""What a class of spiders calls the ``start()`` with which it was written."""


def ledger_wanted(settings: BaseSettings) -> bool | None:
    """Return what ``NEWSCRAWL_LEDGER`` says; ``None`` stands for ``auto``.

    Raises:
        ValueError: it is none of its values.
    """
    said = settings.get(SETTING, AUTO)
    if said is None or str(said).strip().lower() in {"", AUTO}:
        return None
    try:
        return settings.getbool(SETTING)
    except ValueError:
        raise ValueError(f"{SETTING} is none of True, False and auto: {said!r}") from None


def why_no_ledger(crawler: Crawler) -> str | None:
    """Return why a crawl keeps no ledger, ``None`` where it keeps one.

    A setting that cannot be read keeps none: ``scrapy crawl`` refuses it before.
    """
    if crawler.spider is not None and not getattr(crawler.spider, "sites", ()):
        return "this spider keeps no ledger"
    try:
        wanted = ledger_wanted(crawler.settings)
    except ValueError as error:
        return str(error)
    if wanted is None:
        return tool_at_work(crawler)
    return None if wanted else f"{SETTING} is off"


def tool_at_work(crawler: Crawler) -> str | None:
    """Return which tool of Scrapy's made a crawl for its own ends, if one did.

    Told by what the tools do in any project, not by their names: a shell opens a spider without
    a crawl; ``parse``, ``fetch``, ``view``, ``check`` and ``savefixture`` put a function of
    theirs in place of ``start()``; ``runspider`` has a spider loader that knows no spiders.
    """
    spider = crawler.spider
    if spider is None or not crawler.crawling:
        return "a shell keeps no ledger"
    if is_start_replaced(spider):
        return "a command put requests of its own in place of the spider's start()"
    loader = load_object(crawler.settings["SPIDER_LOADER_CLASS"])
    if inspect.isclass(loader) and issubclass(loader, DummySpiderLoader):
        return f"scrapy runspider keeps no ledger without -s {SETTING}=True"
    return None


def is_start_replaced(spider: Spider) -> bool:
    """Whether ``start()`` is another than the spider was written with."""
    cls = type(spider)
    if "start" in vars(spider):
        return True
    now = inspect.getattr_static(cls, "start")
    written = inspect.getattr_static(cls, WRITTEN_START, None)
    if written is not None:
        return now is not written
    return getattr(now, "__module__", None) not in {each.__module__ for each in cls.__mro__}
