"""The logs of a run: one a site, in sealed parts where they rotate.

A part is in the table ``logs`` before its file is begun, so that whatever lies
behind the committed length was never promised to anyone.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection, Row, Table, bindparam, func, insert, select, update

from newscrawl.dataset.jsonl import ArticleLog, is_log_of
from newscrawl.items import Article
from newscrawl.store.prepared import prepared
from newscrawl.store.replacing import place_of, take_place
from newscrawl.store.schema import logs

_GROWN = (
    update(logs)
    .where(logs.c.site == bindparam("of_site"), logs.c.sealed.is_(False))
    .values(length=bindparam("new_length"))
)


@dataclass(frozen=True, slots=True)
class LogPath:
    """A template of paths with ``{site}``, ``{day}`` (of UTC) and ``{part}`` (from 1).

    With ``{day}`` a log begins a part each day, with ``{part}`` whenever one has
    reached ``max_bytes``.
    """

    template: str
    max_bytes: int = 0

    @property
    def by_day(self) -> bool:
        return "{day" in self.template

    @property
    def by_size(self) -> bool:
        return self.max_bytes > 0

    @property
    def by_part(self) -> bool:
        return "{part" in self.template

    def check(self) -> None:
        """Refuse a template that cannot work.

        Raises:
            ValueError: it has an unknown placeholder, or none for the parts asked for.
        """
        self.at("site", date.min, 1)
        if self.by_size and not self.by_part:
            raise ValueError(
                "NEWSCRAWL_JSONL_MAX_BYTES is set, so NEWSCRAWL_JSONL needs a {part}, "
                "e.g. data/{site}-{part:04}.jsonl"
            )

    def at(self, site: str, day: date, part: int) -> Path:
        try:
            return Path(
                self.template.format(site=site.replace(":", "-"), day=day.isoformat(), part=part)
            )
        except (LookupError, ValueError):
            raise ValueError(
                f"NEWSCRAWL_JSONL is {self.template!r}; "
                "its placeholders may be {site}, {day} and {part}"
            ) from None


def _today() -> date:
    return datetime.now(UTC).date()


class SiteLog:
    """The log of one site; its last part is open, those before are sealed and never touched."""

    def __init__(
        self,
        connection: Connection,
        site: str,
        path: LogPath,
        *,
        sync: bool = False,
        today: Callable[[], date] = _today,
    ) -> None:
        self.site = site
        self._path = path
        self._sync = sync
        self._today = today
        put_in_place(connection, site)
        current = connection.execute(
            select(logs).where(logs.c.site == site, logs.c.sealed.is_(False))
        ).first()
        self.day: date
        self.part: int
        self.day, self.part = (
            (today(), 1) if current is None else (date.fromisoformat(current.day), current.part)
        )
        self._log = self._open(connection, current)
        self._rotate_if_due(connection)

    def _open(self, connection: Connection, current: Row[tuple[object, ...]] | None) -> ArticleLog:
        path = self._path.at(self.site, self.day, self.part)
        absolute = str(path.resolve())
        _refuse_shared(connection, self.site, path, absolute)
        size = path.stat().st_size if path.exists() else 0
        same_file = current is not None and current.path == absolute
        moved = current is not None and size > 0 and is_log_of(path, self.site)
        if size and not same_file and not moved:
            raise ValueError(
                f"{path} already exists and is not this database's log of {self.site}: "
                "move it away, or choose another NEWSCRAWL_JSONL"
            )
        length = current.length if current is not None and (same_file or size) else 0
        log = ArticleLog(path, length)
        if current is None:
            self._begin_part(connection, absolute)
        else:
            connection.execute(
                update(logs).where(logs.c.path == current.path).values(path=absolute, length=length)
            )
        return log

    def append(self, article: Article) -> None:
        self._log.append(article)

    @property
    def pending(self) -> int:
        return self._log.pending

    def drop_after(self, pending: int) -> None:
        self._log.drop_after(pending)

    def before_commit(self, connection: Connection) -> None:
        """Write what is pending and put the new length into the commit; rotate where due."""
        if not self._log.write(sync=self._sync):
            return
        grown = prepared(_GROWN, ("new_length", "of_site"), connection.dialect)
        grown.run(connection, [(self._log.length, self.site)])
        self._rotate_if_due(connection)

    def close(self) -> None:
        self._log.close()

    def _rotate_if_due(self, connection: Connection) -> None:
        new_day = self._begins_a_day(connection)
        full = self._path.by_size and self._log.length >= self._path.max_bytes
        if not (new_day or full):
            return
        self._log.close()
        connection.execute(
            update(logs)
            .where(logs.c.site == self.site, logs.c.sealed.is_(False))
            .values(sealed=True)
        )
        first = 1 if new_day else self.part + 1
        self.day = self._today()
        self.part = first
        path = self._path.at(self.site, self.day, self.part)
        while has_content(path) or _is_part(connection, path):
            if not self._path.by_part:
                raise FileExistsError(f"{path} already exists: move it away")
            self.part += 1
            path = self._path.at(self.site, self.day, self.part)
        self._begin_part(connection, str(path.resolve()))
        self._log = ArticleLog(path, 0)

    def _begins_a_day(self, connection: Connection) -> bool:
        """Whether a part is to be begun for today.

        A clock that was set back, or is right again, may show a day whose only file is a part
        already, which other lines have followed: the open part goes on then.
        """
        today = self._today()
        if not self._path.by_day or today == self.day:
            return False
        return self._path.by_part or not _is_part(connection, self._path.at(self.site, today, 1))

    def _begin_part(self, connection: Connection, absolute: str) -> None:
        connection.execute(
            insert(logs).values(
                site=self.site,
                path=absolute,
                day=self.day.isoformat(),
                part=self.part,
                length=0,
                sealed=False,
                number=next_number(connection),
            )
        )


def next_number(connection: Connection) -> int:
    """Return the number of a part that is begun now; the order of parts is that of their numbers."""
    return int(connection.execute(select(func.max(logs.c.number))).scalar() or 0) + 1


def _is_part(connection: Connection, path: Path) -> bool:
    """Whether a path is that of a part, be it moved away."""
    query = select(logs.c.path).where(logs.c.path == str(path.resolve()))
    return connection.execute(query).first() is not None


def put_in_place(connection: Connection, site: str, table: Table = logs) -> None:
    """Put rewritten parts in the place of the old ones, if that was cut off.

    The table, that of the logs or of the archives, names a hidden file from the commit of a
    compaction or an erasure until the file has its place.
    """
    for recorded in connection.execute(select(table.c.path).where(table.c.site == site)).scalars():
        place = place_of(Path(recorded))
        if place is None:
            continue
        with suppress(FileNotFoundError):
            take_place(Path(recorded), place)
        connection.execute(update(table).where(table.c.path == recorded).values(path=str(place)))


def file_of(recorded: str) -> Path:
    """Return where a part of a log or an archive is at this moment, see :func:`put_in_place`."""
    hidden = Path(recorded)
    place = place_of(hidden)
    return hidden if place is None or hidden.exists() else place


def has_content(path: Path) -> bool:
    """Whether a file is in the way; an empty one a killed run may have left."""
    return path.exists() and path.stat().st_size > 0


def _refuse_shared(connection: Connection, site: str, path: Path, absolute: str) -> None:
    shared = select(logs.c.site).where(logs.c.path == absolute, logs.c.site != site)
    other = connection.execute(shared).scalar()
    if other is not None:
        raise ValueError(
            f"{path} is the log of {other}; put {{site}} into NEWSCRAWL_JSONL, "
            "so that each site has its own"
        )
