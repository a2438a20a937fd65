"""The lease of a site: one run at a time, taken over from the dead."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Sequence

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from newscrawl.store.process import is_running, stands_still
from newscrawl.store.schema import leases

Lease = Row[tuple[str, int, str, int, float]]

LEASE_SECONDS = 45.0
HEARTBEAT_SECONDS = 5.0
STARTED = time.monotonic()
"""When this process could first take a lease."""
_NOW = select(func.extract("epoch", func.clock_timestamp()))


class SiteLocked(RuntimeError):  # noqa: N818 - a state of the site, not a fault
    """Another run holds the lease of a site."""


class LeaseLost(RuntimeError):  # noqa: N818 - as above
    """Another run took the lease over, since ours was not renewed in time."""


def now(connection: Connection) -> float:
    """Return the time that leases are measured by, in seconds: of the server, where there is one.

    The clocks of several machines differ. SQLite's users share a machine, and with it the clock
    that nobody sets: what is kept of it from before the machine was started may lie ahead.
    """
    if connection.dialect.name == "postgresql":
        return float(connection.execute(_NOW).scalar_one())
    return time.monotonic()


def is_alive(lease: Lease, at: float) -> bool:
    """Whether the holder can still be at work.

    A holder on this machine is looked up by its process; any holder counts as
    dead ``LEASE_SECONDS`` after its last heartbeat, and where that lies as far ahead: it is of
    another clock. One process may crawl several sites; what
    holds a lease by its number from before it began is a dead one that had the same.
    """
    if abs(at - lease.heartbeat) > LEASE_SECONDS:
        return False
    if lease.host != socket.gethostname():
        return True
    if lease.pid == os.getpid():
        return bool(at - lease.heartbeat < time.monotonic() - STARTED)
    return is_running(lease.pid)


def holders(connection: Connection, sites: Sequence[str]) -> Sequence[Lease]:
    """Return the leases on these sites.

    Raises:
        SiteLocked: a living run holds one of them.
    """
    at = now(connection)
    held = _on(connection, sites)
    for lease in held:
        if is_alive(lease, at):
            raise SiteLocked(f"{_named(lease)} is crawling {lease.site}")
    return held


def _on(connection: Connection, sites: Sequence[str]) -> Sequence[Lease]:
    return connection.execute(select(leases).where(leases.c.site.in_(sites))).all()


def _named(lease: Lease) -> str:
    return f"run {lease.run} (process {lease.pid} on {lease.host})"


def who_stands_still(connection: Connection) -> str:
    """Return which process of this machine may hold up a SQLite database; empty where none does.

    SQLite's lock ends with its process alone, and that is not ours to end.
    """
    for lease in connection.execute(select(leases)):
        if lease.host == socket.gethostname() and stands_still(lease.pid):
            return (
                f"process {lease.pid} stands still (run {lease.run} of {lease.site}) and holds the "
                f"database: let it go on (kill -CONT {lease.pid}) or end it (kill -9 {lease.pid})"
            )
    return ""


def at_work_on(connection: Connection, sites: Sequence[str]) -> str:
    """Return in words who has the leases on these sites, living or dead; empty where nobody has."""
    return "; ".join(f"{_named(each)} has {each.site}" for each in _on(connection, sites))


def clear_dead(connection: Connection, sites: Sequence[str]) -> list[int]:
    """Remove leases of dead runs of these sites; return the runs.

    Raises:
        SiteLocked: a living run holds one of them.
    """
    dead = sorted({lease.run for lease in holders(connection, sites)})
    connection.execute(delete(leases).where(leases.c.run.in_(dead)))
    return dead


def take(connection: Connection, sites: Sequence[str], run: int) -> None:
    """Take the leases of sites that nobody holds.

    Raises:
        SiteLocked: another run took one at the same moment; the transaction is lost.
    """
    at = now(connection)
    own = {"run": run, "host": socket.gethostname(), "pid": os.getpid(), "heartbeat": at}
    try:
        connection.execute(insert(leases), [{"site": site, **own} for site in sites])
    except IntegrityError:
        raise SiteLocked(f"another run has just begun to crawl {', '.join(sites)}") from None


def renew(connection: Connection, sites: Sequence[str], run: int) -> None:
    """Renew the leases of a run.

    Raises:
        LeaseLost: one of them is gone.
    """
    renewed = connection.execute(
        update(leases).where(leases.c.run == run).values(heartbeat=now(connection))
    ).rowcount
    if renewed != len(sites):
        raise LeaseLost(f"run {run} lost the lease of its sites to another run")


def give_back(connection: Connection, run: int) -> None:
    connection.execute(delete(leases).where(leases.c.run == run))
