"""How long a search takes among many articles, and how large its index is.

``python -m tests.people.search [NUMBER]``: the figures, each query on a line.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

from sqlalchemy import Engine

from newscrawl.search import index
from newscrawl.search.finding import Found, search
from newscrawl.search.query import Query, terms_of
from newscrawl.search.snippets import snippet
from newscrawl.store.database import connect, migrate, reading
from newscrawl.upkeep.retention import size_of
from tests.people.library import fill, word

TURNS = 5
PAGE = 20


class Asked(NamedTuple):
    """``first`` and ``again`` in milliseconds."""

    name: str
    first: float
    again: float
    found: Found


class Figures(NamedTuple):
    share: float
    seconds: float
    """In which the index was built."""
    asked: list[Asked]

    @property
    def slowest(self) -> float:
        return max(each.again for each in self.asked)


def queries() -> dict[str, Query]:
    often, usual, seldom = (terms_of(word(rank)) for rank in (0, 300, 30_000))
    year = datetime(2015, 1, 1, tzinfo=UTC), datetime(2016, 1, 1, tzinfo=UTC)
    return {
        "the most frequent word": Query(often),
        "a usual word": Query(usual),
        "a rare word": Query(seldom),
        "two words": Query([*often, *usual]),
        "a phrase": Query(terms_of(f'"{word(0)} {word(3)}"')),
        "the beginning of a word": Query(terms_of(f"{word(300)[:3]}*")),
        "one word, not another": Query([*usual, *terms_of(f"-{word(100)}")]),
        "a word of a site and a section": Query(
            often, site="paper1.example", section="Section 3", language="en"
        ),
        "a word of a year": Query(usual, since=year[0], until=year[1]),
        "an author, no word": Query(author="Author 7"),
        "nothing asked for": Query(),
        "a word nobody has": Query(terms_of("qqqqqqzzzz")),
    }


def ask(engine: Engine, name: str, query: Query) -> Asked:
    took = []
    for _ in range(TURNS):
        begun = time.perf_counter()
        with reading(engine) as connection:
            found = search(connection, query, limit=PAGE)
            for row in found.articles:
                snippet(row["text"], query.wanted)
        took.append((time.perf_counter() - begun) * 1000)
    return Asked(name, took[0], median(took[1:]), found)


def figures(folder: Path, number: int) -> Figures:
    engine = connect(f"sqlite:///{folder}/library.db")
    migrate(engine)
    length = fill(engine, number)
    before, begun = size_of(engine), time.process_time()
    for _ in index.build(engine):
        pass
    seconds = time.process_time() - begun
    share = (size_of(engine) - before) / length
    asked = [ask(engine, name, query) for name, query in queries().items()]
    engine.dispose()
    return Figures(share, seconds, asked)


def main(number: int) -> None:
    with tempfile.TemporaryDirectory(prefix="newscrawl-library-") as folder:
        got = figures(Path(folder), number)
    for each in got.asked:
        told = f"{each.first:8.1f} ms, then {each.again:7.1f} ms"
        print(f"{told}  {each.name}: {len(each.found.articles)} of {each.found.number}")
    print(f"index_seconds: {got.seconds:.0f}")
    print(f"index_share: {got.share:.3f}")
    print(
        f"search_ms_{f'{number // 1_000_000}m' if number >= 1_000_000 else number}: {got.slowest:.0f}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
