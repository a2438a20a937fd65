"""``python -m tests.people [PART…]``: what a person meets, in figures; ``make people``.

Parts: ``first``, ``browse``, ``blocks``, ``loaders``, ``search``.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.people import blocks, first, loaders
from tests.people.search import figures

ROOT = Path(__file__).parents[2]
ARTICLES = 1_000_000


def wait_for_first() -> Mapping[str, float]:
    return {"first_article_s": round(first.first_article(), 2)}


def browse() -> Mapping[str, float]:
    """Run the tests of the pages in a browser; a failure is none of them."""
    command = [sys.executable, "-m", "pytest", "-q", "tests/browse"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    found = re.search(r"(\d+) passed", ended.stdout)
    failures = re.search(r"(\d+) failed", ended.stdout)
    return {
        "browse_tests": int(found[1]) if found else 0,
        "browse_failed": int(failures[1]) if failures else 0,
    }


def run_blocks() -> Mapping[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        found = [*blocks.failed(Path(folder))]
    for told in found:
        print(told)
    return {"docs_blocks_failed": len(found)}


def load() -> Mapping[str, float]:
    program = str(Path(sys.executable).with_name("newscrawl"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [program, "demo", "--port", "0", "--data", str(folder / "data")]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
        rows = sum(1 for _ in _originals(program, folder))
        loaders.export(program, folder / "data" / "newscrawl.db", folder)
        found = loaders.load(loaders.install(folder / "tools", sys.executable), folder)
    for each in found:
        good = each.rows == rows
        print(f"  {each.name}: {each.rows}{'' if good else f' of {rows}: {each.told}'}")
    passed = sum(each.rows == rows for each in found)
    return {"loaders_passed": passed, "loaders_tried": len(found)}


def _originals(program: str, folder: Path) -> list[str]:
    target = folder / "originals.jsonl"
    command = [program, "export", str(target), "--no-card", "--data", str(folder / "data")]
    subprocess.run(command, check=True, capture_output=True)
    return target.read_text(encoding="utf-8").splitlines()


def search() -> Mapping[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        got = figures(Path(folder), ARTICLES)
    return {
        "search_ms_1m": round(max(each.again for each in got.asked)),
        "index_share": round(got.share, 3),
    }


PARTS: Mapping[str, Callable[[], Mapping[str, float]]] = {
    "first": wait_for_first,
    "browse": browse,
    "blocks": run_blocks,
    "loaders": load,
    "search": search,
}


def main(asked: list[str]) -> int:
    unknown = [name for name in asked if name not in PARTS]
    if unknown:
        print(f"there is no part {unknown[0]}; there are: {', '.join(PARTS)}")
        return 2
    told: dict[str, float] = {}
    for name in asked or PARTS:
        print(name, flush=True)
        told.update(PARTS[name]())
    for figure, value in told.items():
        print(f"{figure}: {value}")
    wrong = told.get("docs_blocks_failed", 0) or told.get("browse_failed", 0)
    return int(bool(wrong) or told.get("loaders_passed", 0) != told.get("loaders_tried", 0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
