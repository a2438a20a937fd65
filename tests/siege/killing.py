"""A PostgreSQL and a crawl are killed together and started again at once."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from random import Random
from typing import Any

import psutil  # type: ignore[import-untyped]

from tests.siege.site import Site, serving
from tests.siege.victims import LONGEST, Victim, until
from tests.store.restarting import folder_of, pid_of, restartable, start_again

ARTICLES = 40


def kill_together(folder: Path, chance: Random) -> tuple[float, float, int, int, int, int]:
    """Return the seconds until the next run went on, and what it left when it had ended."""
    site = Site(ARTICLES)
    with restartable() as database, serving(site) as address:
        victim = Victim(folder, database, site, address)
        data = folder_of(database)
        try:
            crawl = victim.start()
            pages = chance.randrange(3, ARTICLES // 2)
            until(lambda: victim.asked() >= pages, "a crawl's pages")
            time.sleep(chance.random())
            before = victim.newest()
            killed(crawl, pid_of(data))
            started = time.monotonic()
            process = victim.start(name="next")
            start_again(data)
            until(lambda: victim.newest() > before, "a run that goes on")
            went_on = time.monotonic() - started
            assert process.wait(LONGEST) == 0, f"the next run failed: {folder}/next.log"
            return went_on, 0.0, 0, victim.unbalanced(), victim.lost(), victim.repeated()
        finally:
            victim.end()


def killed(crawl: Any, postmaster: int) -> None:
    """Kill a crawl and the first process of a server in one moment; the others end by themselves."""
    server = psutil.Process(postmaster)
    others = server.children(recursive=True)
    server.send_signal(signal.SIGKILL)
    crawl.kill()
    crawl.wait()
    psutil.wait_procs(others, timeout=30)
