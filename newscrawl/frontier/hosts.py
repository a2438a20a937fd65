"""What hosts asked of us, kept over runs: how long to wait, how far apart to ask."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select, update

from newscrawl.store.inserting import insert_ignoring
from newscrawl.store.schema import hosts


class Wish(NamedTuple):
    """``until`` is a time of the clock, 0 for none; ``delay`` is in seconds."""

    host: str
    until: float
    delay: float
    reason: str


def wishes(connection: Connection) -> dict[str, Wish]:
    """Return what every host asked for, by its name."""
    rows = connection.execute(select(*(hosts.c[name] for name in Wish._fields)))
    return {row.host: Wish(*row) for row in rows}


def keep(connection: Connection, wish: Wish) -> None:
    """Keep what a host asked for in place of what it did before, also beside other runs."""
    values = wish._asdict()
    connection.execute(insert_ignoring(connection, hosts), values)
    connection.execute(update(hosts).where(hosts.c.host == wish.host).values(values))
