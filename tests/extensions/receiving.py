"""Real servers that alarms are sent to."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler
from typing import Any

from aiosmtpd.controller import Controller

from tests.serving import BusyServer


@dataclass
class Receiver:
    port: int
    got: list[Any] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/T0/s3cret"


@contextmanager
def webhook(status: int = 204, **headers: str) -> Iterator[Receiver]:
    """A web server that keeps what is posted to it and answers with a status."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((self.path, self.headers["Content-Type"], json.loads(body)))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def do_GET(self) -> None:
            receiver.got.append((self.path, "a redirect was followed", None))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_) -> None:
            pass

    with BusyServer(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(server.server_port)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def mail_server(**options: Any) -> Iterator[Receiver]:
    """A mail server that keeps what it accepts; nobody@ is refused."""
    receiver = Receiver(free_port())

    class Handler:
        async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802, ARG002 - aiosmtpd's name and signature
            if address.startswith("nobody@"):
                return "550 no such user"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802, ARG002 - as above
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            receiver.got.append((envelope.mail_from, envelope.rcpt_tos, message))
            return "250 OK"

    controller = Controller(Handler(), hostname="127.0.0.1", port=receiver.port, **options)
    controller.start()
    try:
        yield receiver
    finally:
        controller.stop()


@contextmanager
def silence() -> Iterator[Receiver]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Receiver(server.getsockname()[1])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
