"""``python -m tests.newest FOLDER``: a part of the suite with the newest releases of what is needed.

Upper bounds of ``pyproject.toml`` are lifted, pre-releases are allowed. Ends with ``name: value``
lines; with 1 if a private name is gone or a test fails.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.architecture.private import importable

ROOT = Path(__file__).parents[2]
CHOSEN = (
    "tests/architecture/test_private_names.py",
    "tests/middlewares",
    "tests/test_scheduler.py",
    "tests/crash/test_foreign.py",
    "tests/crawl/test_truncated.py",
    "tests/citizen/test_processes.py",
)
"""Where private names of others are used, and whole crawls."""
EXTRAS = ("browser", "worker")
TEST_SECONDS = 200


def needed() -> Iterator[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    yield from map(Requirement, project["dependencies"])
    for extra in EXTRAS:
        yield from (Requirement(each) for each in extras[extra] if "newscrawl" not in each)


def lifted(requirement: Requirement) -> str:
    """Return a requirement without upper bounds, of which pre-releases are allowed."""
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    least = [each.version for each in requirement.specifier if each.operator == ">="]
    marker = f"; {requirement.marker}" if requirement.marker else ""
    return f"{requirement.name}{extras}>={least[0]}.dev0{marker}"


def installed(folder: Path) -> Path:
    """Make an environment over this one, in which what is newer stands before it; return its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", folder], check=True)
    (own,) = folder.glob("lib/python3*/site-packages")
    below = [each for each in sys.path if each.endswith("site-packages")]
    (own / "below.pth").write_text("\n".join([str(ROOT), *below]))
    python = folder / "bin" / "python"
    pip = (str(python), "-m", "pip", "install", "-q", "--upgrade")
    subprocess.run([*pip, *map(lifted, needed())], check=True)
    return python


def capped(python: Path) -> list[str]:
    """Return what has an upper bound, with the version that is tried."""
    return [
        f"{name} {version}"
        for name, version, bounds in versions(python)
        if any(each.operator == "<" for each in bounds)
    ]


def beyond(python: Path) -> list[str]:
    """Return what was installed that ``pyproject.toml`` would not take."""
    return [
        f"{name} {version} ({bounds})"
        for name, version, bounds in versions(python)
        if not bounds.contains(version, prereleases=True)
    ]


def versions(python: Path) -> Iterator[tuple[str, str, SpecifierSet]]:
    program = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"
    for each in needed():
        if each.marker is not None and not each.marker.evaluate():
            continue
        asked = subprocess.run(
            [python, "-c", program, each.name], capture_output=True, text=True, check=True
        )
        yield each.name, asked.stdout.strip(), each.specifier


def main(folder: Path) -> int:
    python = installed(folder)
    newer = beyond(python)
    gone = [name for name in importable() if not _is_there(python, name)]
    try:
        ended = subprocess.run(
            [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *CHOSEN],
            check=False,
            cwd=ROOT,
            timeout=TEST_SECONDS,
        ).returncode
        told = "passed" if not ended else "failed"
    except subprocess.TimeoutExpired:
        told = f"not done in {TEST_SECONDS} seconds"
    print(f"tried: {', '.join(capped(python))}")
    print(f"newer_than_allowed: {', '.join(newer) or 'nothing'}")
    print(f"private_names_gone: {', '.join(gone) or 'none'}")
    print(f"chosen_tests: {told}")
    return int(bool(gone) or told != "passed")


def _is_there(python: Path, name: str) -> bool:
    program = "import sys; from pkgutil import resolve_name; resolve_name(sys.argv[1])"
    return not subprocess.run(
        [python, "-c", program, name], check=False, capture_output=True
    ).returncode


sys.exit(main(Path(sys.argv[1]).absolute()))
