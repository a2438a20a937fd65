"""The end of a deduplication: killed between any two of its steps, it shows one result or the other."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from pyarrow import parquet

from newscrawl.corpus.deduping.switching import switching
from newscrawl.corpus.layout import Layout
from tests.corpus.articles import write_shard
from tests.corpus.deduping.making import Capture, bytes_in, dedupe, make, story

BEFORE = [Capture("/a"), Capture("/b", story(2))]
MORE = [Capture("/a", story(3), at=1), Capture("/c", story(2))]
KILLED_AT_EACH = """
import os, shutil, signal, sys
from pathlib import Path
from newscrawl.corpus.deduping.deduping import Deduping
from newscrawl.corpus.layout import Layout
from newscrawl.dataset.near import Scope

STEPS = {"os.rename", "os.symlink", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree"}

def die_before(number, folder):
    left = number

    def hook(event, values):
        nonlocal left
        if event in STEPS and any("dataset" in str(each).removeprefix(folder) for each in values):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)

number = 0
while True:
    folder = sys.argv[1] + f"-{number}"
    shutil.copytree(sys.argv[1], folder, symlinks=True)
    child = os.fork()
    if not child:
        die_before(number, folder)
        Deduping(Layout(Path(folder)), scope=Scope.ALL, jobs=1, memory="300MB").run()
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    print(os.waitstatus_to_exitcode(status), folder, flush=True)
    if not status:
        break
    number += 1
"""


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A corpus that has grown since it was deduplicated."""
    layout = make(tmp_path / "corpus", BEFORE)
    dedupe(layout)
    return write_shard(layout.folder, "/archive/001.warc.gz", [each.row() for each in MORE])


def test_killed_before_any_step_it_shows_one_result_whole_and_goes_on(layout):
    before = bytes_in(layout)
    script = [sys.executable, "-c", KILLED_AT_EACH, str(layout.folder)]
    done = subprocess.run(script, check=True, stdout=subprocess.PIPE, text=True)
    told = [line.split(" ", 1) for line in done.stdout.splitlines()]
    dedupe(layout)
    after = bytes_in(layout)
    statuses = [int(status) for status, _ in told]
    assert statuses == [-signal.SIGKILL] * (len(told) - 1) + [0]
    seen = [bytes_in(Layout(Path(folder))) for _, folder in told]
    switched = seen.index(after)
    assert seen == [before] * switched + [after] * (len(told) - switched)
    assert switched > len(list(layout.dataset.rglob("*")))
    assert switched < len(told) - 1
    for _, folder in told[:: len(told) // 4]:
        dedupe(Layout(Path(folder)))
        assert bytes_in(Layout(Path(folder))) == after
        assert len(list(Layout(Path(folder)).results.iterdir())) == 1


def test_a_reader_never_finds_files_of_two_results(layout):
    """It lists the files, then reads them by their names, while results take turns."""
    results = {frozenset(each.items()) for each in _both(layout)}
    ended = threading.Event()
    seen: list[bool] = []

    def read() -> None:
        while not ended.is_set():
            names = [path.name for path in layout.articles.iterdir()]
            try:
                found = {
                    f"articles/{name}": (layout.articles / name).read_bytes() for name in names
                }
            except FileNotFoundError:
                continue
            seen.append(any(found.items() <= result for result in results))

    reader = threading.Thread(target=read)
    reader.start()
    folders = [layout.folder.with_name("one"), layout.folder.with_name("two")]
    for number in range(300):
        with switching(layout) as folder:
            shutil.copytree(folders[number % 2], folder, dirs_exist_ok=True)
    ended.set()
    reader.join()
    assert seen
    assert all(seen)


def _both(layout: Layout) -> Iterator[dict[str, bytes]]:
    """Keep the result of before, and that of now, beside the corpus."""
    for name in ("one", "two"):
        shutil.copytree(layout.dataset, layout.folder.with_name(name))
        yield bytes_in(layout)
        dedupe(layout)


def test_an_error_leaves_what_was_there(layout):
    before = bytes_in(layout)
    with pytest.raises(ZeroDivisionError), switching(layout) as folder:
        (folder / "begun").write_text(str(1 / 0))
    assert bytes_in(layout) == before
    assert len(list(layout.results.iterdir())) == 1


def test_a_corpus_may_be_moved(layout, tmp_path):
    before = bytes_in(layout)
    moved = Layout(layout.folder.rename(tmp_path / "elsewhere"))
    assert bytes_in(moved) == before
    assert dedupe(moved).balance.shards == 2


def test_a_copy_without_links_goes_on(layout, tmp_path):
    dedupe(layout)
    copied = Layout(tmp_path / "copied")
    shutil.copytree(layout.folder, copied.folder)
    assert not copied.dataset.is_symlink()
    dedupe(copied)
    assert bytes_in(copied) == bytes_in(layout)
    assert len(list(copied.results.iterdir())) == 1


def test_the_folder_is_one_table_to_those_who_read_folders(layout):
    dataset = dedupe(layout)
    number = len(dataset.articles)
    assert parquet.read_table(layout.articles).num_rows == number
    pattern = f"{layout.articles}/*.parquet"
    assert duckdb.read_parquet(pattern).count("*").fetchall() == [(number,)]
