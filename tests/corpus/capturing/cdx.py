"""A CDX server whose every answer a test decides, byte for byte."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.serving import BusyServer


class Answer(NamedTuple):
    """``cut`` is how many bytes of the body are sent of those that are promised."""

    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = {}
    cut: int | None = None
    says_length: bool = True


@dataclass
class CdxSite:
    port: int
    answer: Callable[[Mapping[str, str]], Answer]
    asked: list[dict[str, str]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/coll/cdx"


def row(number: int = 1, **fields: str) -> dict[str, str]:
    """A capture as pywb writes it; each number is another page, day and place."""
    plain = {
        "urlkey": f"com,gazette)/story-{number}",
        "timestamp": f"202510{number:02}120000",
        "url": f"https://gazette.com/story-{number}",
        "mime": "text/html",
        "status": "200",
        "digest": f"{'A' * 30}{number:02}".translate(str.maketrans("0189", "QRST")),
        "length": "500",
        "offset": str(1000 * number),
        "filename": "crawl-data/one.warc.gz",
    }
    return {**plain, **fields}


def json_lines(*rows: Mapping[str, str]) -> str:
    return "".join(f"{json.dumps(each)}\n" for each in rows)


def cdx11(*rows: Mapping[str, str]) -> str:
    names = ("urlkey", "timestamp", "url", "mime", "status", "digest", "", "", "length", "offset")
    lines = [" ".join(each.get(name, "-") for name in (*names, "filename")) for each in rows]
    return "\n".join([" CDX N b a m s k r M S V g", *lines, ""])


def wayback(*rows: Mapping[str, str], resume: str = "") -> str:
    """An array a line, as a Wayback machine answers with ``output=json``."""
    names = ("urlkey", "timestamp", "url", "mime", "status", "digest", "length", "offset")
    head = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
    arrays = [[*head, "offset", "filename"]]
    arrays += [[each[name] for name in (*names, "filename")] for each in rows]
    if resume:
        arrays += [[], [resume]]
    return "[" + ",\n".join(map(json.dumps, arrays)) + "]\n"


@contextmanager
def cdx_server(answer: Callable[[Mapping[str, str]], Answer]) -> Iterator[CdxSite]:
    """Serves what ``answer`` returns for the parameters of a request."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            query = {name: each[0] for name, each in parse_qs(urlsplit(self.path).query).items()}
            site.asked.append(query)
            site.agents.append(self.headers["User-Agent"])
            given = site.answer(query)
            body = given.body.encode()
            self.send_response(given.status)
            for name, value in given.headers.items():
                self.send_header(name, value)
            if given.says_length:
                self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body[: given.cut])
            self.close_connection = True

        def log_message(self, *_) -> None:
            pass

    with BusyServer(("127.0.0.1", 0), Handler) as server:
        site = CdxSite(server.server_port, answer)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
