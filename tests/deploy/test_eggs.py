"""What is in an egg and a wheel, and whether all of it works out of a zip file."""

from __future__ import annotations

import configparser
import zipfile
from pathlib import Path

import pytest

from hatch_build import compiler
from tests.crawl.crawling import Crawl
from tests.demo.serving import run_demo
from tests.deploy import eggs

PACKAGE = eggs.ROOT / "newscrawl"
COMPILED = (".so", ".pyd")
FILES = {
    str(path.relative_to(eggs.ROOT))
    for path in PACKAGE.rglob("*")
    if path.is_file() and "__pycache__" not in path.parts and path.suffix not in COMPILED
}
SHUB = eggs.PROGRAMS / "shub", "deploy", "1", "--build-egg"
SCRAPYD = eggs.PROGRAMS / "scrapyd-deploy", "--build-egg"
MIGRATED = """
import sys
from sqlalchemy import inspect
from newscrawl.store.database import _upgrade, connect, migrate
engine = connect(sys.argv[1])
with engine.begin() as connection:
    _upgrade(connection, "0002")
upgrade = migrate(engine)
print(upgrade.since, *(each["name"] for each in inspect(engine).get_columns("runs")))
"""
IMPORTED = """
import importlib, pkgutil, newscrawl
names = [each.name for each in pkgutil.walk_packages(newscrawl.__path__, "newscrawl.")]
skipped = (".__main__", ".become", ".env", "versions.")
for name in names:
    if not any(part in name for part in skipped):
        importlib.import_module(name)
print(newscrawl.__file__, len(names))
"""
LIMITED = """
import sys
from newscrawl.schedule.running import run
sys.exit(run([sys.executable, "-c", "print('within')"], limit=60))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return eggs.checkout(tmp_path_factory.mktemp("eggs"))


@pytest.fixture(scope="module")
def egg(project):
    """The egg that shub builds."""
    return built(project, *SHUB)


def built(project: Path, *command: str | Path) -> Path:
    target = (
        project.parent / f"{Path(command[0]).name}-{len(list(project.parent.glob('*.egg')))}.egg"
    )
    ended = eggs.run(*command, target, folder=project, environment=eggs.outside(project.parent))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return target


def names_in(archive: Path) -> set[str]:
    with zipfile.ZipFile(archive) as packed:
        return {name for name in packed.namelist() if not name.endswith((".pyc", "/"))}


def test_the_egg_of_shub_has_every_file_of_the_package_and_no_other(egg):
    names = {name for name in names_in(egg) if not name.startswith("EGG-INFO/")}
    assert names == FILES
    assert {"newscrawl/py.typed", "newscrawl/report/html/report.html"} <= names


def test_the_egg_of_scrapyd_is_the_same(project, egg):
    assert names_in(built(project, *SCRAPYD)) == names_in(egg)


def test_a_setup_that_the_tools_write_gives_the_same_egg(egg, tmp_path):
    project = eggs.checkout(tmp_path)
    (project / "setup.py").unlink()
    assert names_in(built(project, *SCRAPYD)) == names_in(egg)
    assert "find_packages()" in (project / "setup.py").read_text()


def test_the_egg_says_where_the_settings_are(egg):
    with zipfile.ZipFile(egg) as packed:
        told = configparser.ConfigParser()
        told.read_string(packed.read("EGG-INFO/entry_points.txt").decode())
    assert dict(told["scrapy"]) == {"settings": "newscrawl.settings"}
    assert "crawl" not in told["scrapy.commands"]
    assert told["scrapy.commands"]["newscrawl"] == "newscrawl.addon.command:Command"


def test_the_wheel_has_every_file_of_the_package(project):
    built_by = "from hatchling.build import build_wheel; print(build_wheel('wheels'))"
    ended = eggs.run(
        eggs.PROGRAMS / "python",
        "-c",
        built_by,
        folder=project,
        environment=eggs.outside(project.parent),
    )
    assert ended.returncode == 0, ended.stderr
    wheel = project / "wheels" / ended.stdout.split()[-1]
    names = names_in(wheel)
    packed = {name for name in names if ".dist-info/" not in name}
    assert {name for name in packed if not name.endswith(COMPILED)} == FILES
    assert len(packed) - len(FILES) == (compiler() is not None)
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.fixture(scope="module")
def zipped(egg, tmp_path_factory):
    """Runs Python in a folder, with newscrawl in the egg and nowhere else."""
    python = eggs.only_dependencies(tmp_path_factory.mktemp("python"))

    def run(folder, *arguments, **more):
        environment = {**eggs.outside(folder), "PYTHONPATH": str(egg), **more}
        ended = eggs.run(python, *arguments, folder=folder, environment=environment)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended

    return run


def test_without_the_egg_there_is_no_newscrawl(tmp_path):
    python = eggs.only_dependencies(tmp_path)
    ended = eggs.run(
        python, "-c", "import newscrawl", folder=tmp_path, environment=eggs.outside(tmp_path)
    )
    assert "ModuleNotFoundError: No module named 'newscrawl'" in ended.stderr


def test_every_module_is_imported_from_the_zip_file(zipped, egg, tmp_path):
    place, number = zipped(tmp_path, "-c", IMPORTED).stdout.split()
    assert place == f"{egg}/newscrawl/__init__.py"
    assert int(number) > 200


def test_a_database_is_migrated_out_of_the_zip_file(zipped, tmp_path):
    told = zipped(tmp_path, "-c", MIGRATED, f"sqlite:///{tmp_path}/50%old.db").stdout.split()
    assert told[0] == "0002"
    assert {"account", "job"} <= set(told)


def test_a_crawl_and_what_comes_after_it_work_out_of_the_zip_file(zipped, tmp_path):
    with run_demo(articles=20) as site:
        options = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")
        of_cloud = {"SHUB_JOBKEY": "123/45/67"}
        command = ("-m", "newscrawl", "crawl", "site", "-a", f"url={site.url}/", *options)
        zipped(tmp_path, *command, **of_cloud)
    crawl = Crawl(tmp_path, f"sqlite:///{tmp_path}/data/newscrawl.db")
    assert sum(not each.duplicate_of for each in crawl.articles().values()) == 20
    assert [run["job"] for run in crawl.runs()] == ["123/45/67"]
    zipped(tmp_path, "-m", "newscrawl", "report", "-o", "report.html")
    zipped(tmp_path, "-m", "newscrawl", "export", "all.jsonl", "all.parquet")
    assert "newscrawl" in (tmp_path / "report.html").read_text()
    assert len((tmp_path / "all.jsonl").read_text().splitlines()) == 20


def test_a_process_is_limited_by_a_script_out_of_the_zip_file(zipped, tmp_path):
    assert zipped(tmp_path, "-c", LIMITED).stdout.split() == ["within"]
