"""A database of many made-up articles, whose words are as often as those of a language are."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from typing import Any

from sqlalchemy import Engine, insert

from newscrawl.items import Article, record
from newscrawl.store.schema import articles

LETTERS = "etaoinshrdlucmfwypvbgkjqxz"
WEIGHTS = [12, 9, 8, 8, 7, 7, 6, 6, 6, 4, 4, 3, 3, 2, 2, 2, 2, 2, 2, 1, 2, 1, 0.2, 0.1, 0.2, 0.1]
VOCABULARY = 300_000
WORDS = 300
"""Of an article; about 180 of them are different, as in the news."""
FIRST_DAY = datetime(2008, 1, 1, tzinfo=UTC)
DAYS = 6570
SITES, SECTIONS, AUTHORS = 5, 30, 2000
AT_ONCE = 1000


def word(rank: int) -> str:
    """Return the word that is the ``rank``-th by how often it is used; frequent ones are short."""
    own = random.Random(rank)
    length = min(14, 1 + int(1.35 * len(str(rank + 1)) + own.random() * 4))
    return "".join(own.choices(LETTERS, WEIGHTS, k=length))


def library(number: int) -> Iterator[dict[str, Any]]:
    """Yield rows of ``articles``, always the same ones."""
    chance = random.Random(1)
    known = [word(rank) for rank in range(VOCABULARY)]
    weights = list(accumulate(1 / (rank + 2.7) ** 1.18 for rank in range(VOCABULARY)))
    languages = ("en", "en-GB", "de")
    for at in range(number):
        said = chance.choices(known, cum_weights=weights, k=WORDS)
        day = FIRST_DAY + timedelta(days=DAYS * at / number * chance.uniform(0.9, 1))
        site = f"paper{chance.randrange(SITES)}.example"
        url = f"https://{site}/story-{at}/"
        article = Article(
            id=f"{chance.getrandbits(64):016x}",
            url=url,
            canonical_url=url,
            site=site,
            headline=" ".join(said[:8]),
            authors=[f"Author {chance.randrange(AUTHORS)}"],
            published=None if at % 20 == 0 else day,
            sections=[f"Section {chance.randrange(SECTIONS)}"],
            language=languages[at % 3],
            text=" ".join(said),
            duplicate_of="0" * 16 if at % 10 == 0 else None,
            first_seen=day,
            last_seen=day,
        )
        yield {**record(article), "changed_run": 1, "extractor": ""}


def fill(engine: Engine, number: int) -> int:
    """Store articles; returns the bytes of their texts."""
    size = 0
    rows = library(number)
    while some := list(islice(rows, AT_ONCE)):
        with engine.begin() as connection:
            connection.execute(insert(articles), some)
        size += sum(len(row["headline"]) + len(row["text"]) for row in some)
    return size
