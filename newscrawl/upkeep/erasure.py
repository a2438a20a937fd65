"""An erasure from beginning to end: archive, then database and logs, then the bytes that are left.

Backups and the archive come first, since only the articles tell what to look for in them. So an
erasure that was cut off is finished by the same one again: either the articles are still there,
or all that is left is to put files in their places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, select

from newscrawl.archive.reading import part_path
from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.last_lines import Part, is_moved_away, parts_of
from newscrawl.dataset.logs import put_in_place
from newscrawl.dataset.near import EVERYWHERE, Scope
from newscrawl.dedup.phrases import Phrases
from newscrawl.frontier.lease import SiteLocked
from newscrawl.store.database import file_of, name_of, reading
from newscrawl.store.drafts import PartDrafts
from newscrawl.store.outputs import forget_gone, noted, sweep
from newscrawl.store.schema import archives, logs, rebuilds, scopes
from newscrawl.upkeep import archive_erasing as records
from newscrawl.upkeep import erasing
from newscrawl.upkeep.archive_erasing import Erasing, Text
from newscrawl.upkeep.backup_erasing import Gone, NotErased, erase_in
from newscrawl.upkeep.compaction import held
from newscrawl.upkeep.erasing import Chosen, ErasedLog, ErasureRequest
from newscrawl.upkeep.leftovers import Leftovers, backups_of
from newscrawl.upkeep.settling import quiet_sites, settle

_OWN_ENDINGS = ("", "-wal", "-shm")


@dataclass(slots=True)
class ErasureResult:
    """What an erasure removed, and what it could not."""

    chosen: Chosen
    revisions: int = 0
    records: int = 0
    lines: int = 0
    pictures: int = 0
    backups: int = 0
    """Articles in backups."""
    moved_away: tuple[str, ...] = ()
    """Parts of logs and archives that are not where they were written."""
    leftovers: Leftovers = field(default_factory=Leftovers)

    @property
    def is_all(self) -> bool:
        """Whether nothing is known to be left for a person to remove."""
        return not (self.moved_away or self.leftovers)


class Folders(NamedTuple):
    """Where pages and pictures are kept, if they are."""

    archive: Path | None
    pictures: Path | None


class _State(NamedTuple):
    """What is there before anything is written."""

    phrases: Phrases
    pictures: Sequence[str]
    revisions: int
    archives: Sequence[records.Part]
    logs: Sequence[tuple[str, Sequence[Part]]]


class Erasure:
    """Erases what a request names."""

    def __init__(
        self, engine: Engine, request: ErasureRequest, scope: Scope, text: Text, folders: Folders
    ) -> None:
        self._engine = engine
        self._request = request
        self._scope = scope
        self._text = text
        self._folders = folders

    def preview(self) -> ErasureResult:
        """Return what would go; the lines of logs are not counted."""
        with reading(self._engine) as connection:
            chosen = erasing.choose(connection, self._request)
            state = _read(connection, chosen)
        told = self._begun(chosen, state)
        told.pictures = len(state.pictures)
        told.records = self._erasing(chosen, state).count(state.archives)
        return told

    def run(self) -> ErasureResult:
        """Erase it; finish what was cut off before.

        Raises:
            SiteLocked: a run is at work, or began meanwhile, or a database is read that is to be
                cleaned.
            Unreadable: a record of the archive is broken.
            LogDamaged: a log is not what the database committed.
            OSError: a file cannot be written.
        """
        self._settle()
        with reading(self._engine) as connection:
            chosen = erasing.choose(connection, self._request)
            state = _read(connection, chosen)
        told = self._begun(chosen, state)
        self._erase_backups(chosen, state, told)
        if not chosen.is_done:
            told.records = self._erase_records(chosen, state)
            told.lines, told.pictures = self._erase_rows(chosen, state)
            self._put_in_place()
        erasing.scrub(self._engine)
        self._look_around(state, told)
        return told

    def _settle(self) -> None:
        """Remove what dead processes left, and take over from dead runs."""
        sweep(self._engine, *self._more_folders())
        with self._engine.begin() as connection:
            chosen = erasing.choose(connection, self._request)
            sites = sorted({*chosen.sites, *quiet_sites(connection)})
            with held(connection, sites):
                settle(connection, sites, self._folders.archive)

    def _more_folders(self) -> list[Path]:
        return [self._folders.archive] if self._folders.archive else []

    def _erase_backups(self, chosen: Chosen, state: _State, told: ErasureResult) -> None:
        gone = Gone(chosen.ids, chosen.identities, chosen.sites, state.phrases)
        with reading(self._engine) as connection:
            found = backups_of(self._engine, connection)
        for path in found:
            try:
                told.backups += erase_in(path, gone)
            except NotErased as error:
                told.leftovers.backups.append(f"{path}: {error}")

    def _begun(self, chosen: Chosen, state: _State) -> ErasureResult:
        moved = [row.path for row in state.archives if not self._place(row.path).exists()]
        for _, parts in state.logs:
            moved += [part.path for part in parts if is_moved_away(part)]
        return ErasureResult(chosen, revisions=state.revisions, moved_away=tuple(moved))

    def _erasing(self, chosen: Chosen, state: _State) -> Erasing:
        return Erasing(chosen.identities, state.phrases, self._text, self._folders.archive)

    def _erase_records(self, chosen: Chosen, state: _State) -> int:
        with PartDrafts(name_of(self._engine)) as drafts:
            written = self._erasing(chosen, state).write(state.archives, drafts)
            with self._holding(chosen) as connection:
                if records.parts_of(connection, chosen.sites) != state.archives:
                    raise SiteLocked("a site was crawled meanwhile; try again")
                records.commit(connection, written)
                drafts.keep()
        self._put_in_place()
        return sum(part.dropped for part in written)

    def _erase_rows(self, chosen: Chosen, state: _State) -> tuple[int, int]:
        with PartDrafts(name_of(self._engine)) as drafts:
            grows = bool(chosen.orphans)
            written = {
                site: ErasedLog(parts, chosen, state.phrases, drafts, grows=grows)
                for site, parts in state.logs
            }
            with self._holding(chosen) as connection:
                if _logs(connection, chosen) != state.logs:
                    raise SiteLocked("a site was crawled meanwhile; try again")
                erasing.erase(
                    connection,
                    chosen,
                    self._store(connection),
                    lambda site, line: written[site].append(line),
                )
                for log in written.values():
                    log.commit(connection)
                folder = self._folders.pictures
                pictures = erasing.remove_pictures(folder, state.pictures) if folder else 0
                drafts.keep()
        return sum(log.lines for log in written.values()), pictures

    def _store(self, connection: Connection) -> ArticleStore:
        """Return what decides again about copies, in the scope in which they were told.

        An interrupted ``scrapy dedupe`` will decide once more.
        """
        interrupted = connection.execute(select(rebuilds.c.scope)).scalar()
        if interrupted is not None:
            return ArticleStore("", scope=Scope(interrupted))
        names = set(connection.execute(select(scopes.c.name)).scalars())
        told = Scope.ALL if EVERYWHERE in names else Scope.SITE
        return ArticleStore("", scope=told if names else self._scope)

    @contextmanager
    def _holding(self, chosen: Chosen) -> Iterator[Connection]:
        with self._engine.begin() as connection, held(connection, chosen.sites):
            if erasing.choose(connection, self._request) != chosen:
                raise SiteLocked("an article came or changed meanwhile; try again")
            yield connection

    def _put_in_place(self) -> None:
        with self._engine.begin() as connection:
            for table in (logs, archives):
                for site in connection.execute(select(table.c.site).distinct()).scalars().all():
                    put_in_place(connection, site, table)

    def _look_around(self, state: _State, told: ErasureResult) -> None:
        own = {self._place(row.path) for row in state.archives}
        own.update(Path(part.path) for _, parts in state.logs for part in parts)
        database = file_of(self._engine.url)
        if database is not None:
            own.update(database.resolve().with_name(database.name + end) for end in _OWN_ENDINGS)
        told.leftovers.drafts += sweep(self._engine, *self._more_folders())
        told.leftovers.look(own, state.phrases)
        with self._engine.begin() as connection:
            forget_gone(connection)
            told.leftovers.look_into(noted(connection), state.phrases)

    def _place(self, path: str) -> Path:
        return part_path(path, self._folders.archive)


def _read(connection: Connection, chosen: Chosen) -> _State:
    return _State(
        phrases=erasing.phrases_of(connection, chosen),
        pictures=erasing.pictures_of(connection, chosen),
        revisions=erasing.count_revisions(connection, chosen),
        archives=records.parts_of(connection, chosen.sites),
        logs=_logs(connection, chosen),
    )


def _logs(connection: Connection, chosen: Chosen) -> list[tuple[str, Sequence[Part]]]:
    return [(site, parts_of(connection, site)) for site in chosen.sites]
