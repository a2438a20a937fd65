"""The guide "A site in your own project", followed as it stands: its files written, its commands run."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shlex
import socket
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from newscrawl.demo.odd.truth import Checked, check
from newscrawl.demo.process import run_demo

GUIDE = Path(__file__).parents[2] / "docs" / "own-site.md"
BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SERVER = "python -m newscrawl.demo --odd"
PORT = 8019
LEFT_OUT = "…"
COLUMNS = 80
CHANGES = (
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?(?! ?\d|\+)"), "<when>"),
    (re.compile(r"\b[0-9a-f]{16}\b"), "<id>"),
    (re.compile(r"\bin \d+\.\d+s\b"), "in <seconds>"),
)
"""What differs from run to run."""


class Block(NamedTuple):
    language: str
    title: str
    text: str


@dataclass
class Step:
    """Commands, what they printed together, and what the guide says that they print."""

    commands: list[str]
    statuses: list[int] = field(default_factory=list)
    printed: str = ""
    told: str = ""


def blocks(guide: Path = GUIDE) -> list[Block]:
    return [Block(*found) for found in BLOCK.findall(guide.read_text(encoding="utf-8"))]


def free_port() -> int:
    """A port of as many digits as that of the guide, so that what is printed is as wide."""
    ports = [PORT, *range(9_999, 8_100, -1)]
    for port in ports:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return int(port)
    raise RuntimeError("no port is free")


class Reader:
    """Somebody who follows the guide in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps: list[Step] = []
        self._port = PORT

    def follow(self) -> None:
        with self._site():
            for block in blocks():
                if block.language == "python":
                    self._write(block)
                elif block.language == "sh":
                    self._run(block.text)
                elif block.language == "text":
                    self.steps[-1].told = block.text

    @contextmanager
    def _site(self) -> Iterator[None]:
        self._port = free_port()
        with run_demo("--odd", port=self._port) as site:
            self.url = site.url
            yield

    def _here(self, text: str) -> str:
        return text.replace(f":{PORT}", f":{self._port}")

    def _write(self, block: Block) -> None:
        name, _, added = block.title.partition(" ")
        path = self.folder / name
        before = path.read_text(encoding="utf-8") if added else ""
        gap = "\n" if block.text[0].isspace() else "\n\n"
        path.write_text(before + (gap if added else "") + self._here(block.text), encoding="utf-8")

    def _run(self, commands: str) -> None:
        step = Step(commands.splitlines())
        self.steps.append(step)
        for command in step.commands:
            words = shlex.split(command)
            if words[0] in {"pip", "."} or "venv" in words:
                continue
            if words[0] == "cd":
                self.folder /= words[1]
            elif command == SERVER:
                step.printed += f"demo site at {self.url}/\n"
            else:
                status, printed = in_terminal(self._here(command), self.folder)
                step.statuses.append(status)
                step.printed += printed
        step.printed = step.printed.replace(f":{self._port}", f":{PORT}")


def in_terminal(command: str, folder: Path) -> tuple[int, str]:
    """Run a command in a terminal of 80 columns; return its status and what it printed."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    named = {"SCRAPY_SETTINGS_MODULE", "COLUMNS", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS"}
    environment = {name: value for name, value in os.environ.items() if name not in named}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    process = subprocess.Popen(
        ["sh", "-c", command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env={**environment, "PATH": programs, "TERM": "dumb", "NO_COLOR": "1"},
    )
    os.close(theirs)
    printed = b"".join(_read(ours))
    os.close(ours)
    return process.wait(), printed.decode().replace("\r\n", "\n")


def _read(terminal: int) -> Iterator[bytes]:
    """What is printed until nobody is left who could; Linux then ends the reading with an error."""
    while True:
        try:
            read = os.read(terminal, 65_536)
        except OSError:
            return
        if not read:
            return
        yield read


def unsaid(step: Step) -> list[str]:
    """The passages of the guide that were not printed, or not in that order."""
    missing, printed = [], f"\n{same(step.printed)}"
    for passage in same(step.told).split(f"{LEFT_OUT}\n"):
        _, found, after = printed.partition(f"\n{passage}")
        if found:
            printed = f"\n{after}"
        else:
            missing.append(passage)
    return missing


def same(text: str) -> str:
    """A text without what differs from run to run, and without spaces at the ends of lines."""
    for pattern, name in CHANGES:
        text = pattern.sub(name, text)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def checked(folder: Path) -> Checked:
    """What the site says of the articles that were exported last."""
    lines = (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return check([json.loads(line) for line in lines])


def guide_fields_right(folder: Path) -> float:
    """Follow the guide in an empty folder; return the share of fields that are right in the end.

    An article that is not there has none of its fields right.
    """
    reader = Reader(folder)
    reader.follow()
    found = checked(reader.folder)
    return sum(found.right.values()) / (len(found.right) * found.of)
