"""How much of an article's words its body has, and how little else, beside trafilatura.

The measure is the field's own for article bodies: bags of runs of four words, per page the share
of them that is right, too much or missing, precision and recall averaged over the pages.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import trafilatura
from web_poet import HttpResponse
from web_poet.testing import Fixture
from web_poet.utils import get_fq_class_name

from newscrawl.pages.news import NewsPage

ROOT = Path(__file__).parents[2]
SHARED = ROOT / os.environ.get("NEWSCRAWL_SHARED_PAGES", ROOT.parent / "shared" / "pages")
SITES = ROOT / "tests" / "sites"
SETS = ("generic", "publishers")
WORD = re.compile(r"\w+")
RUN = 4
DRAWS = 2_000
LOW = 0.025
"""The lower end of an interval that holds 95 % of the draws."""


class Page(NamedTuple):
    """A page as fetched, and the text of its article as read by eye."""

    name: str
    response: HttpResponse
    text: str


class Shares(NamedTuple):
    right: float
    surplus: float
    missing: float

    @property
    def precision(self) -> float:
        said = self.right + self.surplus
        return self.right / said if said else float(self.missing == 0)

    @property
    def recall(self) -> float:
        meant = self.right + self.missing
        return self.right / meant if meant else float(self.surplus == 0)


def runs(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    if len(words) < RUN:
        return Counter([tuple(words)] if words else [])
    return Counter(tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def shares(text: str, found: str) -> Shares:
    meant, said = runs(text), runs(found)
    right = (meant & said).total()
    surplus, missing = said.total() - right, meant.total() - right
    whole = right + surplus + missing or 1
    return Shares(right / whole, surplus / whole, missing / whole)


def f1(pages: list[Shares]) -> float:
    precision = sum(each.precision for each in pages) / len(pages)
    recall = sum(each.recall for each in pages) / len(pages)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def gain_low(ours: list[Shares], theirs: list[Shares]) -> float:
    """The lower end of the 95 % interval of our F1 over theirs, the same pages drawn for both."""
    draw = random.Random(0)
    places = range(len(ours))
    gains = []
    for _ in range(DRAWS):
        drawn = draw.choices(places, k=len(ours))
        gains.append(f1([ours[at] for at in drawn]) - f1([theirs[at] for at in drawn]))
    return sorted(gains)[int(DRAWS * LOW)]


@cache
def real_pages(name: str) -> list[Page]:
    """One set of the shared folder; empty where it is absent."""
    folder = SHARED / name
    if not folder.is_dir():
        return []
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    pages = []
    for key, each in sorted(truth.items()):
        file = folder / f"{key.removesuffix('.html.gz')}.html.gz"
        response = HttpResponse(each["url"], gzip.decompress(file.read_bytes()))
        text = each["text"] if "text" in each else "\n\n".join(each["body"])
        pages.append(Page(key, response, text))
    return pages


def recorded_pages() -> list[Page]:
    """The project's own, with the text that is expected of them."""
    name = get_fq_class_name(NewsPage)
    pages = []
    for fixture in map(Fixture, sorted(SITES.glob(f"*/{name}/*"))):
        page, expected = fixture.get_page(NewsPage), fixture.get_expected_output()
        assert isinstance(page, NewsPage)
        pages.append(Page(fixture.test_name, page.response, expected["text"]))
    return pages


def ours(page: Page) -> str:
    return str(NewsPage(page.response).page.text)


def theirs(page: Page) -> str:
    found = trafilatura.extract(page.response.body, include_comments=False, include_tables=False)
    return found or ""


def score() -> dict[str, float]:
    """The figures by name; those of sets that are absent are left out."""
    recorded = recorded_pages()
    figures = {"recorded_body_f1": f1([shares(page.text, ours(page)) for page in recorded])}
    for name in SETS:
        pages = real_pages(name)
        if not pages:
            continue
        mine = [shares(page.text, ours(page)) for page in pages]
        other = [shares(page.text, theirs(page)) for page in pages]
        figures[f"{name}_body_f1"] = f1(mine)
        figures[f"{name}_body_f1_trafilatura"] = f1(other)
        figures[f"{name}_body_gain_low"] = gain_low(mine, other)
    return figures
