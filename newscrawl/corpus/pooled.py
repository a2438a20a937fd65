"""Shards on several cores of this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newscrawl.corpus.building import Result
from newscrawl.corpus.extraction import ShardReader
from newscrawl.corpus.task import ShardTask, Unread
from newscrawl.processes.pool import Died, ProcessPool


class Pooled:
    """Reads shards in so many processes; one that is killed costs the shard it was reading."""

    def __init__(self, size: int) -> None:
        self._size = size

    def run(self, tasks: Iterable[ShardTask]) -> Iterator[tuple[ShardTask, Result]]:
        with ProcessPool(self._size, ShardReader) as pool:
            for task, result in pool.run(tasks):
                yield task, _died(result) if isinstance(result, Died) else result


def _died(death: Died) -> Unread:
    return Unread(f"the process that read it died {death.attempts} times, at last {death.why}")
