"""Plain permalinks: the path of the front page, and a query that names a page (``/?p=12``)."""

from __future__ import annotations

import re

from newscrawl.addresses.tracking import is_tracking

FRONT_PATHS = frozenset({"", "/", "/index.html", "/index.htm", "/index.php"})
PAGERS = frozenset({"offset", "page", "paged", "pg", "seite", "start"})
"""Parameters whose number is that of a page of a listing."""
VIEWS = frozenset(
    """
    _ author author_name cat category category_name from hl lang language locale m monthnum order
    orderby ref s sort source t tag ts v ver version view year
    """.split()  # noqa: SIM905 - as a table it is read faster
)
"""Parameters that choose a listing, a language or a version, not one page."""

_NAME = re.compile(r"[0-9/-]")
"""A value that names a page has digits or several parts; a plain word is an option."""
_BY_NUMBER = re.compile(r"/(?:\?(?:p|page_id)=|node/)[0-9]+$")


def named_page(query: str) -> str:
    """Return what of a query names one page, as ``?p=12``; empty where nothing does."""
    named = sorted(each for each in query.split("&") if each and _names(each))
    return f"?{'&'.join(named)}" if named else ""


def _names(parameter: str) -> bool:
    name, _, value = parameter.lower().partition("=")
    if name in VIEWS or (name in PAGERS and value.isdigit()) or is_tracking(name):
        return False
    return _NAME.search(value) is not None


def is_by_number(identity: str) -> bool:
    """Whether an identity names its page by number alone, as WordPress and Drupal can."""
    return _BY_NUMBER.search(identity) is not None
