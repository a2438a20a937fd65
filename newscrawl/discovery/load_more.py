"""Listings that a script goes on with, in place of a link to the next page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LOAD_MORE = re.compile(
    r"(?:^|\s)(?:(?:[\w-]*[_-])?load[_-]?more(?:[_-](?:btn|button|link|posts?|wrap(?:per)?|container))?"
    r"|infinite-scroll|jeg_pagination_(?:scrollload|nextprev))(?:\s|$)",
    re.IGNORECASE,
)
"""Class attributes of the button, or of the list that scrolling goes on with."""

_PAGE = re.compile(r"^(?P<stem>.*?/)(?:page/(?P<number>[1-9]\d{0,3})/?)?$")


def next_numbered(url: str) -> str | None:
    """Return the page after ``url`` as WordPress and others number them: ``/x/page/2/``.

    Addresses with a query, or whose path does not end as a folder, are not numbered so.
    """
    parts = urlsplit(url)
    match = _PAGE.match(parts.path)
    if match is None or parts.query:
        return None
    number = int(match["number"] or 1) + 1
    return parts._replace(path=f"{match['stem']}page/{number}/", fragment="").geturl()
