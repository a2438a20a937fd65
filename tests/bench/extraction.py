"""What a page object costs: kind, links and all fields, in multiples of one parse of the page.

Beside it, on the same pages in the same run, trafilatura and newspaper4k (``pip install`` them;
one that is absent is left out). Real pages are those of the folder ``NEWSCRAWL_SHARED_PAGES``;
without it the recorded and the generated pages must do.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import gzip
import importlib.util
import json
import logging
import statistics
import warnings
from collections import defaultdict
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree
from web_poet import HttpResponse

from newscrawl.extensions.garbage import YOUNG
from newscrawl.pages.documents.document import PARSER
from newscrawl.pages.jnews import JNewsPage
from newscrawl.pages.judging.kinds import PageKind
from newscrawl.pages.news import NewsPage
from newscrawl.pages.wordpress import WordPressPage
from tests.demo.truth import KnownSite
from tests.pages.test_real_pages import SHARED, URLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Contender = Callable[["Page"], Callable[[], object]]

RECORDED = Path(__file__).parents[1] / "sites"
HEADERS = {"Content-Type": "text/html; charset=utf-8"}
DEMO_PAGES = 20
OWN = frozenset({"parse", "newscrawl"})
SELDOM = 3
"""The others, up to a hundred times as slow, take part in one turn of so many."""


class Page(NamedTuple):
    """A page and its text; ``families`` are jnews, wordpress and generic, the last of any site."""

    families: set[str]
    url: str
    body: bytes
    headers: dict[str, str]
    text: str

    @property
    def response(self) -> HttpResponse:
        return HttpResponse(self.url, self.body, status=200, headers=self.headers)


def page(url: str, body: bytes, headers: dict[str, str], *families: str) -> Page:
    response = HttpResponse(url, body, status=200, headers=headers)
    found = NewsPage(response).page
    by_theme = {"jnews"} if isinstance(found, JNewsPage) else {"wordpress"}
    if not isinstance(found, WordPressPage):
        by_theme = {"generic"}
    return Page(by_theme.union(families), url, body, headers, response.text)


def demo_pages() -> Iterator[Page]:
    """Posts and lists of the generated site, which has the theme JNews."""
    site = KnownSite(articles=DEMO_PAGES)
    posts = [article.url for article in site.truth()]
    for url in [*posts, f"{site.base_url}/", f"{site.base_url}/category/local-news/"]:
        answer = site.respond(url.removeprefix(site.base_url), {})
        if answer.status == 200:
            yield page(url, answer.body, answer.headers)


def recorded_pages() -> Iterator[Page]:
    for meta in sorted(RECORDED.glob("*/*/meta.json")):
        about = json.loads(meta.read_text(encoding="utf-8"))
        body = meta.with_name("input.html").read_bytes()
        yield page(about["url"], body, about.get("headers") or {})


def jnews_pages() -> Iterator[Page]:
    for name, url in URLS.items():
        file = SHARED / "jnews" / f"{name}.html.gz"
        if file.is_file():
            yield page(url, gzip.decompress(file.read_bytes()), HEADERS)


def publisher_pages() -> Iterator[Page]:
    for folder in ("generic", "publishers"):
        truth = SHARED / folder / "truth.json"
        pages = json.loads(truth.read_text(encoding="utf-8")) if truth.is_file() else {}
        for name, about in pages.items():
            file = SHARED / folder / f"{name.removesuffix('.html.gz')}.html.gz"
            yield page(about["url"], gzip.decompress(file.read_bytes()), {}, "generic")


def parse(page: Page) -> Callable[[], object]:
    encoded = page.text.encode()
    return lambda: etree.fromstring(encoded, PARSER)


def newscrawl(page: Page) -> Callable[[], object]:
    """All that a crawl's callback asks of a page object."""
    response = page.response
    loop = asyncio.get_event_loop()

    def read() -> object:
        found = NewsPage(response)
        article = found.kind in {PageKind.ARTICLE, PageKind.PART}
        return found.links, loop.run_until_complete(found.to_item()) if article else None

    return read


def trafilatura(page: Page) -> Callable[[], object]:
    from trafilatura import bare_extraction

    return lambda: bare_extraction(
        page.text,
        url=page.url,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
    )


def newspaper4k(page: Page) -> Callable[[], object]:
    from newspaper import Article

    def read() -> object:
        # Other languages need packages of their own; pictures are read over the network.
        article = Article(page.url, language="en", fetch_images=False)
        article.download(input_html=page.text)
        return article.parse()

    return read


def contenders() -> dict[str, Contender]:
    found: dict[str, Contender] = {"parse": parse, "newscrawl": newscrawl}
    if importlib.util.find_spec("trafilatura"):
        found["trafilatura"] = trafilatura
    if importlib.util.find_spec("newspaper"):
        found["newspaper4k"] = newspaper4k
    return found


def seconds(run: Callable[[], object]) -> float:
    started = process_time()
    run()
    return process_time() - started


def ratios(page: Page, repeats: int) -> dict[str, float]:
    """Medians of CPU time as multiples of the page's parse, all taken in turn."""
    times: defaultdict[str, list[float]] = defaultdict(list)
    for turn in range(repeats):
        for name, contender in contenders().items():
            if name in OWN or turn % SELDOM == 0:
                times[name].append(seconds(contender(page)))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    return {name: median / medians["parse"] for name, median in medians.items()}


def report(pages: Iterable[Page], repeats: int) -> dict[str, float]:
    """Print the figures and return those of our own page objects, by family."""
    logging.disable()
    warnings.simplefilter("ignore")
    asyncio.set_event_loop(asyncio.new_event_loop())
    families: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
    gc.freeze()
    gc.set_threshold(YOUNG)
    for each in pages:
        ratios(each, 1)
        found = ratios(each, repeats)
        for family in each.families:
            families[family].append(found)
    own = {}
    for family, measured in sorted(families.items()):
        own[family] = statistics.median(ratio["newscrawl"] for ratio in measured)
        print(f"extraction_pages_{family}: {len(measured)}")
        for name in contenders():
            if name != "parse":
                label = "" if name == "newscrawl" else f"_{name}"
                median = statistics.median(ratio[name] for ratio in measured)
                print(f"extraction_ratio_{family}{label}: {median:.2f}")
    return own


def run(repeats: int = 5, every: int = 3) -> dict[str, float]:
    """Print the figures and return our own; of generated pages and of those of publishers only every nth is read."""
    if not SHARED.is_dir():
        print(
            "extraction: no real pages (NEWSCRAWL_SHARED_PAGES): recorded and generated ones only"
        )
    rare = [*recorded_pages(), *jnews_pages()]
    return report([*rare, *[*demo_pages(), *publisher_pages()][::every]], repeats)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.extraction", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="of each contender on each page")
    parser.add_argument("--every", type=int, default=3, help="of the many pages only each nth")
    options = parser.parse_args()
    run(options.repeats, options.every)


if __name__ == "__main__":
    main()
