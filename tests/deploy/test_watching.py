"""What watches the workers: the dashboard and the Compose profile hold to what is exported."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml  # type: ignore[import-untyped] # its types would be one package more

from newscrawl.schedule.metrics import LedgerCollector, WorkerCollector
from newscrawl.schedule.worker import Worker
from tests.deploy.test_deploy import DEPLOY

DASHBOARD = DEPLOY / "grafana" / "newscrawl.json"


@pytest.fixture(scope="module")
def dashboard() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(DASHBOARD.read_text())
    return loaded


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return loaded


def expressions(dashboard: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


def exported(engine) -> dict[str, set[str]]:
    """The names that a worker exports, as they are asked for, with their labels."""
    worker = SimpleNamespace(now=lambda: datetime.now(UTC), queue=[], at_work=[], exits={})
    families = [
        *LedgerCollector(engine).collect(),
        *WorkerCollector(cast(Worker, worker)).collect(),
    ]
    return {
        f"{each.name}{'_total' if each.type == 'counter' else ''}": set(
            getattr(each, "_labelnames", ())
        )
        for each in families
    }


def test_each_metric_of_the_dashboard_is_one_that_a_worker_exports(dashboard, engine):
    asked = {name for each in expressions(dashboard) for name in re.findall(r"newscrawl_\w+", each)}
    assert asked == set(exported(engine))


def test_each_metric_of_the_documentation_is_on_the_dashboard(dashboard):
    text = (DEPLOY.parent / "docs" / "schedule.md").read_text()
    told = set(re.findall(r"^\| `(newscrawl_\w+)`", text, re.MULTILINE))
    assert told == set(re.findall(r"newscrawl_\w+", " ".join(expressions(dashboard)))) - {
        "newscrawl"
    }


def test_labels_are_those_of_the_metrics(dashboard, engine):
    known = set().union(*exported(engine).values()) - {"job"}
    known |= {"exported_job"}  # Prometheus has a label of the name job itself
    used = {
        label.strip()
        for each in expressions(dashboard)
        for group in re.findall(r"by \(([^)]*)\)", each)
        for label in group.split(",")
    }
    assert used <= known


def test_panels_have_a_place_of_their_own_and_say_what_they_show(dashboard):
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        assert place["x"] + place["w"] <= 24
        assert panel["title"]
        taken |= cells
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(ids)) == len(ids)


def test_prometheus_asks_the_workers_where_they_listen(compose):
    config = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())
    (job,) = config["scrape_configs"]
    (found,) = job["dns_sd_configs"]
    assert found["names"] == ["worker"]
    assert f"0.0.0.0:{found['port']}" in (DEPLOY / "Dockerfile").read_text()
    assert "watch" in compose["services"]["worker"]["networks"]
    assert compose["services"]["prometheus"]["networks"] == ["watch"]


def test_grafana_finds_prometheus_and_the_dashboard(compose):
    provisioning = DEPLOY / "grafana" / "provisioning"
    source = yaml.safe_load((provisioning / "datasources" / "prometheus.yaml").read_text())
    assert source["datasources"][0]["url"] == "http://prometheus:9090"
    provider = yaml.safe_load((provisioning / "dashboards" / "newscrawl.yaml").read_text())
    folder = provider["providers"][0]["options"]["path"]
    mounted = compose["services"]["grafana"]["volumes"]
    assert f"./grafana/newscrawl.json:{folder}/newscrawl.json:ro" in mounted


@pytest.mark.parametrize("name", ["prometheus", "grafana"])
def test_who_watches_is_asked_for_has_limits_and_no_way_in(compose, name):
    service = compose["services"][name]
    assert service["profiles"] == ["watch"]
    assert re.fullmatch(r"[\w/]+:v?\d+\.\d+\.\d+", service["image"])
    assert service["mem_limit"]
    assert service["cap_drop"] == ["ALL"]
    assert "store" not in service["networks"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    for each in service["volumes"]:
        source, _, _ = each.partition(":")
        assert source in compose["volumes"] or (DEPLOY / source).exists()


def test_there_is_no_account_of_grafana_whose_password_is_known(compose):
    environment = compose["services"]["grafana"]["environment"]
    assert environment["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"
    assert environment["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
