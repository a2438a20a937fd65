"""What writes an export: JSON Lines and CSV."""

from __future__ import annotations

import csv
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import quote

from newscrawl.exporters.selection import MARKDOWN, Batch
from newscrawl.exporters.table import CELL, cell

HEAD = frozenset(
    {"id", "url", "canonical_url", "site", "headline", "subtitle", "authors", "published"}
    | {"modified", "sections", "tags", "language", "duplicate_of", "duplicate_kind", "revision"}
)
"""What stands before the text of a Markdown file, if it is asked for."""
EMPTY: tuple[Any, ...] = (None, "", [], {})
_NUMBER = re.compile(r"\d[\d.,]*(?:e\d+)?", re.IGNORECASE)
"""What spreadsheets take for a number, and round after 15 digits."""
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


class MarkdownFiles(Sink):
    """A folder a site with a file an article; what it says beside the text is YAML before it."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._folder = path
        self._names = [name for name in names if name in HEAD]
        self._encode = json.JSONEncoder(ensure_ascii=False).encode
        path.mkdir()

    def write(self, batch: Batch) -> None:
        names = ("site", "id", "revision", MARKDOWN, *self._names)
        last = dict(zip(batch.columns["id"], batch.columns["revision"], strict=True))
        for site, key, revision, text, *values in batch.rows(names):
            folder = self._folder / quote(site, safe="")
            folder.mkdir(exist_ok=True)
            told = zip(self._names, values, strict=True)
            head = [f"{name}: {self._encode(value)}" for name, value in told if value not in EMPTY]
            name = key if revision == last[key] else f"{key}-{revision}"
            whole = "\n".join(["---", *head, "---", "", text])
            (folder / f"{name}.md").write_bytes(whole.encode(errors="replace"))

    def close(self) -> None:
        """Each file is closed when it is written."""


class Csv(Sink):
    """A table; lists and objects are JSON in their cells.

    For Excel it has a byte order mark, without which Excel takes the text for another encoding,
    longer texts than a cell takes are cut: Excel would go on in cells of the next row, and texts
    that look like numbers, as ids of digits do, are formulas that give them as they are.
    """

    def __init__(self, path: Path, names: Sequence[str], *, for_excel: bool = False) -> None:
        self._names = names
        self._longest = CELL if for_excel else None
        encoding = "utf-8-sig" if for_excel else "utf-8"
        self._file = path.open("x", encoding=encoding, errors="replace", newline="")
        self._table = csv.writer(self._file)
        self._table.writerow(names)

    def write(self, batch: Batch) -> None:
        self._table.writerows(map(self._cell, row) for row in batch.rows(self._names))

    def _cell(self, value: Any) -> Any:
        shown = cell(value)
        if self._longest is None or not isinstance(shown, str):
            return shown
        return f'="{shown}"' if _NUMBER.fullmatch(shown) else shown[: self._longest]

    def close(self) -> None:
        self._file.close()
