"""The hostile site on the loopback address, and the port where nobody but an intruder calls."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from tests.hostile.floods import pack_bombs
from tests.hostile.site import HostileSite


class Forbidden:
    """Counts who calls at the port where nobody should, on both loopback addresses."""

    def __init__(self) -> None:
        self.calls: list[bytes] = []
        self._sockets = [self._listening(socket.AF_INET, "127.0.0.1", 0)]
        self.port: int = self._sockets[0].getsockname()[1]
        with suppress(OSError):  # not every machine has IPv6
            self._sockets.append(self._listening(socket.AF_INET6, "::1", self.port))
        for each in self._sockets:
            threading.Thread(target=self._accept, args=(each,), daemon=True).start()

    @staticmethod
    def _listening(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.bind((address, port))
        listening.listen()
        return listening

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                caller, _ = listening.accept()
                with caller:
                    caller.settimeout(1)
                    with suppress(OSError):
                        self.calls.append(caller.recv(500))

    def close(self) -> None:
        for each in self._sockets:
            each.close()


class HostileServer(socketserver.ThreadingTCPServer):
    """Serves the site; ``asked`` is called with each target before it is answered."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, forbidden: int, asked: Callable[[str], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = HostileSite(self.server_address[1], forbidden)
        self.asked = asked
        pack_bombs()

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawler that hangs up does right."""


class _Handler(socketserver.StreamRequestHandler):
    server: HostileServer

    def handle(self) -> None:
        while line := self.rfile.readline(65_536):
            target = line.split(b" ")[1].decode("latin-1") if line.count(b" ") > 1 else "/"
            while self.rfile.readline(65_536).strip():
                pass
            self.server.asked(target)
            answer = self.server.site.answer(target)
            for part in (answer,) if isinstance(answer, bytes) else answer:
                self.wfile.write(part)
            if not isinstance(answer, bytes) or b"Content-Length:" not in answer[:2_000]:
                return
