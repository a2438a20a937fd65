"""The list of captures that are wanted, and what became of all others.

It is kept in a file beside: what grows with the number of captures is not in memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from typing import NamedTuple, Self

from newscrawl.addresses.address import Address
from newscrawl.addresses.captures import timestamp_of
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.corpus.capturing.captures import (
    Capture,
    Left,
    capture_of,
    is_one_line,
    leads_elsewhere,
)
from newscrawl.corpus.capturing.rows import Row

_TABLE = """
    CREATE TABLE captures (
        number INTEGER PRIMARY KEY, page TEXT, site TEXT, url TEXT, timestamp TEXT,
        status INTEGER, mime TEXT, digest TEXT, file TEXT, offset INTEGER, length INTEGER
    )
"""
_INSERT = "INSERT INTO captures VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_AGAIN = """
    DELETE FROM captures WHERE offset IS NOT NULL AND number NOT IN (
        SELECT min(number) FROM captures WHERE offset IS NOT NULL GROUP BY file, offset
    )
"""
_SAME_DIGEST = """
    DELETE FROM captures WHERE mime != 'warc/revisit' AND digest != '' AND number NOT IN (
        SELECT number FROM (
            SELECT number, row_number() OVER (
                PARTITION BY page, digest ORDER BY timestamp, number
            ) AS place FROM captures WHERE mime != 'warc/revisit' AND digest != ''
        ) WHERE place = 1
    )
"""
_REVISITS = """
    DELETE FROM captures WHERE mime = 'warc/revisit' AND digest != '' AND (page, digest) IN (
        SELECT page, digest FROM captures WHERE mime != 'warc/revisit'
    )
"""
_SAME_TIME = """
    DELETE FROM captures WHERE number NOT IN (
        SELECT min(number) FROM captures GROUP BY page, timestamp
    )
"""
_BETWEEN = """
    DELETE FROM captures WHERE number IN (
        SELECT number FROM (
            SELECT number, digest, lag(digest) OVER of_page AS before, lead(digest) OVER of_page AS after
            FROM captures WINDOW of_page AS (PARTITION BY page ORDER BY timestamp, number)
        ) WHERE digest != '' AND digest = before AND digest = after
    )
"""
_IN_TIME = "SELECT page, site, url, timestamp FROM captures ORDER BY timestamp, number"
_LONE_REVISITS = "DELETE FROM captures WHERE mime = 'warc/revisit'"
_OF_RECORDS = (
    (Left.TWICE, _AGAIN),
    (Left.SAME_DIGEST, _SAME_DIGEST),
    (Left.REVISIT, _REVISITS),
    (Left.LONE_REVISIT, _LONE_REVISITS),
)
_OF_PAGES = ((Left.SAME_TIME, _SAME_TIME), (Left.BETWEEN, _BETWEEN))
"""What says nothing new to whom an archive shows pages, and what became of each page by its digest."""
_SUM = """
    SELECT count(*), count(DISTINCT site), count(DISTINCT file),
        count(DISTINCT substr(timestamp, 1, 8)), count(DISTINCT substr(timestamp, 1, 4)),
        min(timestamp), max(timestamp)
    FROM captures
"""
_LISTED = """
    SELECT url, timestamp, status, mime, digest, file, offset, length FROM captures
    ORDER BY file, offset, number
"""
_FILES = "SELECT DISTINCT file FROM captures ORDER BY file"


class Shown(NamedTuple):
    """A capture as an archive shows it, with the identity and the site of its page."""

    page: str
    site: str
    url: str
    timestamp: str


class Sum(NamedTuple):
    """What is listed; ``first`` and ``last`` are timestamps."""

    captures: int
    sites: int
    files: int
    days: int
    years: int
    first: str
    last: str


class Listing:
    """Takes rows of any sources, then tells which captures are wanted.

    Of one page (all URLs that are one by :attr:`Address.identity`) with the same digest the
    earliest capture counts, and a revisit with that digest says nothing new. Where an archive shows
    pages (``replayed``), no file need be named, and of captures in a row with the same digest the
    first and the last count: so long the page was as it was. Every row is listed, or in ``left``.
    """

    def __init__(
        self,
        sites: Collection[str],
        since: datetime | None,
        until: datetime | None,
        prefix: str = "",
        *,
        replayed: bool = False,
    ) -> None:
        self.left: Counter[Left] = Counter()
        self.rows = 0
        self._sites = frozenset(sites)
        self._since = timestamp_of(since) if since else ""
        self._until = timestamp_of(until) if until else "9"
        self._prefix = prefix
        self._replayed = replayed
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute(_TABLE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def take(self, rows: Iterable[Row | None], *, is_own: bool) -> None:
        """Take rows; ``None`` is a line that is none.

        ``is_own`` are those that the user has as a file, whose names of WARC files may lead
        anywhere.
        """
        with closing(self._database.cursor()) as cursor:
            cursor.executemany(_INSERT, self._wanted(rows, is_own=is_own))

    def settle(self) -> Sum:
        """Leave out what says nothing new; return what is listed then."""
        for left, statement in _OF_PAGES if self._replayed else _OF_RECORDS:
            self._count(left, self._database.execute(statement).rowcount)
        return Sum(*self._database.execute(_SUM).fetchone())

    def paths(self) -> Iterator[str]:
        """Yield the addresses of the WARC files, each once, in the order of their names."""
        for (file,) in self._database.execute(_FILES):
            yield self._prefix + file

    def captures(self) -> Iterator[str]:
        """Yield the captures as JSON, in the order in which they stand in their files."""
        for values in self._database.execute(_LISTED):
            told = Capture(*values)._asdict()
            yield json.dumps({**told, "file": self._prefix + told["file"]}, ensure_ascii=False)

    def in_time(self) -> Iterator[Shown]:
        """Yield the captures in the order of time."""
        yield from (Shown(*values) for values in self._database.execute(_IN_TIME))

    def _wanted(
        self, rows: Iterable[Row | None], *, is_own: bool
    ) -> Iterator[tuple[str | int | None, ...]]:
        for row in rows:
            self.rows += 1
            try:
                if row is None:
                    self._count(Left.UNREADABLE)
                    continue
                capture = capture_of(row)
                address = Address.parse(capture.url)
            except UnfetchableURL:
                self._count(Left.UNFETCHABLE)
                continue
            except ValueError:
                self._count(Left.UNREADABLE)
                continue
            why = self._why_not(capture, address.site, is_own=is_own)
            if why is None:
                yield (address.identity, address.site, *_values(capture))
            else:
                self._count(why)

    def _why_not(self, capture: Capture, site: str, *, is_own: bool) -> Left | None:
        """Return why a capture is left out at first sight, if it is."""
        is_time = self._since <= capture.timestamp < self._until
        is_bad_name = leads_elsewhere(capture.file) if not is_own else not is_one_line(capture.file)
        checks = (
            (Left.OTHER_SITE, bool(self._sites) and site not in self._sites),
            (Left.OTHER_TIME, not is_time),
            (Left.STATUS, not capture.is_good),
            (Left.TYPE, not capture.is_page),
            (Left.NO_FILE, not capture.file and not self._replayed),
            (Left.FILE_NAME, is_bad_name and not self._replayed),
        )
        return next((left for left, holds in checks if holds), None)

    def _count(self, left: Left, number: int = 1) -> None:
        if number:
            self.left[left] += number


def _values(capture: Capture) -> tuple[str | int | None, ...]:
    return (
        *(capture.url, capture.timestamp, capture.status, capture.mime, capture.digest),
        *(capture.file, capture.offset, capture.length),
    )
