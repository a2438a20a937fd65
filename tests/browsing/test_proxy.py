"""The proxy of the browser within a real crawl: what it lets out, and what it does not."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.serving import BusyServer

RIG = Path(__file__).with_name("rig.py")
ROBOTS = b"User-agent: *\nDisallow: /forbidden/\n"
SHOWN = "Proxy-Authorization: {secret}\r\n"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/slow":
            self.server.gate.wait(20)
        if self.path == "/hints":
            self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n")
        said = {"/robots.txt": ROBOTS, "/large": b"x" * 500_000}.get(self.path, b"hello " + body)
        self.send_response({"/407": 407, "/101": 101}.get(self.path, 200))
        self.send_header("Content-Type", "text/plain")
        self.send_header("Alt-Svc", 'h3=":443"')
        self.send_header("Keep-Alive", "timeout=5")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_POST = do_GET  # noqa: N815 - the name is the library's

    def do_CONNECT(self) -> None:
        """A proxy that a user has: joins to whatever is asked for."""
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as there:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=pump, args=(there, self.connection), daemon=True)
            back.start()
            pump(self.connection, there)
            back.join()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is the library's
        pass


def pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


class Server(BusyServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.gate = threading.Event()

    @property
    def netloc(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up, hangs up."""


@contextmanager
def serving(folder: Path | None = None) -> Iterator[Server]:
    """Serve, by TLS where a folder for the certificate is given."""
    with Server() as server:
        if folder is not None:
            server.socket = certified(folder).wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.gate.set()
        server.shutdown()


def certified(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "own.example")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "both.pem"
    signed = built.sign(key, hashes.SHA256())
    path.write_bytes(key.private_bytes(pem, *plain) + signed.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


class Rigged(NamedTuple):
    answers: list[str]
    refused: int


def run(sites: list[str], steps: list[Any], folder: Path, **environment: str) -> Rigged:
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, str(RIG), ",".join(sites), json.dumps(steps)],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": root, **environment},
        timeout=120,
    )
    assert done.stdout, done.stderr
    assert "Traceback" not in done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    return Rigged(found["answers"], found["refused"])


def get(url: str, more: str = SHOWN) -> str:
    host = url.split("/")[2]
    return f"GET {url} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n"


def connect(netloc: str, then: str) -> list[str]:
    return [f"CONNECT {netloc} HTTP/1.1\r\nHost: {netloc}\r\n{SHOWN}\r\n", then]


INNER = "GET /page HTTP/1.1\r\nHost: own.example\r\nConnection: close\r\n\r\n"


def secure(server: Server) -> str:
    return f"https://{server.netloc}/page"


def ways(own: str, other: str) -> dict[str, Any]:
    """What is sent to the proxy for a page of ``own``; ``other`` is another port of its host."""
    return {
        "page": get(f"{own}/page"),
        "without": get(f"{own}/without", ""),
        "guessed": get(f"{own}/guessed", "Proxy-Authorization: Basic cGFnZTp4\r\n"),
        "forbidden": get(f"{own}/forbidden/a"),
        "ownport": get(f"{other}/ownport"),
        "others": get(f"{other.replace('127.0.0.1', 'localhost')}/others"),
        "worker": get(f"{own}/worker", SHOWN + "Service-Worker: script\r\n"),
        "prefetch": get(f"{own}/prefetch", SHOWN + "Sec-Purpose: prefetch\r\n"),
        "chunked": get(f"{own}/chunked", SHOWN + "Transfer-Encoding: chunked\r\n"),
        "userinfo": get(own.replace("//", "//a@") + "/userinfo"),
        "ftp": get(own.replace("http", "ftp") + "/ftp"),
        "garbage": f"\x16\x03\x01 garbage\r\n{SHOWN}\r\n",
        "folded": get(f"{own}/folded", f"{SHOWN}X: a\r\n b\r\n"),
        "hints": get(f"{own}/hints"),
        "407": get(f"{own}/407"),
        "101": get(f"{own}/101"),
        "large": get(f"{own}/large"),
        "second": get(f"{own}/slow") + get(f"{own}/second"),
        "post": f"POST {own}/post HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n{SHOWN}\r\nyou",
        "socket": connect(own[7:], "GET /socket HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
        "socketport": connect(other[7:], "GET /socket HTTP/1.1\r\n\r\n"),
    }


class Asked(NamedTuple):
    answers: dict[str, str]
    refused: int
    own: Server
    other: Server
    tls: Server


@pytest.fixture(scope="module")
def asked(tmp_path_factory) -> Iterator[Asked]:
    folder = tmp_path_factory.mktemp("proxy")
    with serving() as own, serving() as other, serving(folder) as tls:
        one, two, page = f"http://{own.netloc}", f"http://{other.netloc}", secure(tls)
        asking = ways(one, two)
        steps = [[f"{one}/page", sent] for sent in asking.values()]
        steps.append([f"{one}/revoked", get(f"{one}/slow")])
        steps.append([page, connect(tls.netloc, INNER)])
        steps.append([page, connect(other.netloc, INNER)])
        steps.append([page, connect(tls.netloc, INNER.replace("page", "socket") + "Upgrade")])
        found = run([f"{one}/page", page], steps, folder)
        answers = dict(
            zip(
                [*asking, "revoked", "tls", "tunnelport", "socket by tls"],
                found.answers,
                strict=True,
            )
        )
        yield Asked(answers, found.refused, own, other, tls)


def test_a_page_gets_what_it_may_ask_for(asked):
    head, _, body = asked.answers["page"].partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 200 ")
    assert body == "hello "


def test_an_answer_loses_what_was_meant_for_the_proxy(asked):
    head = asked.answers["page"].partition("\r\n\r\n")[0].lower()
    assert "connection: close" in head
    assert "keep-alive" not in head
    assert "alt-svc" not in head


def test_a_site_hears_neither_the_secret_nor_another_host(asked):
    (headers,) = [headers for _, path, headers in asked.own.asked if path == "/post"]
    assert headers["Host"] == asked.own.netloc
    assert "Proxy-Authorization" not in headers
    assert asked.answers["post"].endswith("hello you")


@pytest.mark.parametrize("way", ["without", "guessed"])
def test_who_does_not_show_the_secret_gets_nothing(way, asked):
    assert asked.answers[way].startswith("HTTP/1.1 407 ")
    assert f"/{way}" not in asked.own.paths()


@pytest.mark.parametrize(
    "way",
    [
        *("forbidden", "ownport", "others", "worker", "prefetch", "chunked", "userinfo", "ftp"),
        *("garbage", "folded", "407", "101"),
    ],
)
def test_what_may_not_be_asked_for_is_closed_without_a_word(way, asked):
    assert asked.answers[way] in {"", "<ConnectionResetError>"}


@pytest.mark.parametrize("way", ["worker", "prefetch", "chunked", "userinfo", "ftp", "folded"])
def test_what_is_closed_was_not_passed_on(way, asked):
    assert f"/{way}" not in asked.own.paths()


def test_what_robots_txt_forbids_is_not_asked_for(asked):
    assert not [path for path in asked.own.paths() if path.startswith("/forbidden")]


def test_nobody_asks_another_port_of_the_site_or_another_host(asked):
    assert asked.other.asked == []
    assert asked.refused >= 3


@pytest.mark.parametrize("way", ["socket", "socketport", "tunnelport"])
def test_a_tunnel_is_for_tls_to_the_site_only(way, asked):
    assert asked.answers[way].partition("\r\n\r\n")[2] in {"", "<ConnectionResetError>"}
    assert "/socket" not in asked.own.paths()


def test_a_socket_by_tls_is_known_by_what_it_offers(asked):
    assert "hello" not in asked.answers["socket by tls"]
    assert "/socket" not in asked.tls.paths()
    assert "/page" in asked.tls.paths()


def test_hints_before_an_answer_are_left_out(asked):
    assert asked.answers["hints"].startswith("HTTP/1.1 200 ")
    assert "preload" not in asked.answers["hints"]


def test_a_page_gets_so_many_bytes_and_no_more(asked):
    assert 0 < len(asked.answers["large"]) < 410_000


def test_a_second_request_on_a_connection_is_not_passed_on(asked):
    assert "/second" not in asked.own.paths()


def test_a_page_that_is_closed_loses_its_connections(asked):
    assert asked.answers["revoked"] in {"", "<ConnectionResetError>"}


def test_a_tunnel_by_tls_carries_what_the_page_asks_for(asked):
    assert asked.answers["tls"].endswith("hello ")


def test_the_proxy_of_the_environment_is_used_with_its_own_password(tmp_path):
    with serving() as upstream, serving(tmp_path) as own:
        plain, tls = f"http://{upstream.netloc}/page", secure(own)
        proxy = f"http://user:word@{upstream.netloc}"
        found = run(
            [plain, tls],
            [[plain, get(plain)], [tls, connect(own.netloc, INNER)]],
            tmp_path,
            http_proxy=proxy,
            https_proxy=proxy,
            no_proxy="",
        )
    assert [each.endswith("hello ") for each in found.answers] == [True, True]
    said = {headers.get("Proxy-Authorization") for _, _, headers in upstream.asked}
    assert said == {"Basic dXNlcjp3b3Jk"}
    whole = [path for method, path, _ in upstream.asked if method == "GET"]
    assert whole.count(plain) == 2  # the crawl's own, and that of the page
    tunnels = [path for method, path, _ in upstream.asked if method == "CONNECT"]
    assert tunnels.count(own.netloc) >= 2


def test_no_proxy_counts_for_the_browser_too(tmp_path):
    with serving() as own:
        page = f"http://{own.netloc}/page"
        dead = "http://127.0.0.1:9"
        environment = {"http_proxy": dead, "no_proxy": "127.0.0.1"}
        found = run([page], [[page, get(page)]], tmp_path, **environment)
    assert found.answers[0].endswith("hello ")
