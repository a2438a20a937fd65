"""The core under AddressSanitizer: each read or write beside what it may touch ends the process."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from hatch_build import compile_core
from tests.core.comparing import ROOT, DiedError, side_by_side, told
from tests.core.reader import Page

FLAGS = ("-fsanitize=address", "-fno-omit-frame-pointer", "-g", "-O1")
CHECKED = b"__asan_report_load"
"""Named in what was compiled so."""


def library() -> Path | None:
    """Return gcc's AddressSanitizer, or ``None`` where it is not installed."""
    asked = [os.environ.get("CC", "gcc"), "-print-file-name=libasan.so"]
    try:
        found = Path(
            subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return found.resolve() if found.is_absolute() else None


def sanitized(folder: Path) -> Path:
    core = compile_core(ROOT, folder, flags=FLAGS)
    assert CHECKED in core.read_bytes()
    return core


def environment(library: Path) -> dict[str, str]:
    """Python's own allocator would hide what lies beside a piece of memory; leaks are not looked for."""
    return {
        "LD_PRELOAD": str(library),
        "PYTHONMALLOC": "malloc",
        "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1:allocator_may_return_null=1",
    }


def errors(pages: Iterable[Page], core: Path, more: dict[str, str]) -> list[str]:
    """Read pages; return what went wrong. A reader that died is started anew for the next page."""
    found = []
    waiting = iter(pages)
    for page in waiting:
        try:
            with side_by_side(core, more) as pair:
                at: Page | None = page
                while at is not None:
                    page = at  # noqa: PLW2901 - the one that is told if the reader dies
                    if differing := pair.differences(page):
                        found.append(told(page, differing))
                    at = next(waiting, None)
        except DiedError as death:
            found.append(f"{page.name}: {death}")
    return found
