"""What a command shows on a terminal, as a person sees it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Sequence
from pathlib import Path

from tests.crawl.crawling import ENVIRONMENT, NEWSCRAWL

COLOURS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def shown_on_a_terminal(
    arguments: Sequence[str], *, folder: Path, database: str, columns: int = 80
) -> list[str]:
    """Run ``newscrawl`` with its output on a terminal so wide; return the lines, without colours."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {
        **{name: value for name, value in ENVIRONMENT.items() if name != "COLUMNS"},
        "NEWSCRAWL_DATABASE_URL": database,
        "TERM": "xterm-256color",
    }
    process = subprocess.Popen(
        [*NEWSCRAWL, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=folder,
    )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65_536):
            shown += part
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    process.wait()
    return COLOURS.sub("", shown.decode()).splitlines()


def joined(lines: Sequence[str]) -> str:
    """Return what the cells of tables say, those that go on in the next line put together."""
    rows = (re.split("[│┃]", line) for line in lines if line.startswith(("│", "┃")))
    return "".join(cell.strip() for row in rows for cell in row)
