"""What an erasure knows of and does not touch, or could not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path

from sqlalchemy import Connection, Engine

from newscrawl.dedup.phrases import Phrases
from newscrawl.store.database import file_of
from newscrawl.store.drafts import FOLDER
from newscrawl.store.outputs import Kind, Output, noted
from newscrawl.upkeep.searching import NotReadable, is_in


@dataclass(slots=True)
class Leftovers:
    """Files that a person has to look at, by what is the matter with them."""

    sentences: list[Path] = field(default_factory=list)
    """A sentence still stands in these."""
    unread: list[str] = field(default_factory=list)
    """Nobody can say what is in these, and why."""
    backups: list[str] = field(default_factory=list)
    """Backups in which nothing could be erased, and why."""
    drafts: list[Path] = field(default_factory=list)
    """Another process writes these at this moment."""
    elsewhere: list[Output] = field(default_factory=list)
    """What other machines wrote where this one sees nothing; not known to hold anything."""

    def __bool__(self) -> bool:
        return bool(self.sentences or self.unread or self.backups or self.drafts)

    def look(self, own: Collection[Path], phrases: Phrases) -> None:
        """Look into the files that lie beside those that are ours."""
        for folder in sorted({path.parent for path in own}):
            for path in sorted(folder.iterdir()) if folder.is_dir() else ():
                if path.is_file() and path not in own:
                    self._look(path, phrases)
                elif path.name == FOLDER:
                    self._look_below(path, phrases)

    def look_into(self, outputs: Iterable[Output], phrases: Phrases) -> None:
        """Look into what was written for others, wherever it lies."""
        for output in outputs:
            if not output.is_here:
                self.elsewhere.append(output)
            elif output.kind is Kind.BACKUP:
                self._blame(output.path)
            elif output.path.is_dir():
                self._look_below(output.path, phrases)
            else:
                self._look(output.path, phrases)

    def _blame(self, backup: Path) -> None:
        """Name a backup that is no SQLite database; the others were erased in."""
        if not _is_sqlite(backup):
            self.backups.append(f"{backup}: only its database program can change it")

    def _look_below(self, folder: Path, phrases: Phrases) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path not in self.drafts:
                self._look(path, phrases)

    def _look(self, path: Path, phrases: Phrases) -> None:
        if path in self.sentences:
            return
        try:
            if is_in(path, phrases):
                self.sentences.append(path)
        except NotReadable as error:
            self.unread.append(str(error))


def backups_of(engine: Engine, connection: Connection) -> list[Path]:
    """Return the SQLite backups that are known: those noted, and what lies beside the database.

    Beside it lie those that a migration made, and those of versions that noted nothing.
    """
    found = [each.path for each in noted(connection) if each.kind is Kind.BACKUP]
    database = file_of(engine.url)
    if database is not None:
        found += _beside(database.absolute())
    return sorted({path for path in found if path.is_file() and _is_sqlite(path)})


def _beside(database: Path) -> Iterator[Path]:
    stem, ending = escape(database.stem), escape(database.suffix or ".db")
    for pattern in (f"{stem}.before-*.db", f"{stem}-*Z{ending}"):
        yield from database.parent.glob(pattern)


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"
