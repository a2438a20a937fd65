from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.corpus.executors.reading import FILES, PAGES, ended, files, started
from tests.corpus.files import write_files


class Usual(NamedTuple):
    """Inputs, and what a build on this machine alone makes of them."""

    inputs: Path
    files: dict[str, bytes]


@pytest.fixture(scope="session")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Usual:
    folder = tmp_path_factory.mktemp("usual")
    write_files(folder / "in", files=FILES, pages=PAGES)
    ended(started(folder / "out", folder / "in", "--jobs=1"))
    return Usual(folder / "in", files(folder / "out"))
