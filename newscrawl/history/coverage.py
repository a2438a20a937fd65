"""What runs saw of a site: the rules behind each field, and what visits came to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, insert, select, update

from newscrawl.discovery.links import LinkKind
from newscrawl.frontier.rows import READ
from newscrawl.frontier.runs import NO_WALKS, NOTHING_READ
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import articles, coverage, pages, revisions, runs, visits

MISSING = ""
"""In place of a rule: the page did not give the field."""

ANNOUNCED = (LinkKind.ARTICLE, LinkKind.RELATED, LinkKind.PREVNEXT)
GAVE_AN_ARTICLE = (
    Outcome.ARTICLE,
    Outcome.REVISION,
    Outcome.UNCHANGED,
    Outcome.DUPLICATE,
    Outcome.PART,
)
WENT_WRONG = (Outcome.REJECTED, Outcome.FAILED)


def rule_of(provenance: Mapping[str, str], name: str) -> str:
    """Return the rule of a field, without what a third part says of the article itself.

    ``jnews:css:aggregator-byline`` is ``jnews:css``: how many articles are an aggregator's
    depends on the day's news, not on the template.
    """
    return ":".join(provenance.get(name, MISSING).split(":")[:2])


class Given(NamedTuple):
    """How many articles have a field by one rule, and one that shows it, the first if it can be."""

    articles: int
    url: str


FieldRules = dict[str, dict[str, Given]]
"""Field to rule to how often; each article counts once in each field."""


class Example(NamedTuple):
    """A visit that shows what a figure is made of."""

    url: str
    outcome: str
    reason: str | None


@dataclass(slots=True)
class Seen:
    """What one run saw of one site.

    ``announced`` are the visits to where links promised an article, without those that
    ``went_wrong``; ``confirmed`` those of them that found one. The examples are of the
    pages that had been articles, if there is one; earlier runs are loaded without them.
    """

    run: int
    started: datetime
    articles: int = 0
    fields: FieldRules = field(default_factory=dict)
    visits: int = 0
    went_wrong: int = 0
    announced: int = 0
    confirmed: int = 0
    new: int = 0
    first_wrong: Example | None = None
    first_unconfirmed: Example | None = None


class Extracted(NamedTuple):
    """An article of the run; a ``revised`` one has replaced what was stored of it."""

    id: str
    url: str
    revised: bool


Candidates = Mapping[tuple[str, str], Sequence[Extracted]]
"""Field and rule to the first articles of a run that have it by this rule."""


def first_changed(connection: Connection, candidates: Candidates) -> dict[tuple[str, str], str]:
    """Return the URL of the first article for which the rule of a field is another than before.

    An unchanged article keeps the provenance with which it was stored. Of a revised one only
    the values before are known, so that a changed value stands for a changed rule. Where no
    candidate is known to have changed, there is no URL.
    """
    ids = {each.id for group in candidates.values() for each in group}
    now = _rows_by_id(connection, select(articles).where(articles.c.id.in_(ids)))
    query = select(revisions).join(articles, articles.c.id == revisions.c.article_id)
    query = query.where(articles.c.id.in_(ids), revisions.c.revision == articles.c.revision - 1)
    before = _rows_by_id(connection, query)
    found: dict[tuple[str, str], str] = {}
    for (name, rule), group in candidates.items():
        for each in group:
            if _has_changed(each, name, rule, now.get(each.id), before.get(each.id)):
                found[name, rule] = each.url
                break
    return found


def _rows_by_id(connection: Connection, query: Select[Any]) -> dict[str, RowMapping]:
    key = "article_id" if "article_id" in query.selected_columns else "id"
    return {row[key]: row for row in connection.execute(query).mappings()}


def _has_changed(
    article: Extracted, name: str, rule: str, now: RowMapping | None, before: RowMapping | None
) -> bool:
    if now is None:
        return False
    if not article.revised:
        return rule_of(now["provenance"], name) != rule
    return before is not None and name in before and bool(before[name] != now[name])


def save(connection: Connection, run: int, site: str, extracted: int, fields: FieldRules) -> None:
    connection.execute(
        insert(coverage).values(run=run, site=site, articles=extracted, fields=fields)
    )


def keep_alarms(connection: Connection, run: int, alarms: Sequence[str]) -> None:
    """Keep with a run what was unlike the runs before it, a sentence each."""
    connection.execute(update(runs).where(runs.c.id == run).values(alarms=list(alarms)))


def seen_by(connection: Connection, run: int, site: str) -> Seen:
    """Return what a run saw whose coverage is saved."""
    (seen,) = _load(connection, [run], site)
    if seen.went_wrong:
        seen.first_wrong = _first(connection, run, site, visits.c.outcome.in_(WENT_WRONG))
    if seen.confirmed < seen.announced:
        seen.first_unconfirmed = _first(
            connection,
            run,
            site,
            pages.c.kind.in_(ANNOUNCED),
            visits.c.outcome.not_in((*GAVE_AN_ARTICLE, *WENT_WRONG)),
        )
    return seen


def seen_before(
    connection: Connection, run: int, site: str, *, runs_back: int, least_articles: int
) -> list[Seen]:
    """Return earlier runs of the same spider with the same arguments, newest first.

    The last ``runs_back`` of them, the last ``runs_back`` that extracted at least
    ``least_articles``, and those that extracted any: where little changes these lie further back.
    """
    spider, arguments = connection.execute(
        select(runs.c.spider, runs.c.arguments).where(runs.c.id == run)
    ).one()
    query = (
        select(coverage.c.run, coverage.c.articles, runs.c.arguments)
        .join(runs, runs.c.id == coverage.c.run)
        .where(coverage.c.site == site, coverage.c.run < run, runs.c.spider == spider)
        .order_by(coverage.c.run.desc())
    )
    alike = [row for row in connection.execute(query) if row.arguments == arguments]
    rich = [row.run for row in alike if row.articles >= least_articles]
    some = [row.run for row in alike if row.articles]
    chosen = {*(row.run for row in alike[:runs_back]), *rich[:runs_back], *some[:runs_back]}
    return _load(connection, chosen, site)


SEASON = timedelta(days=90)


def brought_new(connection: Connection, run: int, site: str) -> list[datetime]:
    """Return when runs of this site alone began that brought new articles, newest first.

    Those before a run of the same spider with the same arguments, for a season.
    """
    now = connection.execute(
        select(runs.c.spider, runs.c.arguments, runs.c.started).where(runs.c.id == run)
    ).one()
    query = (
        select(runs.c.sites, runs.c.arguments, runs.c.started, runs.c.outcomes)
        .where(runs.c.id < run, runs.c.spider == now.spider)
        .where(runs.c.started >= now.started - SEASON)
        .order_by(runs.c.id.desc())
    )
    return [
        row.started
        for row in connection.execute(query)
        if row.sites == [site]
        and row.arguments == now.arguments
        and (row.outcomes or {}).get(Outcome.ARTICLE)
    ]


class Outage(NamedTuple):
    """Runs in a row that could read nothing, and the first of them."""

    runs: int
    first: int
    started: datetime


def outage(connection: Connection, run: int) -> Outage | None:
    """Return the outage that a run of these sites has ended in, if it has."""
    sites = connection.execute(select(runs.c.sites).where(runs.c.id == run)).scalar_one()
    query = (
        select(runs.c.id, runs.c.sites, runs.c.started, runs.c.reason, runs.c.outcomes)
        .where(runs.c.id <= run, runs.c.spider.not_in(NO_WALKS))
        .order_by(runs.c.id.desc())
    )
    found: Outage | None = None
    for row in connection.execute(query):
        if row.sites != sites or row.reason in {None, "killed"}:
            continue
        if not _read_nothing(row.reason, row.outcomes or {}):
            break
        found = Outage(1 if found is None else found.runs + 1, row.id, row.started)
    return found


def _read_nothing(reason: str, outcomes: Mapping[str, int]) -> bool:
    """Whether a run read no page; one that was to wait may have read some first."""
    waited = reason == "waiting" and not any(map(outcomes.get, READ))
    return waited or reason in NOTHING_READ


def _load(connection: Connection, chosen: Collection[int], site: str) -> list[Seen]:
    query = (
        select(coverage.c.run, runs.c.started, coverage.c.articles, coverage.c.fields)
        .join(runs, runs.c.id == coverage.c.run)
        .where(coverage.c.site == site, coverage.c.run.in_(chosen))
        .order_by(coverage.c.run.desc())
    )
    loaded = {
        row.run: Seen(row.run, row.started, row.articles, _field_rules(row.fields))
        for row in connection.execute(query)
    }
    _count_visits(connection, loaded, site)
    return list(loaded.values())


def _field_rules(stored: Mapping[str, Mapping[str, Sequence[Any]]]) -> FieldRules:
    return {
        name: {rule: Given(*given) for rule, given in rules.items()}
        for name, rules in stored.items()
    }


def _count_visits(connection: Connection, loaded: Mapping[int, Seen], site: str) -> None:
    query = (
        select(visits.c.run, pages.c.kind, visits.c.outcome, func.count())
        .join(pages, pages.c.id == visits.c.page)
        .where(pages.c.site == site, visits.c.run.in_(loaded))
        .group_by(visits.c.run, pages.c.kind, visits.c.outcome)
    )
    for run, kind, outcome, number in connection.execute(query):
        seen = loaded[run]
        seen.visits += number
        seen.new += number * (outcome == Outcome.ARTICLE)
        if outcome in WENT_WRONG:
            seen.went_wrong += number
        elif kind in ANNOUNCED:
            seen.announced += number
            seen.confirmed += number * (outcome in GAVE_AN_ARTICLE)


def _first(
    connection: Connection, run: int, site: str, *which: ColumnElement[bool]
) -> Example | None:
    query = (
        select(pages.c.url, visits.c.outcome, visits.c.reason)
        .join(pages, pages.c.id == visits.c.page)
        .where(visits.c.run == run, pages.c.site == site, *which)
        .order_by(pages.c.article_id.is_(None), visits.c.id)
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else Example(*row)
