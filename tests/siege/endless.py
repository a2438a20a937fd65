"""Sites without an end: whatever their shape, a run ends in order and has every honest article."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tests.siege.endless_sites import SITES
from tests.siege.site import Answer, Route, Site, serving

ARTICLES = 200
BUDGET = 250
UNDER_WAY = 16
"""Answers that may still come when the last one of the budget has come."""
OVER = 3 * BUDGET + UNDER_WAY
"""Barren answers that are too many: honest articles in between begin the count anew."""
LONGEST = 600.0
"""Seconds after which a run counts as one without an end."""
KILLED_AT = (150, 150)
"""Answers after which the crawls that are killed are."""
OWN = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
    "LOG_LEVEL": "WARNING",
}
ENVIRONMENT = {**os.environ, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings", "COLUMNS": "200"}


class Ended(NamedTuple):
    """What became of a site: ``barren`` are the answers that were no honest article's."""

    barren: int
    missing: int
    reason: str
    told: str

    @property
    def is_unfinished(self) -> bool:
        return self.reason not in {"finished", "endless"}


def at(url: str, route: Route) -> Route:
    """A route whose texts have the address of the server in place of ``HOST``."""

    def of_server(path: str) -> Answer | None:
        answer = route(path)
        host = url.removeprefix("http://").encode()
        return answer and answer._replace(body=answer.body.replace(b"HOST", host))

    return of_server


def crawl(url: str, folder: Path, budget: int) -> subprocess.Popen[bytes]:
    settings = {
        **OWN,
        "NEWSCRAWL_DATABASE_URL": f"sqlite:///{folder}/site.db",
        "NEWSCRAWL_JSONL": f"{folder}/site.jsonl",
        "NEWSCRAWL_ACCOUNT": f"{folder}/account.json",
        "NEWSCRAWL_MAX_BARREN": str(budget),
        "LOG_FILE": f"{folder}/crawl.log",
    }
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    command = [sys.executable, "-m", "newscrawl", "crawl", "site", "-a", f"url={url}", *options]
    return subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
    )


def attacked(
    make: Callable[[], Route],
    folder: Path,
    *,
    articles: int = ARTICLES,
    budget: int = BUDGET,
    killed_at: Sequence[int] = (),
) -> Ended:
    """Crawl an endless site, killed after some answers of its, until a run ends by itself."""
    site = Site(articles)
    with serving(site) as url:
        site.route = at(url, make())
        for answers in killed_at:
            _killed(crawl(url, folder, budget), site, site.asked.total() + answers)
        before = _barren(site)
        running = crawl(url, folder, budget)
        try:
            running.wait(LONGEST)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
            return Ended(_barren(site) - before, articles, "without an end", "")
    account = json.loads((folder / "account.json").read_text())
    stored = _stored(folder / "site.db")
    missing = sum(f"{url}{path}" not in stored for path in site.paths())
    told = " ".join(account["alarms"])
    return Ended(_barren(site) - before, missing, account["reason"], told)


def _killed(running: subprocess.Popen[bytes], site: Site, answers: int) -> None:
    while running.poll() is None and site.asked.total() < answers:
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()


def _barren(site: Site) -> int:
    honest = {*site.paths()}
    return sum(times for path, times in site.asked.items() if path not in honest)


def _stored(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as connection:
        return {url for (url,) in connection.execute("SELECT url FROM articles")}


def figures(folder: Path) -> Iterator[tuple[str, int]]:
    """Attack with each site, undisturbed and killed twice."""
    ended: list[Ended] = []
    for name, make in SITES.items():
        for killed_at in ((), KILLED_AT):
            own = folder / f"{name}{len(killed_at)}"
            own.mkdir()
            result = attacked(make, own, killed_at=killed_at)
            ended.append(result)
            print(f"  {name} killed {len(killed_at)}: {result}", file=sys.stderr, flush=True)
    yield "endless_pages", max(each.barren for each in ended)
    yield "endless_shapes", len(SITES)
    yield "endless_unfinished", sum(each.is_unfinished for each in ended)
    yield "endless_over", sum(each.barren > OVER for each in ended)
    yield "endless_missing", sum(each.missing for each in ended)
