"""The function of a shard: from a file of records to a part and an account, and nothing else."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from scrapy.exceptions import DownloadCancelledError

from newscrawl import __version__
from newscrawl.addresses.address import Address, identity
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.answer import Answer
from newscrawl.archive.reading import Head, RecordReader
from newscrawl.corpus.account import ShardAccount, Tally
from newscrawl.corpus.fetching import AtHand, at_hand
from newscrawl.corpus.layout import Layout
from newscrawl.corpus.parts import PartWriter, Row, digest_of, named_by, rows_in, without
from newscrawl.corpus.records import Found, records
from newscrawl.corpus.task import ANOTHER_LANGUAGE, ShardTask, Unread, settings_of
from newscrawl.dedup.signatures import article_id
from newscrawl.discovery.links import LinkKind
from newscrawl.failures import outcome_of_error
from newscrawl.outcomes import BodyElsewhere, Outcome, PartElsewhere, Trap, Unreadable
from newscrawl.reextract.reading import PageReader
from newscrawl.reextract.sources import ARCHIVED, OTHERS, outcome_of_head
from newscrawl.store.replacing import sync, take_place
from newscrawl.zones import zone_named

UNCOLLECTED = 50_000
"""Objects that may be made and not freed before Python looks for circles; its own 700 cost 4 %."""


class ShardReader:
    """The function of a shard; page objects are loaded once for tasks of the same settings.

    Its process does nothing else: garbage in circles, of which a page leaves little, is collected
    rarely.
    """

    def __init__(self) -> None:
        self._readers: dict[str, PageReader] = {}
        gc.freeze()
        gc.set_threshold(UNCOLLECTED)

    def __call__(self, task: ShardTask) -> ShardAccount | Unread:
        """Read a shard; an input that cannot be had is told, not raised: others are read all the same."""
        key = repr(sorted(task.settings.items()))
        if key not in self._readers:
            self._readers[key] = PageReader.from_settings(settings_of(task))
        try:
            return read_shard(task, self._readers[key])
        except (OSError, ValueError) as error:
            return Unread(str(error))

    def close(self) -> None:
        while self._readers:
            self._readers.popitem()[1].close()


def read_shard(task: ShardTask, reader: PageReader) -> ShardAccount:
    """Read a shard, and leave its part and its account in the corpus.

    Killed at any moment it has left nothing that counts.

    Raises:
        OSError: the input cannot be had, or the corpus not be written.
        ValueError: there is no such store.
    """
    layout = Layout(Path(task.folder))
    with TemporaryDirectory(dir=layout.work, prefix=f"{task.name}-") as folder:
        with at_hand(task.address, layout.work) as file:
            shard = ShardReading(task, file, reader)
            try:
                part = shard.read(Path(folder))
            finally:
                shard.close()
        digest = digest_of(part)
        name = named_by(task.name, digest)
        account = ShardAccount(
            input=task.address,
            size=file.size,
            records=shard.records,
            outcomes=dict(sorted(shard.tally.outcomes.items())),
            passed_over=dict(sorted(shard.tally.passed_over.items())),
            part=name,
            rows=rows_in(part),
            sha256=digest,
            newscrawl=__version__,
        )
        if not account.balances:
            raise RuntimeError(f"{task.address} does not balance: {account}")
        sync(part)
        take_place(part, layout.parts / name)
    account.write(layout.account(task.name))
    return account


class ShardReading:
    """Reads the records of one file in order; what has parts is read when all places are known.

    A page that was archived more than once is read each time. Of a part of an article the newest
    capture counts.
    """

    def __init__(self, task: ShardTask, file: AtHand, reader: PageReader) -> None:
        self.tally = Tally()
        self.records = 0
        self._task = task
        self._file = file
        self._reader = reader
        self._again = RecordReader()
        self._zone = zone_named(task.zone) if task.zone else None
        self._places: dict[str, int] = {}
        self._payloads: dict[str, int] = {}
        self._deferred: list[tuple[int, Head]] = []
        self._parts: set[str] = set()
        self._is_all_known = False

    def close(self) -> None:
        self._again.close()

    def read(self, folder: Path) -> Path:
        """Write the part into a folder; return its path."""
        part = folder / "part.parquet"
        with PartWriter(part) as writer:
            for row in self._rows():
                writer.write(row)
        if not self._parts:
            return part
        whole = folder / "whole.parquet"
        left = without(part, whole, frozenset(map(article_id, self._parts)))
        self.tally.were_parts(left)
        return whole

    def _rows(self) -> Iterator[Row]:
        for found in records(self._file.path, self._reader.limit):
            self.records += 1
            row = self._taken(found)
            if row is not None:
                yield row
        if self._file.is_damaged:
            self.records += 1
            self.tally.became(Outcome.FAILED, Unreadable.__name__)
        self._is_all_known = True
        for offset, head in self._deferred:
            row = self._deferred_article(offset, head)
            if row is not None:
                yield row

    def _taken(self, found: Found) -> Row | None:
        head = found.head
        if head is None:
            self.tally.became(Outcome.FAILED, Unreadable.__name__)
            return None
        if not head.is_answer:
            self.tally.pass_over(OTHERS)
            return None
        if found.answer is not None and head.digest:
            self._payloads.setdefault(head.digest, found.offset)
        return self._page(found.offset, head, found.answer)

    def _page(self, offset: int, head: Head, answer: Answer | Exception | None) -> Row | None:
        try:
            address = Address.parse(head.url)
        except UnfetchableURL as error:
            self.tally.became(Outcome.REFUSED, type(error).__name__)
            return None
        unwanted = self._task.filters.unwanted(head, address.site)
        if unwanted is not None:
            self.tally.pass_over(unwanted)
            return None
        outcome = outcome_of_head(head)
        if outcome is None and address.trap is not None:
            outcome = outcome_of_error(Trap(address.trap))
        if outcome is None and head.kind == LinkKind.PART:
            outcome = Outcome.PART, None
        if outcome is None or head.kind == LinkKind.PART:
            self._places[address.identity] = offset
        if outcome is not None:
            self.tally.became(*outcome)
            return None
        if answer is None:  # the one whose payload it repeats may stand further on
            self._deferred.append((offset, head))
            return None
        return self._article(offset, head, answer)

    def _article(self, offset: int, head: Head, answer: Answer | Exception) -> Row | None:
        if isinstance(answer, Exception):
            self.tally.became(*outcome_of_error(answer))
            return None
        parts = _Parts(self)
        read = self._reader.read(answer, head.found_via or ARCHIVED, parts.answer, self._zone)
        if parts.are_missing and not self._is_all_known:
            self._deferred.append((offset, head))
            return None
        article = read.article
        if article is None:
            self.tally.became(read.outcome or Outcome.PAGE, read.reason)
            return None
        self._parts |= parts.used - {identity(head.url)}
        if not self._task.filters.wants_language(article.language):
            self.tally.pass_over(ANOTHER_LANGUAGE)
            return None
        self.tally.became(Outcome.ARTICLE)
        article.first_seen = article.last_seen = head.at
        return Row(article, head.at, offset)

    def _deferred_article(self, offset: int, head: Head) -> Row | None:
        try:
            answer: Answer | Exception = self.answer_at(offset)
        except (Unreadable, DownloadCancelledError) as error:
            answer = error
        return self._article(offset, head, answer)

    def place_of(self, key: str) -> int | None:
        """Return where the newest capture of a page stands, as far as the file has been read."""
        return self._places.get(key)

    def answer_at(self, offset: int) -> Answer:
        """Read a record again, with the payload that it repeats.

        Raises:
            Unreadable: it is broken, or, as ``BodyElsewhere``, its payload is not in this file.
            DownloadCancelledError: it is too large.
        """
        path = str(self._file.path)
        return self._again.whole_answer(path, offset, self._reader.limit, self._payload)

    def _payload(self, digest: str) -> tuple[str, int]:
        if digest not in self._payloads:
            raise BodyElsewhere(f"{digest} is not in the file")
        return str(self._file.path), self._payloads[digest]


class _Parts:
    """The parts that one page asks for."""

    def __init__(self, shard: ShardReading) -> None:
        self._shard = shard
        self.used: set[str] = set()
        self.are_missing = False

    def answer(self, url: str) -> Answer:
        key = identity(url)
        place = self._shard.place_of(key)
        if place is None:
            self.are_missing = True
            raise PartElsewhere(f"{url} is not in the file")
        self.used.add(key)
        return self._shard.answer_at(place)
