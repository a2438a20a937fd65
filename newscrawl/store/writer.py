"""The one ordered writer: every change to the database, in the order it was asked for."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, Engine

from newscrawl.store.faults import is_of_a_row, is_passing, pauses, wait_after
from newscrawl.store.waiting import break_off, waits_for_answer

JOIN_SECONDS = 0.5


class Operation(NamedTuple):
    """Work for the writer thread; ``durable`` asks for the commit at once.

    ``run`` is called again for a group that has to be done again: what it does besides, it must
    be able to do twice. ``rescue`` does what is left to do where ``run`` has failed by its own
    values, so that the rest of the group can be stored.
    """

    run: Callable[[Connection], object]
    after_commit: Callable[[], None] | None = None
    durable: bool = False
    rescue: Callable[[Connection, Exception], object] | None = None


class GivenUp(RuntimeError):  # noqa: N818 - what became of it
    """The writer was told to wait no longer for the database."""


class Last(NamedTuple):
    """The end of what a writer does: its operation is the last one of the last group."""

    operation: Operation | None


class Journal(Protocol):
    """What goes with every group of operations; all methods run inside a transaction."""

    def begin(self, connection: Connection, group: int) -> None:
        """Begin the group of a number; raises where this run may write no more."""

    def before_commit(self, connection: Connection) -> None:
        """Write what has to be in files before the database commits it."""

    def has(self, connection: Connection, group: int) -> bool:
        """Whether a group was committed, whose commit nobody confirmed."""

    def reopen(self, connection: Connection) -> None:
        """Go back to what was committed, after a group that was not; in a group that has begun."""

    def attempt(self, connection: Connection) -> AbstractContextManager[None]:
        """Take back what a ``with`` block did that fails."""


class Writer(threading.Thread):
    """Runs operations one after the other and commits them in groups.

    A group ends ``interval`` seconds after its first operation, after ``events``
    operations, or with a durable one. A group that is lost with its connection is done again
    when the server is back, tried for ``patience`` seconds; one that fails by the values of an
    operation is done again with that operation's ``rescue``. Any other failure ends everything:
    the group is rolled back, ``failed`` is called once, and later operations are thrown away.
    So it is when :meth:`give_up` is called.
    """

    def __init__(
        self,
        engine: Engine,
        journal: Journal,
        *,
        interval: float,
        events: int,
        patience: float,
        failed: Callable[[BaseException], None],
    ) -> None:
        super().__init__(name="newscrawl-writer", daemon=True)
        self._engine = engine
        self._journal = journal
        self._interval = interval
        self._events = events
        self._patience = patience
        self._failed = failed
        self._queue: queue.SimpleQueue[Operation | Last] = queue.SimpleQueue()
        self._ended = False
        self._group = 0
        self._since: float | None = None
        self._driver: Any = None
        self._begun = False
        self._hurry = threading.Event()
        self._lock = threading.Lock()
        self.failure: BaseException | None = None

    def submit(self, operation: Operation) -> None:
        self._queue.put(operation)

    @property
    def waited(self) -> float:
        """For how many seconds the writer has been at one and the same thing; 0 while it has none."""
        since = self._since
        return 0.0 if since is None else time.monotonic() - since

    @property
    def has_begun(self) -> bool:
        """Whether a transaction stands; before that the writer waits for its turn, or the server."""
        return self._begun

    @property
    def waits_for_answer(self) -> bool:
        """Whether a server was asked something; else the writer works itself."""
        return waits_for_answer(self._driver)

    def break_off(self) -> None:
        """Take the server for gone: whatever it was asked is asked again, on a new connection."""
        break_off(self._driver)

    def hurry(self) -> None:
        """Do nothing again that fails from now on because the database is away."""
        self._hurry.set()

    def give_up(self) -> None:
        """End it at once, though the thread may still wait for its turn; it then does nothing."""
        self.hurry()
        self._fail(GivenUp("the database was waited for in vain"))

    def close(self, last: Operation | None = None) -> None:
        """Commit what was submitted, then ``last``, and end the thread; returns when it has ended.

        Nothing is committed after ``last``, also of what is submitted from now on: it may take
        away this run's right to write. A writer that has given up is not waited for.
        """
        self._queue.put(Last(last))
        while self.is_alive() and not isinstance(self.failure, GivenUp):
            self.join(JOIN_SECONDS)

    def run(self) -> None:
        try:
            while not self._ended:
                self._commit_group()
        except BaseException as failure:  # noqa: BLE001 - whatever it is, the crawl must hear of it
            self._since = None
            self._fail(failure)
            while not self._ended:
                self._ended = isinstance(self._queue.get(), Last)

    def _fail(self, failure: BaseException) -> None:
        with self._lock:
            if self.failure is not None:
                return
            self.failure = failure
        self._failed(failure)

    def _commit_group(self) -> None:
        self._group += 1
        group: list[Operation] = []
        try:
            self._commit(self._coming(group))
        except Exception as error:
            if not (is_passing(error) or is_of_a_row(error)):
                raise
            self._commit_again(group, error)
        for operation in group:
            if operation.after_commit is not None:
                operation.after_commit()

    def _coming(self, group: list[Operation]) -> Iterator[Operation]:
        """Yield the operations of one group as they come, and keep them in ``group``."""
        coming = self._next()
        deadline = time.monotonic() + self._interval
        while isinstance(coming, Operation):
            group.append(coming)
            yield coming
            left = deadline - time.monotonic()
            if coming.durable or len(group) >= self._events or left <= 0:
                return
            try:
                coming = self._next(left)
            except queue.Empty:
                self._since = time.monotonic()
                return
        self._ended = True
        if coming.operation is not None:
            group.append(coming.operation)
            yield coming.operation

    def _next(self, timeout: float | None = None) -> Operation | Last:
        self._since = None
        coming = self._queue.get(timeout=timeout)
        self._since = time.monotonic()
        return coming

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                self._driver = connection.connection.driver_connection
                with connection.begin():
                    self._begun = True
                    if self.failure is not None:
                        raise self.failure
                    yield connection
        finally:
            self._driver, self._begun = None, False

    def _commit(self, operations: Iterator[Operation]) -> None:
        first = next(operations, None)
        if first is None:
            return
        with self._transaction() as connection:
            self._journal.begin(connection, self._group)
            first.run(connection)
            for operation in operations:
                operation.run(connection)
            self._journal.before_commit(connection)

    def _commit_again(self, group: Sequence[Operation], error: Exception) -> None:
        """Do a group again whose transaction has failed, unless it was committed after all."""
        waits = pauses(self._patience)
        while True:
            if is_passing(error):
                wait_after(error, waits, self._hurry)
                self._engine.dispose()
            try:
                self._commit_singly(group)
            except Exception as again:
                if not is_passing(again):
                    raise
                error = again
            else:
                return

    def _commit_singly(self, group: Sequence[Operation]) -> None:
        with self._transaction() as connection:
            if self._journal.has(connection, self._group):
                return
            self._journal.begin(connection, self._group)
            self._journal.reopen(connection)
            for operation in group:
                self._run_singly(connection, operation)
                self._since = time.monotonic()
            self._journal.before_commit(connection)

    def _run_singly(self, connection: Connection, operation: Operation) -> None:
        try:
            with self._journal.attempt(connection):
                operation.run(connection)
        except Exception as error:
            if operation.rescue is None or not is_of_a_row(error):
                raise
            operation.rescue(connection, error)
