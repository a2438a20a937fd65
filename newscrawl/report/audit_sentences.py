"""What an audit found, in sentences: the same on the screen and in the report."""

from __future__ import annotations

from collections.abc import Iterator

from newscrawl.report.audit import ANY, Audit
from newscrawl.verdict.summary import count

SHOWN = 5
"""Unread lists that are named."""


def sentences(result: Audit) -> Iterator[str]:
    """Yield what an audit found, a sentence each."""
    articles, copies, _ = result.counts
    stored = f"Stored: {count(articles, 'article')}, {count(copies, 'copy', 'copies')} of them"
    if result.sources[ANY].listed:
        stored += f"; articles that no list of the site names: {result.only_links:,}"
    yield f"{stored}."
    if result.api_total is not None:
        yield (
            f"The REST API counts {result.api_total:,} posts; "
            f"{result.sources['api'].stored:,} that it named are stored."
        )
    if result.no_recall is not None:
        yield f"Recall over all lists is unknown: {result.no_recall}."
    yield from (f"Not read: {each.url} ({each.kind}, {each.why})" for each in result.unread[:SHOWN])
    if len(result.unread) > SHOWN:
        yield f"and {len(result.unread) - SHOWN:,} more lists"
    if result.unvisited:
        yield f"Known and not visited yet: {result.unvisited:,} pages."
    yield from _estimated(result)


def _estimated(result: Audit) -> Iterator[str]:
    found = result.estimate
    if found is None:
        if result.unread or result.unvisited:
            yield "No estimate from links before all lists are read and all pages visited."
        return
    high = "or more" if found.high is None else f"to {found.high:,}"
    yield (
        f"Estimated from links alone: at least {found.low:,} articles. {found.listed:,} stand on "
        f"listings, {found.linked:,} are linked by other articles, {found.both:,} are both; if "
        f"the one said nothing about the other, there would be {found.total:,.0f} "
        f"({found.low:,} {high} at 95 %)."
    )
    if result.exceeds_estimate:
        yield (
            f"But {result.counts.originals:,} articles are stored: the one does say something "
            "about the other here, and the estimate is a lower bound."
        )
