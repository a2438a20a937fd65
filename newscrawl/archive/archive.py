"""The archive of a run: what goes into which file, and where it stands."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import Connection, bindparam, insert, select, update

from newscrawl.answer import Answer, Place
from newscrawl.archive.parts import Part, seal
from newscrawl.archive.reading import RecordReader
from newscrawl.archive.warc import FOUND_VIA, KIND, Records, Referred, digest_of, stamp
from newscrawl.frontier.rows import Row
from newscrawl.store.inserting import insert_ignoring
from newscrawl.store.schema import archives, articles, payloads, visits

ENDING = ".warc.gz"
TOLD_AT_ONCE = 5_000
"""Articles of one record that tells how they were found."""
_PAYLOAD = select(payloads.c.url, payloads.c.at).where(
    payloads.c.site == bindparam("of_site"), payloads.c.digest == bindparam("of_digest")
)
_LAST_ANSWER = (
    select(archives.c.path, visits.c.offset)
    .join(archives, archives.c.id == visits.c.archive)
    .where(visits.c.page == bindparam("of_page"), visits.c.status != HTTPStatus.NOT_MODIFIED)
    .order_by(visits.c.id.desc())
    .limit(1)
)


class Archive:
    """The open parts of a run, one a site; those before are sealed and never touched.

    Functions of the writer thread; each takes the connection of the running group.
    """

    def __init__(
        self, folder: str, *, max_bytes: int, sync: bool, run: int, sites: Sequence[str]
    ) -> None:
        self._folder = Path(folder).resolve()
        self._max_bytes = max_bytes
        self._sync = sync
        self._run = run
        self._sites = sites
        self._records = Records()
        self._reader = RecordReader(self._folder)
        self._parts: dict[str, Part] = {}

    def open(self, connection: Connection) -> None:
        """Begin a part for each site.

        Raises:
            OSError: the folder cannot be made.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        for site in self._sites:
            self._begin(connection, site, 1)

    def reopen(self, connection: Connection) -> None:
        """Go back to what is committed, after a transaction that was rolled back."""
        self.close()
        query = select(archives).where(
            archives.c.run == self._run,
            archives.c.site.in_(self._sites),
            archives.c.sealed.is_(False),
        )
        self._parts = {
            row.site: Part(row.id, row.part, Path(row.path), row.length)
            for row in connection.execute(query)
        }

    def mark(self) -> dict[str, int]:
        """Return how long each part is."""
        return {site: part.length for site, part in self._parts.items()}

    def cut(self, mark: Mapping[str, int]) -> None:
        """Take back the records behind a mark."""
        for site, length in mark.items():
            self._parts[site].cut(length)

    def keep(self, connection: Connection, row: Row, answer: Answer) -> Place:
        """Write the answer of a row; nobody is told of the record before it is committed."""
        part = self._parts[row.site]
        digest = digest_of(answer.body)
        told = {KIND: row.kind, FOUND_VIA: row.found_via}
        identical = unmodified = None
        if answer.status == HTTPStatus.NOT_MODIFIED:
            unmodified = self._last(connection, row.id)
        elif answer.body:
            identical = self._known(connection, row.site, digest)
        record = self._records.answer(
            answer, digest, told, identical=identical, unmodified=unmodified
        )
        place = Place(part.key, self._append(part, record))
        if answer.body and identical is None and answer.status != HTTPStatus.NOT_MODIFIED:
            values = {"site": row.site, "digest": digest, "url": answer.url}
            connection.execute(
                insert_ignoring(connection, payloads),
                [{**values, **place._asdict(), "at": stamp(answer.at)}],
            )
        return place

    def before_commit(self, connection: Connection) -> None:
        """Put the new lengths into the commit; begin the next part where one is full."""
        for site, part in [*self._parts.items()]:
            if part.length == part.committed:
                continue
            self._commit(connection, part)
            if part.length >= self._max_bytes > 0:
                part.close()
                seal(connection, part.key)
                self._begin(connection, site, part.number + 1)

    def seal(self, connection: Connection, since: int) -> None:
        """End the parts, with how the articles that changed from the run ``since`` on were found."""
        for site, part in self._parts.items():
            query = select(articles.c.url, articles.c.found_via).where(
                articles.c.site == site, articles.c.changed_run >= since
            )
            for some in connection.execute(query).partitions(TOLD_AT_ONCE):
                ways = {url: way for url, way in some}  # noqa: C416 - dict() takes no rows
                self._append(part, self._records.ways(site, ways))
            self._commit(connection, part)
            part.close()
            seal(connection, part.key)
        self._parts.clear()

    def close(self) -> None:
        self._reader.close()
        for part in self._parts.values():
            part.close()

    def _begin(self, connection: Connection, site: str, number: int) -> None:
        begun = f"{datetime.now(UTC):%Y%m%d%H%M%S}"
        stem = f"{site.replace(':', '-')}-{begun}-{self._run:05}"
        while (path := self._folder / f"{stem}-{number:05}{ENDING}").exists():
            number += 1
        values = {"path": str(path), "site": site, "run": self._run, "part": number}
        result = connection.execute(insert(archives).values(**values, length=0, sealed=False))
        (key,) = result.inserted_primary_key or (None,)
        if key is None:
            raise RuntimeError("the database gave the new part no number")
        self._parts[site] = Part(key, number, path)

    def _append(self, part: Part, record: bytes) -> int:
        if not part.length:
            part.append(self._records.info(part.path.name))
        return part.append(record)

    def _commit(self, connection: Connection, part: Part) -> None:
        if self._sync and part.file is not None:
            os.fsync(part.file.fileno())
        connection.execute(
            update(archives).where(archives.c.id == part.key).values(length=part.length)
        )
        part.committed = part.length

    def _known(self, connection: Connection, site: str, digest: str) -> Referred | None:
        found = connection.execute(_PAYLOAD, {"of_site": site, "of_digest": digest}).first()
        return None if found is None else Referred(found.url, found.at)

    def _last(self, connection: Connection, page: int) -> Referred | None:
        """Return the record that a 304 refers to, unless it is lost."""
        found = connection.execute(_LAST_ANSWER, {"of_page": page}).first()
        if found is None:
            return None
        return self._reader.referred(found.path, found.offset)
