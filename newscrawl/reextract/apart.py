"""Pages read by worker processes, which are told where records stand and know of no database."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import tzinfo
from functools import partial
from pathlib import Path
from pickle import PicklingError
from typing import NamedTuple

from scrapy.settings import BaseSettings

from newscrawl.archive.reading import RecordReader
from newscrawl.outcomes import Outcome, Unreadable, WorkerDied
from newscrawl.processes.pool import Died, ProcessPool
from newscrawl.reextract.finding import A_PART, Found, PlacedReader
from newscrawl.reextract.reading import PageReader, Read
from newscrawl.reextract.sources import RecordPlace, Source, Wanted
from newscrawl.terminal.json_log import log_as_json

AHEAD = 20
"""Pages that a worker has at hand, so that it need not wait while others are being stored."""
DIED = Found(Read(None, Outcome.FAILED, WorkerDied.__name__))


class Named(NamedTuple):
    """What a page has elsewhere: a payload by its digest, or a part by its URL."""

    name: str
    is_part: bool


class PageTask(NamedTuple):
    """A page to be read: its number among all of its site, and where records are that it named."""

    number: int
    wanted: Wanted
    zone: tzinfo | None
    places: Mapping[Named, RecordPlace | None]


class Unplaced(NamedTuple):
    """What a page has named of which the worker was not told where it is."""

    names: tuple[Named, ...]


PagePool = ProcessPool[PageTask, Found | Unplaced]


def pool_of_readers(jobs: int, settings: BaseSettings, folder: Path) -> PagePool:
    """Return so many processes that read pages; ``folder`` is that of the archive.

    Raises:
        ValueError: a setting has a value that no other process can be given.
    """
    try:
        return ProcessPool(jobs, partial(reader_of_tasks, settings, folder))
    except (PicklingError, TypeError, AttributeError) as error:
        raise ValueError(f"settings cannot be given to other processes: {error}") from None


def reader_of_tasks(settings: BaseSettings, folder: Path) -> Callable[[PageTask], Found | Unplaced]:
    """Return the function of a worker."""
    if settings.getbool("NEWSCRAWL_LOG_JSON"):
        settings.set("LOG_FILE_APPEND", value=True, priority="cmdline")
        log_as_json(settings)
    reader = PlacedReader(PageReader.from_settings(settings), RecordReader(folder))

    def read(task: PageTask) -> Found | Unplaced:
        places = _Places(task)
        found = reader.read(task.wanted, task.zone, places.payload, places.part)
        return Unplaced(tuple(places.unplaced)) if places.unplaced else found

    return read


class _Places:
    """What a worker was told of places, and what it would have to know."""

    def __init__(self, task: PageTask) -> None:
        self._page = RecordPlace(task.wanted.path, task.wanted.offset)
        self._known = task.places
        self.unplaced: list[Named] = []

    def payload(self, digest: str) -> RecordPlace:
        named = Named(digest, is_part=False)
        if named not in self._known:
            self.unplaced.append(named)
        return self._place(named)

    def part(self, url: str) -> RecordPlace:
        named = Named(url, is_part=True)
        if named not in self._known:
            self.unplaced.append(named)
            return self._page  # in its stead, so that the page names its other parts too
        return self._place(named)

    def _place(self, named: Named) -> RecordPlace:
        place = self._known.get(named)
        if place is None:
            raise Unreadable(f"{named.name} is not in the archive")
        return place


class InWorkers:
    """Reads pages in the processes of a pool, ahead of those that are yielded.

    A page that named payloads or parts is read again when their places are looked up.
    """

    def __init__(self, source: Source, pool: PagePool) -> None:
        self._source = source
        self._pool = pool
        self._parts: set[str] = set()

    def found(self, site: str, zone: tzinfo | None) -> Iterator[tuple[Wanted, Found]]:
        queue = _Queue(self._source.pages(site), zone)
        while queue.is_waiting:
            for task, result in self._pool.run(queue.tasks(), in_order=True, ahead=AHEAD):
                if isinstance(result, Unplaced):
                    queue.again.append(self._placed(site, task, result))
                    continue
                queue.done[task.number] = task.wanted, DIED if isinstance(result, Died) else result
                for wanted, found in queue.in_order():
                    yield wanted, self._seen(wanted, found)

    def _placed(self, site: str, task: PageTask, unplaced: Unplaced) -> PageTask:
        places = {named: self._place(site, named) for named in unplaced.names}
        return task._replace(places={**task.places, **places})

    def _place(self, site: str, named: Named) -> RecordPlace | None:
        place = self._source.part if named.is_part else self._source.payload
        try:
            return place(site, named.name)
        except Unreadable:
            return None

    def _seen(self, wanted: Wanted, found: Found) -> Found:
        """Return what a page is in its turn, whatever was read of it ahead."""
        if wanted.identity in self._parts:
            return A_PART
        self._parts.update(found.parts)
        return found


class _Queue:
    """The pages of a site: those to be read, to be read ``again``, and read before their turn."""

    def __init__(self, pages: Iterator[Wanted], zone: tzinfo | None) -> None:
        self._fresh = (PageTask(number, wanted, zone, {}) for number, wanted in enumerate(pages))
        self._next = 0
        self.again: deque[PageTask] = deque()
        self.done: dict[int, tuple[Wanted, Found]] = {}
        self._is_fresh = True

    @property
    def is_waiting(self) -> bool:
        return self._is_fresh or bool(self.again)

    def tasks(self) -> Iterator[PageTask]:
        """Yield what is to be read, until for the moment there is no more."""
        while task := self.again.popleft() if self.again else next(self._fresh, None):
            yield task
        self._is_fresh = False

    def in_order(self) -> Iterator[tuple[Wanted, Found]]:
        """Yield, once, those that are done and whose turn it is."""
        while self._next in self.done:
            yield self.done.pop(self._next)
            self._next += 1
