"""Commands as processes that are forked from one which has imported everything.

Starting Python and importing Scrapy, SQLAlchemy and newscrawl takes a second of CPU, which hundreds
of tests would spend each time. What is started here is otherwise a process like any other: its own
arguments, environment, folder and streams, and its settings are read anew.
"""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Self

import scrapy.commands
from scrapy.settings import default_settings

import newscrawl
from newscrawl.__main__ import main
from newscrawl.addresses.hosts import read_host
from newscrawl.dedup.counters import without_counters

ROOT = Path(__file__).parents[2]
LARGEST = 1 << 20
LONGEST_SECONDS = 300
TAKEN_LATE = (
    "alembic.command",
    "rich._emoji_codes",
    "scrapy.cmdline",
    "scrapy_poet.commands",
    "twisted.internet.asyncioreactor",
)
"""Imported by what runs, besides commands and what Scrapy's settings name."""
READ_ANEW = ("newscrawl.settings", "newscrawl.store.migrations")
"""Settings look at the environment; migrations are alembic's to load."""


class Nursery:
    """The process that forks, for as long as a ``with`` block lasts."""

    def __enter__(self) -> Self:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.settimeout(LONGEST_SECONDS)
        command = [sys.executable, "-m", "tests.crawl.forking", str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], cwd=ROOT)
        theirs.close()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._process.wait(LONGEST_SECONDS)

    def run(
        self, arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run ``newscrawl`` with these arguments."""
        wanted = json.dumps([list(arguments), str(folder), dict(environment)]).encode()
        with TemporaryFile() as out, TemporaryFile() as err:
            socket.send_fds(self._socket, [wanted], [out.fileno(), err.fileno()])
            status = int(self._socket.recv(LARGEST))
            out.seek(0)
            err.seek(0)
            told = out.read().decode(), err.read().decode()
        return subprocess.CompletedProcess([*arguments], status, *told)


def import_all() -> None:
    """Import what any command may need, apart from what must be read anew."""
    ours = pkgutil.walk_packages(newscrawl.__path__, "newscrawl.")
    commands = pkgutil.iter_modules(scrapy.commands.__path__, "scrapy.commands.")
    for module in (*ours, *commands):
        if not module.name.startswith(READ_ANEW):
            import_module(module.name)
    for name in (*TAKEN_LATE, *named_by_scrapy()):
        import_module(name)
    read_host("www.example.com")
    without_counters("3 comments")
    gc.freeze()


def named_by_scrapy() -> set[str]:
    """Modules of the classes that stand in Scrapy's own settings: each crawl loads them."""
    values = [value for name, value in vars(default_settings).items() if name.isupper()]
    named = [each for value in values for each in (value if isinstance(value, dict) else [value])]
    paths = [str(each) for each in named if str(each).startswith("scrapy.")]
    return {path.rpartition(".")[0] for path in paths}


def serve(wishes: socket.socket) -> bool:
    """Fork once a wish; return whether this is a child, which has become what was wished for."""
    while True:
        wish, streams, *_ = socket.recv_fds(wishes, LARGEST, 2)
        if not wish:
            return False
        child = os.fork()
        if not child:
            wishes.close()
            arguments, folder, environment = json.loads(wish)
            become(arguments, folder, environment, streams)
            return True
        for stream in streams:
            os.close(stream)
        _, status = os.waitpid(child, 0)
        wishes.send(str(os.waitstatus_to_exitcode(status)).encode())


def become(
    arguments: list[str], folder: str, environment: dict[str, str], streams: list[int]
) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, stream in enumerate(streams, 1):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    sys.path[0] = folder
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["newscrawl", *arguments]


if __name__ == "__main__":
    import_all()
    if serve(socket.socket(fileno=int(sys.argv[1]))):
        main()
