"""Whether a site that cannot be read ends a run in red, at first sight and after good runs."""

from __future__ import annotations

import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from itertools import product
from pathlib import Path
from typing import NamedTuple

from tests.crawl.crawling import ENVIRONMENT, Crawl
from tests.crawl.forking import Nursery
from tests.truth.sites import NOT_FOUND, Answer, Handler, Respond, Site, news, out_of, serving

ARTICLES = range(4)
QUICK = {"NEWSCRAWL_BACKOFF": "0.05", "DOWNLOAD_TIMEOUT": "2", "RETRY_TIMES": "1"}
GOOD_RUNS = 3
JOBS = 4
RESOLVER = """
from newscrawl.middlewares.addresses import GuardedResolver
from twisted.internet.defer import succeed

class Resolver(GuardedResolver):
    def getHostByName(self, name, timeout=()):
        return succeed("127.0.0.1")
"""

Serve = Callable[[int], AbstractContextManager[object]]


def everywhere(answer: Answer) -> Respond:
    """Answer everything so, but for robots.txt, of which there is none."""
    return lambda handler: NOT_FOUND if handler.path == "/robots.txt" else answer


def always(answer: Answer | None) -> Respond:
    return lambda _: answer


CHALLENGE = Answer(
    body="<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>"
    "<noscript>Enable JavaScript and cookies to continue</noscript>"
    '<form id="challenge-form" action="/?__cf_chl=1"></form>'
    '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/jsch/v1"></script></body></html>'
)
LOGIN = Answer(
    body="<html><head><title>Sign in</title></head><body><main><h1>Sign in to read on</h1>"
    '<form action="/login" method="post"><label>Email <input name="email" type="email"></label>'
    '<label>Password <input name="password" type="password"></label><button>Sign in</button></form>'
    '<a href="/forgot">Forgot your password?</a> <a href="/register">Create an account</a>'
    "</main></body></html>"
)
PARKED = Answer(
    body="<html><head><title>portpaper.example is for sale</title></head><body><h1>portpaper.example</h1>"
    '<p>This domain may be for sale. <a href="https://broker.example/buy?d=portpaper">Buy it</a></p>'
    '<ul><li><a href="/?q=insurance">Insurance</a></li><li><a href="/?q=loans">Loans</a></li>'
    '<li><a href="/?q=travel">Travel</a></li><li><a href="/privacy">Privacy</a></li></ul></body></html>'
)
SHELL = Answer(
    body='<html><head><title>News</title></head><body><div id="app"></div>'
    '<script src="/bundle.js"></script></body></html>'
)
AWAY = Answer(301, headers=(("Location", "https://another-paper.example/"),))
ROBOTS = "User-agent: *\nDisallow: /\n"


def forbidding(handler: Handler) -> Answer:
    if handler.path == "/robots.txt":
        return Answer(body=ROBOTS, type="text/plain")
    return out_of(news(ARTICLES))(handler) or NOT_FOUND


def without_robots(answer: Answer | None) -> Respond:
    """Serve the site, but answer robots.txt so."""

    def respond(handler: Handler) -> Answer | None:
        return answer if handler.path == "/robots.txt" else out_of(news(ARTICLES))(handler)

    return respond


@contextmanager
def nobody(_: int) -> Iterator[None]:
    """Nothing listens."""
    yield


@contextmanager
def garbage(port: int) -> Iterator[None]:
    """Something listens that does not speak HTTP."""
    with listening(port, b"\x16\x03 this is no HTTP\r\n\r\n"):
        yield


@contextmanager
def silence(port: int) -> Iterator[None]:
    """Something listens and never answers."""
    with listening(port, b""):
        yield


@contextmanager
def listening(port: int, says: bytes) -> Iterator[None]:
    kept: list[socket.socket] = []
    server = socket.create_server(("127.0.0.1", port))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            if says:
                connection.recv(65536)
                connection.sendall(says)
                connection.close()
            else:
                kept.append(connection)

    threading.Thread(target=serve, daemon=True).start()
    yield
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    for each in kept:
        each.close()


def on(respond: Respond) -> Serve:
    return lambda port: serving(respond, port)


class Dead(NamedTuple):
    """A dead site: how it is served, and the words a run may end with."""

    serve: Serve
    words: tuple[str, ...]
    scheme: str = "http"
    named: bool = False


DEAD: dict[str, Dead] = {
    "refused": Dead(nobody, ("unreachable",)),
    "no-such-name": Dead(nobody, ("unreachable",), named=True),
    "403": Dead(on(everywhere(Answer(403, "<h1>Forbidden</h1>"))), ("blocked",)),
    "certificate": Dead(on(out_of(news(ARTICLES))), ("unreachable",), scheme="https"),
    "challenge": Dead(on(everywhere(CHALLENGE)), ("blocked",)),
    "login": Dead(on(everywhere(LOGIN)), ("blocked", "nothing_found")),
    "off-site": Dead(on(everywhere(AWAY)), ("moved",)),
    "parked": Dead(on(everywhere(PARKED)), ("nothing_found",)),
    "500": Dead(on(always(Answer(500, "<h1>Error</h1>"))), ("unreachable", "waiting")),
    "robots-forbid": Dead(on(forbidding), ("forbidden",)),
    "robots-500": Dead(on(without_robots(Answer(500))), ("unreachable", "waiting")),
    "robots-reset": Dead(on(without_robots(None)), ("unreachable",)),
    "reset": Dead(on(always(None)), ("unreachable",)),
    "garbage": Dead(garbage, ("unreachable",)),
    "silence": Dead(silence, ("unreachable",)),
    "500-but-robots": Dead(on(everywhere(Answer(500))), ("unreachable",)),
    "404": Dead(on(always(NOT_FOUND)), ("unreachable",)),
    "401": Dead(on(everywhere(Answer(401))), ("blocked",)),
    "empty-shell": Dead(on(everywhere(SHELL)), ("nothing_found",)),
    "empty": Dead(on(everywhere(Answer())), ("nothing_found",)),
}


def certificate(folder: Path) -> Path:
    """Make a certificate that nobody has signed, with its key, in one file."""
    path = folder / "certificate.pem"
    if not path.exists():
        made = f"-newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout {path} -out {path}.crt"
        command = ["openssl", "req", "-x509", *made.split()]
        subprocess.run(command, check=True, capture_output=True)
        path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


class Trial:
    """Runs of one site in a folder of their own."""

    def __init__(self, name: str, folder: Path, nursery: Nursery) -> None:
        self.name, self.dead = name, DEAD[name]
        self.crawl = Crawl(folder)
        self.folder = folder
        self.nursery = nursery
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        host = "port-paper.invalid" if self.dead.named else "127.0.0.1"
        self.url = f"{self.dead.scheme}://{host}:{self.port}/"
        (folder / "names.py").write_text(RESOLVER)

    def serving(self, serve: Serve) -> AbstractContextManager[object]:
        return self._secure(serve) if self.dead.scheme == "https" else serve(self.port)

    @contextmanager
    def _secure(self, serve: Serve) -> Iterator[object]:
        with serve(self.port) as site:
            assert isinstance(site, Site)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate(self.folder))
            site.socket = context.wrap_socket(site.socket, server_side=True)
            yield site

    def run(self, **settings: str) -> tuple[int, str, str]:
        """Crawl; return the status, the reason of the run and what was said."""
        arguments = self.crawl.arguments(
            "site", "-a", f"url={self.url}", settings={**QUICK, **settings}
        )
        process = self.nursery.run(arguments, folder=self.folder, environment=ENVIRONMENT)
        return process.returncode, self.crawl.runs()[-1]["reason"], process.stderr

    def good_runs(self) -> Iterator[str]:
        settings = {"DOWNLOAD_VERIFY_CERTIFICATES": "False"}
        if self.dead.named:
            settings["TWISTED_DNS_RESOLVER"] = "names.Resolver"
        with self.serving(on(out_of(news(ARTICLES)))):
            for number in range(GOOD_RUNS):
                status, reason, _ = self.run(**settings)
                if (status, reason) != (0, "finished"):
                    yield f"{self.name}: good run {number + 1} ended as {reason}, status {status}"

    def judged(self, *, runs: int) -> Iterator[str]:
        with self.serving(self.dead.serve):
            for number in range(runs):
                status, reason, said = self.run()
                case = f"{self.name}: dead run {number + 1}: {reason}, status {status}"
                if status == 0:
                    yield f"{case}: silent"
                if reason not in (*self.dead.words, "waiting")[: None if number else -1]:
                    yield f"{case}: not {' or '.join(self.dead.words)}"
                if "Traceback" in self.crawl.log or "alarm: " not in said:
                    yield f"{case}: {' '.join(said.split())[-300:]}"


def tried(case: tuple[str, bool], folder: Path, nursery: Nursery) -> list[str]:
    name, after_good = case
    trial = Trial(name, folder, nursery)
    wrong = [*trial.good_runs()] if after_good else []
    return [*wrong, *trial.judged(runs=2)]


def measure(cases: int, tell: Callable[[str], None]) -> list[str]:
    """Try each dead site as a first run, and after good ones: so many of them."""
    plan = [*enumerate(product(DEAD, (False, True)))][:cases]
    with (
        tempfile.TemporaryDirectory() as folder,
        Nursery() as nursery,
        ThreadPoolExecutor(JOBS) as pool,
    ):

        def work(numbered: tuple[int, tuple[str, bool]]) -> list[str]:
            number, case = numbered
            place = Path(folder, str(number))
            place.mkdir()
            return tried(case, place, nursery)

        found = [line for lines in pool.map(work, plan) for line in lines]
    tell(f"outages: {len(plan)} sites, dead at first or after {GOOD_RUNS} good runs")
    return found
