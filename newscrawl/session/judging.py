"""Shapes of URLs, judged by what became of the pages of each."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from newscrawl.addresses.captures import CAPTURE
from newscrawl.addresses.shapes import Shapes
from newscrawl.discovery.entries import SOURCES
from newscrawl.discovery.links import LinkKind
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import CANONICAL, Outcome

if TYPE_CHECKING:
    from scrapy.statscollectors import StatsCollector

LEADING_ON = frozenset({Outcome.LISTING, Outcome.PAGE})
ARTICLES = frozenset(
    {Outcome.ARTICLE, Outcome.REVISION, Outcome.UNCHANGED, Outcome.DUPLICATE, Outcome.REJECTED}
)
TO_ARTICLES = frozenset({LinkKind.ARTICLE, LinkKind.RELATED, LinkKind.PREVNEXT})
REPEATING = frozenset({LinkKind.TAG, LinkKind.AUTHOR})

logger = logging.getLogger(__name__)


class ShapeJudge:
    """Judges shapes by articles and by pages that only lead on.

    What failed, is gone, was rejected or is a copy says nothing of its shape; tag and author
    pages repeat what categories list, and have a limit of their own. Captures are listed, so that
    their number has an end. A page speaks for or
    against the one it was found on only where that one listed it as an article.
    """

    def __init__(self, shapes: Shapes, stats: StatsCollector) -> None:
        self._shapes = shapes
        self._stats = stats

    def judge(self, visit: Visit, outcome: Outcome) -> None:
        """Take note of what became of a visit; tell of a shape that this closes."""
        row = visit.row
        if row.kind in SOURCES or row.kind in REPEATING or row.kind == CAPTURE:
            return
        parent = row.found_on if row.kind in TO_ARTICLES else None
        if outcome in ARTICLES and visit.reason != CANONICAL:
            self._shapes.saw_article(row.url, parent)
        elif outcome in LEADING_ON or visit.reason == CANONICAL:
            closed = self._shapes.saw_other(row.id, row.url, parent, promises=visit.lists_new)
            if closed is not None:
                logger.warning("No more of the shape %s: it leads to no article", closed)
                self._stats.inc_value("newscrawl/shapes_closed")
