"""What writes an export: JSON Lines and CSV."""

from __future__ import annotations

import csv
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import IO, Self

from newscrawl.exporters.selection import Batch
from newscrawl.exporters.table import cell

Opener = Callable[[Path], AbstractContextManager[IO[bytes]]]


class Sink(ABC):
    """Writes batches to one target, a path that is not there yet."""

    @abstractmethod
    def write(self, batch: Batch) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class JsonLines(Sink):
    """One object a line, as in the log."""

    def __init__(self, path: Path, names: Sequence[str], opened: Opener) -> None:
        self._names = names
        self._stack = ExitStack()
        self._file = self._stack.enter_context(opened(path))
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    def write(self, batch: Batch) -> None:
        encode, names = self._encode, self._names
        lines = [encode(dict(zip(names, row, strict=True))) for row in batch.rows(names)]
        lines.append("")
        self._file.write("\n".join(lines).encode(errors="replace"))

    def close(self) -> None:
        self._stack.close()


class Csv(Sink):
    """A table for spreadsheets; lists and objects are JSON in their cells."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._names = names
        self._file = path.open("x", encoding="utf-8", errors="replace", newline="")
        self._table = csv.writer(self._file)
        self._table.writerow(names)

    def write(self, batch: Batch) -> None:
        self._table.writerows(map(cell, row) for row in batch.rows(self._names))

    def close(self) -> None:
        self._file.close()
