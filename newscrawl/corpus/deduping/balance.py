"""The account of a deduplication: what became of every row of the parts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from newscrawl import __version__
from newscrawl.corpus.layout import FORMAT
from newscrawl.corpus.totals import Totals


class NotDedupedError(RuntimeError):
    """A deduplication came to no end, or to a wrong one; nothing was replaced."""


@dataclass(frozen=True, kw_only=True)
class Balance:
    """``originals``, ``exact`` and ``near`` are the articles; what follows adds up to ``rows`` with them.

    ``canonical`` are captures of further addresses of an article, ``unchanged`` those that tell
    nothing new, ``repeated`` records that are there twice.
    """

    scope: str
    shards: int
    rows: int
    originals: int
    exact: int
    near: int
    canonical: int
    revisions: int
    unchanged: int
    repeated: int
    newscrawl: str = __version__

    @property
    def articles(self) -> int:
        return self.originals + self.exact + self.near

    def check(self) -> None:
        """See that each row became one thing.

        Raises:
            NotDedupedError: it did not.
        """
        rest = self.canonical + self.revisions + self.unchanged + self.repeated
        if self.articles + rest != self.rows:
            raise NotDedupedError(
                f"{self.rows:,} rows became {self.articles:,} articles and {rest:,} other things"
            )

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the account of a deduplication.

        Raises:
            FileNotFoundError: there is none.
            NotDedupedError: it is none.
        """
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            told.pop("format")
            return cls(**told)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise NotDedupedError(f"{path} is not readable") from None

    def is_of(self, totals: Totals) -> bool:
        """Whether that is what has been read by now."""
        return (self.rows, self.shards) == (totals.articles, totals.shards)

    def to_json(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1) + "\n"
