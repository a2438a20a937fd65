"""A capture: an answer of a site that stands in some WARC file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import NamedTuple

from newscrawl.addresses.captures import at_of

REVISIT = "warc/revisit"
_UNKNOWN = frozenset({"", "-", "unk"})
_MARKUP = frozenset({"application/xhtml+xml", "application/xml"})
_NO_PAGES = frozenset({"text/css", "text/javascript", "text/csv", "text/calendar"})
_DIGEST = re.compile(r"(?:sha1:)?([A-Z2-7]{32})", re.IGNORECASE)
_NAME = re.compile(r"[^\x00-\x20\x7f]+(?: [^\x00-\x20\x7f]+)*")
"""A name of a file in one line, without blanks at its ends."""
_MOST_DIGITS = 18


class Left(StrEnum):
    """Why a capture is not listed."""

    UNREADABLE = "lines that are no captures"
    UNFETCHABLE = "addresses that are no web addresses"
    OTHER_SITE = "of other sites"
    OTHER_TIME = "of other times"
    REVISIT = "revisits of a page that is listed with the same body"
    LONE_REVISIT = "revisits whose body is not listed for their page"
    STATUS = "with another status than 200"
    TYPE = "of types that are no pages"
    NO_FILE = "without the name of a WARC file"
    FILE_NAME = "with a name of a WARC file that leads elsewhere"
    TWICE = "named twice"
    SAME_TIME = "of the same page and second as another one"
    BETWEEN = "between two of the same page with the same digest"
    SAME_DIGEST = "of the same page with the same digest as an earlier one"


class Capture(NamedTuple):
    """``timestamp`` has 14 digits (UTC); ``status`` is 0 and others are empty where unknown."""

    url: str
    timestamp: str
    status: int
    mime: str
    digest: str
    file: str
    offset: int | None
    length: int | None

    @property
    def is_revisit(self) -> bool:
        return self.mime == REVISIT

    @property
    def is_page(self) -> bool:
        """Whether it is of a type that may be a page; where none is known its reader will see."""
        kind = self.mime
        return (
            self.is_revisit
            or kind in _UNKNOWN | _MARKUP
            or (kind.startswith("text/") and kind not in _NO_PAGES)
        )

    @property
    def is_good(self) -> bool:
        """Whether the answer was good, as far as that is known: of a revisit it may not be."""
        return self.status == HTTPStatus.OK or (self.is_revisit and not self.status)


def capture_of(row: Mapping[str, str]) -> Capture:
    """Return the capture of a row.

    Raises:
        ValueError: it lacks an address or a time.
    """
    url, timestamp = row.get("url", ""), row.get("timestamp", "")
    at_of(timestamp)
    if not url:
        raise ValueError("no address")
    status, digest = row.get("status", ""), row.get("digest", "")
    base32 = _DIGEST.fullmatch(digest)
    return Capture(
        url=url,
        timestamp=timestamp,
        status=_number(status) or 0,
        mime=row.get("mime", "").partition(";")[0].strip().lower(),
        digest=base32[1].upper() if base32 else "" if digest in _UNKNOWN else digest,
        file="" if row.get("filename", "") in _UNKNOWN else row["filename"],
        offset=_number(row.get("offset", "")),
        length=_number(row.get("length", "")) or None,
    )


def leads_elsewhere(file: str) -> bool:
    """Whether a name that a stranger gives is more than one below the place where files lie."""
    return (
        not _NAME.fullmatch(file)
        or file.startswith(("/", "\\"))
        or ":" in file.partition("/")[0]
        or ".." in re.split(r"[/\\]", file)
    )


def is_one_line(file: str) -> bool:
    return _NAME.fullmatch(file) is not None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
