"""What a server answered, apart from any engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

Headers = tuple[tuple[bytes, bytes], ...]


class Asked(NamedTuple):
    """The request behind an answer."""

    method: str
    headers: Headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as it came: ``body`` is still packed as ``Content-Encoding`` says.

    ``at`` is when it was there, UTC. ``asked`` is unknown where the engine does not say it. What
    is ``rendered`` is the document that a browser made of the answer. One that is ``cut`` is not
    archived to its end.
    """

    url: str
    status: int
    headers: Headers
    body: bytes
    at: datetime
    protocol: str = "HTTP/1.1"
    ip: str | None = None
    asked: Asked | None = None
    rendered: bool = False
    cut: bool = False


class Place(NamedTuple):
    """Where a record stands: the part of the archive, and the byte at which the record begins."""

    archive: int
    offset: int
