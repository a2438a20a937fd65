"""A TCP proxy before PostgreSQL that can fall silent: it forwards nothing more, and closes nothing."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import make_url

PIECE = 1 << 16


class SilentProxy:
    """Passes bytes between 127.0.0.1 and the Unix socket of a server.

    ``cut()`` makes it silent to all connections of that moment, as a router does that has
    forgotten them; ``vanish()`` to those of later too, as if all machines behind it were gone.
    What is sent to it afterwards is taken and thrown away: nobody is told.
    """

    def __init__(self, target: str) -> None:
        self._target = target
        self._server = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = int(self._server.getsockname()[1])
        self._silent: list[threading.Event] = []
        self._gone = threading.Event()
        self._ended = threading.Event()
        self._kept: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> int:
        """Fall silent to all connections there are; return how many."""
        for each in self._silent:
            each.set()
        return len(self._silent)

    def vanish(self) -> None:
        self._gone.set()
        self.cut()

    def close(self) -> None:
        self._ended.set()
        for each in [self._server, *self._kept]:
            each.close()

    def _accept(self) -> None:
        while not self._ended.is_set():
            with suppress(OSError):
                client, _ = self._server.accept()
                self._kept.append(client)
                if not self._gone.is_set():
                    self._forward(client)

    def _forward(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._target)
        self._kept.append(server)
        silent = threading.Event()
        self._silent.append(silent)
        threading.Thread(target=self._pump, args=(client, server, silent), daemon=True).start()

    def _pump(self, client: socket.socket, server: socket.socket, silent: threading.Event) -> None:
        other = {client: server, server: client}
        with suppress(OSError, ValueError):
            while not self._ended.is_set():
                ready, _, _ = select.select([client, server], [], [], 0.2)
                pieces = [(each, each.recv(PIECE)) for each in ready]
                if silent.is_set():
                    if (client, b"") in pieces:
                        return  # it is kept open to the server
                    continue
                for each, piece in pieces:
                    other[each].sendall(piece)
                if not all(piece for _, piece in pieces):
                    break
        if not silent.is_set():
            client.close()
            server.close()


@contextmanager
def silent_proxy(url: str) -> Iterator[tuple[SilentProxy, str]]:
    """Stand before the server of a database's URL (on a Unix socket); yields proxy and new URL."""
    parsed = make_url(url)
    folder = str(parsed.query["host"])
    proxy = SilentProxy(str(Path(folder, ".s.PGSQL.5432")))
    through = parsed.set(host="127.0.0.1", port=proxy.port).difference_update_query(["host"])
    try:
        yield proxy, through.render_as_string(hide_password=False)
    finally:
        proxy.close()
