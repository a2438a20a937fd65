"""What the documentation says is so: names, defaults, links, and every block of code runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from newscrawl import settings
from newscrawl.arguments.arguments import Arguments
from newscrawl.items import Article
from newscrawl.outcomes import Outcome
from tests.crawl.crawling import ENVIRONMENT
from tests.demo.serving import run_demo
from tests.docs.reference import FILE, all_commands, reference, told_settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TOP = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
PAGES = [*TOP, *sorted(DOCS.rglob("*.md"))]
DEPENDENCIES = DOCS / "why" / "dependencies.md"
RUNNING = [ROOT / "README.md", DOCS / "index.md", DOCS / "start.md"]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
EXAMPLE = "https://www.example.com/"
WRAPPER = """#!/bin/sh
# The real program; a site on this machine needs no delay.
case "$1" in
    crawl) shift; exec {program} crawl -s DOWNLOAD_DELAY=0 -s AUTOTHROTTLE_ENABLED=0 "$@" ;;
    http*) exec {program} "$@" -s DOWNLOAD_DELAY=0 -s AUTOTHROTTLE_ENABLED=0 ;;
    demo) exec {program} demo --port 0 --data "$DEMO" ;;
    *) exec {program} "$@" ;;
esac
"""
MAKE = """#!/bin/sh
# make itself, with the environment that is there; the suite does not run inside the suite.
case "$1" in
    test) exec /usr/bin/env make -C {root} -n test ;;
    *) exec {make} -C {root} -o {prefix}/run.stamp VENV={prefix} BIN={programs} "$@" ;;
esac
"""


class Block(NamedTuple):
    page: Path
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    return [Block(page, *found) for found in BLOCK.findall(page.read_text(encoding="utf-8"))]


def test_the_reference_is_what_the_code_says():
    assert FILE.read_text(encoding="utf-8") == reference(), "run make reference"


@pytest.mark.parametrize("name", [*all_commands(), "crawl"])
def test_every_command_is_documented(name):
    assert f"### {name}\n" in reference()
    assert all_commands()[name].long_desc()


@pytest.mark.parametrize("name", [each for each in dir(settings) if each.startswith("NEWSCRAWL_")])
def test_every_setting_is_documented(name):
    assert len(told_settings()[name].split()) > 3
    assert f"| `{name}` | `{getattr(settings, name)!r}` |" in reference()


@pytest.mark.parametrize("name", [each.value for each in Outcome])
def test_every_outcome_is_documented(name):
    assert f"| `{name}` | " in reference()


@pytest.mark.parametrize("name", [each.name for each in fields(Article)])
def test_every_field_is_documented(name):
    told = reference().partition("## Fields of an article")[2].splitlines()
    row = next(row for row in told if row.startswith(f"| `{name}` | "))
    assert len(row.split("|")[3].split()) >= 2


@pytest.mark.parametrize("name", [each.name for each in fields(Arguments)])
def test_every_spider_argument_is_documented(name):
    name = {"urls": "url"}.get(name, name)
    assert f"| `{name}` | " in (DOCS / "crawl.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        each
        for each in dir(settings)
        if each.isupper()
        and not each.startswith(("NEWSCRAWL_", "BOT_", "SPIDER_M", "NEWSPIDER_", "COMMANDS_"))
        and not each.endswith(("MIDDLEWARES", "PIPELINES", "HANDLERS", "SCHEDULER", "DISCOVER"))
        and each not in {"EXTENSIONS", "SPIDERMON_SPIDER_CLOSE_MONITORS"}
    ],
)
def test_every_changed_setting_of_scrapy_is_documented(name):
    assert name in (DOCS / "crawl.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_inside_the_project_lead_somewhere(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_site_builds_without_a_warning(tmp_path):
    shutil.copytree(DOCS, tmp_path / "docs")
    for name in ("newscrawl", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    ended = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert 'class="doc doc-object' in (tmp_path / "build" / "docs" / "api.html").read_text("utf-8")


def test_every_target_of_make_is_explained():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (targets,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    told = set(re.findall(r"`make ([\w-]+)`", (ROOT / "CONTRIBUTING.md").read_text("utf-8")))
    assert told == set(targets.split()) - {"clean"}


def test_every_dependency_says_why():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    needed = [*project["dependencies"], *(each for extra in extras for each in extra)]
    names = {re.split(r"[\[<>=; ]", each)[0] for each in needed} - {"newscrawl"}
    told = DEPENDENCIES.read_text(encoding="utf-8").partition("## Private names")[0]
    assert [name for name in sorted(names) if name not in told] == []


@pytest.mark.parametrize(
    "module",
    [
        path
        for path in sorted((ROOT / "newscrawl").rglob("*.py"))
        if re.search(r"SLF001|import .*\b_[A-Za-z]\w+|\._newclient", path.read_text("utf-8"))
    ],
    ids=lambda path: str(path.relative_to(ROOT / "newscrawl")),
)
def test_private_names_of_other_libraries_are_listed(module):
    told = DEPENDENCIES.read_text(encoding="utf-8").partition("## Private names")[2]
    assert f"`{module.relative_to(ROOT / 'newscrawl')}`" in told


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """The programs that the documentation names, for a folder that is no checkout."""
    folder = tmp_path_factory.mktemp("bin")
    prefix = Path(sys.executable).parent.parent
    real = subprocess.run(["which", "make"], capture_output=True, text=True, check=True)
    written = {
        "newscrawl": WRAPPER.format(program=prefix / "bin" / "newscrawl"),
        "scrapy": WRAPPER.format(program=prefix / "bin" / "newscrawl"),
        "make": MAKE.format(root=ROOT, prefix=prefix, make=real.stdout.strip(), programs=folder),
    }
    for name, text in written.items():
        (folder / name).write_text(text)
        (folder / name).chmod(stat.S_IRWXU)
    return folder


@pytest.fixture(scope="module")
def site():
    with run_demo(articles=30) as server:
        yield server.url


@pytest.mark.parametrize("page", RUNNING, ids=lambda page: page.name)
def test_every_block_of_code_runs(page, programs, site, tmp_path):
    for block in blocks(page):
        text = block.text.replace(EXAMPLE, f"{site}/")
        match block.language:
            case "sh":
                _run_shell(text, programs, tmp_path)
            case "python":
                _run_python(text, tmp_path)
            case "json":
                assert set(json.loads(text)) <= {each.name for each in fields(Article)}
            case _:
                assert block.language == "text", "an example of output says so"


def _run_shell(text: str, programs: Path, folder: Path) -> None:
    lines = [line for line in text.splitlines() if not _is_installation(line)]
    path = f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    ended = subprocess.run(
        ["sh", "-e", "-c", "\n".join(lines)],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**ENVIRONMENT, "PATH": path, "DEMO": str(folder / "data" / "demo")},
        timeout=280,
    )
    assert ended.returncode == 0, f"{text}\n{ended.stdout}\n{ended.stderr}"


def _is_installation(line: str) -> bool:
    """Whether a line installs what is here already; what it names must be real."""
    found = re.search(r"pip install (?:-\S+ )*(.+)", line)
    if found is None:
        return "-m venv" in line
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for named in found[1].split():
        extras = re.search(r"\[(.+)\]", named)
        if extras is not None:
            assert set(extras[1].split(",")) <= set(known["optional-dependencies"]), line
        else:
            assert find_spec(named) is not None, line
    return True


def _run_python(text: str, folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", text], check=False, capture_output=True, text=True, cwd=folder
    )
    assert ended.returncode == 0, ended.stderr
