"""Responses of the generated site and how a client's validators shorten them."""

from __future__ import annotations

from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

HTML = "text/html; charset=UTF-8"


class DemoResponse(NamedTuple):
    """``delay`` is how many seconds the server waits before it answers."""

    status: int
    headers: dict[str, str]
    body: bytes
    delay: float = 0.0


class Validators(NamedTuple):
    """``state`` is any text that changes exactly when the content does."""

    state: str
    changed: datetime

    @property
    def etag(self) -> str:
        return f'W/"{crc32(self.state.encode()):08x}"'

    def hold(self, headers: Mapping[str, str]) -> bool:
        """Whether the client has the current content; ``headers`` has lower-case names."""
        if "if-none-match" in headers:
            known = {tag.strip() for tag in headers["if-none-match"].split(",")}
            return self.etag in known or "*" in known
        since = headers.get("if-modified-since")
        if since is None:
            return False
        try:
            return parsedate_to_datetime(since) >= self.changed.replace(microsecond=0)
        except (ValueError, TypeError):
            return False


def content(body: bytes, media_type: str = HTML, status: int = 200) -> DemoResponse:
    return DemoResponse(status, {"Content-Type": media_type}, body)


def moved(target: str, status: int = 301) -> DemoResponse:
    return DemoResponse(status, {"Content-Type": HTML, "Location": target}, b"")


def conditional(
    headers: Mapping[str, str], validators: Validators, render: Callable[[], DemoResponse]
) -> DemoResponse:
    stamped = {
        "ETag": validators.etag,
        "Last-Modified": format_datetime(validators.changed, usegmt=True),
    }
    if validators.hold(headers):
        return DemoResponse(304, stamped, b"")
    response = render()
    return response._replace(headers=response.headers | stamped)
