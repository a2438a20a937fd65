"""What a worker for shards shows to Prometheus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from newscrawl.corpus.executors.shard_worker import End, ShardWorker
from newscrawl.schedule.metrics import family_of


class ShardCollector(Collector):
    """One worker, since it began."""

    def __init__(self, worker: ShardWorker) -> None:
        self._worker = worker

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand, as other workers."""
        return []

    def collect(self) -> Iterator[Metric]:
        done = self._worker.done
        yield family_of(
            CounterMetricFamily,
            "newscrawl_shards",
            "Readings of shards by how they ended",
            ("end",),
            {(end.value,): done.ends[end] for end in End},
        )
        yield family_of(
            CounterMetricFamily,
            "newscrawl_shard_records",
            "Records of shards that were read, by outcome",
            ("outcome",),
            {(outcome,): number for outcome, number in list(done.records.items())},
        )
        yield SummaryMetricFamily(
            "newscrawl_shard_seconds",
            "How long readings of shards took",
            count_value=done.ends.total(),
            sum_value=done.seconds,
        )
        yield GaugeMetricFamily(
            "newscrawl_worker_shards",
            "Shards that this worker reads now",
            value=len(self._worker.at_work),
        )
