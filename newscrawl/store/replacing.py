"""Files and folders that are replaced whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newscrawl.store import drafts
from newscrawl.store.drafts import Draft
from newscrawl.store.process import is_running

_EARLIER = ".newscrawl-"
"""What earlier versions put between the hidden name of a draft, beside its place, and the process."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give the path of a draft that takes the place of ``path`` once everything is on the disk.

    A file or a folder may be made there; what was at ``path`` before stays until then, and
    for good if an error leaves the block. What killed processes left in this folder is removed.

    Raises:
        OSError: it cannot be written.
    """
    clear(path)
    draft = drafts.begin(path)
    try:
        yield draft.path
        sync(draft.path)
        _swap(draft, path)
    finally:
        draft.end()


def place_of(hidden: Path) -> Path | None:
    """Return the path whose place a hidden file is to take, ``None`` if it is not such a file."""
    place = drafts.place_of(hidden)
    if place is not None:
        return place
    name, mark, pid = hidden.name.rpartition(_EARLIER)
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
    if drafts.place_of(hidden) is not None:
        drafts.remove(hidden)


def write_whole(path: Path, text: str) -> None:
    """Write a text file whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(path) as beside:
        beside.write_text(text, encoding="utf-8", errors="replace")


def _swap(draft: Draft, path: Path) -> None:
    if not path.is_dir():
        draft.path.replace(path)
        return
    draft.former.parent.mkdir()
    path.rename(draft.former)
    draft.path.rename(path)


def clear(path: Path) -> None:
    """Remove what dead processes left of drafts for a path, and for others in its folder."""
    drafts.sweep(path.parent)
    _clear_earlier(path)


def _clear_earlier(path: Path) -> None:
    """Remove what an earlier version left beside a path; take back a folder it moved aside."""
    former = path.with_name(f".{path.name}{_EARLIER}former")
    if former.exists() and not path.exists():
        former.rename(path)
    for left in path.parent.glob(f".{_escaped(path.name)}{_EARLIER}*"):
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
