"""What can be held of ``deploy/`` without Docker and without a running systemd."""

from __future__ import annotations

import fnmatch
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # its types would be one package more

from newscrawl import settings
from tests.crawl.crawling import ENVIRONMENT, Crawl

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
WORKER = UNITS / "newscrawl-worker.service"
DROP_IN = UNITS / "newscrawl-.service.d" / "hardening.conf"
UNPRIVILEGED = range(1024, 65536)
GRACE = 60
"""Seconds that a worker's crawls may take to end."""

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze")


def newscrawl(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return Crawl.runner(arguments, folder=folder, environment=ENVIRONMENT)


def test_the_example_of_sites_is_in_order(tmp_path):
    ended = newscrawl("schedule", "check", "--file", str(DEPLOY / "sites.toml"), folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.fixture(scope="module")
def instructions():
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def given(instructions, word: str) -> list[str]:
    return [rest for each, rest in instructions if each == word]


def final(instructions):
    """The instructions of the last stage."""
    start = max(at for at, (word, _) in enumerate(instructions) if word == "FROM")
    return instructions[start:]


def test_the_image_runs_as_a_user_by_number(instructions):
    (user,) = given(final(instructions), "USER")
    uid, _, gid = user.partition(":")
    assert int(uid) > 0
    assert int(gid) > 0


def test_base_images_are_pinned_to_a_version(instructions):
    for image in given(instructions, "FROM"):
        assert re.fullmatch(r"python:3\.\d+-slim( AS build)?", image)


def test_the_base_image_has_a_python_that_the_project_takes(instructions):
    minor = int(re.findall(r"python:3\.(\d+)", given(final(instructions), "FROM")[0])[0])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">=3.11"
    assert minor >= 11


@pytest.mark.parametrize("word", ["ENTRYPOINT", "CMD", "HEALTHCHECK"])
def test_programs_are_started_without_a_shell(instructions, word):
    (rest,) = given(final(instructions), word)
    program = json.loads(rest[rest.index("[") :])
    assert all(isinstance(part, str) for part in program)


def test_signals_reach_the_worker(instructions):
    assert given(final(instructions), "STOPSIGNAL") == ["SIGTERM"]
    assert json.loads(given(final(instructions), "ENTRYPOINT")[0]) == ["newscrawl"]
    assert json.loads(given(final(instructions), "CMD")[0])[0] == "worker"


def test_health_is_asked_at_the_port_that_the_worker_listens_on(instructions):
    command = json.loads(given(final(instructions), "CMD")[0])
    _, _, port = command[command.index("--listen") + 1].rpartition(":")
    (check,) = given(final(instructions), "HEALTHCHECK")
    assert f"http://127.0.0.1:{port}/healthz" in check
    assert given(final(instructions), "EXPOSE") == [port]


def test_the_extras_of_the_image_exist(instructions):
    named = re.findall(r'"\.\[([\w,]+)\]"', " ".join(given(instructions, "RUN")))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert len(named) == 1
    assert set(named[0].split(",")) <= set(project["optional-dependencies"])


def test_pip_leaves_no_cache_and_the_last_stage_no_pip_run(instructions):
    for run in given(instructions, "RUN"):
        assert "pip install" not in run or "--no-cache-dir" in run
    assert "pip" not in " ".join(given(final(instructions), "RUN"))


def ignored(path: str) -> bool:
    """Whether Dockerfile.dockerignore keeps a path of the root out of the image: the last line wins."""
    verdict = False
    for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!").removeprefix("**/")
        if line and not line.startswith("#") and fnmatch.fnmatch(path, pattern):
            verdict = not line.startswith("!")
    return verdict


def test_what_is_copied_is_there_and_not_ignored(instructions):
    sources = [
        source
        for rest in given(instructions, "COPY")
        if "--from=" not in rest
        for source in rest.split()[:-1]
    ]
    assert "pyproject.toml" in sources
    for source in sources:
        assert (ROOT / source).exists()
        assert not ignored(source)


def test_what_the_build_reads_is_copied(instructions):
    copied = " ".join(given(instructions, "COPY")).split()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {"newscrawl", project["readme"], *project["license-files"]} <= set(copied)


@pytest.mark.parametrize("path", ["data", ".git", ".env", "deploy", "tests"])
def test_data_secrets_and_history_stay_out_of_the_image(path):
    assert ignored(path)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return loaded


def test_compose_keeps_to_its_specification():
    program = Path(sys.executable).with_name("check-jsonschema")
    command = [
        str(program),
        "--builtin-schema",
        "vendor.compose-spec",
        str(DEPLOY / "compose.yaml"),
    ]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("name", ["postgres", "worker"])
def test_services_have_limits_and_time_to_end(compose, name):
    service = compose["services"][name]
    assert service["mem_limit"]
    assert service["restart"] == "unless-stopped"
    assert "no-new-privileges:true" in service["security_opt"]
    assert int(service["stop_grace_period"].removesuffix("s")) >= GRACE
    assert not service.get("privileged")
    assert "ports" not in service


def test_workers_can_do_nothing_but_crawl(compose):
    worker = compose["services"]["worker"]
    assert worker["cap_drop"] == ["ALL"]
    assert worker["read_only"] is True
    assert worker["deploy"]["replicas"] == 2
    assert int(worker["stop_grace_period"].removesuffix("s")) > GRACE
    assert worker["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_the_worker_may_write_where_the_image_says(compose, instructions):
    (folder,) = given(final(instructions), "WORKDIR")
    assert f"data:{folder}" in compose["services"]["worker"]["volumes"]
    assert json.loads(given(final(instructions), "VOLUME")[0]) == [folder]


def test_postgres_is_pinned_and_out_of_reach(compose):
    postgres = compose["services"]["postgres"]
    assert re.fullmatch(r"postgres:\d+", postgres["image"])
    assert postgres["networks"] == ["store"]
    assert compose["networks"]["store"] == {"internal": True}


def test_there_is_no_password_of_ours(compose):
    needed = "${POSTGRES_PASSWORD:?set it in .env}"
    assert compose["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"] == needed
    url = compose["services"]["worker"]["environment"]["NEWSCRAWL_DATABASE_URL"]
    assert url == f"postgresql+psycopg://newscrawl:{needed}@postgres/newscrawl"


def test_variables_are_in_the_example_and_read_by_the_settings(compose):
    environment = compose["services"]["worker"]["environment"]
    used = set(re.findall(r"\$\{(\w+)", json.dumps(environment)))
    example = dict(
        line.split("=", 1)
        for line in (DEPLOY / "example.env").read_text().splitlines()
        if line and not line.startswith("#")
    )
    assert set(example) == used
    assert set(example.values()) == {""}
    assert [name for name in environment if not hasattr(settings, name)] == []


def lines(path: Path) -> list[str]:
    text = path.read_text()
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_the_units_of_a_job_are_what_schedule_writes(tmp_path):
    exported = newscrawl(
        *("schedule", "export", "--systemd", "-o", "units"),
        *("--file", str(DEPLOY / "sites.toml")),
        folder=tmp_path,
    )
    assert exported.returncode == 0
    there = {
        sys.executable: "/opt/newscrawl/bin/python",
        str(DEPLOY / "sites.toml"): "/etc/newscrawl/sites.toml",
        str(tmp_path): "/var/lib/newscrawl",
    }
    for name in ("newscrawl-example.service", "newscrawl-example.timer"):
        made = (tmp_path / "units" / name).read_text()
        for here, place in there.items():
            made = made.replace(here, place)
        assert (UNITS / name).read_text() == made


def test_jobs_are_held_as_the_worker_is():
    assert set(lines(DROP_IN)) <= {
        *lines(WORKER),
        "EnvironmentFile=-/etc/newscrawl/newscrawl.env",
    }


def test_the_worker_has_time_to_end_in_order():
    assert "KillMode=mixed" in lines(WORKER)
    (stop,) = [line for line in lines(WORKER) if line.startswith("TimeoutStopSec=")]
    assert int(stop.partition("=")[2]) > GRACE


def test_the_worker_of_systemd_listens_on_this_machine_only():
    (start,) = [line for line in lines(WORKER) if line.startswith("ExecStart=")]
    host, _, port = start.split()[-1].rpartition(":")
    assert host == "127.0.0.1"
    assert int(port) in UNPRIVILEGED


@pytest.fixture
def installed(tmp_path):
    """The units with programs that are on this machine."""
    folder = tmp_path / "system"
    shutil.copytree(UNITS, folder)
    for unit in folder.glob("*.service"):
        text = re.sub(r"/opt/newscrawl/bin/\w+", shutil.which("true") or "", unit.read_text())
        unit.write_text(text.replace("/var/lib/newscrawl", str(tmp_path)))
    return folder


def analyze(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    assert ANALYZE is not None
    return subprocess.run(
        [ANALYZE, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={**ENVIRONMENT, "SYSTEMD_UNIT_PATH": f"{folder}:"},
    )


@needs_systemd
def test_systemd_finds_nothing_wrong_in_the_units(installed):
    units = [str(unit) for unit in installed.iterdir() if unit.suffix in {".service", ".timer"}]
    assert len(units) == 3
    ended = analyze("verify", "--man=no", *units, folder=installed)
    assert [line for line in ended.stderr.splitlines() if "newscrawl" in line] == []


@needs_systemd
@pytest.mark.parametrize("unit", ["newscrawl-worker.service", "newscrawl-example.service"])
def test_systemd_calls_the_exposure_of_a_service_ok(installed, unit):
    ended = analyze(
        *("security", "--offline=true", "--no-pager", "--threshold=20", str(installed / unit)),
        folder=installed,
    )
    assert ended.returncode == 0, ended.stdout[-300:]
