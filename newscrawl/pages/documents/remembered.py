"""What a rule says of the names on a page, asked once for each: the pages of a site repeat theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_REMEMBERED = 16_384
LONGEST_REMEMBERED = 200
"""Characters."""
V = TypeVar("V")


class Remembered(dict[str, V]):
    """``known[name]`` is what a rule says of a name; long names are asked for each time."""

    def __init__(self, rule: Callable[[str], V]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, name: str) -> V:
        found = self._rule(name)
        if len(name) <= LONGEST_REMEMBERED:
            if len(self) >= MOST_REMEMBERED:
                self.clear()
            self[name] = found
        return found
