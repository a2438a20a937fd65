"""Shards read by the workers of a Dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from itertools import islice

from distributed import Client, Future, KilledWorker, as_completed

from newscrawl.corpus.building import Result
from newscrawl.corpus.executors.child import TRIES, ChildDiedError, read_apart, result_of
from newscrawl.corpus.task import ShardTask, Unread

AT_ONCE = 1_000
"""Shards that the scheduler knows of at a time."""
PATIENCE = 30
"""Seconds that a scheduler is waited for which does not answer."""

NOISY = ("distributed.client", "distributed.core", "distributed.utils", "distributed.comm")
"""Loggers that show with tracebacks what is told in one line here."""


class ClusterError(OSError):
    """A cluster cannot be used, or has gone away."""


class OnDask:
    """Gives a scheduler a future for each shard; a worker does as many as it has threads.

    The workers need newscrawl, and the folder of the corpus at the same place. The shards of a
    worker that is lost are done by others.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def run(self, tasks: Iterable[ShardTask]) -> Iterator[tuple[ShardTask, Result]]:
        """Yield as an executor does.

        Raises:
            ClusterError: there is no scheduler, or none any more, or workers lack newscrawl.
        """
        waiting = iter(tasks)
        with self._client() as client:
            known = {}
            done = as_completed(loop=client.loop)
            for task in islice(waiting, AT_ONCE):
                known[(future := _submitted(client, task)).key] = task
                done.add(future)
            for future in done:
                for task in islice(waiting, 1):
                    known[(more := _submitted(client, task)).key] = task
                    done.add(more)
                yield known.pop(future.key), self._result(future)

    def _client(self) -> Client:
        for name in NOISY:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            return Client(self._address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterError(f"no Dask scheduler at {self._address}: {error}") from None

    def _result(self, future: Future) -> Result:
        try:
            return result_of(future.result())
        except ChildDiedError as error:
            return Unread(f"{error}, {TRIES} times")
        except KilledWorker as error:
            return Unread(f"the workers that read it died: {error}")
        except CancelledError:
            raise ClusterError(f"the Dask scheduler at {self._address} has gone away") from None
        except ImportError as error:
            raise ClusterError(f"the Dask workers cannot read shards: {error}") from None


def _submitted(client: Client, task: ShardTask) -> Future:
    """Ask for a shard; what another client has asked for already is not done twice."""
    key = f"newscrawl-{task.folder}-{task.name}"
    return client.submit(read_apart, task.to_dict(), key=key, retries=TRIES - 1, pure=False)
