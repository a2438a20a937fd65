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
    """An environment that newscrawl was installed into by pip, and what that said."""

    python: Path
    said: str

    @property
    def packages(self) -> Path:
        (found,) = self.python.parents[1].glob("lib/python*/site-packages")
        return found

    def run(self, *arguments: str, **more: str) -> str:
        """Run Python there and return its output."""
        return run(self.python, *arguments, folder=self.python.parent, **more).stdout.strip()

    @property
    def version(self) -> str:
        return self.run("-m", "newscrawl", "--version")


def run(
    python: Path | str, *arguments: str, folder: Path, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run Python without what is set for this checkout.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    ours = ("NEWSCRAWL", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [python, *arguments],
        cwd=folder,
        env={**kept, **more},
        capture_output=True,
        text=True,
        check=True,
    )


def wheel(folder: Path, **environment: str) -> Wheel:
    """Build a wheel of a copy of this checkout.

    Raises:
        subprocess.CalledProcessError: the build failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    project = eggs.checkout(folder)
    made = run(sys.executable, "-c", BUILT, str(folder), folder=project, **environment)
    return Wheel(folder / made.stdout.split()[-1], made.stderr)


def install(what: Path, folder: Path, *options: str, **environment: str) -> Installed:
    """Install a wheel or a checkout by pip, beside the dependencies that are installed here.

    Raises:
        subprocess.CalledProcessError: the installation failed.
    """
    python = eggs.only_dependencies(folder)
    own = ("--no-index", "--no-build-isolation", "--no-deps", *options, str(what))
    done = run(python, "-m", "pip", "install", "-v", *own, folder=folder, **environment)
    return Installed(python, done.stdout + done.stderr)


def installs_without_compiler() -> bool:
    """Whether ``pip install -e`` without a working compiler says so and gives what reads a page."""
    with tempfile.TemporaryDirectory() as name:
        project = eggs.checkout(Path(name))
        installed = install(project, Path(name), "-e", **WITHOUT)
        read = installed.run("-c", SHORT)
        return SAID in installed.said and "pure Python" in installed.version and read == "Harbour"
