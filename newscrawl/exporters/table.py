"""CSV files for spreadsheets and data frames."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from newscrawl.items import compact_json
from newscrawl.store.replacing import replacing

CELL = 32_767
"""Characters that a cell of Excel takes."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that spreadsheets run as a formula (OWASP, CSV injection)."""


def write_csv(path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a table whole or not at all; returns the number of its rows.

    Raises:
        OSError: the file cannot be written.
    """
    written = 0
    with replacing(path) as beside, beside.open("x", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(names)
        for row in rows:
            table.writerow([cell(value) for value in row])
            written += 1
    return written


def cell(value: Any) -> Any:
    """Return a value as a cell shows it.

    Text that a spreadsheet would run has an apostrophe before it; times are in ISO 8601,
    lists and objects in JSON, unknown values empty.
    """
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    return text_of(value) if isinstance(value, (datetime, list, dict)) else value


def text_of(value: Any) -> str:
    """Return a value as text: times in ISO 8601, lists and objects in JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, dict)):
        return compact_json(value)
    return str(value)
