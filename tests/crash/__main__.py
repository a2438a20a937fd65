"""``python -m tests.crash``: many crawls killed at random moments; none may lose or repeat anything."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.crash.killing import Measured, Reference, crawl_killed, crawl_undisturbed, plan_kills
from tests.crawl.crawling import Crawl
from tests.demo.serving import run_demo


def numbers(text: str) -> range:
    least, _, most = text.partition("-")
    return range(int(least), int(most or least) + 1)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--crawls", type=int, default=50)
    parser.add_argument("--articles", type=int, default=1500, help="of the site that is crawled")
    parser.add_argument("--kills", type=numbers, default=range(1, 6), metavar="1-5", help="a crawl")
    parser.add_argument("--jobs", type=int, default=2, help="crawls at the same time")
    parser.add_argument("--seed", type=int, default=7, help="of the moments of the kills")
    return parser.parse_args()


def work(options: argparse.Namespace, job: int, folder: Path) -> list[tuple[Reference, Measured]]:
    """Crawl every ``jobs``-th time, on a server of this job's own."""
    with run_demo(articles=options.articles) as server:
        reference_folder = folder / f"reference-{job}"
        reference_folder.mkdir()
        reference = crawl_undisturbed(server, reference_folder)
        tell(f"reference {job}: {reference.pages} pages in {reference.seconds:.0f} s")
        results = []
        for number in range(job, options.crawls, options.jobs):
            chance = random.Random(f"{options.seed}/{number}")
            crawl = Crawl(folder / f"crawl-{number}")
            crawl.folder.mkdir()
            lives = plan_kills(chance, chance.choice(options.kills), reference)
            started = time.monotonic()
            measured = crawl_killed(server, crawl, lives, reference)
            tell(
                f"crawl {number}: {measured.kills} kills, {measured.lost} lost, "
                f"{measured.repeated} repeated, {measured.wasted} fetched again, "
                f"{time.monotonic() - started:.0f} s"
            )
            for problem in measured.problems:
                tell(f"crawl {number}: {problem}")
            if not measured.problems and not measured.lost:
                shutil.rmtree(crawl.folder)
            results.append((reference, measured))
        shutil.rmtree(reference_folder)
    return results


def tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


def summary(references: list[Reference], crawls: list[Measured]) -> Iterator[tuple[str, object]]:
    kills = sum(crawl.kills for crawl in crawls)
    yield "crawls", len(crawls)
    yield "kills", kills
    yield "lost", sum(crawl.lost for crawl in crawls)
    yield "repeated", sum(crawl.repeated for crawl in crawls)
    wasted = [number for crawl in crawls for number in crawl.wasted]
    yield "refetched_per_kill", round(sum(wasted) / kills, 2) if kills else 0
    yield "max_refetched_after_a_kill", max(wasted, default=0)
    yield "bound_per_kill", max(reference.bound_per_kill for reference in references)
    yield "problems", sum(len(crawl.problems) for crawl in crawls)


def main() -> int:
    options = parsed()
    folder = Path(tempfile.mkdtemp(prefix="newscrawl-crash-"))
    with ThreadPoolExecutor(options.jobs) as pool:
        jobs = range(options.jobs)
        done = list(pool.map(lambda job: work(options, job, folder), jobs))
    results = [result for job in done for result in job]
    references, crawls = [[*column] for column in zip(*results, strict=True)]
    for name, value in summary(references, crawls):
        print(f"{name}: {value}")
    failed = any(crawl.lost or crawl.repeated or crawl.problems for crawl in crawls)
    if failed:
        tell(f"the crawls that failed are kept in {folder}")
    else:
        shutil.rmtree(folder)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
