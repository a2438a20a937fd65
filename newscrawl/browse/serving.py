"""Serving the pages to this machine alone."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from starlette.applications import Starlette

ADDRESS = "127.0.0.1"
WAITING = 64
"""Connections that may wait to be taken."""


def serve(app: Starlette, port: int, ready: Callable[[str], None]) -> None:
    """Serve until the process is told to end; ``ready`` is called with the URL. Port 0 is any.

    Raises:
        OSError: the port is taken.
    """
    with socket.socket() as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((ADDRESS, port))
        opened.listen(WAITING)
        ready(f"http://{ADDRESS}:{opened.getsockname()[1]}/")
        config = uvicorn.Config(
            app, log_level="warning", lifespan="off", server_header=False, access_log=False
        )
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[opened])
