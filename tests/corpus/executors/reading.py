"""Corpora that are built by several processes, and how far they are."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil  # type: ignore[import-untyped] # it ships no types

CHILD = "newscrawl.corpus.executors.child"
PAGES = 20
FILES = 4


def started(
    out: Path, inputs: Path, *options: str, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start ``corpus build``, in a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "newscrawl", "corpus", "build", str(out), str(inputs), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
    )


def ended(process: subprocess.Popen[str]) -> str:
    """Return what a command that went well has printed."""
    out, errors = process.communicate()
    assert process.returncode == 0, errors + out
    return out


def files(out: Path) -> dict[str, bytes]:
    """Return accounts and parts, which are all that counts of a build."""
    folders = (out / "shards", out / "parts")
    kept = (path for folder in folders for path in folder.iterdir() if path.is_file())
    return {path.name: path.read_bytes() for path in kept}


def done(out: Path) -> int:
    return len(list((out / "shards").glob("*.json"))) if out.exists() else 0


def wait_for(number: int, out: Path) -> None:
    while done(out) < number:
        time.sleep(0.01)


def children(of: int) -> list[psutil.Process]:
    """Return the processes below one that read a shard."""
    try:
        below = psutil.Process(of).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [each for each in below if is_child(each)]


def is_child(process: psutil.Process) -> bool:
    try:
        return CHILD in process.cmdline()
    except psutil.NoSuchProcess:
        return False


def wait_for_children(of: int) -> list[psutil.Process]:
    while not (found := children(of)):
        time.sleep(0.01)
    return found


def wait_until_gone(processes: list[psutil.Process]) -> None:
    while any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes):
        time.sleep(0.01)


def kill(process: subprocess.Popen[bytes] | psutil.Process) -> None:
    process.send_signal(signal.SIGKILL)
