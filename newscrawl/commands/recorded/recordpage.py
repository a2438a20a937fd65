"""``scrapy recordpage``: a page and what it should give, as a spider would read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Spider

from newscrawl.recording.command import RecordingCommand

if TYPE_CHECKING:
    from newscrawl.recording.choosing import PageClass


class Command(RecordingCommand):
    def syntax(self) -> str:
        return "<spider> <url>"

    def short_desc(self) -> str:
        return "Record an article as a test, read as the spider would read it"

    def long_desc(self) -> str:
        return (
            "Fetches one article and writes it, with all that was asked for to read it and what it "
            "gave, as a fixture of web-poet below SCRAPY_POET_TESTS_DIR. pytest then tests each "
            "field. The page object is the one that the spider and the rules of scrapy-poet choose "
            "for the URL. -a timezone=… is recorded too. Ends with 1, and writes nothing, where "
            "the page cannot be had or is no article. Neither ledger nor database is touched."
        )

    def choose(self, args: list[str], url: str) -> tuple[PageClass, type[Spider]]:
        from newscrawl.recording.choosing import asked_for
        from newscrawl.spiders.naming import unknown_spider

        assert self.crawler_process is not None
        try:
            spider = self.crawler_process.spider_loader.load(args[0])
        except KeyError:
            raise unknown_spider(args[0]) from None
        return asked_for(spider, url, self.crawler_process.settings), spider
