"""``python -m tests.corpus``: corpora built by every executor while they are killed, and what it costs."""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from newscrawl.corpus.layout import Layout
from tests.corpus.files import Made, write_files
from tests.corpus.killed import EXECUTORS, Killed
from tests.corpus.running import Building, command, differing, lost, repeated, unbalanced

COMPARED = ("shards", "parts", "dataset/articles", "dataset/revisions")


class Spent(NamedTuple):
    seconds: float
    cpu: float


def spent(line: list[str]) -> Spent:
    """Run a command in a process of its own; CPU counts that of all that it has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    before, begun = used.ru_utime + used.ru_stime, time.monotonic()
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(time.monotonic() - begun, used.ru_utime + used.ru_stime - before)


def dedupe(layout: Layout) -> None:
    subprocess.run(command("dedupe", layout.folder), check=True, stdout=subprocess.DEVNULL)


def differences(single: Layout, other: Layout) -> list[str]:
    dedupe(other)
    found = differing(single, other, COMPARED)
    names = ("corpus.json", "dataset/dedupe.json", "inputs.txt")
    return found + [
        f"{name} differs"
        for name in names
        if (single.folder / name).read_bytes() != (other.folder / name).read_bytes()
    ]


def survive(folder: Path, made: Made, seed: int) -> Iterator[tuple[str, float]]:
    """Build by each executor, three workers and the coordinator killed, and compare with one process."""
    inputs = made.files[0].parent
    single = Building(folder / "single", inputs, "--jobs=1")
    single.run()
    dedupe(single.layout)
    totals = {
        "lost": lost(single.layout, made),
        "repeated": repeated(single.layout),
        "unbalanced": unbalanced(single.layout, made),
    }
    equal = 1
    for name, executor in EXECUTORS.items():
        killed: Killed = executor(folder / name, inputs, random.Random(f"{seed}{name}"))
        found = differences(single.layout, killed.layout)
        for each in found[:20]:
            print(f"{name}: {each}")
        equal = equal and int(not found)
        totals["lost"] += lost(killed.layout, made)
        totals["repeated"] += repeated(killed.layout)
        totals["unbalanced"] += unbalanced(killed.layout, made)
        again = killed.read - len(made.files)
        print(f"{name}: {killed.killed} killed, {again} shards read again")
        yield f"killed_{name}", killed.killed
        yield f"read_again_{name}", again
    yield from totals.items()
    yield "equal_to_single", equal


def cost(folder: Path, made: Made, rounds: int) -> Iterator[tuple[str, float]]:
    """Compare one process with two, and with ``reextract`` of the same files, in turn."""
    plain = [path for path in made.files if path.name.endswith(".warc.gz")]
    by_record = [path for path in plain if not _is_one_stream(path)][:8]
    speedups, ratios, per_second = [], [], []
    for number in range(rounds):
        out = folder / f"cost-{number}"
        one = spent(command("build", out / "one", *by_record, "--jobs=1"))
        two = spent(command("build", out / "two", *by_record, "--jobs=2"))
        line = [
            sys.executable,
            "-m",
            "newscrawl",
            "reextract",
            "--data",
            str(out / "data"),
            "--warc",
        ]
        again = spent([*line, *map(str, by_record)])
        pages = _pages(Layout(out / "one"))
        speedups.append(one.seconds / two.seconds)
        ratios.append(again.cpu / one.cpu)
        per_second.append(pages / one.cpu)
        shutil.rmtree(out)
    middle = rounds // 2
    yield "pool_speedup", sorted(speedups)[middle]
    yield "pages_per_second_core", sorted(per_second)[middle]
    yield "ratio_to_reextract", sorted(ratios)[middle]


def _is_one_stream(path: Path) -> bool:
    return path.stem.rpartition("-")[2].removesuffix(".warc") in {
        f"{at:03}" for at in range(7, 999, 8)
    }


def _pages(layout: Layout) -> int:
    from newscrawl.corpus.account import accounts

    return sum(account.records for _, account in accounts(layout))


def grow(folder: Path, made: Made) -> Iterator[tuple[str, float]]:
    """Tell the most memory of a worker with half of the files and with all."""
    sizes = []
    for number in (len(made.files) // 2, len(made.files)):
        some = folder / f"some-{number}"
        some.mkdir()
        for path in made.files[:number]:
            (some / path.name).hardlink_to(path)
        building = Building(folder / f"rss-{number}", some, "--jobs=2")
        building.run()
        sizes.append(building.seen.rss / (1 << 20))
        yield f"rss_mb_worker_{number}", sizes[-1]
    yield "rss_mb_worker", max(sizes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=40)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="survive,cost,grow,dedupe")
    asked = parser.parse_args()
    parts = {
        "survive": lambda folder, made: survive(folder, made, asked.seed),
        "cost": lambda folder, made: cost(folder, made, asked.rounds),
        "grow": grow,
    }
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="newscrawl-corpus-") as name:
        folder = Path(name)
        made = write_files(folder / "in", files=asked.files, pages=asked.pages, seed=asked.seed)
        for part in asked.only.split(","):
            if part in parts:
                figures.update(parts[part](folder, made))
    if "dedupe" in asked.only.split(","):
        subprocess.run(
            [sys.executable, "-m", "tests.corpus.deduping", "--articles", str(asked.articles)],
            check=True,
        )
    for told, value in figures.items():
        print(f"{told}: {value:.4g}")
    must_be_none = ("lost", "repeated", "unbalanced")
    is_bad = any(figures.get(name, 0) for name in must_be_none)
    sys.exit(int(is_bad or figures.get("equal_to_single", 1) != 1))


if __name__ == "__main__":
    main()
