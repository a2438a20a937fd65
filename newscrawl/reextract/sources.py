"""Where archived pages come from: the ledger's own archive, or WARC files of whoever wrote them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, Engine, Select, func, select

from newscrawl.addresses.address import fetch_url, identity, site_of
from newscrawl.addresses.moves import Move
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.archive.reading import Head, Scanned, scan
from newscrawl.discovery.entries import SOURCES
from newscrawl.discovery.links import LinkKind, Way
from newscrawl.failures import GONE
from newscrawl.frontier.renaming import moves_to, present_url
from newscrawl.middlewares.redirect import REDIRECTS
from newscrawl.outcomes import NotModified, Outcome, Unreadable
from newscrawl.pages.doubts import DOUBTFUL
from newscrawl.store.database import reading
from newscrawl.store.schema import archives, articles, pages, payloads, visits

ARCHIVED = "archived"
"""How an article was found whose archive does not say it."""
READ = range(200, 300)
"""What a crawl hands to its callbacks."""
AT_ONCE = 500
OLDER = "older answers of the same pages"
OTHERS = "records that are no answers"

Counted = Counter[tuple[str, str | None]]
"""Numbers by outcome and reason."""


class Wanted(NamedTuple):
    """The newest archived answer of a page."""

    identity: str
    path: str
    offset: int
    found_via: str
    is_own: bool
    """Whether it is what the ledger has stored the page from."""


class RecordPlace(NamedTuple):
    """The file of a record, and the byte at which it begins."""

    path: str
    offset: int


class Source(Protocol):
    """Archived pages by site, in the order in which they were committed."""

    counts: Counted
    """What became of answers that are no pages to be read."""
    passed_over: Counter[str]
    """Records that have no outcome: each with what it is."""

    def sites(self) -> Sequence[str]: ...

    def __len__(self) -> int: ...

    def pages(self, site: str) -> Iterator[Wanted]: ...

    def payload(self, site: str, digest: str) -> RecordPlace:
        """Return where the payload stands that an answer only names.

        Raises:
            Unreadable: nowhere.
        """
        ...

    def part(self, site: str, url: str) -> RecordPlace:
        """Return where the newest answer of a part of an article stands, by its URL.

        Raises:
            Unreadable: nowhere.
        """
        ...

    def ways(self, site: str) -> Mapping[str, str]:
        """Return how articles were found, by URL, as far as the archive alone knows it."""
        ...

    def moves(self, site: str) -> Mapping[str, Move]:
        """Return the moves that led to a site since its pages were answered, by the old site."""
        ...


class LedgerSource:
    """The answers that visits of the ledger point to, those of ``sites`` since a moment.

    ``doubtful`` takes only pages whose article is stored with a text of little confidence.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        sites: Sequence[str] = (),
        since: datetime | None = None,
        doubtful: bool = False,
    ) -> None:
        self._engine = engine
        self._sites = sites
        self._since = since
        self._doubtful = doubtful
        self._moves: dict[str, Mapping[str, Move]] = {}
        self.counts: Counted = Counter()
        self.passed_over: Counter[str] = Counter()

    @staticmethod
    def is_there(connection: Connection) -> bool:
        """Whether the ledger has an archive."""
        archived = select(visits.c.id).where(visits.c.archive.is_not(None))
        return connection.execute(archived.limit(1)).first() is not None

    def sites(self) -> Sequence[str]:
        query = select(archives.c.site).distinct().order_by(archives.c.site)
        if self._sites:
            query = query.where(archives.c.site.in_(self._sites))
        with reading(self._engine) as connection:
            return connection.execute(query).scalars().all()

    def __len__(self) -> int:
        with reading(self._engine) as connection:
            return sum(len(self._newest(connection, site)) for site in self.sites())

    def pages(self, site: str) -> Iterator[Wanted]:
        with reading(self._engine) as connection:
            newest = self._newest(connection, site)
        for begin in range(0, len(newest), AT_ONCE):
            query = (
                _places(pages.c.identity, pages.c.ways)
                .where(visits.c.id.in_(newest[begin : begin + AT_ONCE]))
                .order_by(visits.c.id)
            )
            with reading(self._engine) as connection:
                rows = connection.execute(query).all()
            for row in rows:
                way = Way(row.ways).strongest.label
                yield Wanted(row.identity, row.path, row.offset, way, is_own=True)

    def payload(self, site: str, digest: str) -> RecordPlace:
        query = (
            select(archives.c.path, payloads.c.offset)
            .join(archives, archives.c.id == payloads.c.archive)
            .where(payloads.c.site == site, payloads.c.digest == digest)
        )
        return self._place(query, digest)

    def part(self, site: str, url: str) -> RecordPlace:
        query = (
            _places()
            .where(
                pages.c.identity == identity(present_url(url, self.moves(site))),
                visits.c.status.between(READ.start, READ.stop - 1),
            )
            .order_by(visits.c.id.desc())
        )
        return self._place(query.limit(1), url)

    def moves(self, site: str) -> Mapping[str, Move]:
        if site not in self._moves:
            with reading(self._engine) as connection:
                self._moves[site] = moves_to(connection, [site])
        return self._moves[site]

    def ways(self, site: str) -> Mapping[str, str]:  # noqa: ARG002 - the rows say it
        return {}

    def _newest(self, connection: Connection, site: str) -> list[int]:
        """Return the last visit to each page that was answered with one."""
        newest = func.max(visits.c.id)
        query = (
            select(newest)
            .join(pages, pages.c.id == visits.c.page)
            .where(
                pages.c.site == site,
                pages.c.kind.not_in(SOURCES),
                visits.c.outcome != Outcome.PART.value,
                visits.c.archive.is_not(None),
                visits.c.status.between(READ.start, READ.stop - 1),
            )
            .group_by(visits.c.page)
            .order_by(newest)
        )
        if self._since is not None:
            query = query.having(func.max(visits.c.at) >= self._since)
        if self._doubtful:
            query = query.join(articles, articles.c.id == pages.c.article_id).where(
                articles.c.confidence < DOUBTFUL
            )
        return [*connection.execute(query).scalars()]

    def _place(self, query: Select[tuple[str, int]], what: str) -> RecordPlace:
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        if row is None:
            raise Unreadable(f"{what} is not in the archive")
        return RecordPlace(row.path, row.offset)


def _places(*columns: object) -> Select[tuple[str, int]]:
    return (
        select(archives.c.path, visits.c.offset, *columns)
        .select_from(visits)
        .join(pages, pages.c.id == visits.c.page)
        .join(archives, archives.c.id == visits.c.archive)
    )


class _Entry(NamedTuple):
    at: datetime
    file: int
    offset: int
    kind: str
    found_via: str


class FileSource:
    """The answers in WARC files. Of a page that is in them more than once the latest counts.

    The files are read through once, to know what is there, without bodies.
    """

    def __init__(
        self,
        files: Sequence[Path],
        *,
        sites: Sequence[str] = (),
        since: datetime | None = None,
    ) -> None:
        self._files = files
        self._wanted = frozenset(sites)
        self._since = since or datetime.min.replace(tzinfo=UTC)
        self._pages: dict[str, dict[str, _Entry]] = {}
        self._payloads: dict[str, tuple[int, int]] = {}
        self._ways: dict[str, str] = {}
        self.counts: Counted = Counter()
        self.passed_over: Counter[str] = Counter()

    def index(self) -> Iterator[int]:
        """Read the files through; yields the number of records so far.

        Raises:
            OSError: a file cannot be read.
        """
        number = 0
        for file, path in enumerate(self._files):
            for scanned in scan(path):
                self._take(file, scanned)
                number += 1
                yield number

    def sites(self) -> Sequence[str]:
        return sorted(self._pages)

    def __len__(self) -> int:
        return sum(map(len, self._pages.values()))

    def pages(self, site: str) -> Iterator[Wanted]:
        in_order = sorted(self._pages[site].items(), key=lambda item: item[1])
        for key, entry in in_order:
            if entry.kind == LinkKind.PART:
                self.counts[Outcome.PART, None] += 1
                continue
            path = str(self._files[entry.file])
            yield Wanted(key, path, entry.offset, entry.found_via, is_own=False)

    def payload(self, site: str, digest: str) -> RecordPlace:  # noqa: ARG002 - digests are unique
        if digest not in self._payloads:
            raise Unreadable(f"{digest} is not in the archive")
        file, offset = self._payloads[digest]
        return RecordPlace(str(self._files[file]), offset)

    def part(self, site: str, url: str) -> RecordPlace:
        entry = self._pages[site].get(identity(url))
        if entry is None:
            raise Unreadable(f"{url} is not in the archive")
        return RecordPlace(str(self._files[entry.file]), entry.offset)

    def ways(self, site: str) -> Mapping[str, str]:  # noqa: ARG002 - URLs are unique
        return self._ways

    def moves(self, site: str) -> Mapping[str, Move]:  # noqa: ARG002 - files know of none
        return {}

    def _take(self, file: int, scanned: Scanned) -> None:
        head = scanned.head
        if head is None:
            self.counts[Outcome.FAILED, Unreadable.__name__] += 1
        elif scanned.ways:
            self._ways |= _ways_in(scanned.ways)
        elif not head.is_answer:
            self.passed_over[OTHERS] += 1
        else:
            if head.type == "response" and head.digest:
                self._payloads.setdefault(head.digest, (file, scanned.offset))
            self._place(file, scanned.offset, head)

    def _place(self, file: int, offset: int, head: Head) -> None:
        try:
            url = fetch_url(head.url)
            site, key = site_of(url), identity(url)
        except UnfetchableURL as error:
            self.counts[Outcome.REFUSED, type(error).__name__] += 1
            return
        if (self._wanted and site not in self._wanted) or head.at < self._since:
            return
        outcome = outcome_of_head(head)
        if outcome is not None:
            self.counts[outcome] += 1
            return
        known = self._pages.setdefault(site, {})
        entry = _Entry(head.at, file, offset, head.kind, head.found_via or ARCHIVED)
        if key in known:
            self.passed_over[OLDER] += 1
        known[key] = max(entry, known.get(key, entry))


def outcome_of_head(head: Head) -> tuple[Outcome, str | None] | None:
    """Return what an answer is that cannot be a page, ``None`` of one that can."""
    if head.kind in SOURCES:
        return Outcome.LISTING, head.kind.capitalize()
    if head.status in READ:
        return None
    if head.status == HTTPStatus.NOT_MODIFIED:
        return Outcome.UNCHANGED, NotModified.__name__
    if head.status in REDIRECTS:
        return Outcome.REDIRECTED, None
    return Outcome.GONE if head.status in GONE else Outcome.FAILED, f"Http{head.status}"


def _ways_in(payload: bytes) -> dict[str, str]:
    """Return what a record tells of how articles were found; one that is no JSON tells nothing."""
    try:
        told = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    labels = {way.label for way in Way}
    return (
        {url: way for url, way in told.items() if way in labels} if isinstance(told, dict) else {}
    )
