"""What the pages of a source are: they are read one after the other, each in its turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple, Protocol

from newscrawl.addresses.address import identity
from newscrawl.answer import Answer
from newscrawl.archive.reading import RecordReader
from newscrawl.failures import outcome_of_error
from newscrawl.outcomes import Outcome
from newscrawl.reextract.reading import PageReader, Read
from newscrawl.reextract.sources import RecordPlace, Source, Wanted

NEVER = datetime.min.replace(tzinfo=UTC)


class Found(NamedTuple):
    """What a page gave, when it was answered, and the identities of the parts it asked for.

    A record that cannot be read was never answered.
    """

    read: Read
    at: datetime = NEVER
    parts: tuple[str, ...] = ()


A_PART = Found(Read(None, Outcome.PART))
"""A page that an earlier one has asked for as a part of its article; it is not read."""


class Finding(Protocol):
    """A way to read the pages of a source."""

    def found(self, site: str, zone: tzinfo | None) -> Iterator[tuple[Wanted, Found]]:
        """Yield what each page of a site gave, in the order of the source.

        Dates without an offset are read in ``zone``.
        """
        ...


class PlacedReader:
    """Reads pages of whose records only the places are known."""

    def __init__(self, reader: PageReader, records: RecordReader) -> None:
        self._reader = reader
        self._records = records

    def read(
        self,
        wanted: Wanted,
        zone: tzinfo | None,
        payload: Callable[[str], RecordPlace],
        part: Callable[[str], RecordPlace],
    ) -> Found:
        """Return what a page gives; ``payload`` and ``part`` say where more of it is."""
        parts: list[str] = []

        def answer_of_part(url: str) -> Answer:
            parts.append(identity(url))
            return self._answer(part(url), payload)

        try:
            answer = self._answer(RecordPlace(wanted.path, wanted.offset), payload)
        except Exception as error:  # noqa: BLE001 - a record of whatever sort has an outcome
            return Found(Read(None, *outcome_of_error(error)))
        read = self._reader.read(answer, wanted.found_via, answer_of_part, zone)
        return Found(read, answer.at, tuple(parts))

    def _answer(self, place: RecordPlace, payload: Callable[[str], RecordPlace]) -> Answer:
        """Return an answer, with the payload that its record may only name.

        Raises:
            Unreadable: a record is missing or broken.
        """
        return self._records.whole_answer(*place, self._reader.limit, payload)


class InTurn:
    """Reads pages in this process."""

    def __init__(self, source: Source, reader: PlacedReader) -> None:
        self._source = source
        self._reader = reader
        self._parts: set[str] = set()

    def found(self, site: str, zone: tzinfo | None) -> Iterator[tuple[Wanted, Found]]:
        def payload(digest: str) -> RecordPlace:
            return self._source.payload(site, digest)

        def part(url: str) -> RecordPlace:
            return self._source.part(site, url)

        for wanted in self._source.pages(site):
            if wanted.identity in self._parts:
                yield wanted, A_PART
                continue
            found = self._reader.read(wanted, zone, payload, part)
            self._parts.update(found.parts)
            yield wanted, found
