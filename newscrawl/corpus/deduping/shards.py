"""The shards of a corpus that have been read, and whether their parts are as they were written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from newscrawl.corpus.account import accounts
from newscrawl.corpus.layout import Layout
from newscrawl.corpus.parts import digest_of
from newscrawl.mistakes import BadInput

AT_ONCE = 64
"""Parts that one statement reads."""
MOST_BATCHES = 256
"""More parts are read at once where there would be more statements, each of which leaves files."""


class Shard(NamedTuple):
    """A shard with its part; shards are numbered in the order of their inputs."""

    number: int
    name: str
    input: str
    part: Path
    rows: int
    sha256: str


def shards_in(layout: Layout) -> list[Shard]:
    """Return the shards that have an account; whatever else lies there has not been read.

    Raises:
        NoAccountError: an account cannot be read.
    """
    told = sorted((account.input, name, account) for name, account in accounts(layout))
    return [
        Shard(number, name, address, layout.parts / account.part, account.rows, account.sha256)
        for number, (address, name, account) in enumerate(told)
    ]


def check(shards: Sequence[Shard], jobs: int) -> None:
    """See that all parts are as their accounts say.

    Raises:
        BadInput: some are not, or are missing.
    """
    with ThreadPoolExecutor(jobs) as pool:
        mistakes = [mistake for mistake in pool.map(_mistake, shards) if mistake]
    if mistakes:
        raise BadInput(mistakes)


def _mistake(shard: Shard) -> str | None:
    try:
        if digest_of(shard.part) == shard.sha256:
            return None
        found = "is damaged"
    except OSError as error:
        found = f"cannot be read ({error.strerror})"
    return f"{shard.part} {found}: remove shards/{shard.name}.json and build the corpus again"


def batches(shards: Sequence[Shard]) -> Iterator[Sequence[Shard]]:
    size = max(AT_ONCE, -(-len(shards) // MOST_BATCHES))
    for first in range(0, len(shards), size):
        yield shards[first : first + size]
