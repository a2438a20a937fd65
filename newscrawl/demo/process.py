"""The generated site as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_STOP_SECONDS = 10


class DemoProcess(NamedTuple):
    """A running demo site and its address, without a slash at the end."""

    process: subprocess.Popen[str]
    url: str


@contextmanager
def run_demo(
    *options: str, articles: int = 300, seed: int = 1, port: int = 0
) -> Iterator[DemoProcess]:
    """Serves a site for the length of a ``with`` block; fixing ``port`` keeps its URLs.

    ``options`` are more arguments of ``python -m newscrawl.demo``.

    Raises:
        RuntimeError: the site did not start.
    """
    command = [sys.executable, "-m", "newscrawl.demo", f"--port={port}"]
    command += [f"--articles={articles}", f"--seed={seed}", *options]
    process = subprocess.Popen(  # noqa: S603 - our own module, with arguments of our own
        command, stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            url = line.rpartition(" ")[2].strip().rstrip("/")
            if not url:
                raise RuntimeError(f"the demo site did not start: {' '.join(command)}")
            yield DemoProcess(process, url)
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
