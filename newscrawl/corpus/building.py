"""Building a corpus: a task for each input that has no account yet, done by an executor."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any, Protocol

from newscrawl.corpus.account import ShardAccount, accounts
from newscrawl.corpus.inputs import REMOTE
from newscrawl.corpus.layout import FORMAT, Layout, name_of
from newscrawl.corpus.task import Filters, ShardTask, Unread
from newscrawl.store.replacing import write_whole

OLD = 24 * 3600.0
"""Seconds after which what lies in the folder of work is nobody's any more."""

Result = ShardAccount | Unread


class BusyError(OSError):
    """Another process works on the corpus."""


class NotACorpusError(ValueError):
    """A folder is not what a command takes it for."""


class Executor(Protocol):
    """Whoever does the tasks of shards, in whatever order, and as often as it must."""

    def run(self, tasks: Iterable[ShardTask]) -> Iterator[tuple[ShardTask, Result]]:
        """Yield each task with what came of it, when that is there."""
        ...


class Build:
    """Reads inputs into a corpus; what it has read before is not read again.

    An input whose file has another size than when it was read is read anew.
    """

    def __init__(
        self,
        folder: Path,
        addresses: Sequence[str],
        filters: Filters,
        *,
        zone: str | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.layout = Layout(folder.resolve())
        self.addresses = addresses
        self._filters = filters
        self._zone = zone
        self._settings = dict(settings or {})

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Make the folders, and keep other builds away while the block runs.

        Raises:
            BusyError: another build is at work.
            NotACorpusError: the folder has other files, or a corpus that was built otherwise.
        """
        self._check()
        for folder in (self.layout.shards, self.layout.parts, self.layout.work):
            folder.mkdir(parents=True, exist_ok=True)
        with locked(self.layout):
            self._check()
            write_whole(self.layout.about, f"{json.dumps(self._about(), indent=1)}\n")
            asked = dict.fromkeys([*inputs_of(self.layout), *self.addresses])
            write_whole(self.layout.inputs, "".join(f"{each}\n" for each in asked))
            self._clear(OLD)
            yield
            if not self.tasks():
                self._clear(0)

    def tasks(self) -> list[ShardTask]:
        """Return the tasks that are not done."""
        known = {name: account.size for name, account in accounts(self.layout)}
        return [
            ShardTask(
                folder=str(self.layout.folder),
                name=name,
                address=address,
                filters=self._filters,
                zone=self._zone,
                settings=self._settings,
            )
            for address in self.addresses
            if _is_new(known.get(name := name_of(address)), address)
        ]

    def _about(self) -> dict[str, Any]:
        filters = self._filters.to_dict()
        return {
            "format": FORMAT,
            "filters": filters,
            "zone": self._zone,
            "settings": self._settings,
        }

    def _check(self) -> None:
        """See that what is there was built in the same way."""
        about = about_of(self.layout)
        if about is None:
            folder = self.layout.folder
            if folder.exists() and any(folder.iterdir()) and not self.layout.work.exists():
                raise NotACorpusError(f"{folder} has other files in it")
            return
        for name, value in self._about().items():
            if about.get(name) != value:
                raise NotACorpusError(
                    f"{self.layout.folder} was built with other {name} ({about.get(name)}); "
                    "build into another folder"
                )

    def _clear(self, age: float) -> None:
        """Remove what killed processes have left, once it is so many seconds old."""
        for left in self.layout.work.iterdir():
            if time.time() - left.stat().st_mtime >= age:
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()


def _is_new(size: int | None, address: str) -> bool:
    """Whether an input has not been read, or is not what it was."""
    if size is None:
        return True
    path = None if REMOTE in address else Path(address)
    return path is not None and path.exists() and path.stat().st_size != size


@contextmanager
def locked(layout: Layout) -> Iterator[None]:
    """Keep others from changing a corpus while the block runs.

    Raises:
        BusyError: another process does so already.
    """
    with layout.lock.open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise BusyError(f"another process works on {layout.folder}") from None
        yield


def about_of(layout: Layout) -> dict[str, Any] | None:
    """Return what a corpus was built with, ``None`` where there is no corpus.

    Raises:
        NotACorpusError: the file that should say it does not.
    """
    try:
        about: dict[str, Any] = json.loads(layout.about.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        raise NotACorpusError(f"{layout.about} is not readable") from None
    return about


def inputs_of(layout: Layout) -> list[str]:
    """Return the addresses that were asked for."""
    try:
        return layout.inputs.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
