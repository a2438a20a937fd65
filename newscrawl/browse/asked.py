"""What the address of a page asks for, as far as it can be read; the rest is left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from newscrawl.search.query import LONGEST, Query, terms_of

MOST = 200
"""Characters of a filter that are looked at."""
DIGITS = 18
"""Of a number that both databases can compare with."""
FILTERS = ("site", "section", "author", "language", "since", "until")


def said(given: Mapping[str, str], name: str) -> str:
    return given.get(name, "").strip()[:MOST]


def number(given: Mapping[str, str], name: str) -> int | None:
    told = given.get(name, "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= DIGITS else None


def date(given: Mapping[str, str], name: str) -> datetime | None:
    """Return a day as forms send it, ``None`` where it is none."""
    try:
        found = datetime.fromisoformat(said(given, name))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def query(given: Mapping[str, str]) -> Query:
    return Query(
        terms_of(given.get("q", "")[:LONGEST]),
        site=said(given, "site"),
        section=said(given, "section"),
        author=said(given, "author"),
        language=said(given, "language"),
        since=date(given, "since"),
        until=date(given, "until"),
        copies="copies" in given,
    )
