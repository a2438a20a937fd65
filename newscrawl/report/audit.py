"""How much of a site a crawl has: against what the site itself lists, and by two samples of its links."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from newscrawl.discovery.links import PUBLISHED, Way
from newscrawl.history.auditing import FoundBy, PageFacts, SiteFacts, UnreadSource
from newscrawl.history.queries import ArticleCounts
from newscrawl.outcomes import Erased, Outcome
from newscrawl.report.estimate import Estimate, estimate
from newscrawl.store.schema import CLAIMED, ERASED, QUEUED

ANY = "any"
UNKNOWN = "unknown"
MISSING = frozenset({Outcome.FAILED, Outcome.REJECTED, Outcome.REFUSED})
"""Outcomes after which a page may still be an article that is not stored."""


class Why(NamedTuple):
    """Why a page that may be an article is not stored."""

    outcome: str
    """Of its last visit, ``queued`` before the first."""
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.outcome}: {self.reason}" if self.reason else self.outcome


@dataclass(slots=True)
class Tally:
    """Pages of one group that some lists name, and stored ones that they do not name.

    ``lists`` are the ways by them; where it is ``unfinished`` more may be listed than is known.
    """

    lists: Way = PUBLISHED
    unfinished: bool = False
    stored: int = 0
    missing: Counter[Why] = field(default_factory=Counter)
    others: int = 0
    unlisted: int = 0

    def add(self, page: PageFacts) -> None:
        if not page.ways & self.lists:
            self.unlisted += page.is_own
        elif page.is_stored:
            self.stored += 1
        elif (why := _missing(page)) is not None:
            self.missing[why] += 1
        else:
            self.others += 1

    @property
    def listed(self) -> int:
        return self.stored + self.missing.total() + self.others

    @property
    def recall(self) -> float | None:
        """The stored pages of the listed ones that may be articles.

        ``None`` where the site lists none, and where it may list more than is known.
        """
        possible = self.stored + self.missing.total()
        return self.stored / possible if possible and not self.unfinished else None

    @property
    def at_most(self) -> float | None:
        """What recall cannot exceed though it is unknown; ``None`` where that says nothing.

        Unread lists may name all that is stored and that no list is known to name, and nothing
        else.
        """
        if not self.unfinished or not self.missing:
            return None
        stored = self.stored + self.unlisted
        return stored / (stored + self.missing.total())

    def as_dict(self) -> dict[str, Any]:
        only_links = self.unlisted if self.lists == PUBLISHED else 0
        by_outcome: Counter[str] = Counter()
        reasons: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for why, number in self.missing.most_common():
            by_outcome[why.outcome] += number
            if why.reason:
                reasons[why.outcome][why.reason] = number
        return {
            "listed": self.listed,
            "articles": self.stored + only_links,
            "stored": self.stored,
            "missing": dict(by_outcome),
            "reasons": dict(reasons),
            "other_pages": self.others,
            "found_only_by_links": only_links,
            "unlisted": self.unlisted,
            "recall": self.recall,
            "recall_at_most": self.at_most,
        }


@dataclass(slots=True)
class Audit:
    """Recall against each list of the site, by month and section, and the estimate without.

    ``asked`` is how many sources are known, ``unvisited`` how many pages nobody has looked at,
    ``strays`` those of them that no list names.
    """

    site: str
    counts: ArticleCounts
    only_links: int
    sources: dict[str, Tally]
    months: dict[str, Tally]
    sections: dict[str, Tally]
    asked: int
    unread: Sequence[UnreadSource]
    unvisited: int
    strays: int
    api_total: int | None
    estimate: Estimate | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "site": self.site,
            "articles": self.counts.originals,
            "copies": self.counts.copies,
            "earlier_revisions": self.counts.earlier_revisions,
            "found_only_by_links": self.only_links,
            "api_total": self.api_total,
            "recall_is_unknown_because": self.no_recall,
            "known_sources": self.asked,
            "unread_sources": [source._asdict() for source in self.unread],
            "unvisited": self.unvisited,
            "estimate": self.estimate._asdict() if self.estimate else None,
            "exceeds_estimate": self.exceeds_estimate,
            "sources": _plain(self.sources),
            "months": _plain(self.months),
            "sections": _plain(self.sections),
        }

    @property
    def exceeds_estimate(self) -> bool:
        """Whether more is stored than the estimate has: its two samples know of each other."""
        high = self.estimate.high if self.estimate else None
        return high is not None and self.counts.originals > high

    @property
    def no_recall(self) -> str | None:
        """Why there is no recall over all lists, in words."""
        if self.unread:
            return "not every list of the site was read, and those may name pages nobody knows of"
        if self.strays:
            return "the crawl has not ended: pages that no list names are not visited yet"
        if not self.asked:
            return "no sitemap, feed or API of the site was asked for"
        if self.sources[ANY].recall is None:
            return "the site lists no pages that may be articles"
        return None


def audit(facts: SiteFacts) -> Audit:
    """Count the pages of a site; months and sections count what is listed or stored."""
    unread = {source.kind for source in facts.unread}
    sources = {way.label: Tally(way, unfinished=way.label in unread) for way in PUBLISHED}
    group = partial(Tally, unfinished=bool(unread or facts.strays))
    anywhere = group()
    months: defaultdict[str, Tally] = defaultdict(group)
    sections: defaultdict[str, Tally] = defaultdict(group)
    names: dict[str, str] = {}
    for page in facts.pages:
        if not (page.is_own or page.ways & PUBLISHED):
            continue
        section = _section(page)
        if page.sections:
            names.setdefault(_slug(section), section)
        for tally in (*sources.values(), anywhere, months[_month(page)], sections[_slug(section)]):
            tally.add(page)
    named = {names.get(slug, slug): tally for slug, tally in sections.items()}
    return Audit(
        site=facts.site,
        counts=facts.counts,
        only_links=_number(facts.found_by, published=False),
        sources={**sources, ANY: anywhere},
        months=dict(sorted(months.items(), reverse=True)),
        sections=dict(sorted(named.items(), key=lambda item: (-item[1].listed, item[0]))),
        asked=facts.asked,
        unread=facts.unread,
        unvisited=facts.unvisited,
        strays=facts.strays,
        api_total=facts.api_total,
        estimate=None if facts.unread or facts.unvisited else _estimate(facts),
    )


def _estimate(facts: SiteFacts) -> Estimate | None:
    return estimate(
        listed=_number(facts.found_by, listed=True),
        linked=_number(facts.found_by, linked=True),
        both=_number(facts.found_by, listed=True, linked=True),
    )


def _number(found_by: Counter[FoundBy], **wanted: bool) -> int:
    """Return how many articles were found as wanted."""
    return sum(
        number
        for each, number in found_by.items()
        if all(getattr(each, name) is value for name, value in wanted.items())
    )


def percent(value: float) -> str:
    """Return a share in words; what is not all of it is not rounded to that."""
    shown = f"{value:.1%}"
    return "99.9%" if shown == "100.0%" and value < 1 else shown


def _plain(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    return {name: tally.as_dict() for name, tally in tallies.items()}


def _missing(page: PageFacts) -> Why | None:
    """Return why a page is not stored that may be an article; ``None`` where it is none."""
    if page.outcome is None:
        return Why(QUEUED) if page.state in {QUEUED, CLAIMED} else None
    reason = (page.reason or "").partition(":")[0]
    if page.outcome not in MISSING or page.state == ERASED or reason == Erased.__name__:
        return None
    return Why(page.outcome, reason)


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


def _slug(name: str) -> str:
    """What a section's name is in a path, so that a page that is not stored finds its section."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-") or name
