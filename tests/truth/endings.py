"""Whether a run that committed everything says so, however its changes fall into groups."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import product
from pathlib import Path

from tests.crawl.crawling import ENVIRONMENT, Crawl
from tests.crawl.forking import Nursery
from tests.store.serving import EMPTY, KINDS, Server, postgres
from tests.truth.sites import news, serving

EVENTS = (1, 2, 3, 200)
INTERVALS = ("0", ".01", ".25")
ARTICLES = 5
JOBS = 4


def plan(cases: int) -> list[tuple[str, int, str]]:
    """Return the database, events and interval of each crawl, all kinds in turn."""
    kinds = [*product(EVENTS, INTERVALS, KINDS)]
    return [
        (kind, events, interval) for events, interval, kind in kinds * (cases // len(kinds) + 1)
    ][:cases]


def crawled(
    folder: Path, url: str, events: int, interval: str, database: str, nursery: Nursery
) -> Iterator[str]:
    """Crawl a site; yield what the end of the run says wrongly."""
    crawl = Crawl(folder, database)
    settings = {"NEWSCRAWL_COMMIT_EVENTS": str(events), "NEWSCRAWL_COMMIT_INTERVAL": interval}
    arguments = crawl.arguments("site", "-a", f"url={url}", settings=settings)
    process = nursery.run(arguments, folder=folder, environment=ENVIRONMENT)
    case = f"{database.partition(':')[0]}, {events} events, {interval} s"
    if process.returncode:
        yield f"{case}: status {process.returncode}: {' '.join(process.stderr.split())[-200:]}"
    (run,) = crawl.runs()
    if run["reason"] != "finished":
        yield f"{case}: the run ended as {run['reason']}"
    if (stored := len(crawl.articles())) != ARTICLES:
        yield f"{case}: {stored} articles of {ARTICLES}"


def measure(cases: int, tell) -> list[str]:
    wrong: list[str] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        site = stack.enter_context(serving(news(range(ARTICLES))))
        server = stack.enter_context(postgres())

        nursery = stack.enter_context(Nursery())

        def work(case: tuple[int, tuple[str, int, str]]) -> list[str]:
            number, tried = case
            return one(folder / f"{number}", site.url, tried, server, nursery)

        with ThreadPoolExecutor(JOBS) as pool:
            for found in pool.map(work, enumerate(plan(cases))):
                wrong += found
    tell(f"endings: {cases} crawls")
    return wrong


def one(
    folder: Path, url: str, case: tuple[str, int, str], server: Server, nursery: Nursery
) -> list[str]:
    kind, events, interval = case
    folder.mkdir()
    if kind == "sqlite":
        return [*crawled(folder, url, events, interval, f"sqlite:///{folder}/db", nursery)]
    with server.database(EMPTY) as database:
        return [*crawled(folder, url, events, interval, database, nursery)]
