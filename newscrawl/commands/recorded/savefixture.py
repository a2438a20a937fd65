"""``scrapy savefixture``: as scrapy-poet's own command, but written as a whole or not at all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import Spider
from scrapy.exceptions import UsageError
from scrapy.utils.misc import load_object

from newscrawl.recording.command import RecordingCommand

if TYPE_CHECKING:
    from newscrawl.recording.choosing import PageClass


class Command(RecordingCommand):
    most_arguments = 3

    def syntax(self) -> str:
        return "<page object> <url> [spider]"

    def short_desc(self) -> str:
        return "Record a page as a test of a page object"

    def long_desc(self) -> str:
        return (
            "As recordpage, for a page object that is named (newscrawl.pages.news.NewsPage, "
            "newscrawl.pages.links.LinksPage for the links of any page, or one of your own). With a "
            "spider the page is asked for with its settings and arguments."
        )

    def choose(self, args: list[str], url: str) -> tuple[PageClass, type[Spider]]:
        from web_poet import ItemPage, consume_modules

        from newscrawl.spiders.naming import unknown_spider

        assert self.crawler_process is not None
        if str(Path.cwd()) not in sys.path:
            sys.path.insert(0, str(Path.cwd()))
        consume_modules(*self.crawler_process.settings.getlist("SCRAPY_POET_DISCOVER"))
        try:
            page = load_object(args[0])
        except (ValueError, NameError, ImportError) as error:
            raise UsageError(
                f"there is no page object {args[0]!r}: {error}", print_help=False
            ) from None
        if not (isinstance(page, type) and issubclass(page, ItemPage)):
            raise UsageError(f"{args[0]} is no page object of web-poet", print_help=False)
        if len(args) < 3:  # noqa: PLR2004 - the third is the spider
            return page, Spider
        try:
            return page, self.crawler_process.spider_loader.load(args[2])
        except KeyError:
            raise unknown_spider(args[2]) from None
