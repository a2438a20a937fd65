"""What hosts asked of us, kept over runs: how long to wait, how far apart to ask."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

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
    connection.execute(delete(hosts).where(hosts.c.host == wish.host))
    connection.execute(insert(hosts).values(wish._asdict()))
