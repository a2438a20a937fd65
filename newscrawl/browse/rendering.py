"""From values to HTML: everything is escaped, and only addresses of the web become links."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from newscrawl import __version__
from newscrawl.terminal.progress import duration
from newscrawl.terminal.url_report import outcome_of

LONGEST_LINE = 300
"""Characters of a value in a table; an article's own page shows all."""


def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("newscrawl.browse", "html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(version=__version__, link=link)
    made.filters.update(
        number=number,
        day=day,
        moment=moment,
        clock=clock,
        web=web_address,
        short=short,
        outcome=outcome_of,
        duration=duration,
        value=value,
    )
    return made


def link(path: str, **parameters: Any) -> str:
    """Return the address of one of our pages; what is empty is left out."""
    given = {name: str(each) for name, each in parameters.items() if each not in {None, "", False}}
    return f"{path}?{urlencode(given, errors='replace')}" if given else path


def web_address(url: str | None) -> str:
    """Return an address where it is one of the web, else nothing; pages name others too."""
    try:
        return url if url and urlsplit(url).scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def number(count: int | None) -> str:
    return "" if count is None else f"{count:,}"


def day(when: datetime | None) -> str:
    return "" if when is None else f"{when:%Y-%m-%d}"


def moment(when: datetime | None) -> str:
    return "" if when is None else f"{when:%Y-%m-%d %H:%M:%S}"


def clock(seconds: float | None) -> str:
    """A time of the clock, in UTC."""
    try:
        return "" if not seconds else moment(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError):
        return ""


def short(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}…"


def value(shown: Any) -> str:
    """Return any value as one line."""
    if shown is None:
        return "unknown"
    if isinstance(shown, datetime):
        return shown.isoformat(sep=" ")
    if isinstance(shown, dict):
        known = ((name, each) for name, each in shown.items() if each is not None)
        return ", ".join(f"{name}: {value(each)}" for name, each in known)
    if isinstance(shown, list):
        return ", ".join(map(value, shown))
    return str(shown)
