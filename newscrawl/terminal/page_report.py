"""A page as a person reads it: what it is and why, its article, its links by kind."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from newscrawl.addresses.address import identity
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.items import record
from newscrawl.terminal.console import WholeConsole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newscrawl.items import Article
    from newscrawl.pages.news import NewsPage

SHOWN = 200
"""Characters that are shown of a long value; all of it is in the files of ``-O``."""
UNSHOWN = frozenset({"provenance", "html"})


class ReadPage(NamedTuple):
    """A page that was fetched, and how many links from the first one it lies, from 1 on."""

    url: str
    depth: int
    page: NewsPage


def show(read: ReadPage, articles: Iterable[Article], *, items: bool, links: bool) -> None:
    """Print a page, and of the articles its own; prose is wrapped, URLs are left whole."""
    console = WholeConsole()
    page = read.page
    console.print(f"{page.kind}: {read.url}", markup=False)
    for line in _evidence(page):
        console.print(f"  {line}", markup=False)
    if items:
        for article in articles:
            if _same(article.url, read.url):
                for line in _article(article):
                    console.print(line, markup=False)
    if links:
        for line in _links(page):
            console.print(line, markup=False)


def _same(a: str, b: str) -> bool:
    try:
        return identity(a) == identity(b)
    except UnfetchableURL:
        return a == b


def _evidence(page: NewsPage) -> Iterator[str]:
    for name, value in page.evidence.items():
        yield f"{name}: {value}"
    if page.signals:
        yield f"signals: {', '.join(page.signals)}"


def _article(article: Article) -> Iterator[str]:
    yield "article"
    for name, value in record(article).items():
        if value in (None, "", [], 0) or name in UNSHOWN:
            continue
        rule = article.provenance.get(name)
        yield f"  {name}{f' ({rule})' if rule else ''}"
        for each in value if isinstance(value, list) else [value]:
            yield f"    {_short(each)}"


def _short(value: Any) -> str:
    text = " ".join(str(getattr(value, "url", None) or getattr(value, "text", value)).split())
    if len(text) <= SHOWN:
        return text
    return f"{text[:SHOWN]}… ({len(text):,} characters)"


def _links(page: NewsPage) -> Iterator[str]:
    found = sorted(page.links, key=lambda link: link.kind)
    for kind, group in groupby(found, key=lambda link: link.kind):
        links = list(group)
        yield f"links: {kind} ({len(links)})"
        for link in links:
            yield f"  {link.url}"
