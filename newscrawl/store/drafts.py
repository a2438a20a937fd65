"""Unfinished files: where they lie until they take their places, and which of them are left over.

A draft lies in a folder of its own within ``.newscrawl``, the hidden folder beside its place, so
on the same file system. Its process holds a lock on that folder (flock(2)), which the system
gives back when the process is dead. So neither a number that another process has by now nor a
container with numbers of its own makes a dead one look alive, or a living one dead.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Self

FOLDER = ".newscrawl"
NEW, FORMER = "new", "former"
_DRAFT, _PART = "draft-", "part-"
_UNLOCKED = "begin-"
"""The name until the lock is held; there is nothing in it then."""
_TRIES = 100
_DEPTH = 3
"""How many folders a draft lies below that of its place."""


class Draft(NamedTuple):
    """An unfinished file or folder, which ``path`` names, and the lock on its folder."""

    path: Path
    lock: int

    @property
    def former(self) -> Path:
        """Where a folder lies that is being replaced."""
        return _home(self.path) / FORMER / self.path.name

    def end(self) -> None:
        """Remove what is left of it, and give the lock back; a folder moved aside is put back."""
        home = _home(self.path)
        _discard(home, home.parents[1])
        _tidy(home.parent)
        os.close(self.lock)


class PartDrafts:
    """Drafts of parts of logs and archives, which are removed at the end unless they are kept.

    They are to be kept from the moment on at which a commit may have named them: whoever opens
    the database next puts them in place, or removes them. ``owner`` tells databases apart: a copy
    of one knows nothing of what was committed since.
    """

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._begun: dict[Path, Draft] = {}
        self._are_kept = False

    def begin(self, place: Path) -> Path:
        draft = begin(place, owner=self._owner)
        self._begun[draft.path] = draft
        return draft.path

    def discard(self, path: Path) -> None:
        self._begun.pop(path).end()

    def keep(self) -> None:
        self._are_kept = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for draft in self._begun.values():
            if self._are_kept:
                os.close(draft.lock)
            else:
                draft.end()


def begin(place: Path, *, owner: str | None = None) -> Draft:
    """Begin a draft of what is to be at ``place``.

    A part of a log or an archive takes its place when the database says so, its ``owner``: nobody
    else knows whether it may be removed.

    Raises:
        OSError: the folder cannot be made.
    """
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):  # somebody swept at this moment
            return _begun(place, _DRAFT if owner is None else f"{_PART}{owner}-")
    raise FileNotFoundError(f"{place.parent / FOLDER} is removed again and again")


def _begun(place: Path, kind: str) -> Draft:
    folder = place.parent / FOLDER
    if not place.parent.is_dir():
        raise NotADirectoryError(f"there is no folder {place.parent}")
    folder.mkdir(exist_ok=True)
    token = f"{os.getpid()}-{secrets.token_hex(4)}"
    unlocked = folder / f"{_UNLOCKED}{token}"
    unlocked.mkdir()
    lock = os.open(unlocked, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks: then nobody takes it for left over
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        home = folder / f"{kind}{token}"
        unlocked.rename(home)
        (home / NEW).mkdir()
    except BaseException:
        os.close(lock)
        raise
    return Draft(home / NEW / place.name, lock)


def place_of(draft: Path) -> Path | None:
    """Return the place that a draft is to take, ``None`` if a path is none of a draft."""
    above = draft.parents
    if len(above) <= _DEPTH or above[0].name != NEW or above[2].name != FOLDER:
        return None
    return above[_DEPTH] / draft.name


def has_any(folder: Path) -> bool:
    """Whether there may be drafts for places in a folder."""
    return (folder / FOLDER).is_dir()


def sweep(folder: Path) -> list[Path]:
    """Remove what dead processes left in a folder; return the drafts that living ones write.

    A folder that was moved aside to be replaced, and was not, is put back. Parts stay.
    """
    alive: list[Path] = []
    for home in _homes(folder, _DRAFT):
        with _held(home) as is_dead:
            if is_dead:
                _discard(home, folder)
            else:
                alive += _drafts(home)
    _tidy(folder / FOLDER)
    return alive


def dead_parts(folder: Path, owner: str) -> list[Path]:
    """Return the drafts of an owner's parts whose processes are dead."""
    dead: list[Path] = []
    for home in _homes(folder, f"{_PART}{owner}-"):
        with _held(home) as is_dead:
            if is_dead:
                dead += _drafts(home)
    return dead


def remove(draft: Path) -> None:
    """Remove a draft, or what is left of its folder when it has its place."""
    _remove(_home(draft))
    _tidy(_home(draft).parent)


def _homes(folder: Path, kind: str) -> list[Path]:
    return sorted(each for each in (folder / FOLDER).glob(f"{kind}*") if each.is_dir())


def _home(draft: Path) -> Path:
    return draft.parents[1]


def _drafts(home: Path) -> list[Path]:
    return sorted((home / NEW).glob("*"))


@contextmanager
def _held(home: Path) -> Iterator[bool]:
    """Hold the lock of a draft's folder; the value is whether that was to be had."""
    try:
        lock = os.open(home, os.O_RDONLY)
    except OSError:  # gone meanwhile, or not ours
        yield False
        return
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(lock)


def _discard(home: Path, folder: Path) -> None:
    for former in (home / FORMER).glob("*"):
        if not (folder / former.name).exists():
            former.rename(folder / former.name)
    _remove(home)


def _tidy(folder: Path) -> None:
    """Remove a folder of drafts in which there are none."""
    for empty in (*folder.glob(f"{_UNLOCKED}*"), folder):
        with suppress(OSError):
            empty.rmdir()


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
