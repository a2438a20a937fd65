"""``make citizen``: do the tools that users of Scrapy have work here, for real?

Prints a line for each figure. Exit status 1: one of them is not what it should be.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from newscrawl.demo.odd.stories import stories
from tests.citizen.tools import Tally, try_tools
from tests.demo.serving import run_demo
from tests.deploy.serving import scrapyd_jobs
from tests.docs.own_site import guide_fields_right

JOBS = 4
"""Jobs of a scrapyd: one to its end, one cancelled, one killed, one that goes on."""


def on_the_demo(folder: Path) -> Tally:
    """Every tool on the demo site."""
    with run_demo(articles=12) as demo:
        story = next(iter(demo.site.truth()))
        return try_tools(
            f"{demo.url.rstrip('/')}/", story.url, _page(story.url), story.headline, folder
        )


def on_an_odd_site(folder: Path) -> Tally:
    """Every tool on a site whose markup is its own."""
    story = next(each for each in stories() if each.section == "town")
    with odd_site() as url:
        address = url.rstrip("/") + story.path
        return try_tools(f"{url.rstrip('/')}/", address, _page(address), story.headline, folder)


@contextmanager
def odd_site() -> Iterator[str]:
    """The site of the guide as a child process, at its address."""
    command = [sys.executable, "-m", "newscrawl.demo", "--odd", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.kill()


def _page(url: str) -> str:
    with urlopen(url) as answer:
        return str(answer.read().decode())


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="newscrawl-citizen-") as name:
        folder = Path(name)
        places = {"demo": on_the_demo, "odd": on_an_odd_site}
        tallies = []
        for place, try_all in places.items():
            (folder / place).mkdir()
            tallies.append(try_all(folder / place))
            for each in tallies[-1].tried:
                print(f"{'passed' if each.passed else 'FAILED'}: {each.tool.name} ({place})")
        (folder / "guide").mkdir()
        right = guide_fields_right(folder / "guide")
    jobs = scrapyd_jobs()
    tried = sum(len(each.tried) for each in tallies)
    passed = sum(each.passed for each in tallies)
    rows = sum(len(each.left) for each in tallies)
    print(f"tools_passed: {passed}\ntools_tried: {tried}\nrows_written_by_tools: {rows}")
    print(f"scrapyd_jobs: {jobs}\nguide_fields_right: {right:.4f}")
    return 0 if (passed, rows, jobs, right) == (tried, 0, JOBS, 1.0) else 1


if __name__ == "__main__":
    sys.exit(main())
