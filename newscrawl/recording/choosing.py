"""Which page object a spider would have read a URL with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import getmembers, isfunction
from typing import Any, get_type_hints

from scrapy import Spider
from scrapy.settings import BaseSettings
from scrapy.spiders import CrawlSpider
from web_poet import ItemPage, RulesRegistry, consume_modules, default_registry

from newscrawl.mistakes import BadInput

PageClass = type[ItemPage[Any]]


def asked_for(spider: type[Spider], url: str, settings: BaseSettings) -> PageClass:
    """Return the page object that the spider's callback asks for; overrides are left to the crawl.

    The callback is that of the first rule of a ``CrawlSpider`` whose links are such, else
    ``parse``, else the only one that asks for a page object. One that asks for an item is given
    it by the page object that scrapy-poet's rules name for the URL.

    Raises:
        BadInput: no page object is asked for, or several are.
    """
    consume_modules(*settings.getlist("SCRAPY_POET_DISCOVER"))
    rules = settings.getlist("SCRAPY_POET_RULES", default_registry.get_rules())
    registry = RulesRegistry(rules=rules)
    for callback in _callbacks(spider, url):
        for page in _pages(callback, url, registry):
            return page
    found = {
        page
        for _, method in getmembers(spider, isfunction)
        for page in _pages(method, url, registry)
    }
    if len(found) == 1:
        return found.pop()
    named = ", ".join(sorted(f"{each.__module__}.{each.__qualname__}" for each in found))
    asks = f"asks for several page objects ({named})" if found else "asks for no page object"
    raise BadInput([f"spider {spider.name!r} {asks}; name one: scrapy savefixture PAGE {url}"])


def _callbacks(spider: type[Spider], url: str) -> Iterator[Callable[..., Any]]:
    for rule in spider.rules if issubclass(spider, CrawlSpider) else ():
        if rule.callback and rule.link_extractor.matches(url):
            named = rule.callback
            found = getattr(spider, named, None) if isinstance(named, str) else named
            if found is not None:
                yield found
                break
    yield spider.parse


def _pages(callback: Callable[..., Any], url: str, registry: RulesRegistry) -> Iterator[PageClass]:
    """Yield the page objects that a callback asks for, first those that it names itself."""
    try:
        hints = get_type_hints(callback)
    except (NameError, TypeError):  # a name that only type checkers import is none of scrapy-poet's
        return
    hints.pop("return", None)
    classes = [hint for hint in hints.values() if isinstance(hint, type)]
    yield from (each for each in classes if issubclass(each, ItemPage))
    for each in classes:
        page = registry.page_cls_for_item(url, each)
        if page is not None:
            yield page
