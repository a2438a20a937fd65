"""Whether crawls obey robots.txt, by the log of the server that they ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from scrapy.settings import Settings

from newscrawl.middlewares.browser import chromium
from tests.crawl.crawling import ALWAYS_DUE, ENVIRONMENT, Crawl
from tests.crawl.forking import Nursery
from tests.truth import rules
from tests.truth.hosts import FAILED, HOPS, MISSING, Event, Hosts, Robots, serving

WORKERS = 2
FEW = 20
"""Cases for which one worker is enough."""
A_BROWSER = 20
"""One case in so many has one."""
HOSTS = ("", "town.", "sport.", "press.", "en.", "m.")
STARTS = ("/", "/town/", "/story-1")
SOUND = (
    *("200",) * 12,
    *("201", "203", "203", "206", "226", "204", "404", "404", "403", "401", "410", "451"),
    *("hops1", "hops1", "hops2", "hops5", "hops6"),
)
SICK = ("500", "503", "429", "599", "304", "301", "reset", "garbage", "truncated", "silent")
SOFT_404 = "<!DOCTYPE html><html><title>Not found</title><p>User-agent: * Disallow: /</p></html>"
AGENTS: tuple[tuple[str, dict[str, str]], ...] = (
    *(("newscrawl", {}),) * 5,
    ("study-bot", {"USER_AGENT": "Study-Bot/2.0 (a crawler of news; scrapy)"}),
    ("study-bot", {"ROBOTSTXT_USER_AGENT": "study-bot"}),
)
SETTINGS = {
    **ALWAYS_DUE,
    "SPIDER_MODULES": "tests.truth.loopback",
    "TWISTED_DNS_RESOLVER": "tests.truth.loopback.LoopbackResolver",
    "DOWNLOAD_VERIFY_CERTIFICATES": "False",
    "DOWNLOAD_TIMEOUT": "2",
    "RETRY_TIMES": "1",
    "NEWSCRAWL_BACKOFF": "0.01",
    "NEWSCRAWL_MAX_WAIT": "1",
    "NEWSCRAWL_COMMIT_INTERVAL": "0.02",
}

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A site, what its hosts say of robots.txt in each run, and how it is crawled."""

    names: list[str]
    starts: list[str]
    runs: list[dict[str, Robots]]
    token: str
    browser: bool
    settings: dict[str, str]

    def wrong(self, run: int, events: list[Event]) -> Iterator[str]:
        """Say where a run asked for what it may not, or left out a start page that it may.

        A host that fails defers its site, which may be left alone in the next run too.
        """
        asked = {f"{event.authority}{event.path}" for event in events}
        yield from judged(events, self.token)
        if any(each.means == FAILED for robots in self.runs[:run] for each in robots.values()):
            return
        for start in self.starts:
            authority, path = parted(start)
            means = self.runs[run - 1][authority].means
            if start not in asked and may_have(means, self.token, path):
                yield f"{start} was never asked for"


def parted(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}", parts.path


def may_have(means: str, token: str, path: str) -> bool:
    return means == MISSING or (means != FAILED and rules.allowed(means, token, path))


def judged(events: list[Event], token: str) -> Iterator[str]:
    """Hold each request against what its authority had said by then."""
    said: dict[str, str] = {}
    for event in events:
        if event.says is not None:
            said[event.authority] = event.says
        elif event.path != "/robots.txt" and not event.path.startswith(HOPS):
            means = said.get(event.authority)
            url = f"{event.authority}{event.path}{' in a browser' if event.browser else ''}"
            if means is None:
                yield f"{url} was asked for before the rules were known"
            elif means == FAILED:
                yield f"{url} was asked for though the rules cannot be known"
            elif not may_have(means, token, event.path):
                yield f"{url} was asked for though it is forbidden to {token}: {means!r}"


def case(number: int, port: int, *, may_browse: bool) -> Case:
    """Return the case of a number; ``port`` is all that another process would do otherwise."""
    random = Random(number)
    browser = may_browse and number % A_BROWSER == 0
    hosts = HOSTS[: random.choice((1, 2) if browser else (1, 1, 1, 2, 2, 3, 4, 6))]
    names = [f"{host}daily.localhost:{port}" for host in hosts]
    known = [f"{www}{name}" for name in names for www in ("", "www.")]
    sick = random.random() < 0.25
    starts = [
        f"{random.choice(('http', 'http', 'https'))}://{name}{path}"
        for name in names[: random.randint(1, len(names))]
        for path in random.sample(STARTS, random.randint(1, len(STARTS)))
    ]
    token, agent = random.choice(AGENTS)
    settings = {
        **SETTINGS,
        **agent,
        "CONCURRENT_REQUESTS_PER_DOMAIN": random.choice(("1", "2", "4", "8", "16")),
        "TRUTH_HOSTS": ",".join(f"http://{name}/" for name in known),
        **({"DOWNLOAD_TIMEOUT": "20"} if browser else {}),
        **({"NEWSCRAWL_IMAGES_STORE": "pictures"} if random.random() < 0.4 else {}),
    }
    return Case(
        names=names,
        starts=starts,
        runs=[
            {
                f"{scheme}://{name}": _robots(random, names, sick=sick and random.random() < 0.4)
                for name in known
                for scheme in ("http", "https")
            }
            for _ in range(random.choice((1, 1, 1, 2)))
        ],
        token=token,
        browser=browser,
        settings=settings,
    )


def _robots(random: Random, names: list[str], *, sick: bool) -> Robots:
    way = random.choice(SICK if sick else SOUND)
    text = SOFT_404 if random.random() < 0.04 else rules.written(random)
    return Robots(
        way,
        "" if way == "204" else text,
        random.choice((0.0, 0.0, 0.05, 0.1, 0.3)),
        tuple(random.sample(names, len(names))),
    )


def crawled(case: Case, hosts: Hosts, nursery: Nursery) -> Iterator[list[Event]]:
    """Yield the events of each run of a case, on one database."""
    with TemporaryDirectory() as folder:
        crawl = Crawl(Path(folder))
        arguments = ["loopback", "-a", f"url={','.join(case.starts)}"]
        if case.browser:
            arguments += ["-a", "browser=auto"]
        for robots in case.runs:
            hosts.begin(case.names, robots)
            ended = nursery.run(
                crawl.arguments(*arguments, settings=case.settings),
                folder=crawl.folder,
                environment=ENVIRONMENT,
            )
            assert ended.returncode != 2, ended.stderr
            yield hosts.events


def worked(numbers: range, tell: Tell) -> tuple[list[str], Counter[str]]:
    """Run cases one after another; return what was wrong and what was asked for."""
    wrong: list[str] = []
    kinds: Counter[str] = Counter()
    with TemporaryDirectory() as folder, serving(Path(folder)) as hosts, Nursery() as nursery:
        for done, number in enumerate(numbers, 1):
            this = case(number, hosts.server_port, may_browse=has_browser())
            for run, events in enumerate(crawled(this, hosts, nursery), 1):
                found = [f"case {number}, run {run}: {each}" for each in this.wrong(run, events)]
                wrong += found
                kinds.update(_kind(event) for event in events if event.says is None)
            if done % 10 == 0:
                tell(f"{done} of {len(numbers)} cases, {len(wrong)} wrong")
    return wrong, kinds


def _kind(event: Event) -> str:
    kind = event.path.strip("/").partition("/")[0].partition("-")[0].partition("?")[0]
    return f"{kind or 'front'}{' in a browser' if event.browser else ''}"


def has_browser() -> bool:
    try:
        chromium(Settings({"NEWSCRAWL_CHROMIUM": ""}))
    except ValueError:
        return False
    return True


def measure(cases: int, tell: Tell) -> list[str]:
    """Crawl so many sites, some of them twice; one line for each request too many or missing."""
    workers = WORKERS if cases > FEW else 1
    shares = [range(start, cases, workers) for start in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(lambda numbers: worked(numbers, tell), shares))
    kinds: Counter[str] = sum((kinds for _, kinds in results), Counter())
    tell(", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())))
    if not has_browser():
        tell("no browser here: those cases had none")
    return [line for wrong, _ in results for line in wrong]
