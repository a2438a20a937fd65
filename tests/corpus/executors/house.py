"""Workers that read shards, with their database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.corpus.executors.clusters import family
from tests.corpus.executors.reading import started

NEWSCRAWL = (sys.executable, "-m", "newscrawl")


class House:
    """A database, workers for shards, and the folder of a corpus."""

    def __init__(self, folder: Path, url: str) -> None:
        self.out = folder / "out"
        self.workers: list[subprocess.Popen[bytes]] = []
        self._folder = folder
        self._url = url

    @property
    def environment(self) -> dict[str, str]:
        return {"NEWSCRAWL_DATABASE_URL": self._url}

    def add_worker(self, *options: str) -> subprocess.Popen[bytes]:
        with (self._folder / "workers.log").open("ab") as log:
            worker = subprocess.Popen(
                [*NEWSCRAWL, "worker", "--shards=1", *options],
                cwd=self._folder,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
            )
        self.workers.append(worker)
        return worker

    def build(self, inputs: Path) -> subprocess.Popen[str]:
        return started(self.out, inputs, "--queue", environment=self.environment)

    def ask(self, question: str) -> int:
        engine = create_engine(self._url)
        with engine.connect() as connection:
            number = int(connection.execute(text(question)).scalar_one())
        engine.dispose()
        return number

    def close(self) -> None:
        for worker in self.workers:
            for each in family(worker):
                each.kill()
            worker.wait()
