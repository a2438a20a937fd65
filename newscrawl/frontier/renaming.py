"""The ledger of a site that has moved: its rows, its runs, and what its hosts asked for.

Functions of one transaction, which holds the leases of both sites.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from newscrawl.addresses.address import site_of
from newscrawl.addresses.moves import Move
from newscrawl.frontier.runs import RENAME
from newscrawl.outcomes import Outcome
from newscrawl.store.inserting import insert_ignoring
from newscrawl.store.schema import ERASED, archives, coverage, hosts, pages, payloads, runs

AT_ONCE = 500
_MOVE = (
    update(pages)
    .where(pages.c.id == bindparam("key"))
    .values(
        site=bindparam("to_site"),
        identity=bindparam("to_identity"),
        url=bindparam("to_url"),
        reason=bindparam("to_reason"),
    )
)


def move_pages(connection: Connection, move: Move) -> Iterator[int]:
    """Give each row of the old site its new address; yields how many rows at a time.

    A tombstone stays where it is, and there is one at its new address too.

    Raises:
        NoPlaceError: a subdomain cannot be there.
        IntegrityError: two pages would be one.
    """
    after = 0
    query = select(pages).where(pages.c.site == move.old).order_by(pages.c.id).limit(AT_ONCE)
    while rows := connection.execute(query.where(pages.c.id > after)).mappings().all():
        for row in rows:
            if row["state"] == ERASED:
                _add_tombstone(connection, row, move)
        if live := [_moved(row, move) for row in rows if row["state"] != ERASED]:
            connection.execute(_MOVE, live)
        after = rows[-1]["id"]
        yield len(rows)


def _add_tombstone(connection: Connection, row: RowMapping, move: Move) -> None:
    values = {**row, "site": move.site}
    connection.execute(update(pages).where(pages.c.id == row["id"]).values(site=move.site))
    del values["id"]
    values["identity"], values["url"] = move.identity(row["identity"]), move.url(row["url"])
    connection.execute(insert_ignoring(connection, pages), values)


def _moved(row: RowMapping, move: Move) -> dict[str, Any]:
    reason = row["reason"]
    if reason and row["outcome"] == Outcome.REDIRECTED.value:
        reason = move.url(reason)
    return {
        "key": row["id"],
        "to_site": move.site,
        "to_identity": move.identity(row["identity"]),
        "to_url": move.url(row["url"]),
        "to_reason": reason,
    }


def move_runs(connection: Connection, move: Move) -> None:
    """Let runs, their coverage and their archives be of the new site."""
    query = select(runs.c.id, runs.c.spider, runs.c.sites, runs.c.arguments)
    for run in connection.execute(query).all():
        if move.old not in run.sites:
            continue
        sites = sorted({move.site if site == move.old else site for site in run.sites})
        arguments = run.arguments if run.spider == RENAME else _arguments(run.arguments, move)
        connection.execute(
            update(runs).where(runs.c.id == run.id).values(sites=sites, arguments=arguments)
        )
    for table in (coverage, archives, payloads):
        connection.execute(update(table).where(table.c.site == move.old).values(site=move.site))


def _arguments(arguments: dict[str, Any], move: Move) -> dict[str, Any]:
    """Return what a crawl of the new site is given that is to read pages as this run did."""
    url = arguments.get("url")
    if not isinstance(url, str):
        return arguments
    return {**arguments, "url": ",".join(map(move.url, url.split(",")))}


def copy_limits(connection: Connection, move: Move) -> None:
    """Let what the old hosts asked for hold for the new ones too."""
    for limits in connection.execute(select(hosts)).mappings().all():
        host = move.host(limits["host"])
        if host != limits["host"]:
            connection.execute(insert_ignoring(connection, hosts), {**limits, "host": host})


def moves_to(connection: Connection, sites: Collection[str]) -> dict[str, Move]:
    """Return the moves by which old addresses lead to these sites, by the old site."""
    moves: dict[str, Move] = {}
    query = select(runs.c.arguments).where(runs.c.spider == RENAME).order_by(runs.c.id)
    for arguments in connection.execute(query).scalars():
        move = Move(arguments["old"], arguments["new"])
        moves.pop(move.site, None)
        moves[move.old] = move
    return {old: move for old, move in moves.items() if _end(move, moves) in sites}


def _end(move: Move, moves: dict[str, Move]) -> str:
    while (further := moves.get(move.site)) is not None:
        move = further
    return move.site


def present_url(url: str, moves: Mapping[str, Move]) -> str:
    """Return where a URL is now, after all moves of its site."""
    while (move := moves.get(site_of(url))) is not None:
        url = move.url(url)
    return url
