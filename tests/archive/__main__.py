"""``python -m tests.archive``: what an archive holds, costs and gives back, also after kills."""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.archive.checking import (
    Checked,
    answers_by_fastwarc,
    answers_in,
    check,
    is_valid,
    warc_files,
)
from tests.archive.erasing import copy_of, erase, sentences_of, traces
from tests.archive.reextracting import reextract, unlike
from tests.crash.killing import QUIET, crawl_killed, crawl_undisturbed, plan_kills
from tests.crawl.crawling import Crawl
from tests.demo.serving import DemoServer, run_demo


@dataclass
class Spent:
    """What one process took."""

    seconds: float
    cpu: float


def cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def crawl_once(server: DemoServer, folder: Path, **settings: str) -> tuple[Crawl, Spent]:
    folder.mkdir(parents=True)
    crawl = Crawl(folder)
    begun, used = time.monotonic(), cpu_of_children()
    ended = crawl.run("site", "-a", f"url={server.url}/", **QUIET, **settings)
    spent = Spent(time.monotonic() - begun, cpu_of_children() - used)
    if ended.returncode:
        raise RuntimeError(f"the crawl ended with {ended.returncode}: {crawl.log[-2000:]}")
    return crawl, spent


def measure(server: DemoServer, folder: Path, rounds: int) -> Iterator[tuple[str, float]]:
    """Crawl with and without archive in turn, read the archive again, and compare."""
    without, with_archive = [], []
    for number in range(rounds):
        _, spent = crawl_once(server, folder / f"plain-{number}")
        without.append(spent)
        archive = folder / f"archived-{number}" / "archive"
        crawl, spent = crawl_once(
            server, folder / f"archived-{number}", NEWSCRAWL_ARCHIVE=str(archive)
        )
        with_archive.append(spent)
    checked = check(crawl, archive)
    tell_problems(checked)
    again = Crawl(folder / "again")
    again.folder.mkdir()
    begun = time.monotonic()
    ended = reextract(again, archive=str(archive))
    seconds = time.monotonic() - begun
    differing = unlike(again, crawl) if not ended.returncode else [ended.stderr]
    for problem in differing[:20]:
        print(problem, file=sys.stderr)
    files = warc_files(archive)
    same = all(answers_by_fastwarc(path) == list(answers_in(path)) for path in files)
    size = sum(path.stat().st_size for path in files)
    pages = checked.pages
    yield "pages_archived", pages
    yield "reextract_equal", int(not differing)
    yield "warc_valid", int(is_valid(archive))
    yield "fastwarc_equal", int(same)
    yield "bytes_per_page", round(size / pages)
    yield "reextract_pages_per_second", round(pages / seconds, 1)
    yield "crawl_pages_per_second", round(pages / best(with_archive, "seconds"), 1)
    yield "archive_cpu_ratio", round(best(with_archive, "cpu") / best(without, "cpu"), 3)


def measure_erasing(folder: Path, number: int) -> Iterator[tuple[str, float]]:
    """Erase some articles of the last archived crawl and look for their sentences in every file."""
    crawl = copy_of(Crawl(max(folder.glob("archived-*"))), folder / "erased")
    before = crawl.articles()
    for url in sorted(each.url for each in before.values())[:number]:
        ended = erase(crawl, url)
        if ended.returncode:
            raise RuntimeError(f"the erasure ended with {ended.returncode}: {ended.stderr}")
    after = crawl.articles()
    gone = [before[key] for key in before.keys() - after.keys()]
    found = traces(crawl.folder, sentences_of(gone, after.values()))
    for trace in found[:20]:
        print(trace, file=sys.stderr)
    yield "erased_articles", len(gone)
    yield "erased_traces", len(found)


def best(spent: list[Spent], what: str) -> float:
    return float(statistics.median(getattr(each, what) for each in spent))


def measure_kills(
    server: DemoServer, folder: Path, number: int, seed: int
) -> Iterator[tuple[str, float]]:
    """Kill archived crawls until there were so many kills."""
    reference_folder = folder / "reference"
    reference_folder.mkdir()
    reference = crawl_undisturbed(server, reference_folder)
    kills, lost, doubled, crawls = 0, 0, 0, 0
    while kills < number:
        crawls += 1
        crawl = Crawl(folder / f"killed-{crawls}")
        crawl.folder.mkdir()
        archive = folder / f"killed-archive-{crawls}"
        planned = plan_kills(random.Random(seed + crawls), min(5, number - kills), reference)
        settings = {"NEWSCRAWL_ARCHIVE": str(archive), "NEWSCRAWL_ARCHIVE_MAX_BYTES": "500000"}
        measured = crawl_killed(server, crawl, planned, reference, **settings)
        checked = check(crawl, archive)
        for problem in measured.problems:
            print(problem, file=sys.stderr)
        kills += measured.kills
        if not is_valid(archive):
            checked.lost.append(f"{archive.name}: warcio check finds it broken")
        tell_problems(checked)
        lost += len(checked.lost) + measured.lost
        doubled += len(checked.doubled) + measured.repeated
        print(f"crawl {crawls}: {measured.kills} kills, {checked.pages} pages", file=sys.stderr)
    yield "archive_kills", kills
    yield "archive_lost", lost
    yield "archive_doubled", doubled


def tell_problems(checked: Checked) -> None:
    for problem in (*checked.lost[:20], *checked.doubled[:20]):
        print(problem, file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.archive", description=__doc__)
    parser.add_argument("--articles", type=int, default=600, help="of the site that is crawled")
    parser.add_argument("--rounds", type=int, default=3, help="crawls with and without archive")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--erased", type=int, default=5, help="articles that are erased")
    parser.add_argument("--seed", type=int, default=7, help="of the moments of the kills")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="newscrawl-archive-") as folder,
        run_demo(articles=options.articles) as server,
    ):
        figures = dict(measure(server, Path(folder), options.rounds))
        figures |= measure_erasing(Path(folder), options.erased)
        figures |= measure_kills(server, Path(folder), options.kills, options.seed)
    for name, value in figures.items():
        print(f"{name}: {value:g}")
    is_good = (
        figures["reextract_equal"]
        and figures["warc_valid"]
        and figures["fastwarc_equal"]
        and figures["reextract_pages_per_second"] > figures["crawl_pages_per_second"]
        and figures["erased_articles"]
        and not figures["archive_lost"] + figures["archive_doubled"] + figures["erased_traces"]
    )
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
