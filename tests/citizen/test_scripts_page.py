"""The programs of docs/scripts.md run as they stand there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.citizen.processes import SETTINGS, two_sites
from tests.crawl.crawling import ENVIRONMENT, OWN_SERVER

PAGE = Path(__file__).parents[2] / "docs" / "scripts.md"
PROGRAMS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "program.py").write_text(program)
    return subprocess.run(
        [sys.executable, "program.py"],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**ENVIRONMENT, "SCRAPY_SETTINGS_MODULE": "own_settings", "PYTHONPATH": "."},
        timeout=120,
    )


@pytest.mark.parametrize("program", PROGRAMS, ids=["process", "runner"])
def test_a_program_of_the_page_crawls_both_sites(program, tmp_path):
    gentle = "".join(f"{name} = {value!r}\n" for name, value in OWN_SERVER.items())
    told = 'NEWSCRAWL_ACCOUNT = "account.json"\n'
    (tmp_path / "own_settings.py").write_text(f"{SETTINGS}{gentle}{told}")
    with two_sites(stories=3) as (quay, tram, _):
        program = program.replace("https://www.example.com/", f"{quay.url}/")
        program = program.replace("https://www.example.org/", f"{tram.url}/")
        ended = run(program, tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert len(ended.stdout.splitlines()) == 2
    assert all("finished" in line or line == "GOOD" for line in ended.stdout.splitlines())
    logs = [path.read_text().splitlines() for path in tmp_path.glob("*.jsonl")]
    assert [len(lines) for lines in logs] == [3, 3]
    account = json.loads((tmp_path / "account.json").read_text())
    assert (account["status"], account["new"]["articles"]) == (0, 3)


def test_the_status_of_a_script_tells_what_came_of_its_crawls(tmp_path):
    (tmp_path / "own_settings.py").write_text(SETTINGS)
    program = PROGRAMS[0].replace("https://www.example.com/", "http://127.0.0.1:9/")
    program = program.replace("https://www.example.org/", "http://localhost:9/")
    ended = run(program, tmp_path)
    assert ended.returncode == 1, ended.stderr
    assert ended.stdout.count("'reason': 'unreachable'") == 2
