"""CSV files for spreadsheets and data frames."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that spreadsheets run as a formula (OWASP, CSV injection)."""


def write_csv(path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a table whole or not at all; returns the number of its rows.

    What was there before stays until the new file is on the disk. Text that a spreadsheet
    would run has an apostrophe before it; times are in ISO 8601, unknown values empty.

    Raises:
        OSError: the file cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    written = 0
    try:
        with beside.open("x", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(names)
            for row in rows:
                table.writerow([_cell(value) for value in row])
                written += 1
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return written


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
