"""Wheels of this checkout, and an environment that has only them and what is installed here."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple

from tests.deploy import eggs

WITHOUT = {"CC": "false"}
"""A compiler that fails."""
BUILT = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
SAID = "newscrawl is installed without its compiled core: "
SHORT = (
    "import asyncio; from web_poet import HttpResponse; from newscrawl.pages.news import NewsPage;"
    "page = NewsPage(HttpResponse('https://a.test/b/', b'<h1>Harbour</h1><p>It reopened.'));"
    "print(asyncio.run(page.to_item()).headline)"
)


class Wheel(NamedTuple):
    """A wheel and what its build said."""

    file: Path
    said: str

    @property
    def names(self) -> set[str]:
        with zipfile.ZipFile(self.file) as packed:
            return set(packed.namelist())


class Installed(NamedTuple):
    """A wheel, unpacked; nothing of newscrawl is beside it."""

    python: Path
    packages: Path

    def run(self, *arguments: str, **more: str) -> str:
        """Run Python there and return its output."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("NEWSCRAWL")
        }
        return subprocess.run(
            [self.python, *arguments],
            cwd=self.packages,
            env={**kept, "PYTHONPATH": str(self.packages), **more},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    @property
    def version(self) -> str:
        return self.run("-m", "newscrawl", "--version")


def wheel(folder: Path, **environment: str) -> Wheel:
    """Build a wheel of a copy of this checkout.

    Raises:
        subprocess.CalledProcessError: the build failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    project = eggs.checkout(folder)
    made = subprocess.run(
        [sys.executable, "-c", BUILT, str(folder)],
        cwd=project,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return Wheel(folder / made.stdout.split()[-1], made.stderr)


def install(wheel: Wheel, folder: Path) -> Installed:
    packages = folder / "packages"
    with zipfile.ZipFile(wheel.file) as packed:
        packed.extractall(packages)
    return Installed(eggs.only_dependencies(folder), packages)


def installs_without_compiler() -> bool:
    """Whether a build without a working compiler gives a package that reads a page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = wheel(folder / "built", **WITHOUT)
        installed = install(made, folder / "installed")
        read = installed.run("-c", SHORT)
        return SAID in made.said and "pure Python" in installed.version and read == "Harbour"
