"""Questions to the writer, whose answers come back to the reactor's thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Self, TypeVar

from sqlalchemy import Connection

from newscrawl.frontier.rescue import Rescue
from newscrawl.session.opening import OpenRun
from newscrawl.session.settings import SessionSettings
from newscrawl.store.writer import Operation, Writer

T = TypeVar("T")


class Questions:
    """Asks a writer; ``rescue`` does what is left to do where values are refused."""

    def __init__(self, writer: Writer, rescue: Rescue) -> None:
        self.writer = writer
        self._rescue = rescue

    @classmethod
    def about(
        cls, run: OpenRun, settings: SessionSettings, failed: Callable[[BaseException], None]
    ) -> Self:
        """Start the writer of a run; ``failed`` is called in the reactor's thread, at most once."""
        journal = run.journal
        writer = Writer(
            run.engine,
            journal,
            interval=settings.commit_interval,
            events=settings.commit_events,
            patience=settings.database_patience,
            failed=partial(to_reactor, failed),
        )
        writer.start()
        return cls(writer, Rescue(journal, run.begun.run))

    def close(self, last: Operation) -> bool:
        """Wait until all is answered and ``last`` is done; return whether it is."""
        self.writer.close(last)
        return self.writer.failure is None

    def ask(
        self,
        question: Callable[[Connection], T],
        answer: Callable[[T], None],
        *,
        durable: bool = False,
        rescue: Callable[[Connection, Rescue], T] | None = None,
    ) -> None:
        """Ask the writer; ``answer`` comes back to the reactor's thread, once.

        It comes after the commit if ``durable``, else from the first time that the question is
        put, though that may have to be put again.
        """
        results: list[T] = []

        def keep(result: T) -> None:
            results.append(result)
            if not durable and len(results) == 1:
                to_reactor(answer, result)

        def help_out(connection: Connection, error: Exception) -> None:
            if rescue is None or results:
                raise error
            keep(rescue(connection, self._rescue))

        def committed() -> None:
            to_reactor(answer, results[-1])

        self.writer.submit(
            Operation(
                lambda db: keep(question(db)), committed if durable else None, durable, help_out
            )
        )

    def commit(self, change: Callable[[Connection], object], done: Callable[[], None]) -> None:
        """Have a change committed at once; ``done`` is called by the writer, from its thread."""
        self.writer.submit(Operation(change, done, durable=True))


def to_reactor(function: Callable[..., Any], *arguments: Any) -> None:
    """Call a function in the reactor's thread, from any other."""
    from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

    reactor.callFromThread(function, *arguments)
