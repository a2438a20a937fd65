"""Events posted to a program, one after the other, each at least once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, build_opener

from sqlalchemy import Engine, select

from newscrawl import __version__
from newscrawl.events.cursor import Cursor
from newscrawl.events.events import Event, after
from newscrawl.items import compact_json, record
from newscrawl.store.database import reading
from newscrawl.store.schema import runs
from newscrawl.unredirected import NoRedirects

WAITS = (1.0, 4.0, 15.0)
"""Seconds between tries, where another one may help."""
AT_ONCE = 100
"""Events that are read before they are posted: no transaction is held open meanwhile."""
TIMEOUT = 30.0
_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


class DeliveryError(Exception):
    """A receiver has not taken an event; the next try begins with it."""


def receiver(url: str) -> str:
    """Return ``url`` if it can be posted to.

    Raises:
        ValueError: it cannot; the message does not show it, since it may be a secret.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not (good and url.isascii() and url.isprintable() and " " not in url):
        raise ValueError("the address of the webhook is no http or https URL")
    return url


def deliver(
    engine: Engine,
    url: str,
    cursor: Cursor,
    *,
    sites: Sequence[str] = (),
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Post all events after a cursor, which follows each; return how many were taken.

    Raises:
        DeliveryError: one was not taken.
    """
    delivered = 0
    up_to_here = True
    for run, is_over in _runs(engine, cursor.before):
        while found := _next(engine, run, cursor, sites):
            for event in found:
                _post(url, event, sleep)
                cursor.told(run, event.visit)
                delivered += 1
        up_to_here &= is_over
        if up_to_here:
            cursor.ended(run)
    return delivered


def last_over(engine: Engine) -> int:
    """Return the last run of those that are over, before the first that is not."""
    last = 0
    for run, is_over in _runs(engine, 0):
        if not is_over:
            break
        last = run
    return last


def _runs(engine: Engine, before: int) -> Iterator[tuple[int, bool]]:
    """Yield the runs after one, each with whether it was over before its events are read."""
    with reading(engine) as connection:
        query = select(runs.c.id, runs.c.finished.is_not(None)).where(runs.c.id > before)
        found = connection.execute(query.order_by(runs.c.id)).all()
    yield from ((run, bool(is_over)) for run, is_over in found)


def _next(engine: Engine, run: int, cursor: Cursor, sites: Sequence[str]) -> list[Event]:
    found: list[Event] = []
    with reading(engine) as connection:
        for event in after(connection, run, cursor.place(run), sites=sites):
            found.append(event)
            if len(found) == AT_ONCE:
                break
    return found


def body(event: Event) -> bytes:
    """Return an event as it is posted: a JSON object with the article but for its ``html``."""
    article = record(event.article)
    del article["html"]
    told = {"event": event.kind, "at": event.at, "run": event.run, "key": event.key}
    return compact_json({**told, "article": article}).encode(errors="replace")


def _post(url: str, event: Event, sleep: Callable[[float], None]) -> None:
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"newscrawl/{__version__}",
        "Idempotency-Key": event.key,
    }
    request = Request(url, data=body(event), headers=headers)  # noqa: S310 - http and https only, see receiver
    for wait in (*WAITS, None):
        try:
            with build_opener(NoRedirects).open(request, timeout=TIMEOUT):
                return
        except HTTPError as error:
            told = f"it answered {error.code}"
            may_help = error.code >= HTTPStatus.INTERNAL_SERVER_ERROR or error.code in _LATER
            error.close()
        except (URLError, OSError) as error:
            told, may_help = str(getattr(error, "reason", error)), True
        if wait is None or not may_help:
            raise DeliveryError(f"{urlsplit(url).hostname} has not taken event {event.key}: {told}")
        sleep(wait)
