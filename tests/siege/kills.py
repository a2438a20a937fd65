"""Crawls killed again and again, with what runs beside them: is anything lost or twice there?

Two newspapers in one database. What they hold in the end is compared with a crawl that nobody
disturbed.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.crawl.forking import Nursery
from tests.siege.running import Work, kill
from tests.siege.site import Site, path_of, serving
from tests.siege.victims import repeated

KILLS = 60
ARTICLES = 60
SEED = 26
SHORTEST, LONGEST = 0.2, 3.0
"""Seconds after which both are killed."""
ALONE = ("dedupe", "vacuum")
"""What is refused beside a crawl."""
BESIDE = ("crawl", "export", "backup", "erase", "reextract")
TARGETS = ("all.jsonl", "all.csv", "all.parquet")


class Papers(NamedTuple):
    """The addresses of the newspapers: the first is crawled, the second has things done to it."""

    first: str
    second: str


def figures(
    folder: Path, *, kills: int = KILLS, articles: int = ARTICLES, seed: int = SEED
) -> Iterator[tuple[str, object]]:
    """Yield how many processes were killed, and what was lost or repeated by that."""
    with ExitStack() as stack:
        nursery = stack.enter_context(Nursery())
        papers = Papers(*(stack.enter_context(serving(Site(articles))) for _ in range(2)))
        calm, work = (Work(folder / name, nursery) for name in ("calm", "killed"))
        ended = [crawl(calm, url) for url in papers]
        wanted = stored(calm)
        attack = Attack(work, papers, Random(seed), articles)
        while sum(attack.kills.values()) < kills:
            attack.round()
        ended += attack.settle()
        ended.append(work.run("db", "check").status)
        found = stored(work)
    yield "kills", sum(attack.kills.values())
    for name, number in sorted(attack.kills.items()):
        yield f"kills_{name}", number
    lost = [key for key in wanted if key not in found and key not in attack.erased]
    changed = [key for key in wanted.keys() & found.keys() if set(wanted[key]) != set(found[key])]
    yield "lost", len(lost) + len(changed) + len(attack.torn)
    twice = [key for key, texts in found.items() if len(texts) > 1]
    yield "repeated", len(twice) + repeated_lines(work)
    yield "brought_back", len(attack.erased & found.keys())
    yield "disorder", sum(status != 0 for status in ended)


def crawl(work: Work, url: str) -> int:
    return work.run("crawl", "site", "-a", f"url={url}/").status


class Attack:
    """Rounds of two commands that begin together and are killed together."""

    def __init__(self, work: Work, papers: Papers, chance: Random, articles: int) -> None:
        self.kills: Counter[str] = Counter()
        self.erased: set[str] = set()
        self.torn: list[str] = []
        self._work = work
        self._papers = papers
        self._chance = chance
        self._articles = articles
        self._rounds = 0

    def round(self) -> None:
        """Kill two commands at a random moment; every fourth time one that wants to be alone."""
        self._rounds += 1
        if self._rounds % 4:
            name = BESIDE[self._rounds % len(BESIDE)]
            self._kill({"crawl": self._crawl(self._papers.first), name: self._command(name)})
        else:
            name = self._chance.choice(ALONE)
            self._kill({name: self._command(name)})
            if name == "dedupe":
                self._finish("dedupe")
        self._look_at_files()

    def settle(self) -> list[int]:
        """Let everything come to its end; return the exit statuses."""
        self._finish("dedupe")
        ended = [crawl(self._work, url) for url in self._papers]
        for url in sorted(self.erased):
            self._work.run("erase", url)
        return [*ended, *(crawl(self._work, url) for url in self._papers)]

    def _kill(self, commands: dict[str, Sequence[str]]) -> None:
        names = {name: self._work.start(*each) for name, each in commands.items()}
        time.sleep(self._chance.uniform(SHORTEST, LONGEST))
        for name, process in names.items():
            self.kills[name] += kill(process)

    def _finish(self, name: str) -> None:
        ended = self._work.run(*self._command(name))
        if ended.status:
            raise RuntimeError(f"{name} ended with {ended.status}: {ended.said[-500:]}")

    def _crawl(self, url: str) -> tuple[str, ...]:
        return ("crawl", "site", "-a", f"url={url}/")

    def _command(self, name: str) -> tuple[str, ...]:
        second = self._papers.second
        if name == "erase":
            url = second + path_of(self._chance.randrange(self._articles))
            self.erased.add(url)
            return ("erase", url)
        return {
            "crawl": self._crawl(second),
            "export": ("export", *TARGETS, "--with-copies"),
            "backup": ("db", "backup"),
            "reextract": ("reextract", "--site", second.removeprefix("http://")),
            "dedupe": ("dedupe",),
            "vacuum": ("db", "vacuum", "--logs"),
        }[name]

    def _look_at_files(self) -> None:
        """What is at its place is whole, whoever was killed."""
        here = self._work.folder / "here"
        for path in (each for name in TARGETS if (each := here / name).exists()):
            if not is_whole(path):
                self.torn.append(f"{path.name} in round {self._rounds}")
        for path in self._work.data.glob("newscrawl-*.db"):
            with closing(sqlite3.connect(path)) as backup:
                if backup.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                    self.torn.append(f"{path.name} in round {self._rounds}")


def is_whole(path: Path) -> bool:
    raw = path.read_bytes()
    if path.suffix == ".parquet":
        return raw.startswith(b"PAR1") and raw.endswith(b"PAR1")
    try:
        lines = raw.decode().splitlines()
        return path.suffix == ".csv" or all(isinstance(json.loads(each), dict) for each in lines)
    except ValueError:
        return False


def stored(work: Work) -> dict[str, list[str]]:
    """Return the texts of all articles by their addresses."""
    found: dict[str, list[str]] = {}
    for url, text in work.query("SELECT url, text FROM articles"):
        parts = urlsplit(url)
        found.setdefault(f"{parts.scheme}://{parts.netloc}{parts.path}", []).append(text)
    return found


def repeated_lines(work: Work) -> int:
    parts = sorted(work.log.glob("*.jsonl"))
    return sum(repeated(map(json.loads, part.read_text().splitlines())) for part in parts)
