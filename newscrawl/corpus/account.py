"""The account of a shard: what became of every record of its file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from newscrawl.corpus.layout import FORMAT, Layout
from newscrawl.outcomes import Outcome
from newscrawl.store.replacing import write_whole


class NoAccountError(ValueError):
    """A file among the accounts is none."""


@dataclass(frozen=True, kw_only=True)
class ShardAccount:
    """Written last: what it names is there, whole.

    ``outcomes`` are counted by outcome and reason (``article``, ``failed: Unreadable``),
    ``passed_over`` are records that are no pages to be read, or that nobody wanted. ``size`` is in
    bytes, of the input. The same input gives the same account, whoever reads it, and however often.
    """

    input: str
    size: int
    records: int
    outcomes: Mapping[str, int] = field(default_factory=dict)
    passed_over: Mapping[str, int] = field(default_factory=dict)
    part: str
    rows: int
    sha256: str
    newscrawl: str

    @property
    def balances(self) -> bool:
        """Whether each record has become something, and each article a row."""
        became = sum(self.outcomes.values()) + sum(self.passed_over.values())
        return self.records == became and self.rows == self.outcomes.get(Outcome.ARTICLE, 0)

    def write(self, path: Path) -> None:
        told = {"format": FORMAT, **asdict(self)}
        write_whole(path, json.dumps(told, ensure_ascii=False, indent=1) + "\n")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the account of a shard.

        Raises:
            NoAccountError: it is none, or of another version of the layout.
        """
        try:
            told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            version = told.pop("format")
            account = cls(**told)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise NoAccountError(f"{path} is no account of a shard") from None
        if version != FORMAT:
            raise NoAccountError(f"{path} has the format {version}, this newscrawl reads {FORMAT}")
        return account


def accounts(layout: Layout) -> Iterator[tuple[str, ShardAccount]]:
    """Yield the accounts of all shards that have been read, by the names of these.

    Raises:
        NoAccountError: as :meth:`ShardAccount.read`.
    """
    for path in sorted(layout.shards.glob("*.json")):
        yield path.stem, ShardAccount.read(path)


class Tally:
    """Counts what becomes of the records of a shard."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()

    def became(self, outcome: Outcome, reason: str | None = None) -> None:
        self.outcomes[f"{outcome.value}: {reason}" if reason else outcome.value] += 1

    def were_parts(self, number: int) -> None:
        """Count articles as parts of others, which they turned out to be."""
        self.outcomes[Outcome.ARTICLE] -= number
        self.outcomes[Outcome.PART] += number

    def pass_over(self, why: str) -> None:
        self.passed_over[why] += 1
