"""Taking pages, and all that repeats what they said, out of the parts of an archive.

As in a compaction of the log: what stays is written to hidden files, one transaction names them
with their lengths and all that points into them, then they take their places.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from newscrawl.addresses.address import identity
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.answer import Answer
from newscrawl.archive.reading import Head, RecordReader, Scanned, part_path, scan
from newscrawl.archive.warc import Records
from newscrawl.dedup.phrases import Phrases
from newscrawl.outcomes import Unreadable
from newscrawl.store.drafts import PartDrafts
from newscrawl.store.replacing import clear, sync
from newscrawl.store.schema import archives, payloads, visits

MAX_PAYLOAD = 1 << 30
Part = Row[tuple[int, str, str, int, int, int, bool]]
Text = Callable[[Answer], str]
"""Gives what an answer says, unpacked."""

_MOVE = update(visits).where(visits.c.id == bindparam("key"))
_MOVE_PAYLOAD = update(payloads).where(
    payloads.c.site == bindparam("of_site"), payloads.c.digest == bindparam("of_digest")
)


@dataclass(slots=True)
class Rewritten:
    """A part without the records that go; ``moved`` says where each other one now begins."""

    key: int
    path: str
    hidden: Path
    length: int = 0
    moved: dict[int, int] = field(default_factory=dict)
    dropped: int = 0
    """Answers that went; their requests are not counted."""


class _Piece(NamedTuple):
    """A record in its file; a ``text`` is put in its place, an empty one for what goes."""

    offset: int
    end: int
    text: bytes | None
    is_answer: bool


def parts_of(connection: Connection, sites: Sequence[str]) -> Sequence[Part]:
    """Return the rows of the parts of sites, in order."""
    query = select(archives).where(archives.c.site.in_(sites)).order_by(archives.c.id)
    return connection.execute(query).all()


class Erasing:
    """Finds what goes: the records of ``gone`` pages, and each whose payload holds a phrase.

    With a payload go the ``revisit`` records that stand for it. A part that is not where it was
    written is looked for by its name in ``folder``.
    """

    def __init__(
        self, gone: frozenset[str], phrases: Phrases, text: Text, folder: Path | None = None
    ) -> None:
        self._gone = gone
        self._phrases = phrases
        self._text = text
        self._folder = folder
        self._reader = RecordReader(folder)
        self._records = Records()
        self._digests: set[tuple[str, str]] = set()

    def write(self, parts: Sequence[Part], drafts: PartDrafts) -> list[Rewritten]:
        """Write what stays of each part that loses something; parts that were moved are left out.

        Raises:
            Unreadable: a record is broken, so nobody can say what is in it.
            OSError: a file cannot be written.
        """
        written: list[Rewritten] = []
        try:
            for part in parts:
                path = part_path(part.path, self._folder)
                if path.exists():
                    clear(path)
                    pieces = list(self._pieces(part, path))
                    if any(piece.text is not None for piece in pieces):
                        written.append(_write(part, path, pieces, drafts.begin(path)))
        finally:
            self._reader.close()
        return written

    def count(self, parts: Sequence[Part]) -> int:
        """Return how many answers would go."""
        try:
            return sum(
                piece.is_answer and piece.text == b""
                for part in parts
                if (path := part_path(part.path, self._folder)).exists()
                for piece in self._pieces(part, path)
            )
        finally:
            self._reader.close()

    def _pieces(self, part: Part, path: Path) -> Iterator[_Piece]:
        scanned = list(scan(path))
        ends = [*(each.offset for each in scanned[1:]), part.length]
        goes = False
        for each, end in zip(scanned, ends, strict=True):
            head = each.head
            if head is None:
                raise Unreadable(
                    f"{path}: the record at byte {each.offset} is broken; move the file away"
                )
            if head.type != "request":
                goes = self._goes(part, each.offset, head)
            text = b"" if goes else self._ways(part, each)
            yield _Piece(each.offset, end, text, head.is_answer)

    def _goes(self, part: Part, offset: int, head: Head) -> bool:
        if not head.is_answer:
            return False
        payload = (part.site, head.digest)
        if not (_is_of(head.url, self._gone) or payload in self._digests):
            if head.type == "revisit":
                return False
            answer, _ = self._reader.answer(part.path, offset, MAX_PAYLOAD)
            if not self._phrases.is_in(self._text(answer)):
                return False
        if head.digest and head.type == "response":
            self._digests.add(payload)
        return True

    def _ways(self, part: Part, each: Scanned) -> bytes | None:
        """Return a record of how articles were found without those that are gone."""
        if not each.ways:
            return None
        ways = json.loads(each.ways)
        kept = {url: way for url, way in ways.items() if not _is_of(url, self._gone)}
        return None if kept == ways else self._records.ways(part.site, kept)


def commit(connection: Connection, written: Sequence[Rewritten]) -> None:
    """Name the new files, and let visits and payloads point into them."""
    for part in written:
        connection.execute(
            update(archives)
            .where(archives.c.id == part.key)
            .values(path=str(part.hidden), length=part.length)
        )
        _move_visits(connection, part)
        _move_payloads(connection, part)


def _move_visits(connection: Connection, part: Rewritten) -> None:
    query = select(visits.c.id, visits.c.offset).where(visits.c.archive == part.key)
    rows = connection.execute(query).all()
    kept = [
        {"key": row.id, "to": part.moved[row.offset]} for row in rows if row.offset in part.moved
    ]
    lost = [{"key": row.id} for row in rows if row.offset not in part.moved]
    if kept:
        connection.execute(_MOVE.values(offset=bindparam("to")), kept)
    if lost:
        connection.execute(_MOVE.values(archive=None, offset=None), lost)


def _move_payloads(connection: Connection, part: Rewritten) -> None:
    query = select(payloads).where(payloads.c.archive == part.key)
    kept = []
    for row in connection.execute(query).all():
        own = {"of_site": row.site, "of_digest": row.digest}
        if row.offset in part.moved:
            kept.append({**own, "to": part.moved[row.offset]})
        else:
            connection.execute(
                delete(payloads).where(payloads.c.site == row.site, payloads.c.digest == row.digest)
            )
    if kept:
        connection.execute(_MOVE_PAYLOAD.values(offset=bindparam("to")), kept)


def _write(part: Part, path: Path, pieces: Sequence[_Piece], hidden: Path) -> Rewritten:
    done = Rewritten(part.id, str(path), hidden)
    with path.open("rb") as old, done.hidden.open("wb") as new:
        for piece in pieces:
            if piece.text == b"":
                done.dropped += piece.is_answer
                continue
            done.moved[piece.offset] = done.length
            old.seek(piece.offset)
            text = old.read(piece.end - piece.offset) if piece.text is None else piece.text
            done.length += new.write(text)
    shutil.copymode(path, done.hidden)
    sync(done.hidden)
    return done


def _is_of(url: str, gone: frozenset[str]) -> bool:
    try:
        return identity(url) in gone
    except UnfetchableURL:
        return False
