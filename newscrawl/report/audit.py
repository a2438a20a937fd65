"""How much of a site a crawl has: against what the site itself lists, and by two looks at its links."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from newscrawl.discovery.links import LINKED, LISTED, PUBLISHED
from newscrawl.outcomes import Outcome
from newscrawl.store.queries import PageFacts
from newscrawl.store.schema import ERASED

UNKNOWN = "unknown"
MISSING = frozenset({Outcome.FAILED, Outcome.REJECTED, Outcome.REFUSED})
"""Outcomes after which a page may still be an article that is not stored."""
NORMAL_95 = 1.96


@dataclass(slots=True)
class Tally:
    """Pages of one group: stored as articles, missing by what became of them, or no articles."""

    articles: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    others: int = 0
    only_links: int = 0
    """Articles that no list of the site names."""

    def add(self, page: PageFacts) -> None:
        if _is_article(page):
            self.articles += 1
            self.only_links += not page.ways & PUBLISHED
        elif (why := _missing(page)) is not None:
            self.missing[why] += 1
        else:
            self.others += 1

    @property
    def listed(self) -> int:
        return self.articles + self.missing.total() + self.others

    @property
    def recall(self) -> float | None:
        """Articles stored of those that may be any; ``None`` where there are none."""
        possible = self.articles + self.missing.total()
        return self.articles / possible if possible else None

    def as_dict(self) -> dict[str, Any]:
        return {
            "listed": self.listed,
            "articles": self.articles,
            "missing": dict(self.missing),
            "other_pages": self.others,
            "found_only_by_links": self.only_links,
            "recall": self.recall,
        }


class Estimate(NamedTuple):
    """The number of articles on a site by capture and recapture.

    Chapman's estimator (1951) with Seber's variance (1970), 95 % interval. It takes it that
    standing on a listing says nothing about being linked by other articles; where it makes
    that likelier, as popular stories do, the true number is higher.
    """

    listed: int
    linked: int
    both: int
    total: float
    low: float
    high: float


def estimate(listed: int, linked: int, both: int) -> Estimate | None:
    """Return the estimate from two looks, ``None`` where one of them saw nothing."""
    if not listed or not linked:
        return None
    total = (listed + 1) * (linked + 1) / (both + 1) - 1
    variance = (listed + 1) * (linked + 1) * (listed - both) * (linked - both)
    deviation = math.sqrt(variance / ((both + 1) ** 2 * (both + 2)))
    seen = listed + linked - both
    low = max(float(seen), total - NORMAL_95 * deviation)
    return Estimate(listed, linked, both, total, low, max(low, total + NORMAL_95 * deviation))


@dataclass(slots=True)
class Audit:
    """Recall against each list of the site, by month and section, and the estimate without."""

    site: str
    sources: dict[str, Tally]
    months: dict[str, Tally]
    sections: dict[str, Tally]
    articles: int
    only_links: int
    api_total: int | None
    estimate: Estimate | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "site": self.site,
            "articles": self.articles,
            "found_only_by_links": self.only_links,
            "api_total": self.api_total,
            "estimate": self.estimate._asdict() if self.estimate else None,
            "sources": _plain(self.sources),
            "months": _plain(self.months),
            "sections": _plain(self.sections),
        }


def audit(site: str, pages: Iterable[PageFacts], api_total: int | None) -> Audit:
    """Count the pages of a site; months and sections count what is listed or stored."""
    sources = {way.label: Tally() for way in PUBLISHED}
    anywhere = Tally()
    months: defaultdict[str, Tally] = defaultdict(Tally)
    sections: defaultdict[str, Tally] = defaultdict(Tally)
    listed = linked = both = 0
    for page in pages:
        for way in PUBLISHED & page.ways:
            sources[way.label].add(page)
        is_article = _is_article(page)
        if page.ways & PUBLISHED:
            anywhere.add(page)
        if is_article:
            listed += bool(page.ways & LISTED)
            linked += bool(page.ways & LINKED)
            both += bool(page.ways & LISTED and page.ways & LINKED)
        if is_article or page.ways & PUBLISHED:
            months[_month(page)].add(page)
            sections[_section(page)].add(page)
    return Audit(
        site=site,
        sources={**sources, "any": anywhere},
        months=dict(sorted(months.items(), reverse=True)),
        sections=dict(sorted(sections.items(), key=lambda item: (-item[1].listed, item[0]))),
        articles=sum(tally.articles for tally in months.values()),
        only_links=sum(tally.only_links for tally in months.values()),
        api_total=api_total,
        estimate=estimate(listed, linked, both),
    )


def _plain(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    return {name: tally.as_dict() for name, tally in tallies.items()}


def _is_article(page: PageFacts) -> bool:
    return page.article_id is not None and page.outcome != Outcome.PART


def _missing(page: PageFacts) -> str | None:
    """Return why a page is not stored that may be an article; ``None`` where it is none."""
    if page.outcome is None:
        return None if page.state == ERASED else page.state
    return page.outcome if page.outcome in MISSING else None


def _month(page: PageFacts) -> str:
    if page.published is not None:
        return f"{page.published:%Y-%m}"
    said = re.match(r"\d{4}-\d{2}", page.lastmod or "")
    return said[0] if said else UNKNOWN


def _section(page: PageFacts) -> str:
    """Return an article's first section, of other pages the first folder of the path."""
    if page.sections:
        return page.sections[0]
    folders = urlsplit(page.url).path.strip("/").split("/")[:-1]
    return folders[0] if folders and not folders[0].isdigit() else UNKNOWN
