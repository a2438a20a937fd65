"""Projects of somebody else's, made by ``scrapy startproject``, and commands run in them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ADDONS = 'ADDONS = {"newscrawl.Addon": 500}'
OWN_SERVER = """
DOWNLOAD_DELAY = 0
AUTOTHROTTLE_ENABLED = False
CONCURRENT_REQUESTS_PER_DOMAIN = 8
"""
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "SCRAPY_SETTINGS_MODULE"},
    "COLUMNS": "200",
}


def run(
    arguments: Sequence[str], folder: Path, *, program: str = "scrapy"
) -> subprocess.CompletedProcess[str]:
    """Run ``scrapy``, or ``newscrawl``, as a person in a folder would."""
    return subprocess.run(
        [sys.executable, "-m", program, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        cwd=folder,
        timeout=300,
    )


@dataclass(frozen=True)
class Project:
    """A project called ``press`` in its folder."""

    folder: Path

    @classmethod
    def started(cls, folder: Path, *, addons: str = ADDONS, settings: str = OWN_SERVER) -> Project:
        ended = run(["startproject", "press", str(folder)], folder.parent)
        assert ended.returncode == 0, ended.stderr
        path = folder / "press" / "settings.py"
        text = path.read_text()
        assert "ADDONS = {}" in text
        path.write_text(text.replace("ADDONS = {}", addons) + settings)
        return cls(folder)

    def settings(self) -> str:
        return (self.folder / "press" / "settings.py").read_text()

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def scrapy(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run(arguments, self.folder)

    def newscrawl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run(arguments, self.folder, program="newscrawl")

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            check=False,
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
            cwd=self.folder,
            timeout=300,
        )
