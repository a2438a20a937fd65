"""``python -m tests.corpus.deduping``: what deduplicating a corpus costs, and what it finds.

The corpus of so many made-up articles is made first, unless it is there: that takes longer than
deduplicating it. CPU and memory are those of the command and all its processes, looked at ten
times a second.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil  # type: ignore[import-untyped] # it ships no types
from pyarrow import parquet

from newscrawl.corpus.deduping.deduping import Deduping
from newscrawl.corpus.layout import Layout
from newscrawl.corpus.parts import Row
from newscrawl.dataset.near import Scope
from tests.bench.dedupe import Labelled, judged, label, labelled_pages
from tests.corpus.articles import KINDS, TRUTH, make, signed, write_shard
from tests.dedup.corpus import COPIES, LOOK_ALIKES

PAUSE = 0.1
SEED = 1
PER_SHARD = 1_000
AT = datetime(2025, 4, 1, tzinfo=UTC)


class Watched:
    """The CPU seconds and the peak of the resident memory of a process and all below it."""

    def __init__(self, process: psutil.Popen) -> None:
        self.most = 0
        self._process = process
        self._seconds: dict[int, float] = {}
        self._ended = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()

    @property
    def seconds(self) -> float:
        return sum(self._seconds.values())

    def end(self) -> None:
        self._ended.set()
        self._watching.join()

    def _watch(self) -> None:
        while not self._ended.wait(PAUSE):
            held = 0
            with suppress(psutil.Error):
                for each in (self._process, *self._process.children(recursive=True)):
                    with suppress(psutil.Error):
                        times = each.cpu_times()
                        self._seconds[each.pid] = times.user + times.system
                        held += each.memory_info().rss
            self.most = max(self.most, held)


def tell_cost(folder: Path, jobs: int, scope: str) -> None:
    (folder / "corpus.json").write_text('{"format": 1}')
    command = ["-m", "newscrawl", "corpus", "dedupe", str(folder)]
    options = ["--jobs", str(jobs), "--scope", scope]
    process = psutil.Popen(
        [sys.executable, *command, *options], stdout=subprocess.DEVNULL, stderr=sys.stderr
    )
    watched = Watched(process)
    status = process.wait()
    watched.end()
    if status:
        sys.exit(f"corpus dedupe ended with {status}")
    told = json.loads(Layout(folder).deduped.read_text())
    print(f"dedupe_articles: {told['rows']}")
    print(f"dedupe_cpu_seconds: {watched.seconds:.1f}")
    print(f"dedupe_articles_per_second: {told['rows'] / watched.seconds:.0f}")
    print(f"dedupe_rss_mb: {watched.most / 2**20:.0f}")


def tell_found(folder: Path) -> None:
    """Compare the marks with what was planted."""
    original = dict(_originals(Layout(folder), "id"))
    lines = (folder / TRUTH).read_text(encoding="utf-8").splitlines()
    source = {copy: (kind, of) for kind, copy, of in map(json.loads, lines)}
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for copy, (kind, of) in source.items():
        planted[kind] += 1
        found[kind] += original[copy] in {of, original[of]}
    marked = [(key, of) for key, of in original.items() if key != of]
    of_story = {copy: of for copy, (_, of) in source.items()}
    false = sum(of_story.get(key, key) != of_story.get(of, of) for key, of in marked)
    for kind in KINDS:
        name = kind.replace("changed_", "")
        print(f"dedupe_recall_{name}: {found[kind] / max(planted[kind], 1):.4f}")
    print(f"dedupe_precision: {1 - false / max(len(marked), 1):.4f}")


def _originals(layout: Layout, name: str) -> Iterator[tuple[str, str]]:
    """Yield of each article its id or URL with that of its original."""
    named: dict[str, str] = {}
    columns = ["id", "duplicate_of", name]
    for path in sorted(layout.articles.iterdir()):
        for row in parquet.read_table(path, columns=["id", name]).to_pylist():
            named[row["id"]] = row[name]
    for path in sorted(layout.articles.iterdir()):
        for row in parquet.read_table(path, columns=columns).to_pylist():
            yield row[name], named[row["duplicate_of"] or row["id"]]


def tell_quality(pairs: int) -> None:
    """Print of the labelled pairs of ``make bench-dedupe`` what each finds of them, corpus and store."""
    with tempfile.TemporaryDirectory() as name:
        of_store = label(Path(name), pairs=pairs, seed=SEED)
    numbers, made, pages = labelled_pages(pairs, SEED)
    with tempfile.TemporaryDirectory() as name:
        for first in range(0, len(pages), PER_SHARD):
            rows = (Row(signed(page), AT, 0) for page in pages[first : first + PER_SHARD])
            layout = write_shard(Path(name), f"/archive/{first}.warc.gz", rows)
        Deduping(layout, scope=Scope.SITE, jobs=1, memory="1GB").run()
        original: Mapping[str, str] = dict(_originals(layout, "url"))
    found, false = judged(made, original)
    for kind in LOOK_ALIKES:
        found.pop(kind, None)
    of_corpus = Labelled(numbers, found, false, of_store.jaccard)
    for told, name in ((of_corpus, "corpus"), (of_store, "store")):
        for kind in COPIES:
            print(f"labelled_recall_{kind.replace('changed_', '')}_{name}: {told.recall(kind):.4f}")
        for kind in LOOK_ALIKES:
            print(f"labelled_false_{kind}_{name}: {told.false[kind]}")
        print(f"labelled_precision_{name}: {told.precision():.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.deduping", description=__doc__)
    parser.add_argument("--articles", type=int, default=2_000_000)
    parser.add_argument("--folder", type=Path, help="made before, or to be made and kept")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--scope", choices=[str(each) for each in Scope], default=str(Scope.ALL))
    parser.add_argument("--pairs", type=int, default=300, help="labelled ones, of each class")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        if not (folder / TRUTH).exists():
            make(folder, options.articles)
        tell_cost(folder, options.jobs, options.scope)
        tell_found(folder)
    tell_quality(options.pairs)


if __name__ == "__main__":
    main()
