"""``scrapy shell``, with the page object of what it fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.commands.shell import Command as ScrapyShellCommand
from scrapy.exceptions import UsageError

if TYPE_CHECKING:
    import argparse

    from scrapy.http import Response


class Command(ScrapyShellCommand):
    def short_desc(self) -> str:
        return "Interactive console, with the page object of a page"

    def long_desc(self) -> str:
        return (
            f"{super().long_desc()} Beside response there is page, the page object that a spider "
            "would be given: page.kind, page.evidence, page.links, and await page.to_item(). "
            "Nothing is stored."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.spiders.naming import unknown_spider

        assert self.crawler_process is not None
        if len(args) > 1:
            raise UsageError(f"one URL or file, not also {args[1]!r}", print_help=False)
        if opts.spider and opts.spider not in self.crawler_process.spider_loader.list():
            raise unknown_spider(opts.spider)
        super().run(args, opts)

    def update_vars(self, vars: dict[str, Any]) -> None:  # noqa: A002 - the name is Scrapy's
        vars["page"] = page_of(vars.get("response"), self.settings.getlist("SCRAPY_POET_DISCOVER"))  # type: ignore[union-attr] # Scrapy has set it


def page_of(response: Response | None, discover: list[str]) -> Any:
    """Return the page object for a page, that of its site where there is one.

    ``None`` for what is no text. What else than its page a page object asks for, it has not.
    """
    from scrapy_poet.utils import scrapy_response_to_http_response
    from web_poet import consume_modules, default_registry

    from newscrawl.middlewares.guard import as_text, mend_headers
    from newscrawl.outcomes import NotText
    from newscrawl.pages.news import NewsPage

    if response is None:
        return None
    try:
        response = as_text(response)
    except NotText:
        return None
    mend_headers(response)
    consume_modules(*discover)
    chosen = default_registry.overrides_for(response.url).get(NewsPage, NewsPage)
    return chosen(scrapy_response_to_http_response(response))  # type: ignore[call-arg] # a WebPage
