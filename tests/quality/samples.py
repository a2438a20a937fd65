"""The real pages and what is true of them, each set parted once into a tuned and a held half.

The sets lie in ``NEWSCRAWL_SHARED_PAGES``; its ``SOURCES.md`` says where each comes from and how it
is scored. Whoever mends extraction looks at pages of the tuned half only.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from web_poet import HttpResponse
from web_poet.testing import Fixture
from web_poet.utils import get_fq_class_name

from newscrawl.pages.news import NewsPage

ROOT = Path(__file__).parents[2]
SHARED = ROOT / os.environ.get("NEWSCRAWL_SHARED_PAGES", ROOT.parent / "shared" / "pages")
SITES = ROOT / "tests" / "sites"
SETS = (
    *("wcxb", "generic", "publishers", "readability", "multilingual"),
    *("segments", "metadata", "dates"),
)
ARTICLE = "article"


class Page(NamedTuple):
    """A page as fetched, and the text of its article as read by eye."""

    name: str
    response: HttpResponse
    text: str


class Sample(NamedTuple):
    """A page of a set by its name; ``truth`` is as the set has it."""

    group: str
    name: str
    truth: dict[str, Any]

    @property
    def held(self) -> bool:
        return is_held(self.name)

    @property
    def kind(self) -> str:
        """What the page is; only one set has other things than articles."""
        return str(self.truth.get("kind", ARTICLE))

    @property
    def text(self) -> str | None:
        """The whole body, where the set has one; what some call content is its first words only."""
        if "body" in self.truth:
            return "\n\n".join(self.truth["body"])
        text = self.truth.get("text")
        return None if text is None else str(text)

    @property
    def response(self) -> HttpResponse:
        file = SHARED / self.group / f"{self.name.removesuffix('.html.gz')}.html.gz"
        return HttpResponse(self.truth["url"], gzip.decompress(file.read_bytes()))


def is_held(name: str) -> bool:
    return bool(hashlib.sha256(name.encode()).digest()[0] & 1)


@cache
def samples(group: str) -> list[Sample]:
    """One set; empty where it is absent."""
    truth_file = SHARED / group / "truth.json"
    if not truth_file.is_file():
        return []
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    return [Sample(group, name, about) for name, about in sorted(truth.items())]


def absent(groups: Iterable[str] = SETS) -> list[str]:
    return [group for group in groups if not samples(group)]


def real_pages(group: str) -> list[Page]:
    """Return the pages of one set that have a whole body."""
    return [
        Page(each.name, each.response, each.text)
        for each in samples(group)
        if each.text is not None
    ]


def recorded_pages() -> list[Page]:
    """The project's own, with the text that is expected of them."""
    name = get_fq_class_name(NewsPage)
    pages = []
    for fixture in map(Fixture, sorted(SITES.glob(f"*/{name}/*"))):
        page, expected = fixture.get_page(NewsPage), fixture.get_expected_output()
        assert isinstance(page, NewsPage)
        pages.append(Page(fixture.test_name, page.response, expected["text"]))
    return pages
