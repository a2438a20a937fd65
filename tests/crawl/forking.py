"""Commands as processes that are forked from one which has imported everything.

Starting Python and importing Scrapy, SQLAlchemy and newscrawl takes a second of CPU, which hundreds
of tests would spend each time. What is started here is otherwise a process like any other: its own
arguments, environment, folder and streams, and its settings are read anew.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from tempfile import TemporaryFile
from typing import IO, Any, Self

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


class Started:
    """A process of a nursery's, with what is used of ``subprocess.Popen``."""

    def __init__(self, arguments: Sequence[str], told: socket.socket, *streams: IO[bytes]) -> None:
        self._told = told
        self._streams = streams
        self._said = ["", ""]
        self.args = [*arguments]
        self.returncode: int | None = None
        told.settimeout(LONGEST_SECONDS)
        self.pid = int(told.recv(LARGEST))

    def poll(self) -> int | None:
        with contextlib.suppress(BlockingIOError):
            self._ends_within(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        try:
            return self._ends_within(timeout)
        except TimeoutError:
            raise subprocess.TimeoutExpired(self.args, timeout or 0) from None

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        self.wait(timeout)
        out, err = self._said
        return out, err

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ends_within(self, seconds: float | None) -> int:
        if self.returncode is None:
            self._told.settimeout(seconds)
            self.returncode = int(self._told.recv(LARGEST))
            self._told.close()
            self._said = [read_all(stream) for stream in self._streams]
        return self.returncode


def read_all(stream: IO[bytes]) -> str:
    with stream:
        stream.seek(0)
        return stream.read().decode()


class Nursery:
    """The process that forks, for as long as a ``with`` block lasts; in an environment, if given."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = environment

    def __enter__(self) -> Self:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "tests.crawl.forking", str(theirs.fileno())]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], cwd=ROOT, env=self._environment
        )
        theirs.close()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._process.wait(LONGEST_SECONDS)

    def run(
        self,
        arguments: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        code: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Run ``newscrawl`` with these arguments, or what ``python -c`` would be given."""
        started = self.start(arguments, folder=folder, environment=environment, code=code)
        told = started.communicate(LONGEST_SECONDS)
        return subprocess.CompletedProcess([*arguments], started.wait(), *told)

    def start(
        self,
        arguments: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        code: str = "",
    ) -> Started:
        """As :meth:`run`, without waiting for it; threads may do so at the same time."""
        wanted = json.dumps([list(arguments), str(folder), dict(environment), code]).encode()
        told, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        out, err = TemporaryFile(), TemporaryFile()  # noqa: SIM115 - closed when the process has ended
        with theirs:
            given = [theirs.fileno(), out.fileno(), err.fileno()]
            socket.send_fds(self._socket, [wanted], given)
        return Started(arguments, told, out, err)


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


def serve(wishes: socket.socket) -> Callable[[], object] | None:
    """Fork once a wish; return what a child has become, and in the end nothing."""
    with DefaultSelector() as selector:
        selector.register(wishes, EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.data:
                    selector.unregister(key.fd)
                    settle(key.fd, *key.data)
                    continue
                wish, streams, *_ = socket.recv_fds(wishes, LARGEST, 3)
                if not wish:
                    return None
                child = os.fork()
                if not child:
                    leave(selector)
                    return become(json.loads(wish), streams)
                told = socket.socket(fileno=streams[0])
                told.send(str(child).encode())
                selector.register(os.pidfd_open(child), EVENT_READ, (child, told))
                for stream in streams[1:]:
                    os.close(stream)


def settle(ended: int, child: int, told: socket.socket) -> None:
    """Tell how a child ended, if anybody still listens."""
    os.close(ended)
    _, status = os.waitpid(child, 0)
    with told, contextlib.suppress(BrokenPipeError):
        told.send(str(os.waitstatus_to_exitcode(status)).encode())


def leave(selector: DefaultSelector) -> None:
    """Let go, in a child, of what only its parent needs."""
    for key in selector.get_map().values():
        if isinstance(key.fileobj, socket.socket):
            key.fileobj.close()
        else:
            os.close(key.fd)
            key.data[1].close()


def become(wish: list[Any], streams: list[int]) -> Callable[[], object]:
    arguments, folder, environment, code = wish
    os.close(streams[0])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, stream in enumerate(streams[1:], 1):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    sys.path[0] = folder
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["-c" if code else "newscrawl", *arguments]
    return partial(exec, code, {"__name__": "__main__"}) if code else main


if __name__ == "__main__":
    import_all()
    if wished := serve(socket.socket(fileno=int(sys.argv[1]))):
        wished()
