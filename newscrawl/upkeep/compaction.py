"""Compaction of the log of a site: only the last line of each article stays.

What is to stay is written to hidden files. One transaction names them in the table ``logs``, with
their lengths: with its commit the log is the new one, and if the process dies before the files
have their places, whoever opens the log next puts them there.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from newscrawl.dataset.last_lines import LastLines, Part, is_moved_away, lines_of, parsed, parts_of
from newscrawl.dataset.logs import put_in_place
from newscrawl.frontier import lease
from newscrawl.frontier.lease import SiteLocked
from newscrawl.frontier.runs import close_dead
from newscrawl.store.database import name_of
from newscrawl.store.drafts import PartDrafts
from newscrawl.store.outputs import sweep
from newscrawl.store.replacing import clear, sync
from newscrawl.store.schema import leases, logs, runs


class Compacted(NamedTuple):
    """The length of a log, all parts together, in bytes."""

    before: int
    after: int


class _Written(NamedTuple):
    part: Part
    draft: Path
    length: int


def compact(engine: Engine, site: str) -> Compacted:
    """Compact the log of a site.

    A part without a line to lose is not written again, and one that was moved away is left out.

    Raises:
        SiteLocked: a run is crawling the site, or was while the log was read.
        LogDamaged: a file is not what the database committed.
        OSError: a file cannot be written.
    """
    sweep(engine)
    with engine.begin() as connection, held(connection, [site]):
        put_in_place(connection, site)
        known = parts_of(connection, site)
        parts = [part for part in known if not is_moved_away(part)]
        for part in parts:
            clear(Path(part.path))  # here nobody else can commit one that is left
    with PartDrafts(name_of(engine)) as drafts:
        written = _write(parts, drafts)
        _commit(engine, site, known, written, drafts)
    with engine.begin() as connection:
        put_in_place(connection, site)
    before = sum(part.length for part in parts)
    return Compacted(before, before - sum(each.part.length - each.length for each in written))


def _commit(
    engine: Engine,
    site: str,
    known: Sequence[Part],
    written: Sequence[_Written],
    drafts: PartDrafts,
) -> None:
    with engine.begin() as connection, held(connection, [site]):
        if parts_of(connection, site) != known:
            raise SiteLocked(f"{site} was crawled meanwhile; try again")
        for each in written:
            connection.execute(
                update(logs)
                .where(logs.c.path == each.part.path)
                .values(path=str(each.draft), length=each.length)
            )
        drafts.keep()


@contextmanager
def held(connection: Connection, sites: Sequence[str]) -> Iterator[None]:
    """Hold the leases of sites until the transaction ends; no other one ever sees them.

    A dead run is closed as ``killed``; one that only slept commits nothing more.

    Raises:
        SiteLocked: a run has one of them; one of ``scrapy dedupe`` has all.
    """
    close_dead(connection, sites)
    run = connection.execute(select(func.max(runs.c.id))).scalar()
    try:
        if run is not None and sites:
            lease.take(connection, sites, run)
    except IntegrityError:
        raise SiteLocked(f"a run of {', '.join(sites)} has just begun") from None
    yield
    connection.execute(delete(leases).where(leases.c.site.in_(sites)))


def _write(parts: Sequence[Part], drafts: PartDrafts) -> list[_Written]:
    with LastLines() as last:
        for number, part in enumerate(parts):
            for line in lines_of(number, Path(part.path), part.length):
                last.add(parsed(line, Path(part.path))["id"], line)
        written = [_write_part(number, part, last, drafts) for number, part in enumerate(parts)]
    return [each for each in written if each is not None]


def _write_part(number: int, part: Part, last: LastLines, drafts: PartDrafts) -> _Written | None:
    path = Path(part.path)
    draft = drafts.begin(path)
    length = 0
    with draft.open("wb") as file:
        for line in lines_of(number, path, part.length):
            if last.is_last(parsed(line, path)["id"], line):
                length += file.write(line.text)
    if length == part.length:
        drafts.discard(draft)
        return None
    shutil.copymode(path, draft)
    sync(draft)
    return _Written(part, draft, length)
