"""The limits that hosts set, kept over runs: until when to wait, how far apart to ask."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select, update

from newscrawl.store.inserting import insert_ignoring
from newscrawl.store.schema import hosts


class HostLimits(NamedTuple):
    """Back-off and crawl delay of a host.

    ``until`` is a time of the clock, 0 for none, and ``since`` when it was set; ``delay`` is in
    seconds.
    """

    host: str
    until: float
    delay: float
    reason: str
    since: float = 0.0

    def left(self, now: float) -> float:
        """Return the seconds that are left of the back-off.

        None are of one that is yet to begin: it was set by a clock that was ahead.
        """
        return max(self.until - now, 0.0) if self.since <= now else 0.0


def limits_of_hosts(connection: Connection) -> dict[str, HostLimits]:
    """Return the limits of every host that set some, by its name."""
    rows = connection.execute(select(*(hosts.c[name] for name in HostLimits._fields)))
    return {row.host: HostLimits(*row) for row in rows}


def keep_limits(connection: Connection, limits: HostLimits) -> None:
    """Keep the limits of a host in place of those before, also beside other runs."""
    values = limits._asdict()
    connection.execute(insert_ignoring(connection, hosts), values)
    connection.execute(update(hosts).where(hosts.c.host == limits.host).values(values))
