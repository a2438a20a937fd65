"""The pages of the ledger: one URL, and lists of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from newscrawl.addresses.address import as_typed
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.browse import asked
from newscrawl.browse.stored import UrlFilter, sites, urls
from newscrawl.discovery.links import Way
from newscrawl.history.explaining import explain
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import CLAIMED, DONE, ERASED, QUEUED
from newscrawl.terminal.url_report import url_report

PAGE = 50
LONGEST = 4000
"""Characters of a URL that is asked for."""
MOST = 100
"""Visits that are shown."""


def url(connection: Connection, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the story of a URL, as ``explain`` tells it."""
    told = given.get("u", "").strip()[:LONGEST]
    empty: dict[str, Any] = {"asked": told, "known": None, "mistake": ""}
    if not told:
        return empty
    try:
        known = explain(connection, as_typed(told))
    except UnfetchableURL as error:
        return {**empty, "mistake": str(error)}
    page = known.page
    return {
        **empty,
        "known": known,
        "report": url_report(known),
        "ways": [] if page is None else [way.label for way in Way(page["ways"])],
        "visits": known.visits[::-1][:MOST],
    }


def listed(connection: Connection, given: Mapping[str, str]) -> dict[str, Any]:
    names = ("site", "state", "outcome", "reason", "part")
    wanted = UrlFilter(**{name: asked.said(given, name) for name in names})
    found = urls(connection, wanted, limit=PAGE + 1, before=asked.number(given, "before"))
    return {
        "wanted": wanted,
        "rows": found[:PAGE],
        "before": found[PAGE - 1]["id"] if len(found) > PAGE else None,
        "sites": sites(connection),
        "states": (QUEUED, CLAIMED, DONE, ERASED),
        "outcomes": [each.value for each in Outcome],
    }
