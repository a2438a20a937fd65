"""A town of hosts in a network namespace of its own: a site, its name server, and places to guard.

Every address of the namespace is the machine itself, so that whatever is asked for is heard.
"""

from __future__ import annotations

import json
import socket
import ssl
import struct
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from random import Random
from typing import ClassVar, NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

from tests.serving import BusyServer
from tests.siege import ways_of_markup as markup
from tests.siege import ways_of_scripts as scripts
from tests.siege.site import sentences

PUBLIC = {
    "www.estuary-post.com": "93.184.216.34",
    "estuary-post.com": "93.184.216.34",
    "cdn.estuary-post.com": "93.184.216.35",
    "inner.estuary-post.com": "10.0.0.2",
    "other.example": "93.184.216.99",
}
TURNING = "rebind-"
"""Names that begin so have a public address when they are asked for first, then an inner one."""
TURNED = ("93.184.216.36", "10.0.0.3")
OWN_PORT, OTHER_PORT = 8000, 8001
OPEN = {("127.0.0.1", OWN_PORT)} | {
    (f"93.184.216.{last}", port) for last in (34, 35, 36) for port in (80, 443)
}
"""Where the site is; whoever asks for another address and port was led astray."""
HONEST = 6


class Origin(NamedTuple):
    """Where the site is crawled, and where it leads."""

    name: str
    url: str

    @property
    def scheme(self) -> str:
        return urlsplit(self.url).scheme

    def targets(self, way: str) -> dict[str, str]:
        """What nobody may reach from the site, by kind; all are of the way given."""
        own = self.name != "loop"
        found = {
            "inner": f"{self.scheme}://10.0.0.1/c/{way}",
            "name": f"{self.scheme}://inner.estuary-post.com/c/{way}" if own else "",
            "port": f"http://127.0.0.1:{OTHER_PORT}/c/{way}",
            "forbidden": f"{self.url}/forbidden/{way}",
            "turned": f"{self.scheme}://{TURNING}{way}.estuary-post.com/c/{way}" if own else "",
            "local": f"http://localhost:{OTHER_PORT}/c/{way}",
            "cloud": f"http://169.254.169.254/c/{way}",
            "six": f"http://[::1]:{OTHER_PORT}/c/{way}",
            "mapped": f"http://[::ffff:10.0.0.1]/c/{way}",
            "others": f"{self.scheme}://other.example/c/{way}",
        }
        return {kind: url for kind, url in found.items() if url}


ORIGINS = (
    Origin("loop", f"http://127.0.0.1:{OWN_PORT}"),
    Origin("plain", "http://www.estuary-post.com"),
    Origin("tls", "https://www.estuary-post.com"),
)
LEAVING = {*scripts.LEAVING, *markup.LEAVING, *markup.LEAVING_HEADERS, *markup.HOPS, *markup.OWN}
"""Ways that end a page, so that each has a page for each of the first targets."""
FIRST = 4


class Said(NamedTuple):
    body: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    kind: str = "text/html; charset=utf-8"
    early: tuple[tuple[str, str], ...] = ()


def all_ways() -> list[str]:
    return [*scripts.EVERYWHERE, *markup.MARKUP, *markup.HEADERS, *markup.EARLY, *sorted(LEAVING)]


def pages(origin: Origin, ways: list[str]) -> Iterator[str]:
    """Paths of the pages of each way; pages of ways that leave have the number of their target."""
    yield from (f"/honest/{number}" for number in range(HONEST))
    for way in ways:
        count = min(FIRST, len(origin.targets(way))) if way in LEAVING else 1
        yield from (f"/w/{way}/{number}" for number in range(count))


def story(path: str, before: str = "", after: str = "") -> str:
    """A page that is empty without its script, with what an attack adds."""
    chance = Random(path)
    title = " ".join(sentences(chance).split()[:7])
    text = json.dumps("".join(f"<p>{sentences(chance)}</p>" for _ in range(5)))
    write = (
        f"document.title = {json.dumps(title)}; document.getElementById('root').innerHTML ="
        f" {json.dumps(f'<article><h1>{title}</h1>')} + {text} + '</article>';"
    )
    return (
        '<!doctype html><html><head><title>News</title></head><body><div id="root"></div>'
        f"{before}<script>{write}</script>{after}</body></html>"
    )


def honest(path: str, origin: Origin) -> str:
    """A page whose text comes by own scripts: of this host and another one, moved, as a module."""
    other = "https://cdn.estuary-post.com" if origin.scheme == "https" else ""
    other = "http://cdn.estuary-post.com" if origin.name == "plain" else other
    number = path.rpartition("/")[2]
    moved = f"/hop?to={quote(f'/data/{number}/a')}"
    return (
        '<!doctype html><html><head><title>News</title></head><body><div id="root"></div>'
        f'<script>window.parts = {{}}; window.number = "{number}"; window.other = "{other}";'
        f'window.moved = "{moved}";</script><script src="/app.js"></script></body></html>'
    )


APP = """
const show = () => {
  if (Object.keys(parts).length < 4) return;
  const text = ['a', 'b', 'c', 'd'].map(each => '<p>' + parts[each] + '</p>').join('');
  document.title = 'The harbour report number ' + number;
  document.getElementById('root').innerHTML =
    '<article><h1>The harbour report number ' + number + '</h1>' + text + '</article>';
};
const got = name => text => { parts[name] = text; show(); };
fetch(moved).then(r => r.text()).then(got('a'));
const x = new XMLHttpRequest(); x.open('GET', '/data/' + number + '/b');
x.onload = () => got('b')(x.responseText); x.send();
import('/module.js').then(m => m.load(other + '/data/' + number + '/c')).then(got('c'));
const code = `fetch('${location.origin}/data/${number}/d').then(r => r.text()).then(t => postMessage(t))`;
const w = new Worker(URL.createObjectURL(new Blob([code])));
w.onmessage = message => got('d')(message.data);
"""
MODULE = "export const load = url => fetch(url).then(r => r.text());"
SCRIPTS = {
    "/app.js": APP,
    "/module.js": MODULE,
    "/sw.js": "addEventListener('install', e => e.waitUntil(fetch({t}, {{mode: 'no-cors'}})));",
    "/swimport.js": "importScripts({t});",
    "/swmodule.js": "import {t};",
    "/swsocket.js": "new WebSocket({t}.replace(/^http/, 'ws'));",
}


def attack(way: str, number: int, origin: Origin) -> Said:
    """What a browser gets on the page of a way."""
    path = f"/w/{way}/{number}"
    targets = list(origin.targets(way).values())
    hops = [f"{origin.url}/hop?to={quote(each, safe='')}" for each in targets]
    if way in LEAVING:
        targets, hops = [targets[number]], [hops[number]]
    code = {**scripts.EVERYWHERE, **scripts.LEAVING}.get(way)
    if code is not None:
        loop = f"for (const t of {json.dumps(targets)}) try {{ {code} }} catch (e) {{}}"
        return Said(story(path, f"<script>{scripts.HELP}{loop}</script>"))
    shape = {**markup.MARKUP, **markup.LEAVING}.get(way)
    both = list(zip(targets, hops, strict=True))
    if shape is not None:
        return Said(story(path, "".join(shape.format(t=escape(t), h=escape(h)) for t, h in both)))
    if way in markup.HOPS:
        return Said("", markup.HOPS[way], (("Location", targets[0]),))
    if way in markup.OWN:
        return Said("", 302, (("Location", hops[0]),))
    if way in markup.EARLY:
        name, value = markup.EARLY[way]
        return Said(story(path), early=tuple((name, value.format(t=t)) for t in targets))
    said = {**markup.HEADERS, **markup.LEAVING_HEADERS}[way]
    headers = [
        (name, value.format(t=t, h=h, host=urlsplit(t).netloc))
        for t, h in both
        for name, value in said
    ]
    return Said(story(path, '<img src="/x.png">'), headers=tuple(headers))


class Town:
    """What the site answers, and what was asked of whom."""

    def __init__(self, ways: list[str]) -> None:
        self.ways = ways
        self.origin = ORIGINS[0]
        self.asked: list[tuple[str, int, str]] = []
        self.attacked: set[str] = set()
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()

    def begin(self, origin: Origin) -> None:
        self.origin = origin
        self._seen.clear()

    def answer(self, address: str, port: int, target: str) -> Said:
        path = urlsplit(target).path
        with self._lock:
            self.asked.append((address, port, target))
            self._seen[path] += 1
            times = self._seen[path]
        if path.startswith("/w/"):
            return self._way(path, times)
        return self._own(path, target)

    def _own(self, path: str, target: str) -> Said:
        match path.split("/")[1]:
            case "":
                said = Said(self._front())
            case "robots.txt":
                said = Said("User-agent: *\nDisallow: /forbidden/\n", kind="text/plain")
            case "hop":
                said = _hop(target)
            case "data":
                said = Said(" ".join(sentences(Random(path + str(n))) for n in range(2)))
            case "honest":
                said = Said(honest(path, self.origin))
            case "c" | "forbidden":
                said = Said("let x = 1;", kind="text/javascript")
            case _:
                said = _script(path, target) if path in SCRIPTS else Said("not here", 404)
        return said

    def _front(self) -> str:
        cards = "".join(
            f'<article><h2><a href="{path}">A headline of some length for {path}</a></h2></article>'
            for path in pages(self.origin, self.ways)
        )
        return f"<!doctype html><html><body><main><h1>The Estuary Post</h1>{cards}</main></body>"

    def _way(self, path: str, times: int) -> Said:
        """The first who asks has no browser."""
        if times == 1:
            return Said(story(path))
        _, _, way, number = path.split("/")
        with self._lock:
            self.attacked.add(way)
        return attack(way, int(number), self.origin)


def _hop(target: str) -> Said:
    asked = parse_qs(urlsplit(target).query)
    return Said("", int(asked.get("status", ["302"])[0]), (("Location", asked["to"][0]),))


def _script(path: str, target: str) -> Said:
    to = parse_qs(urlsplit(target).query).get("t")
    code = SCRIPTS[path].format(t=json.dumps(to[0])) if to else SCRIPTS[path]
    return Said(code, kind="text/javascript")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    town: ClassVar[Town]

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        address, port = self.connection.getsockname()[:2]
        said = self.town.answer(address.removeprefix("::ffff:"), port, self.path)
        body = said.body.encode()
        if said.early:
            lines = "".join(f"{name}: {value}\r\n" for name, value in said.early)
            self.wfile.write(f"HTTP/1.1 103 Early Hints\r\n{lines}\r\n".encode())
        self.send_response(said.status)
        cors = ("Access-Control-Allow-Origin", "*")
        for name, value in (*said.headers, ("Content-Type", said.kind), cors):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_OPTIONS = do_HEAD = do_GET  # noqa: N815 - the names are the library's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is the library's
        pass


class Server(BusyServer):
    address_family = socket.AF_INET6

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()

    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up, hangs up."""


def open_town(town: Town, folder: Path) -> None:
    """Serve on all addresses of the namespace, by threads that end with the process."""
    Handler.town = town
    for port in (80, 443, OWN_PORT, OTHER_PORT):
        server = Server(("::", port), Handler)
        if port == 443:
            server.socket = _with_tls(server.socket, folder)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind(("127.0.0.1", 53))
    threading.Thread(target=_tell_names, args=(names,), daemon=True).start()


def _with_tls(plain: socket.socket, folder: Path) -> ssl.SSLSocket:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    files = ["-keyout", str(key), "-out", str(certificate), "-subj", "/CN=www.estuary-post.com"]
    subprocess.run([*command, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)


def _tell_names(names: socket.socket) -> None:
    asked: Counter[str] = Counter()
    while True:
        data, who = names.recvfrom(1024)
        labels, at = [], 12
        while data[at]:
            labels.append(data[at + 1 : at + 1 + data[at]].decode("latin-1").lower())
            at += data[at] + 1
        question, (kind,) = data[12 : at + 5], struct.unpack("!H", data[at + 1 : at + 3])
        name = ".".join(labels)
        address = PUBLIC.get(name)
        if name.startswith(TURNING) and kind == 1:
            address = TURNED[min(asked[name], 1)]
            asked[name] += 1
        known = address is not None or name.startswith(TURNING)
        flags = 0x8180 if known else 0x8183
        has = int(address is not None and kind == 1)
        answer = b"\xc0\x0c\x00\x01\x00\x01" + bytes(4) + b"\x00\x04" if has else b""
        answer += socket.inet_aton(address) if has and address else b""
        head = data[:2] + struct.pack("!HHHHH", flags, 1, has, 0, 0)
        names.sendto(head + question + answer, who)
