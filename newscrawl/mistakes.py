"""Mistakes in what a user wrote: all are found before any is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class BadInput(ValueError):  # noqa: N818 - named as what it says of the input
    """What is wrong in what a user wrote, a line each in ``mistakes``."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes = list(mistakes)


class Mistakes(list[str]):
    """Those found so far."""

    def trying(self, otherwise: T, read: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Return what is read, or ``otherwise`` where that is a mistake, which is kept."""
        try:
            return read(*args, **named)
        except BadInput as error:
            self += error.mistakes
        except ValueError as error:
            self.append(str(error))
        return otherwise

    def tell(self) -> None:
        """Raise what was found, if anything.

        Raises:
            BadInput: there are mistakes.
        """
        if self:
            raise BadInput(self)
