"""``python -m tests.siege.inner FOLDER``: a crawl in a network without a way out.

It must be started in network and mount namespaces of its own, by root. There every address is one
of the loopback interface, and a canary listens on all of them. The site that is crawled leads to
each special one by link, redirect, sitemap and name.
"""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from tests.siege.site import Answer, Site, path_of, serving

PORT = 80
SITE_PORT = 8088
ARTICLES = 8


def hosts_file(names: Sequence[str], addresses: Sequence[str]) -> str:
    """Names that resolve to special addresses, one of each address and the given ones."""
    own = [f"{address} a{number}.inner.example" for number, address in enumerate(addresses)]
    first = addresses[0] if addresses else "127.0.0.1"
    return "\n".join(["127.0.0.1 localhost", *own, *(f"{first} {name}" for name in names), ""])


class Canaries:
    """Listens on all addresses at one port, and keeps which of them were asked."""

    def __init__(self) -> None:
        self.asked: set[str] = set()
        self.calls = 0
        self._socket = socket.create_server(
            ("::", PORT), family=socket.AF_INET6, dualstack_ipv6=True, backlog=128
        )
        threading.Thread(target=self._serve, daemon=True).start()

    def forget(self, calls: int) -> None:
        """Wait until so many calls have been heard, and forget them."""
        while self.calls < calls:
            time.sleep(0.01)
        self.asked.clear()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with closing(connection):
                mine = ipaddress.ip_address(connection.getsockname()[0])
                inner = getattr(mine, "ipv4_mapped", None) or mine
                self.asked.add(str(inner))
                self.calls += 1


def take_all() -> None:
    """Make every address one of this machine: nothing leaves it."""
    for command in (
        "ip link set lo up",
        "ip route add local 0.0.0.0/0 dev lo",
        "ip -6 route add local ::/0 dev lo",
    ):
        subprocess.run(command.split(), check=True)


def can_be_asked(address: str) -> bool:
    """Whether a listener hears what is sent to an address from within this network."""
    try:
        with socket.create_connection((address, PORT), timeout=1):
            return True
    except OSError:
        return False


def ways(addresses: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Paths of the site and where each leads."""
    hosts = [f"[{each}]" if ":" in each else each for each in addresses]
    hosts += [f"a{number}.inner.example" for number in range(len(addresses))] + [*names]
    return {f"/to/{number}": f"http://{host}/canary-{number}" for number, host in enumerate(hosts)}


@contextmanager
def besieged(targets: dict[str, str]) -> Iterator[str]:
    """Serve a site of honest articles that leads to targets, by link and by redirect."""

    def route(path: str) -> Answer | None:
        if path in targets:
            return Answer(b"", 302, (("Location", targets[path]),))
        if path == "/":
            links = [*targets, *targets.values(), *(path_of(each) for each in range(ARTICLES))]
            items = "".join(
                f'<h2><a href="{each}">A ferry, a quay, a mayor</a></h2>' for each in links
            )
            return Answer(f"<!doctype html><body><h1>Post</h1>{items}</body>".encode())
        if path == "/robots.txt":
            maps = "".join(f"Sitemap: {each}.xml\n" for each in list(targets.values())[:20])
            return Answer(maps.encode(), headers=(("Content-Type", "text/plain"),))
        return None

    with serving(Site(ARTICLES, route), port=SITE_PORT) as url:
        yield url


LEADING = """
import scrapy


class Leading(scrapy.Spider):
    name = "leading"
    start_urls = [{url!r}]
    own_urls = ()
    sites = frozenset(["127.0.0.1:{port}"])

    def parse(self, response):
        for each in response.css("a::attr(href)").getall():
            yield response.follow(each, self.page, errback=self.failed, dont_filter=True)

    def page(self, response):
        yield None

    def failed(self, failure):
        with open("refused", "a") as told:
            print(failure.type.__name__, file=told)
"""
"""A spider that follows every link, so that nothing but the guard of addresses stops it."""


def crawl(folder: Path, url: str, *options: str) -> None:
    """Crawl the site as one would, then by a spider that goes wherever it is led."""
    settings = {
        "NEWSCRAWL_DATABASE_URL": f"sqlite:///{folder}/newscrawl.db",
        "NEWSCRAWL_JSONL": f"{folder}/{{site}}.jsonl",
        "NEWSCRAWL_IMAGES_STORE": f"{folder}/pictures",
        "LOG_FILE": f"{folder}/crawl.log",
        "DOWNLOAD_DELAY": "0",
        "AUTOTHROTTLE_ENABLED": "False",
        "DOWNLOAD_TIMEOUT": "10",
        "RETRY_TIMES": "0",
        **dict(each.split("=", 1) for each in options),
    }
    (folder / "leading.py").write_text(LEADING.format(url=f"{url}/", port=SITE_PORT))
    named = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    for command in (["crawl", "site", "-a", f"url={url}/"], ["runspider", "leading.py"]):
        subprocess.run(
            [sys.executable, "-m", "newscrawl", *command, *named],
            check=False,
            cwd=folder,
            env={
                **os.environ,
                "SCRAPY_SETTINGS_MODULE": "newscrawl.settings",
                "PYTHONPATH": str(Path.cwd()),
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=500,
        )


def refused(folder: Path) -> list[str]:
    told = folder / "refused"
    names = told.read_text().split() if told.exists() else []
    return [each for each in names if each == "ForbiddenAddress"]


def stored(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "newscrawl.db")) as opened:
        return [row[0] for row in opened.execute("select headline from articles")]


def main() -> None:
    folder = Path(sys.argv[1])
    plan = json.loads((folder / "plan.json").read_text())
    subprocess.run(["mount", "--bind", str(folder / "hosts"), "/etc/hosts"], check=True)
    names = plan["names"]
    take_all()
    canaries = Canaries()
    answering = [each for each in plan["addresses"] if can_be_asked(each)]
    canaries.forget(len(answering))
    targets = ways(plan["addresses"], names)
    with besieged(targets) as url:
        crawl(folder, url)
    told = {
        "answering": answering,
        "asked": sorted(canaries.asked),
        "honest": stored(folder),
        "refused": refused(folder),
        "ways": [*targets, *targets.values()],
    }
    (folder / "told.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main()
