"""What a person may do next: lines that work as they are printed, in the folder where they are."""

from __future__ import annotations

import shlex
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from newscrawl.terminal.data_folder import DATABASE, LOG, settings_of

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

STEPS = {
    "report -o report.html": "a page with plots",
    "export articles.csv": "a file for spreadsheets",
    "runs": "the runs so far",
}
"""Commands with what they give."""
BROWSE = {"browse": "search and look, in a browser"}
NEEDED = "starlette"
"""What the extra for browsing brings."""
_SQLITE = "sqlite:///"


def started_as(argv0: str) -> str:
    """Return how our program was called, as it can be typed again."""
    path = Path(argv0)
    if path.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m newscrawl"
    found = shutil.which(path.name)
    if found is not None and Path(found).absolute() == path.absolute():
        return path.name
    return shlex.quote(argv0)


def folder_of(settings: BaseSettings) -> Path | None:
    """Return the folder in which a run keeps its data, if ``--data`` can name it."""
    url = str(settings[DATABASE])
    folder = Path(url.removeprefix(_SQLITE)).parent
    chosen = settings_of(folder) if url.startswith(_SQLITE) else {}
    return folder if (settings[DATABASE], settings[LOG]) == tuple(chosen.values()) else None


def next_steps(folder: Path, program: str) -> Text:
    """Return lines to type next, for data in a folder; each says as a comment what it gives."""
    data = "" if folder == Path("data") else f" --data {shlex.quote(str(folder))}"
    steps = {**(BROWSE if find_spec(NEEDED) else {}), **STEPS}
    lines = {f"  {program} {step}{data}": gives for step, gives in steps.items()}
    width = max(map(len, lines))
    text = Text("What next", style="italic")
    for line, gives in lines.items():
        text.append(f"\n{line:<{width}}", style="not italic").append(f"  # {gives}", style="dim")
    return text
