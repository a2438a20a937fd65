"""The lines of docs/jobs.md, with a program in newscrawl's place that ends as it is told.

Prefect and Airflow are stood in for: each brings more packages than the suite has.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from types import ModuleType, SimpleNamespace

import pytest
from cronsim import CronSim

from tests.deploy import eggs

TEXT = (eggs.ROOT / "docs" / "jobs.md").read_text(encoding="utf-8")
STATUSES = [0, 1, 2, 3, 75]
ANALYZE = shutil.which("systemd-analyze")


def block(heading: str, language: str, number: int = 0) -> str:
    section = re.split(r"^## ", TEXT.partition(f"\n## {heading}\n")[2], flags=re.MULTILINE)[0]
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return found[number]


@pytest.fixture
def ends(tmp_path, monkeypatch):
    """Lets the program of that name end with a status, and tells how it was started."""
    program = tmp_path / "newscrawl"
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    def with_status(status):
        program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/started\nexit {status}\n')
        program.chmod(0o700)
        return tmp_path / "started"

    return with_status


@pytest.mark.parametrize("status", STATUSES)
def test_cron_hears_of_all_but_a_run_at_work(status, ends, tmp_path):
    line = block("cron", "cron").strip()
    fields, _, command = line.partition("  ")
    assert next(CronSim(fields, datetime(2025, 1, 1, tzinfo=UTC))).hour == 0
    started = ends(status)
    ended = subprocess.run(
        ["sh", "-c", command.replace("/srv/news", str(tmp_path))], check=False, cwd=tmp_path
    )
    assert (ended.returncode == 0) is (status in {0, 75})
    assert started.read_text().split()[:2] == ["crawl", "site"]


@pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze")
def test_systemd_finds_nothing_wrong_in_the_units(tmp_path):
    program = shutil.which("true") or ""
    service, timer = (tmp_path / f"newscrawl-daily.{kind}" for kind in ("service", "timer"))
    service.write_text(block("systemd", "ini").replace("/opt/newscrawl/bin/newscrawl", program))
    timer.write_text(block("systemd", "ini", 1))
    ended = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", str(service), str(timer)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )
    assert [line for line in ended.stderr.splitlines() if "newscrawl" in line] == []
    assert "SuccessExitStatus=3 75" in service.read_text()


def module(name: str, **parts: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(parts)
    return made


@pytest.fixture
def prefect(monkeypatch):
    """The names of the block, with what they need of Prefect in its place."""

    def task(**options):
        return lambda function: SimpleNamespace(run=function, **options)

    states = module("prefect.states", Completed=SimpleNamespace)
    monkeypatch.setitem(
        sys.modules, "prefect", module("prefect", flow=lambda each: each, task=task)
    )
    monkeypatch.setitem(sys.modules, "prefect.states", states)
    names: dict[str, object] = {}
    exec(block("Prefect", "python"), names)
    return SimpleNamespace(**names)


@pytest.mark.parametrize(("status", "name"), [(0, None), (3, "Alarm")])
def test_prefect_completes_a_good_run(status, name, ends, prefect):
    started = ends(status)
    state = prefect.crawl.run("https://www.example.com/", "news-1")
    assert getattr(state, "name", None) == name
    assert started.read_text().split()[-2:] == ["-a", "_job=news-1"]


@pytest.mark.parametrize("status", [1, 2, 75])
def test_prefect_tries_again_only_what_another_run_kept_from_beginning(status, ends, prefect):
    ends(status)
    with pytest.raises((prefect.TryLaterError, ValueError, RuntimeError)) as raised:
        prefect.crawl.run("https://www.example.com/", "news-1")
    state = SimpleNamespace(result=lambda **_: raised.value)
    assert prefect.crawl.retry_condition_fn(None, None, state) is (status == 75)


@pytest.mark.parametrize("status", STATUSES)
def test_airflow_skips_a_run_at_work_and_takes_an_alarm_for_good(
    status, ends, monkeypatch, tmp_path
):
    made: list[dict[str, object]] = []
    name = "airflow.providers.standard.operators.bash"
    for package in ("airflow", "airflow.providers", "airflow.providers.standard"):
        monkeypatch.setitem(sys.modules, package, module(package))
    monkeypatch.setitem(sys.modules, "airflow.providers.standard.operators", module(name))
    monkeypatch.setitem(
        sys.modules, name, module(name, BashOperator=lambda **what: made.append(what))
    )
    dag = module("airflow.sdk", DAG=lambda *_, **__: nullcontext())
    monkeypatch.setitem(sys.modules, "airflow.sdk", dag)
    exec(block("Airflow", "python"), {})
    (operator,) = made
    ends(status)
    command = str(operator["bash_command"]).replace("{{ run_id }}", "manual-1")
    ended = subprocess.run(["bash", "-c", command], check=False, cwd=tmp_path)
    assert ended.returncode == (0 if status == 3 else status)
    assert operator["skip_on_exit_code"] == 75
