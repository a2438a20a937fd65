"""Captures of one page, one after the other: what the page said first is stored first."""

from __future__ import annotations

from newscrawl.addresses.captures import CAPTURE, page_of
from newscrawl.frontier.rows import Row


class Turns:
    """Keeps which pages have a capture under way; rows of other kinds are always free."""

    def __init__(self) -> None:
        self._under_way: dict[str, int] = {}

    def is_free(self, row: Row) -> bool:
        """Whether a row may be handed out now; one that is tried again is."""
        if row.kind != CAPTURE:
            return True
        return self._under_way.get(page_of(row.identity), row.id) == row.id

    def begin(self, row: Row) -> None:
        if row.kind == CAPTURE:
            self._under_way[page_of(row.identity)] = row.id

    def end(self, row: Row) -> None:
        """Take note that a row has its outcome, or waits again; it need not have been handed out."""
        page = page_of(row.identity)
        if self._under_way.get(page) == row.id:
            del self._under_way[page]
