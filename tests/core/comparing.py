"""Two processes that read the same pages, one by the core and one in Python, and what differs."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.core.reader import Page, Said

ROOT = Path(__file__).parents[2]


MOST_SAID = 20_000
"""Characters of what a reader that died has said: a report of a hundred frames."""


class DiedError(Exception):
    """A reader ended in the middle of a page; what it said last is the message."""


class Reader:
    """One process; ``reason`` says why it does not read by the core, if it does not."""

    def __init__(
        self, *, pure: bool, core: Path | None = None, more: Mapping[str, str] | None = None
    ) -> None:
        named = {name: value for name, value in os.environ.items() if name != "NEWSCRAWL_PURE"}
        own = {"PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT), **(more or {})}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.core.reader", *([str(core)] if core else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**named, **own, **({"NEWSCRAWL_PURE": "1"} if pure else {})},
        )
        self.compiled, self.reason = self.take()

    def give(self, page: Page | None) -> None:
        assert self._process.stdin is not None
        try:
            pickle.dump(page, self._process.stdin)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise DiedError(self._last()) from None

    def take(self) -> Any:
        assert self._process.stdout is not None
        try:
            return pickle.load(self._process.stdout)
        except EOFError:
            raise DiedError(self._last()) from None

    def end(self) -> None:
        with suppress(DiedError):
            self.give(None)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with suppress(BrokenPipeError):
                stream.close()
        self._process.wait()
        self._errors.close()

    def _last(self) -> str:
        status = self._process.wait()
        name = signal.Signals(-status).name if status < 0 else f"status {status}"
        self._errors.seek(0)
        return f"{name}\n{self._errors.read().decode(errors='replace')[-MOST_SAID:]}"


class Pair:
    """The core and Python side by side."""

    def __init__(self, core: Path | None = None, more: Mapping[str, str] | None = None) -> None:
        self.pure = Reader(pure=True)
        self.compiled = Reader(pure=False, core=core, more=more)
        assert not self.pure.compiled

    def differences(self, page: Page) -> dict[str, tuple[str, str]]:
        """Return what the two say differently: by name, first without the core, then with it.

        Raises:
            DiedError: one of them did not survive the page.
        """
        for reader in (self.pure, self.compiled):
            reader.give(page)
        without: Said = self.pure.take()
        by_core: Said = self.compiled.take()
        names = {**without, **by_core}
        pairs = {name: (without.get(name, ""), by_core.get(name, "")) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def end(self) -> None:
        self.pure.end()
        self.compiled.end()


@contextmanager
def side_by_side(core: Path | None = None, more: Mapping[str, str] | None = None) -> Iterator[Pair]:
    """Two readers that end with the block.

    Raises:
        DiedError: no core was compiled, or it does not fit; the reason is the message.
    """
    pair = Pair(core, more)
    try:
        if not pair.compiled.compiled:
            raise DiedError(pair.compiled.reason)
        yield pair
    finally:
        pair.end()


def told(page: Page, differing: Mapping[str, tuple[str, str]], most: int = 400) -> str:
    """Say what differs, from the first letter where it does."""
    lines = [f"{page.name} ({page.url})"]
    for name, (without, by_core) in differing.items():
        at = next((n for n, (a, b) in enumerate(zip(without, by_core, strict=False)) if a != b), 0)
        start = max(0, at - 60)
        lines += [f"  {name}", f"    {without[start : start + most]}"]
        lines += [f"    {by_core[start : start + most]}"]
    return "\n".join(lines)
