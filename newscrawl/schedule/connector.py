"""The connections of procrastinate, which outlive a server that is away and one that says nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from weakref import WeakSet

from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from psycopg import AsyncConnection, OperationalError
from sqlalchemy import Engine

from newscrawl.store.waiting import Waits, break_off, of_server, setting

LONGEST_PAUSE = 5.0
POOL_SECONDS = 10.0
CLOSING_SECONDS = 1.0

logger = logging.getLogger(__name__)

T = TypeVar("T")


class PatientConnector(PsycopgConnector):
    """Asks again while the server is away, so that a restart of it ends no worker.

    It goes where an engine goes, and waits for a silent peer as long as ``waits`` says.
    """

    def __init__(self, engine: Engine, waits: Waits) -> None:
        self._waits = waits
        self._open: WeakSet[AsyncConnection[Any]] = WeakSet()
        self._in_haste = False
        _, keywords = engine.dialect.create_connect_args(engine.url)
        super().__init__(
            kwargs=keywords,
            min_size=1,
            max_size=4,
            timeout=POOL_SECONDS,
            configure=self._configure,
        )

    async def _configure(self, connection: AsyncConnection[Any]) -> None:
        self._open.add(connection)
        for name, value in of_server(self._waits).items():
            await connection.execute(*setting(name, value))
        await connection.commit()

    def break_off(self) -> None:
        """Take the server for gone: what it was asked is asked again, on new connections."""
        for connection in list(self._open):
            break_off(connection)

    def hurry(self) -> None:
        """Ask a server that is away no more."""
        self._in_haste = True
        self.break_off()

    async def close_async(self) -> None:
        closing = asyncio.ensure_future(super().close_async())
        await asyncio.wait((closing,), timeout=CLOSING_SECONDS if self._in_haste else None)

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        ask = super().execute_query_async
        await self._patiently(lambda: ask(query, **arguments))

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        ask = super().execute_query_one_async
        return await self._patiently(lambda: ask(query, **arguments))

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        ask = super().execute_query_all_async
        return await self._patiently(lambda: ask(query, **arguments))

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        pause = 0.1
        while True:
            if self._in_haste:
                raise ConnectorException("the database is not waited for any longer")
            try:
                return await ask()
            except ConnectorException as error:
                if not isinstance(error.__cause__, OperationalError):
                    raise
                logger.warning(
                    "The database is away, next try in %.1f s: %s", pause, error.__cause__
                )
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
