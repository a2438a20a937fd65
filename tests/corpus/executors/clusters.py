"""Real Dask schedulers and workers, as processes on the loopback address."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped] # it ships no types

CLI = (sys.executable, "-m", "distributed.cli.dask_")


class Cluster:
    """A scheduler and its workers; logs and files lie in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        told = folder / "scheduler.json"
        self.scheduler = self._started("scheduler", "--port=0", f"--scheduler-file={told}")
        while not told.exists() or not told.read_text():
            time.sleep(0.05)
        self.address = str(json.loads(told.read_text())["address"])

    def add_worker(self, *options: str) -> subprocess.Popen[bytes]:
        name = f"worker-{len(self.workers)}"
        worker = self._started(
            "worker", self.address, "--nthreads=1", f"--name={name}", "--memory-limit=0", *options
        )
        self.workers.append(worker)
        return worker

    def _started(self, kind: str, *options: str) -> subprocess.Popen[bytes]:
        command = [*CLI[:2], f"{CLI[2]}{kind}", *options, "--host=127.0.0.1", "--no-dashboard"]
        with (self.folder / f"{kind}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            for each in family(process):
                each.kill()
            process.wait()


@contextmanager
def a_cluster(folder: Path) -> Iterator[Cluster]:
    cluster = Cluster(folder)
    try:
        yield cluster
    finally:
        cluster.close()


def family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Return a process and all below it, as far as they live."""
    try:
        own = psutil.Process(process.pid)
        return [own, *own.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
