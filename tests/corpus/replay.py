"""An archive of our own: lists captures by CDX, and shows each as it was (``id_``)."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.commands.gazette import Answer, Handler
from tests.serving import BusyServer

SHOWN = re.compile(r"/coll/(\d{14})id_/(.*)")


class Capture(NamedTuple):
    """What was captured of a URL; ``wait`` is how many seconds the archive takes to show it."""

    timestamp: str
    url: str
    answer: Answer
    wait: float = 0.0
    digest: str = ""


class Replay(BusyServer):
    """``hits`` are the paths that were asked for, in order; ``cdx`` is answered in place of a list."""

    def __init__(self, captures: Sequence[Capture], robots: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.captures = list(captures)
        self.robots = robots
        self.cdx: Answer | None = None
        self.hits: list[str] = []

    @property
    def collection(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/coll/"

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Which captures were asked for, by time and URL."""
        found = map(SHOWN.fullmatch, self.hits)
        return [(each[1], each[2]) for each in found if each is not None]

    def answer(self, path: str) -> Answer:
        self.hits.append(path)
        shown = SHOWN.fullmatch(path)
        if path == "/robots.txt":
            return Answer(body=self.robots, type="text/plain")
        if shown:
            return self._shown(shown[1], shown[2])
        if urlsplit(path).path == "/coll/cdx":
            return self.cdx or self._listed(parse_qs(urlsplit(path).query))
        return Answer(404)

    def _listed(self, query: dict[str, list[str]]) -> Answer:
        since = query.get("from", [""])[0]
        rows = [_row(each) for each in self.captures if each.timestamp >= since]
        lines = (json.dumps(row) for row in sorted(rows, key=lambda row: row["urlkey"]))
        return Answer(body="".join(f"{line}\n" for line in lines), type="text/x-ndjson")

    def _shown(self, timestamp: str, url: str) -> Answer:
        """Return the capture of a URL that is nearest in time."""
        own = [each for each in self.captures if each.url == url]
        if not own:
            return Answer(404)
        nearest = min(own, key=lambda each: abs(int(each.timestamp) - int(timestamp)))
        time.sleep(nearest.wait)
        at = datetime.strptime(nearest.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        memento = ("Memento-Datetime", format_datetime(at, usegmt=True))
        return nearest.answer._replace(headers=(*nearest.answer.headers, memento))

    def handle_error(self, request: object, client_address: object) -> None:
        """A killed crawl hangs up."""


def _row(capture: Capture) -> dict[str, str]:
    own = hashlib.sha1(capture.answer.body.encode(), usedforsecurity=False).hexdigest()
    return {
        "urlkey": f"{capture.url} {capture.timestamp}",
        "timestamp": capture.timestamp,
        "url": capture.url,
        "mime": "text/html",
        "status": "200",
        "digest": capture.digest or own,
    }


@contextmanager
def replay(*captures: Capture, robots: str = "") -> Iterator[Replay]:
    with Replay(captures, robots) as archive:
        threading.Thread(target=archive.serve_forever, daemon=True).start()
        yield archive
        archive.shutdown()


class Silent(NamedTuple):
    """A port where somebody counts who knocks."""

    url: str
    knocks: list[object]


@contextmanager
def live_host() -> Iterator[Silent]:
    """The site's own host, which nobody may ask: each connection is noted and closed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        site = Silent(f"http://127.0.0.1:{listener.getsockname()[1]}/", [])

        def listen() -> None:
            while True:
                try:
                    connection, peer = listener.accept()
                except OSError:
                    return
                site.knocks.append(peer)
                connection.close()

        threading.Thread(target=listen, daemon=True).start()
        yield site
        listener.shutdown(socket.SHUT_RDWR)
