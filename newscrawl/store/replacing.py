"""Files and folders that are replaced whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newscrawl.store.process import is_running

_MARK = ".newscrawl-"
"""Between the hidden name of what is being written and the number of the process."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a hidden path beside ``path`` that takes its place once everything is on the disk.

    A file or a folder may be made there; what was at ``path`` before stays until then, and
    for good if an error leaves the block. What a killed process left behind is removed.

    Raises:
        OSError: it cannot be written.
    """
    clear(path)
    beside = hidden_beside(path)
    try:
        yield beside
        sync(beside)
        _swap(beside, path)
    except BaseException:
        _remove(beside)
        raise


def hidden_beside(path: Path) -> Path:
    """Return where this process writes what is to take the place of ``path``."""
    return path.with_name(f".{path.name}{_MARK}{os.getpid()}")


def place_of(hidden: Path) -> Path | None:
    """Return the path whose place a hidden file is to take, ``None`` if it is not such a file."""
    name, mark, pid = hidden.name.rpartition(_MARK)
    if not (mark and name.startswith(".") and pid.isdecimal()):
        return None
    return hidden.with_name(name.removeprefix("."))


def take_place(hidden: Path, path: Path) -> None:
    """Move a file to its place for good, also where the power is lost the moment after."""
    hidden.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, text: str) -> None:
    """Write a text file whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(path) as beside:
        beside.write_text(text, encoding="utf-8", errors="replace")


def _swap(beside: Path, path: Path) -> None:
    if not path.is_dir():
        beside.replace(path)
        return
    former = _former(path)
    path.rename(former)
    beside.rename(path)
    _remove(former)


def _former(path: Path) -> Path:
    return path.with_name(f".{path.name}{_MARK}former")


def clear(path: Path) -> None:
    """Take back a folder that was moved aside; remove what no living process writes."""
    former = _former(path)
    if former.exists() and not path.exists():
        former.rename(path)
    clear_like(path.parent, _escaped(path.name))


def clear_like(folder: Path, pattern: str) -> None:
    """Remove what no living process writes of the files and folders whose names are like this."""
    for left in folder.glob(f".{pattern}{_MARK}*"):
        pid = left.name.rpartition("-")[2]
        if not (pid.isdecimal() and is_running(int(pid))):
            _remove(left)


def _escaped(name: str) -> str:
    return "".join(f"[{each}]" if each in "*?[" else each for each in name)


def sync(path: Path) -> None:
    """Wait until a file, or a folder with all that is in it, is on the disk."""
    for each in (path, *path.rglob("*")) if path.is_dir() else (path,):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
