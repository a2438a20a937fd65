"""The generated site as a child process that tells what it was asked and what is true of it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newscrawl.demo import process
from tests.demo.truth import KnownSite


class DemoServer:
    """A running demo site; ``site`` is the same site in this process."""

    def __init__(
        self, process: subprocess.Popen[str], url: str, site: KnownSite, log: Path
    ) -> None:
        self.process = process
        self.url = url
        self.site = site
        self._log = log

    @property
    def hits(self) -> list[tuple[int, str]]:
        """Status and path with query of every request so far, in order."""
        return [(int(status), path) for _, status, path, _ in self._requests()]

    @property
    def times(self) -> list[float]:
        """When every request so far came, in seconds of the server's clock."""
        return [float(at) for at, *_ in self._requests()]

    @property
    def agents(self) -> list[str]:
        """The ``User-Agent`` of every request so far."""
        return [agent for *_, agent in self._requests()]

    def _requests(self) -> list[tuple[str, str, str, str]]:
        whole = self._log.read_text(encoding="utf-8").rpartition("\n")[0]
        return [_request(line) for line in whole.splitlines()]


def _request(line: str) -> tuple[str, str, str, str]:
    at, status, rest = line.split(" ", 2)
    path, _, agent = rest.partition("\t")
    return at, status, path, agent


@contextmanager
def run_demo(
    *,
    articles: int = 300,
    seed: int = 1,
    page_kb: int | None = None,
    generation: int = 0,
    theme: str = "jnews",
    port: int = 0,
) -> Iterator[DemoServer]:
    """Serves a site for the length of a ``with`` block; fixing ``port`` keeps its URLs."""
    with tempfile.TemporaryDirectory(prefix="newscrawl-demo-") as folder:
        log = Path(folder, "access.log")
        log.touch()
        options = [f"--generation={generation}", f"--theme={theme}", f"--access-log={log}"]
        if page_kb is not None:
            options.append(f"--page-kb={page_kb}")
        with process.run_demo(*options, articles=articles, seed=seed, port=port) as demo:
            site = KnownSite(articles, seed, demo.url, page_kb, generation=generation, theme=theme)
            yield DemoServer(demo.process, demo.url, site, log)
