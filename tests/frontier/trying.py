"""A ledger to try things on: short ways to begin a run, find, claim and finish."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from newscrawl.dataset.articles import ArticleStore
from newscrawl.discovery.links import Way
from newscrawl.frontier import claims, rows, runs, visits
from newscrawl.frontier.claims import MAX_CLAIMS, Stage
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import Found, Row
from newscrawl.frontier.runs import Begun
from newscrawl.frontier.visits import Visit
from newscrawl.items import Article
from newscrawl.outcomes import Outcome
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.store import schema

SITE, OTHER = "daily.example", "weekly.example"
HOUR = 3600.0
POLICY = RevisitPolicy(shortest=HOUR, longest=100 * HOUR)


def open_run(db: Connection, *sites: str, **values: Any) -> Begun:
    asked: dict[str, Any] = {"spider": "daily", "arguments": {}, "version": "1", **values}
    return runs.begin_run(db, sites=sites or (SITE, OTHER), policy=POLICY, **asked)


def begin(db: Connection, *sites: str) -> int:
    return open_run(db, *sites).run


def end(db: Connection, run: int, reason: str = "finished") -> None:
    runs.end_run(db, run, reason)


def kill(db: Connection) -> None:
    """Let whoever holds a lease be dead: nothing was heard of it for long."""
    db.execute(update(schema.leases).values(heartbeat=0.0))


def found(path: str, *, site: str = SITE, **values: Any) -> Found:
    url = f"https://{site}/{path}"
    link = Found(site, url, url, kind="article", ways=Way.CATEGORY, depth=1, priority=0)
    return link._replace(**values)


def discover(db: Connection, run: int, *names: str, **values: Any) -> int:
    return rows.discover(db, run, [found(name, **values) for name in names])


def claim(
    db: Connection, run: int, limit: int = 100, stage: Stage = Stage.ORDINARY, *sites: str
) -> list[Row]:
    return claims.claim(db, run, sites or (SITE,), limit, stage, claimed_before=limit)


def finish(db: Connection, run: int, row: Row, outcome: Outcome, **values: Any) -> int:
    return visits.finish(db, run, [Visit(row, outcome, **values)], POLICY, cycle=run)


def paths(claimed: Iterable[Row]) -> list[str]:
    return [row.url.rpartition("/")[2] for row in claimed]


def page(db: Connection, path: str) -> RowMapping:
    query = select(schema.pages).where(schema.pages.c.identity == found(path).identity)
    return db.execute(query).mappings().one()


def visits_of(db: Connection, path: str) -> list[RowMapping]:
    query = (
        select(schema.visits)
        .where(schema.visits.c.page == page(db, path)["id"])
        .order_by(schema.visits.c.id)
    )
    return list(db.execute(query).mappings())


def next_claim(db: Connection, run: int) -> Row:
    db.execute(update(schema.pages).values(state=schema.QUEUED))
    (row,) = claim(db, run)
    return row


def stored(
    db: Connection, run: int, path: str, text: str, way: Way = Way.CATEGORY, **values: Any
) -> None:
    """Visit a page with an article, store it, and commit what became of it."""
    discover(db, run, path, ways=way)
    db.execute(
        update(schema.pages)
        .where(schema.pages.c.identity == found(path).identity)
        .values(state=schema.QUEUED)
    )
    (row,) = claim(db, run)
    values = {"headline": "Harbour", "found_via": row.found_via, **values}
    article = clean(Article(url=row.url, text=text, **values))
    decision = ArticleStore("").store(db, DedupePipeline().process_item(article))
    finish(db, run, row, decision.outcome, reason=decision.kind, article_id=decision.article_id)


def last(db: Connection, path: str) -> tuple[str, str | None]:
    return page(db, path)["outcome"], page(db, path)["reason"]


def deaths(db: Connection, run: int, number: int) -> int:
    """Let runs die one after the other over the same row; return the run after them."""
    for stage in [Stage.ORDINARY] * MAX_CLAIMS + [Stage.SUSPECT]:
        if number == 0:
            break
        claim(db, run, 1, stage)
        kill(db)
        run = begin(db)
        number -= 1
    return run
