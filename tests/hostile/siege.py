"""A crawl of the hostile site, attack by attack: what became of each, and what it cost."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from newscrawl.addresses.address import identity
from tests.crawl.crawling import ENVIRONMENT, Crawl
from tests.hostile.attacks import ATTACKS
from tests.hostile.serving import Forbidden, HostileServer
from tests.hostile.site import HONEST

TICKS = os.sysconf("SC_CLK_TCK")
SETTINGS = {
    "CONCURRENT_REQUESTS": "1",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "1",
    "DOWNLOAD_TIMEOUT": "4",
    "RETRY_TIMES": "0",
    "NEWSCRAWL_BACKOFF": "0.05",
    "NEWSCRAWL_COMMIT_INTERVAL": "0.1",
}


class Moment(NamedTuple):
    """The crawl as a process when it asked for ``target``; memory is its peak so far, in MB."""

    target: str
    at: float
    cpu: float
    peak: float


class Cost(NamedTuple):
    """From the request for a page to the next request; ``grown`` is what the peak rose by, in MB."""

    seconds: float
    cpu: float
    grown: float


class Siege(NamedTuple):
    """What a crawl of the hostile site came to."""

    status: int
    crawl: Crawl
    url: str
    calls: list[bytes]
    peak_mb: float
    costs: dict[str, Cost]

    def outcome(self, path: str) -> str:
        """Outcome and reason of the page at ``path``, or why there is no row for it."""
        row = self.crawl.pages().get(identity(self.url + path))
        if row is None:
            return "never followed"
        if row["outcome"] is None:
            return str(row["state"])
        return f"{row['outcome']}: {row['reason']}" if row["reason"] else str(row["outcome"])

    @property
    def honest_lost(self) -> int:
        stored = self.crawl.articles()
        wanted = (identity(f"{self.url}/honest/{number}") for number in range(HONEST))
        return sum(key not in stored for key in wanted)

    @property
    def slowest(self) -> float:
        return max((cost.cpu for cost in self.costs.values()), default=0.0)


class _Watch:
    """Looks at the crawl's process each time it asks for something."""

    def __init__(self) -> None:
        self.pid = 0
        self.moments: list[Moment] = []

    def __call__(self, target: str) -> None:
        if not self.pid:
            return
        stat = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        status = Path(f"/proc/{self.pid}/status").read_text()
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        cpu = (int(stat[11]) + int(stat[12])) / TICKS
        self.moments.append(Moment(target, time.monotonic(), cpu, int(peak.split()[1]) / 1024))

    def costs(self) -> dict[str, Cost]:
        return {
            now.target: Cost(after.at - now.at, after.cpu - now.cpu, after.peak - now.peak)
            for now, after in zip(self.moments, self.moments[1:], strict=False)
        }


@contextmanager
def besieged(folder: Path, **settings: str) -> Iterator[Siege]:
    """Crawl the hostile site once, with pictures and all sources."""
    crawl, forbidden, watch = Crawl(folder), Forbidden(), _Watch()
    with HostileServer(forbidden.port, watch) as server:
        own = {**SETTINGS, "NEWSCRAWL_IMAGES_STORE": f"{folder}/pictures", **settings}
        process = subprocess.Popen(
            crawl.command("site", "-a", f"url={server.site.url}/", settings=own),
            env={name: value for name, value in ENVIRONMENT.items() if "COV" not in name},
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        watch.pid = process.pid
        process.wait()
        yield Siege(
            process.returncode,
            crawl,
            server.site.url,
            forbidden.calls,
            max((moment.peak for moment in watch.moments), default=0.0),
            watch.costs(),
        )
    forbidden.close()


def rows(siege: Siege) -> Iterator[tuple[str, str, str, Cost]]:
    """Yield name, what was tried, outcome and cost of each attack."""
    for attack in ATTACKS:
        cost = siege.costs.get(attack.path, Cost(0.0, 0.0, 0.0))
        yield attack.name, attack.tried, siege.outcome(attack.path), cost
