"""Pairs of texts, compared by as many processes as there are jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import NamedTuple, Self

import pyarrow as pa

from newscrawl.corpus.deduping.balance import NotDedupedError
from newscrawl.corpus.deduping.work import Work
from newscrawl.processes.pool import Died, ProcessPool

PAIRS = 64
"""Pairs that a process is given at once, unless they are long."""
CHARACTERS = 1_000_000
"""Of texts with which such a group is full."""
AHEAD = 2
_SCHEMA = pa.schema([("first", pa.uint64()), ("second", pa.uint64()), ("value", pa.float64())])


class Pair(NamedTuple):
    """Two texts by their keys; ``is_common`` where they share nothing but common shingles."""

    first: int
    second: int
    is_common: bool
    first_text: str
    second_text: str


Compare = Callable[[Pair], float | None]
Compared = tuple[int, int, float]
Task = tuple[Compare, list[Pair]]


class Comparing:
    """The processes that compare; they begin when there is something to compare."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._pool: ProcessPool[Task, list[Compared]] = ProcessPool(work.jobs, comparer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.__exit__(kind, error, trace)

    def prepare(self, table: str) -> None:
        """Make a table of answers unless it is there."""
        columns = "first UBIGINT, second UBIGINT, value DOUBLE"
        self._work.run(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")

    def compare(self, query: str, function: Compare, table: str) -> None:
        """Make or lengthen a table (``first``, ``second``, ``value``) of what a function says.

        ``query`` gives the columns of :class:`Pair`; pairs of which the function says ``None``
        are left out.
        """
        self.prepare(table)
        groups = (
            group for batch in self._work.stream(query, PAIRS) for group in _groups(_pairs(batch))
        )
        tasks = ((function, group) for group in groups)
        self._work.insert_rows(table, _SCHEMA, self._compared(tasks))

    def _compared(self, tasks: Iterable[Task]) -> Iterator[Compared]:
        if self._work.jobs == 1:
            for each in tasks:
                yield from _told(each)
            return
        for _, found in self._pool.run(tasks, ahead=AHEAD):
            if isinstance(found, Died):
                raise NotDedupedError(f"texts could not be compared: a process was {found.why}")
            yield from found


def comparer() -> Callable[[Task], list[Compared]]:
    """Return what a process of the pool does."""
    return _told


def _groups(pairs: list[Pair]) -> Iterator[list[Pair]]:
    group, length = [], 0
    for pair in pairs:
        group.append(pair)
        length += len(pair.first_text) + len(pair.second_text)
        if length >= CHARACTERS:
            yield group
            group, length = [], 0
    if group:
        yield group


def _pairs(batch: pa.RecordBatch) -> list[Pair]:
    columns = (batch.column(name).to_pylist() for name in Pair._fields)
    return [Pair(*values) for values in zip(*columns, strict=True)]


def _told(task: Task) -> list[Compared]:
    function, pairs = task
    return [
        (pair.first, pair.second, value) for pair in pairs if (value := function(pair)) is not None
    ]
