"""Other crawlers and extractors on given articles: ``python -m tests.bench.peers NAME FILE``.

The file has an address a line. They are spared the search for links, the revisits, the dedupe
and the store. Printed is how many articles have a text.
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Callable
from pathlib import Path


def trafilatura(urls: list[str]) -> int:
    """Fetch and text of the articles; its own crawler takes no links to a host without a name."""
    from trafilatura import bare_extraction, fetch_url
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "SSRF_PROTECTION", "False")  # the site is on this machine
    found = 0
    for url in urls:
        page = fetch_url(url, config=config)
        found += bool(page and bare_extraction(page, url=url, with_metadata=True))
    return found


def newspaper4k(urls: list[str]) -> int:
    from newspaper import Article

    found = 0
    for url in urls:
        article = Article(url, language="en", fetch_images=False)
        article.download()
        article.parse()
        found += bool(article.text)
    return found


def newsplease(urls: list[str]) -> int:
    from newsplease import NewsPlease

    articles = [NewsPlease.from_url(url) for url in urls]
    return sum(bool(getattr(article, "maintext", None)) for article in articles)


PEERS: dict[str, Callable[[list[str]], int]] = {
    "trafilatura": trafilatura,
    "newspaper": newspaper4k,
    "newsplease": newsplease,
}
"""By the name of the module that must be installed."""


def main() -> None:
    warnings.simplefilter("ignore")
    logging.disable()
    name, file = sys.argv[1:]
    print(PEERS[name](Path(file).read_text(encoding="utf-8").split()))


if __name__ == "__main__":
    main()
