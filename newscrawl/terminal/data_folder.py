"""``--data FOLDER``: where database and logs lie, in place of two settings."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

DATABASE, LOG = "NEWSCRAWL_DATABASE_URL", "NEWSCRAWL_JSONL"
NAME = "newscrawl.db"


def settings_of(folder: Path) -> dict[str, str]:
    """Return the settings for data in a folder, which need not be there yet.

    What a database URL, or the template of a log, would read as its own is escaped.

    Raises:
        ValueError: it is no folder.
    """
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"--data {folder} is not a folder")
    path = str(folder / NAME)
    if {*"?#%"}.intersection(path):
        path = quote(path, safe=" +/")
    log = str(folder).replace("{", "{{").replace("}", "}}")
    return {DATABASE: f"sqlite:///{path}", LOG: str(Path(log, "{site}.jsonl"))}
