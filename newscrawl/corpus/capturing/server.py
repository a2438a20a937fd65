"""The rows of a CDX server: pywb's, Common Crawl's, a Wayback machine's.

https://github.com/webrecorder/pywb/wiki/CDX-Server-API and
https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server say what they take.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Self

from scrapy.settings import BaseSettings

from newscrawl.addresses.address import Address
from newscrawl.addresses.captures import timestamp_of
from newscrawl.corpus.capturing.asking import Asking
from newscrawl.corpus.capturing.rows import NoRow, Row, Rows

MOST_PAGES = 1_000_000
"""Pages of a list; a server that names more is not believed."""
SHOWN = 60
_COUNTED = re.compile(r'(?:\[\["numpages"\],?)?[\["\s]*(\d{1,12})[\]"\s]*')
_COUNT_FOLLOWS = re.compile(r'\[\["numpages"\],?')


def query_for(site: str, since: datetime | None, until: datetime | None) -> dict[str, str]:
    """Return what to ask a server for; times are bounds that it may take more widely."""
    is_domain = bool(Address.parse(f"https://{site}/").host.registered)
    query = {"url": site, "matchType": "domain"} if is_domain else {"url": f"{site}/*"}
    if since is not None:
        query["from"] = timestamp_of(since)
    if until is not None:
        query["to"] = timestamp_of(until)
    return query


class CdxServer:
    """A server whose list of captures is read, page by page or by keys, as it offers."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    @classmethod
    def from_settings(
        cls,
        address: str,
        settings: BaseSettings,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Self:
        """Return the server at an address, to be asked as politely as settings say."""
        return cls(
            Asking(
                address,
                agent=settings["USER_AGENT"],
                gap=settings.getfloat("DOWNLOAD_DELAY"),
                longest=settings.getfloat("NEWSCRAWL_MAX_WAIT"),
                sleep=sleep,
            )
        )

    def rows(self, query: Mapping[str, str]) -> Iterator[Row]:
        """Yield all rows that a query has.

        Raises:
            ServerFailed: some may be missing.
        """
        query = {**query, "output": "json", "showResumeKey": "true"}
        answer = _Answer(self._asking, {**query, "showNumPages": "true"})
        pages = answer.pages()
        if pages is None:
            yield from self._following(answer, query)
            return
        if pages > MOST_PAGES:
            self._asking.fail(f"its list has {pages:,} pages")
        del query["showResumeKey"]
        for page in range(pages):
            yield from _Answer(self._asking, {**query, "page": str(page)}).rows()

    def _following(self, answer: _Answer, query: Mapping[str, str]) -> Iterator[Row]:
        """Yield the rows of an answer that did not count pages, and of what goes on behind it."""
        seen: set[str] = set()
        yield from answer.rows()
        while key := answer.resume:
            if key in seen or len(seen) == MOST_PAGES:
                self._asking.fail("its list leads back to where it was")
            seen.add(key)
            answer = _Answer(self._asking, {**query, "resumeKey": key})
            yield from answer.rows()


class _Answer:
    """One answer; what it says is read once."""

    def __init__(self, asking: Asking, query: Mapping[str, str]) -> None:
        self._asking = asking
        self._lines = asking.lines(query)
        self._first: list[str] = []
        self._rows = Rows()

    @property
    def resume(self) -> str:
        """The key to go on with, empty where there is no more."""
        return self._rows.resume

    def pages(self) -> int | None:
        """Return how many pages there are, ``None`` where this is a list already."""
        for line in self._lines:
            self._first.append(line)
            counted = _pages_in(line)
            if counted is not None:
                self._lines.close()
                return counted
            if line.strip() and not _COUNT_FOLLOWS.fullmatch(line.strip()):
                break
        return None

    def rows(self) -> Iterator[Row]:
        for line in chain(self._first, self._lines):
            try:
                for row in self._rows.read(line):
                    if "url" not in row or "timestamp" not in row:
                        raise NoRow(line)  # noqa: TRY301 - what a server says of an error is no row
                    yield row
            except NoRow:
                self._asking.fail(f"it answered what is no CDX: {line.strip()[:SHOWN]!r}")
        if not self._rows.is_whole:
            self._asking.fail("its answer has no end")


def _pages_in(line: str) -> int | None:
    counted = _COUNTED.fullmatch(line.strip())
    if counted:
        return int(counted[1])
    if not line.startswith("{"):
        return None
    try:
        pages = json.loads(line).get("pages")
    except (ValueError, RecursionError):
        return None
    return pages if isinstance(pages, int) and not isinstance(pages, bool) else None
