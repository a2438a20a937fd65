"""An erasure from beginning to end: archive, then database and logs, then the bytes that are left.

The archive comes first, since only the articles tell what to look for in it. So an erasure that
was cut off is finished by the same one again: either the articles are still there, or all that is
left is to put files in their places.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, select

from newscrawl.archive.reading import part_path
from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.last_lines import Part, is_moved_away, parts_of
from newscrawl.dataset.logs import put_in_place
from newscrawl.dataset.near import Scope
from newscrawl.dedup.phrases import Phrases
from newscrawl.frontier.lease import SiteLocked
from newscrawl.store.database import file_of, reading
from newscrawl.store.schema import archives, logs
from newscrawl.upkeep import archive_erasing as records
from newscrawl.upkeep import erasing
from newscrawl.upkeep.archive_erasing import Erasing, Text
from newscrawl.upkeep.compaction import held
from newscrawl.upkeep.erasing import Chosen, ErasedLog, ErasureRequest

READ_AT_ONCE = 1 << 20
OVERLAP = 4096
"""Characters of a file that are read with the next ones again: more than a sentence has."""


@dataclass(slots=True)
class ErasureResult:
    """What an erasure removed, and what it could not."""

    chosen: Chosen
    revisions: int = 0
    records: int = 0
    lines: int = 0
    pictures: int = 0
    moved_away: tuple[str, ...] = ()
    """Parts of logs and archives that are not where they were written."""
    left: tuple[Path, ...] = ()
    """Files beside them in which a sentence still stands."""


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
        self._put_in_place()
        with reading(self._engine) as connection:
            chosen = erasing.choose(connection, self._request)
            state = _read(connection, chosen)
        told = self._begun(chosen, state)
        if not chosen.is_done:
            told.records = self._erase_records(chosen, state)
            told.lines, told.pictures = self._erase_rows(chosen, state)
            self._put_in_place()
        erasing.scrub(self._engine)
        told.left = tuple(self._left(state))
        return told

    def _begun(self, chosen: Chosen, state: _State) -> ErasureResult:
        moved = [row.path for row in state.archives if not self._place(row.path).exists()]
        for _, parts in state.logs:
            moved += [part.path for part in parts if is_moved_away(part)]
        return ErasureResult(chosen, revisions=state.revisions, moved_away=tuple(moved))

    def _erasing(self, chosen: Chosen, state: _State) -> Erasing:
        return Erasing(chosen.identities, state.phrases, self._text, self._folders.archive)

    def _erase_records(self, chosen: Chosen, state: _State) -> int:
        written = self._erasing(chosen, state).write(state.archives)
        with _discarding(lambda: records.discard(written)), self._holding(chosen) as connection:
            if records.parts_of(connection, chosen.sites) != state.archives:
                raise SiteLocked("a site was crawled meanwhile; try again")
            records.commit(connection, written)
        self._put_in_place()
        return sum(part.dropped for part in written)

    def _erase_rows(self, chosen: Chosen, state: _State) -> tuple[int, int]:
        written: dict[str, ErasedLog] = {}

        def discard() -> None:
            for log in written.values():
                log.discard()

        with _discarding(discard):
            for site, parts in state.logs:
                grows = bool(chosen.orphans)
                written[site] = ErasedLog(parts, chosen, state.phrases, grows=grows)
            with self._holding(chosen) as connection:
                if _logs(connection, chosen) != state.logs:
                    raise SiteLocked("a site was crawled meanwhile; try again")
                store = ArticleStore("", scope=self._scope)
                store.check(connection)
                erasing.erase(
                    connection, chosen, store, lambda site, line: written[site].append(line)
                )
                for log in written.values():
                    log.commit(connection)
                folder = self._folders.pictures
                pictures = erasing.remove_pictures(folder, state.pictures) if folder else 0
        return sum(log.lines for log in written.values()), pictures

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

    def _left(self, state: _State) -> Iterator[Path]:
        """Yield the files in the folders of what was written that still have a sentence."""
        own = {self._place(row.path) for row in state.archives}
        own.update(Path(part.path) for _, parts in state.logs for part in parts)
        database = file_of(self._engine.url)
        if database is not None:
            own.update(database.resolve().with_name(database.name + end) for end in _OWN_ENDINGS)
        for folder in sorted({path.parent for path in own}):
            for path in sorted(folder.iterdir()) if folder.is_dir() else ():
                if path.is_file() and path not in own and _is_in(path, state.phrases):
                    yield path

    def _place(self, path: str) -> Path:
        return part_path(path, self._folders.archive)


_OWN_ENDINGS = ("", "-wal", "-shm")


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


@contextmanager
def _discarding(discard: Callable[[], None]) -> Iterator[None]:
    """Remove hidden files that no commit has named."""
    with ExitStack() as stack:
        stack.callback(discard)
        yield
        stack.pop_all()


def _is_in(path: Path, phrases: Phrases) -> bool:
    if not phrases:
        return False
    try:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8", errors="replace") as file:
            before = ""
            while some := file.read(READ_AT_ONCE):
                if phrases.is_in(before + some):
                    return True
                before = some[-OVERLAP:]
    except (OSError, EOFError):  # not ours to judge
        return False
    return False
