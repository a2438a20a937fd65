"""A server asked one thing after another, as it wants to be, and never for more than is bearable."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from typing import NoReturn
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from urllib.request import Request, build_opener

from newscrawl.corpus.capturing.rows import MAX_LINE
from newscrawl.politeness.retry_after import seconds_to_wait
from newscrawl.unredirected import NoRedirects

TIMEOUT = 60.0
"""Seconds without a byte after which an answer is given up."""
ANSWER_SECONDS = 3600.0
MAX_ANSWER = 16 * 1024**3
MAX_ERROR = 64 * 1024
"""Bytes of an answer that says what is wrong."""
WAITS = (1.0, 4.0, 15.0)
"""Seconds between tries where the server names none and another one may help."""
SHOWN = 200
_STEP = 64 * 1024
_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_NONE_FOUND = b"No Captures found"
"""With what, and 404, servers of Common Crawl's kind say that they have nothing."""


class ServerFailed(Exception):  # noqa: N818 - named as what has happened
    """A server has not given all that was asked for; what it gave is no list."""


class Asking:
    """Asks one server; ``gap`` seconds lie between two requests, ``longest`` is the longest wait."""

    def __init__(
        self,
        address: str,
        *,
        agent: str,
        gap: float,
        longest: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(address_of(address))
        self._base = urlunsplit(parts._replace(query="", fragment=""))
        self._given = parse_qsl(parts.query, keep_blank_values=True)
        self._host = parts.netloc
        self._agent = agent
        self._gap = gap
        self._longest = longest
        self._sleep = sleep
        self._is_first = True

    def lines(self, query: Mapping[str, str]) -> Generator[str]:
        """Yield the lines of an answer, none where the server says that it has nothing.

        Raises:
            ServerFailed: it ends early, or may have; it is too large, or takes too long.
        """
        response = self._answer(query)
        if response is None:
            return
        with response:
            left = b""
            for some in self._pieces(response):
                *whole, left = (left + some).split(b"\n")
                if max(map(len, (left, *whole))) > MAX_LINE:
                    self.fail(f"it has a line of more than {MAX_LINE:,} bytes")
                yield from (line.decode("utf-8", "replace") for line in whole)
            if left:
                yield left.decode("utf-8", "replace")

    def fail(self, why: str) -> NoReturn:
        """Give up, and say of which server.

        Raises:
            ServerFailed: always.
        """
        raise ServerFailed(f"{self._host}: {why}") from None

    def _pieces(self, response: HTTPResponse) -> Iterator[bytes]:
        length, size, begun = response.length, 0, time.monotonic()
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            self.fail("it packs its answer, which nobody asked for")
        if length is None and not response.chunked:
            self.fail("it does not say where its answer ends: a part of it could be missing")
        try:
            while some := response.read1(_STEP):
                size += len(some)
                if size > MAX_ANSWER or time.monotonic() - begun > ANSWER_SECONDS:
                    self.fail("its answer has no end")
                yield some
        except (OSError, HTTPException, ValueError) as error:
            self.fail(f"its answer broke off: {str(error) or type(error).__name__}")
        if length is not None and size < length:
            self.fail(f"its answer broke off after {size:,} of {length:,} bytes")

    def _answer(self, query: Mapping[str, str]) -> HTTPResponse | None:
        url = f"{self._base}?{urlencode([*self._given, *query.items()])}"
        for wait in (*WAITS, None):
            self._wait_for_turn()
            try:
                return self._open(url)
            except HTTPError as error:
                with error:
                    if _has_nothing(error):
                        return None
                    told, asked = _told(error)
                may_help = error.code >= HTTPStatus.INTERNAL_SERVER_ERROR or error.code in _LATER
            except (OSError, HTTPException, ValueError) as error:
                told, asked, may_help = str(getattr(error, "reason", error)), None, True
            pause = wait if asked is None else asked
            if wait is None or pause is None or not may_help or pause > self._longest:
                self.fail(told)
            self._sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _open(self, url: str) -> HTTPResponse:
        request = Request(url, headers={"User-Agent": self._agent})  # noqa: S310 - http and https only, see address_of
        opened: HTTPResponse = build_opener(NoRedirects).open(request, timeout=TIMEOUT)
        return opened

    def _wait_for_turn(self) -> None:
        if not self._is_first:
            self._sleep(self._gap)
        self._is_first = False


def is_server(cdx: str) -> bool:
    """Whether captures are listed by a server; otherwise by a file."""
    return cdx.lower().startswith(("http://", "https://"))


def address_of(text: str) -> str:
    """Return the address of a server that can be asked.

    Raises:
        ValueError: it is none.
    """
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        good = good and "@" not in parts.netloc
    except ValueError:
        good = False
    if not (good and text.isascii() and text.isprintable() and not set(' "<>') & set(text)):
        raise ValueError(f"{text!r} is no http or https address without user and password")
    return text


def _has_nothing(error: HTTPError) -> bool:
    if error.code != HTTPStatus.NOT_FOUND:
        return False
    try:
        return _NONE_FOUND in error.read(MAX_ERROR)
    except (OSError, HTTPException):
        return False


def _told(error: HTTPError) -> tuple[str, float | None]:
    """Return what an error says, and for how many seconds the server wants to be left alone."""
    asked = seconds_to_wait(error.headers.get("Retry-After"), error.headers.get("Date"))
    told = f"it answered {error.code}"
    if asked is not None:
        told += f" and wants to be left alone for {asked:,.0f} s"
    if error.code in range(300, 400):
        place = (error.headers.get("Location") or "").partition("?")[0][:SHOWN]
        told += f" and leads to {place!r}: give the address that answers"
    return told, asked
