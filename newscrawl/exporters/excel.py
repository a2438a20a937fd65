"""Excel: a workbook with one sheet, whose cells are just what an export says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped] # it has no types

from newscrawl.exporters.selection import Batch
from newscrawl.exporters.sinks import Sink
from newscrawl.exporters.table import CELL, text_of

ROWS = 1_048_576
"""Of a sheet, the one with the names among them."""
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""What the workbook says of its making, so that the same data gives the same bytes."""


class Workbook(Sink):
    """Texts stay texts, whatever they look like; times are ISO 8601, lists and objects JSON.

    A text longer than a cell may be (32,767 characters) is cut.
    """

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        options = {"constant_memory": True, "strings_to_urls": False}
        self._names = names
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"created": _MADE})
        self._sheet = self._book.add_worksheet("articles")
        self._sheet.freeze_panes(1, 0)
        self._row = 0
        self._write(names)

    def write(self, batch: Batch) -> None:
        for row in batch.rows(self._names):
            self._write(row)

    def _write(self, values: Sequence[Any]) -> None:
        if self._row == ROWS:
            raise ValueError(f"a sheet has no more than {ROWS:,} rows: export less, or CSV")
        for column, value in enumerate(values):
            if isinstance(value, bool):
                self._sheet.write_boolean(self._row, column, value)
            elif isinstance(value, (int, float)):
                self._sheet.write_number(self._row, column, value)
            elif value is not None:
                text = text_of(value).encode(errors="replace").decode()
                self._sheet.write_string(self._row, column, text[:CELL])
        self._row += 1

    def close(self) -> None:
        self._book.close()
