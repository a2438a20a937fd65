"""Every block of README, home page and tutorial, in a fresh clone and an empty environment, as printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.demo.serving import run_demo

ROOT = Path(__file__).parents[2]
PAGES = ("docs/start.md", "docs/index.md", "README.md")
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE = "https://www.example.com/"
POLITE = "-s DOWNLOAD_DELAY=0 -s AUTOTHROTTLE_ENABLED=0"
LONGEST = 900.0
"""Seconds for a block: the first ones install."""


def failed(folder: Path) -> Iterator[str]:
    """Run the blocks of each page, one after the other; yield what was said where one fails.

    Replaced is only what cannot be here: the example's address by that of a site made on this
    machine, where no delay is needed, ``path/to/newscrawl`` by the clone, and ``make test`` by
    what it would run.
    """
    clone = folder / "newscrawl"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment["PATH"] = f"{clone / '.venv' / 'bin'}:/usr/local/bin:/usr/bin:/bin"
    environment["PATH"] = f"{environment['PATH']}:{Path(sys.base_prefix) / 'bin'}"
    with run_demo(articles=40) as server:
        for page in PAGES:
            for language, text in BLOCK.findall((ROOT / page).read_text(encoding="utf-8")):
                told = _run(language, _here(text, f"{server.url}/", clone), clone, environment)
                if told:
                    yield f"{page}: {text}{told}"


def _here(text: str, site: str, clone: Path) -> str:
    lines = text.replace("path/to/newscrawl", str(clone)).splitlines()
    return "\n".join(
        f"{line.replace(EXAMPLE, site)} {POLITE}"
        if line.startswith(f"newscrawl {EXAMPLE}")
        else line.replace(EXAMPLE, site).replace("make test ", "make -n test ")
        for line in lines
    )


def _run(language: str, text: str, folder: Path, environment: dict[str, str]) -> str:
    program = {"sh": ["sh", "-e", "-c"], "python": [".venv/bin/python", "-c"]}[language]
    ended = subprocess.run(
        [*program, text],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        timeout=LONGEST,
    )
    return "" if ended.returncode == 0 else f"{ended.stdout[-2000:]}\n{ended.stderr[-2000:]}"
