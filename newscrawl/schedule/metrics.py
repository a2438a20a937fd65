"""What a worker shows over HTTP: ``/metrics`` for Prometheus and ``/healthz``."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import ThreadingWSGIServer
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from newscrawl.frontier.runs import ended_in_order
from newscrawl.history import monitoring
from newscrawl.schedule.worker import Worker
from newscrawl.store.database import reading

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

DEAF_SECONDS = 60.0
"""Time without an answer of the database after which a worker is not healthy."""


class LedgerCollector(Collector):
    """The ledger of all workers, the same from each of them.

    A run's visits are counted under the site it crawls; of a run of several sites under the
    names of all, joined by commas.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._visits: Counter[tuple[str, str]] = Counter()
        self._ends: Counter[tuple[str, str]] = Counter()
        self._success: dict[str, float] = {}
        self._since: datetime | None = None
        self._counted: set[int] = set()

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: registering is not to ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        with self._lock, reading(self._engine) as connection:
            self._count(monitoring.ended_since(connection, self._since))
            visits = self._visits + Counter(monitoring.of_open_runs(connection))
            queued = monitoring.queued(connection)
        yield family_of(
            CounterMetricFamily,
            "newscrawl_visits",
            "Visits by what became of them",
            ("site", "outcome"),
            visits,
        )
        yield family_of(
            CounterMetricFamily,
            "newscrawl_runs",
            "Runs by how they ended",
            ("site", "reason"),
            self._ends,
        )
        yield family_of(
            GaugeMetricFamily,
            "newscrawl_queued_pages",
            "Pages that wait to be visited",
            ("site",),
            {(site,): number for site, number in queued.items()},
        )
        yield family_of(
            GaugeMetricFamily,
            "newscrawl_last_success_timestamp_seconds",
            "When a run of the site last ended in order",
            ("site",),
            {(site,): at for site, at in self._success.items()},
        )

    def _count(self, ended: list[monitoring.Ended]) -> None:
        """Add runs that have ended since, those of the last moment again but once."""
        fresh = [run for run in ended if run.id not in self._counted]
        for run in fresh:
            site = ",".join(run.sites)
            for outcome, number in run.outcomes.items():
                self._visits[site, outcome] += number
            self._ends[site, run.reason] += 1
            if ended_in_order(run.reason):
                at = run.finished.timestamp()
                self._success[site] = max(self._success.get(site, 0.0), at)
        if fresh:
            since = min(max(run.finished for run in fresh), datetime.now(UTC))
            self._since = since
            self._counted = {run.id for run in ended if run.finished >= since}


class WorkerCollector(Collector):
    """One worker, and the queue as it last saw it."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        now = self._worker.now().timestamp()
        waiting = [job for job in list(self._worker.queue) if not job.at_work]
        yield family_of(
            GaugeMetricFamily,
            "newscrawl_lag_seconds",
            "How long ago the oldest waiting run of a job should have begun",
            ("job",),
            {(job.name,): max(0.0, now - job.due) for job in reversed(waiting)},
        )
        yield GaugeMetricFamily("newscrawl_waiting_jobs", "Jobs that wait", value=len(waiting))
        yield GaugeMetricFamily(
            "newscrawl_worker_crawls",
            "Crawls that this worker does now",
            value=len(self._worker.at_work),
        )
        yield family_of(
            CounterMetricFamily,
            "newscrawl_worker_exits",
            "Crawls of this worker by exit status",
            ("status",),
            {(str(status),): number for status, number in list(self._worker.exits.items())},
        )


def family_of(
    kind: type[CounterMetricFamily | GaugeMetricFamily],
    name: str,
    text: str,
    labels: tuple[str, ...],
    values: dict[Any, float] | Counter[Any],
) -> Metric:
    family = kind(name, text, labels=labels)
    for given, value in values.items():
        family.add_metric(list(given), value)
    return family


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Every scrape would be a line."""


class Watched(Protocol):
    """What is asked of a worker's health: when the database last answered, and what is at work."""

    heard: float
    """By the clock of ``time.monotonic``."""

    @property
    def at_work(self) -> Collection[str]: ...


def serve(
    host: str, port: int, worker: Watched, collectors: Iterable[Collector]
) -> Callable[[], None]:
    """Serve from a thread; returns what ends it.

    Raises:
        OSError: the address cannot be had.
    """
    registry = CollectorRegistry()
    for each in collectors:
        registry.register(each)
    metrics = make_wsgi_app(registry)

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/metrics":
            found: Iterable[bytes] = metrics(environ, start)
            return found
        status, text = _health(worker) if environ["PATH_INFO"] == "/healthz" else _NOT_FOUND
        start(status, [("Content-Type", "text/plain; charset=utf-8")])
        return [text.encode()]

    server = make_server(host, port, answer, ThreadingWSGIServer, handler_class=_Silent)
    thread = threading.Thread(target=server.serve_forever, name="newscrawl-metrics", daemon=True)
    thread.start()

    def end() -> None:
        server.shutdown()
        server.server_close()

    return end


_NOT_FOUND = ("404 Not Found", "there are /metrics and /healthz\n")


def _health(worker: Watched) -> tuple[str, str]:
    silent = time.monotonic() - worker.heard
    if silent > DEAF_SECONDS:
        return "503 Service Unavailable", f"no answer of the database for {silent:.0f} s\n"
    return "200 OK", f"at work: {', '.join(worker.at_work) or 'nothing'}\n"
