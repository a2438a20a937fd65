"""How many rows a second the ledger takes on PostgreSQL, through the writer of a run."""

from __future__ import annotations

import time
from functools import partial
from threading import Event

from newscrawl.dataset.articles import ArticleStore
from newscrawl.discovery.links import Way
from newscrawl.frontier import claims, rows, runs
from newscrawl.frontier.claims import Stage
from newscrawl.frontier.journal import RunJournal
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import Found, Row, found_at
from newscrawl.frontier.visits import Visit, finish
from newscrawl.outcomes import Outcome
from newscrawl.settings import NEWSCRAWL_COMMIT_EVENTS, NEWSCRAWL_COMMIT_INTERVAL, NEWSCRAWL_WINDOW
from newscrawl.store.database import connect, migrate
from newscrawl.store.writer import Operation, Writer

SITE = "https://rows.example"
LINKS = 30
"""New links that a page has; a real one has fewer that nobody knew."""
AT_ONCE = 8
POLICY = RevisitPolicy(3600.0, 86400.0)


def links(first: int, number: int) -> list[Found]:
    return [
        found_at(
            f"{SITE}/story-{first + n}/", kind="article", way=Way.CATEGORY, depth=1, priority=80
        )
        for n in range(number)
    ]


def rows_per_second(url: str, pages: int = 4000) -> float:
    """Visit ``pages`` pages; counted are new rows of pages and visits, claims and outcomes."""
    engine = connect(url)
    migrate(engine)
    with engine.begin() as connection:
        begun = runs.begin_run(
            connection,
            spider="site",
            sites=["rows.example"],
            arguments={},
            version="",
            policy=POLICY,
        )
        rows.discover(connection, begun.run, links(0, pages))
    failures: list[BaseException] = []
    writer = Writer(
        engine,
        RunJournal(begun.run, [ArticleStore("")]),
        interval=NEWSCRAWL_COMMIT_INTERVAL,
        events=NEWSCRAWL_COMMIT_EVENTS,
        patience=0,
        failed=failures.append,
    )
    rate = _visit_all(writer, begun.run, pages)
    engine.dispose()
    if failures:
        raise failures[0]
    return rate


def _visit_all(writer: Writer, run: int, pages: int) -> float:
    claimed: list[Row] = []
    done = 0

    def claim(connection) -> None:
        claimed[:] = claims.claim(
            connection, run, ["rows.example"], NEWSCRAWL_WINDOW, Stage.ORDINARY, claimed_before=16
        )

    started = time.perf_counter()
    writer.start()
    while done < pages:
        answered = Event()
        writer.submit(Operation(claim, answered.set, durable=True))
        answered.wait()
        for first in range(0, len(claimed), AT_ONCE):
            visits = [
                Visit(row, Outcome.PAGE, links=links(pages + (done + first + n) * LINKS, LINKS))
                for n, row in enumerate(claimed[first : first + AT_ONCE])
            ]
            writer.submit(
                Operation(partial(finish, run=run, done=visits, policy=POLICY, cycle=run))
            )
        done += len(claimed)
    writer.close()
    seconds = time.perf_counter() - started
    return done * (LINKS + 3) / seconds
