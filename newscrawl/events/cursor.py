"""How far a receiver has been told of events: a small file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Self

from newscrawl.store.replacing import write_whole


class Cursor:
    """The last visit told of each run that is not told to its end, and the runs before all of them.

    Visits of one run end in order, those of several runs at once do not: so each run has its own
    place. The file is replaced whole.
    """

    def __init__(self, path: Path, before: int, runs: dict[int, int]) -> None:
        self._path = path
        self.before = before
        """The runs up to this one are told to their ends."""
        self._runs = runs

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Return what a file says; ``None`` where there is none yet.

        Raises:
            ValueError: it is no cursor.
        """
        if not path.exists():
            return None
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            return cls(path, int(told["before"]), {int(k): int(v) for k, v in told["runs"].items()})
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError(f"{path} is no cursor of newscrawl webhook") from None

    def place(self, run: int) -> int:
        """Return the last visit of a run that was told, 0 if none was."""
        return self._runs.get(run, 0)

    def told(self, run: int, visit: int) -> None:
        self._runs[run] = visit
        self.keep()

    def ended(self, run: int) -> None:
        """Take note that a run, and all before it, are over and told."""
        self.before = run
        self._runs = {each: place for each, place in self._runs.items() if each > run}
        self.keep()

    def keep(self) -> None:
        runs = {str(run): visit for run, visit in sorted(self._runs.items())}
        write_whole(self._path, json.dumps({"before": self.before, "runs": runs}) + "\n")
