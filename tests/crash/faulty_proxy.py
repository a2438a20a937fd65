"""An HTTP proxy that spoils a seeded share of the answers, each in one of several ways."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from urllib.parse import urlsplit


class Fault(StrEnum):
    """What happens to an answer."""

    RESET = "reset"
    CUT = "cut"
    SILENT = "silent"
    SHORT = "short"
    """Less than its length says."""
    BUSY = "busy"
    """429, to be asked again at once."""
    SLOW = "slow"
    """Whole, but late."""


DEADLY = tuple(fault for fault in Fault if fault is not Fault.SLOW)
"""After which a page never comes."""


class FaultyProxy:
    """Passes requests on to one server; each connection serves one request.

    ``dead`` paths fail every time; of the other ones ``share`` fails at the first request.
    """

    def __init__(self, target: str, dead: dict[str, Fault], share: float, seed: int) -> None:
        address = urlsplit(target)
        self._host, self._port = address.hostname, address.port
        self._dead = dead
        self._share = share
        self._seed = seed
        self._asked: set[str] = set()
        self.stopped = asyncio.Event()
        self.faults: Counter[Fault] = Counter()
        self.url = ""

    def _fault(self, path: str) -> Fault | None:
        if path in self._dead:
            return self._dead[path]
        chance = random.Random(f"{self._seed}{path}")
        if path in self._asked or chance.random() >= self._share:
            return None
        self._asked.add(path)
        return chance.choice(list(Fault))

    async def serve(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await self.stopped.wait()
        server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            method, url, _ = head.decode("latin-1").split(" ", 2)
            path = url.removeprefix(f"http://{self._host}:{self._port}")
            await self._respond(writer, path, await self._ask(method, path))
        writer.close()

    async def _ask(self, method: str, path: str) -> bytes:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        writer.write(f"{method} {path} HTTP/1.1\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        return answer

    async def _respond(self, writer: asyncio.StreamWriter, path: str, answer: bytes) -> None:
        fault = self._fault(path)
        if fault is None:
            writer.write(answer)
            await writer.drain()
            return
        self.faults[fault] += 1
        if fault is Fault.SILENT:
            await self.stopped.wait()
        elif fault is Fault.CUT:
            writer.write(answer[: len(answer) // 2])
            await writer.drain()
        elif fault is Fault.SHORT:
            head, _, body = answer.partition(b"\r\n\r\n")
            writer.write(head + b"\r\nContent-Length: %d\r\n\r\n" % (len(body) + 999) + body)
            await writer.drain()
        elif fault is Fault.BUSY:
            writer.write(b"HTTP/1.1 429 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
        elif fault is Fault.SLOW:
            await asyncio.sleep(0.7)
            writer.write(answer)
            await writer.drain()
        else:
            writer.transport.abort()


@contextmanager
def faulty_proxy(
    target: str, dead: dict[str, Fault], *, share: float, seed: int
) -> Iterator[FaultyProxy]:
    proxy, ready = FaultyProxy(target, dead, share, seed), threading.Event()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=_serve, args=(proxy, ready, loop))
    thread.start()
    assert ready.wait(10)
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(proxy.stopped.set)
        thread.join()


def _serve(proxy: FaultyProxy, ready: threading.Event, loop: asyncio.AbstractEventLoop) -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(proxy.serve(ready))
