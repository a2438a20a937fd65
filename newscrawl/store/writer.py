"""The one ordered writer: every change to the database, in the order it was asked for."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection, Engine

logger = logging.getLogger(__name__)


class Operation(NamedTuple):
    """Work for the writer thread; ``durable`` asks for the commit at once."""

    run: Callable[[Connection], object]
    after_commit: Callable[[], None] | None = None
    durable: bool = False


class Writer(threading.Thread):
    """Runs operations one after the other and commits them in groups.

    A group ends ``interval`` seconds after its first operation, after ``events``
    operations, or with a durable one. ``before_commit`` runs inside the
    transaction. The first failure ends everything: the group is rolled back,
    ``failed`` is called once, and later operations are thrown away.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        interval: float,
        events: int,
        before_commit: Callable[[Connection], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        super().__init__(name="newscrawl-writer", daemon=True)
        self._engine = engine
        self._interval = interval
        self._events = events
        self._before_commit = before_commit
        self._failed = failed
        self._queue: queue.SimpleQueue[Operation | None] = queue.SimpleQueue()
        self.failure: BaseException | None = None

    def submit(self, operation: Operation) -> None:
        self._queue.put(operation)

    def close(self) -> None:
        """Commit what was submitted and end the thread; returns when it has ended."""
        self._queue.put(None)
        self.join()

    def run(self) -> None:
        try:
            with self._engine.connect() as connection:
                while self._commit_group(connection):
                    pass
        except BaseException as failure:  # noqa: BLE001 - whatever it is, the crawl must hear of it
            self.failure = failure
            self._failed(failure)
            while self._queue.get() is not None:
                pass

    def _commit_group(self, connection: Connection) -> bool:
        operation = self._queue.get()
        if operation is None:
            return False
        replies: list[Callable[[], None]] = []
        deadline = time.monotonic() + self._interval
        done = 0
        with connection.begin():
            while operation is not None:
                operation.run(connection)
                done += 1
                if operation.after_commit is not None:
                    replies.append(operation.after_commit)
                left = deadline - time.monotonic()
                if operation.durable or done == self._events or left <= 0:
                    break
                try:
                    operation = self._queue.get(timeout=left)
                except queue.Empty:
                    break
            self._before_commit(connection)
        for reply in replies:
            reply()
        return operation is not None
