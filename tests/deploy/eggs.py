"""Eggs as the tools of scrapyd and Scrapy Cloud build them, and a Python that has only dependencies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = (
    "newscrawl",
    "tests",
    "pyproject.toml",
    "setup.py",
    "hatch_build.py",
    "scrapy.cfg",
    "README.md",
    "LICENSE",
)
PROGRAMS = Path(sys.executable).parent
LEFT_OUT = ("__pycache__", "sites", "bench", "world", "*.so", "*.pyd")
"""A clone has nothing compiled either."""


def outside(folder: Path) -> dict[str, str]:
    """Return the environment of a user who has nothing set up; ``folder`` is the home."""
    ours = ("NEWSCRAWL_", "SCRAPY_", "SHUB_", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "HOME": str(folder), "PYTHONWARNINGS": "ignore", "SHUB_APIKEY": "0"}


def checkout(folder: Path) -> Path:
    """Return a copy of the project, as somebody has it who cloned it."""
    project = folder / "project"
    project.mkdir(parents=True)
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
        else:
            shutil.copy(source, project / name)
    return project


def run(
    *command: str | Path, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)),
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        timeout=280,
    )


def only_dependencies(folder: Path) -> Path:
    """Return a Python that imports what is installed beside newscrawl, but not newscrawl."""
    made = folder / "dependencies"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", made], check=True)
    (packages,) = made.glob("lib/python*/site-packages")
    # paths in a .pth file are not searched for further .pth files, those of editable installs
    found = [path for path in sys.path if path.endswith("-packages")]
    (packages / "dependencies.pth").write_text("\n".join(found))
    return made / "bin" / "python"
