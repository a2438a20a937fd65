"""An export that is killed while it writes leaves what was there before."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

from tests.bench.export import fill
from tests.crawl.crawling import ENVIRONMENT


def test_a_killed_export_leaves_the_old_file_and_the_next_one_clears_up(tmp_path):
    fill(tmp_path / "n.db", 6_000)
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.jsonl").write_text("old\n")
    command = [
        *(sys.executable, "-m", "newscrawl", "export", f"{folder}/a.jsonl"),
        *("-s", f"NEWSCRAWL_DATABASE_URL=sqlite:///{tmp_path}/n.db"),
    ]
    process = subprocess.Popen(command, env=ENVIRONMENT, cwd=tmp_path, stdout=subprocess.DEVNULL)
    hidden = ".newscrawl/*/new/a.jsonl"
    while not any(each.stat().st_size > 100_000 for each in folder.glob(hidden)):
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (folder / "a.jsonl").read_text() == "old\n"
    assert [*folder.glob(hidden)]
    subprocess.run(command, env=ENVIRONMENT, cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    assert len((folder / "a.jsonl").read_text().splitlines()) == 6_000
    beside = ["README.md", "a.jsonl", "croissant.json", "datapackage.json"]
    assert sorted(each.name for each in folder.iterdir()) == beside
