"""When a story was published: choosing between several dates."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.dates import ANYWHERE, Locale, Moment, as_moment, moment, read_date, untrue
from newscrawl.pages.documents.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

__all__ = [
    "LOOSE_METAS",
    "MODIFIED_METAS",
    "PUBLISHED_METAS",
    "Moment",
    "in_metas",
    "in_url",
    "moment",
    "months_first",
    "ranked",
    "rule_of",
]

AMERICAN = re.compile(r"en[-_]us$", re.IGNORECASE)
PUBLISHED_METAS = (
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "citation_online_date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "article:published",
    "publication_date",
    "publishdate",
    "publish-date",
    "publish_date",
    "citation_publication_date",
)
LOOSE_METAS = ("pubdate", "date", "dc.date", "dcterms.date", "created", "citation_date")
"""What some sites call the date of a change, or of the page's making, as well."""
PUBLISHED_NAME = re.compile(
    r"(?<![a-z])(?:first)?[-_.]?(?:publi(?:sh(?:ed)?|cation)|pub|issued?|created|creation|upload(?:ed)?)"
    r"[-_.]?(?:date|time|on|at|day)?(?:[-_.]?(?:time|iso|utc))?$"
)
"""The name of a ``meta`` that tells a publication, in whichever of many spellings."""
IS_PUBLISHED = Remembered(lambda name: PUBLISHED_NAME.search(name) is not None)
MODIFIED_METAS = ("dcterms.modified", "dc.date.modified", "last-modified")
FARTHEST_OFFSET = timedelta(hours=14)
MINUTE = timedelta(minutes=1)
IN_URL = re.compile(r"/(?P<year>\d{4})[/-]?(?P<month>\d{2})[/-]?(?P<day>\d{2})(?=[/_+-]|\.\w|$)")
DAY_IN_URL = re.compile(r"[/_-](?P<day>[0-3]\d)-(?P<month>[01]\d)-(?P<year>\d{4})(?=[/_+-]|\.\w|$)")


Rule = tuple[str, "Callable[[], str | datetime | Moment | None]"]
"""The name of a rule, and what reads the date: a text, or a date that is read already."""


Found = tuple[str, Moment]


def rule_of(found: Found) -> str:
    """The rule behind a date, and what was assumed of it or is wrong with it."""
    rule, told = found
    return f"{rule}:{told.doubt}" if told.doubt else rule + told.note


def months_first(tags: Iterable[str | None]) -> bool:
    """Whether a page with these languages, its own first, writes the month before the day.

    An English one without a region is of the first that another tag names.
    """
    for tag in filter(None, tags):
        if AMERICAN.match(tag.strip()):
            return True
        if tag.strip().lower() != "en":
            return False
    return False


def in_url(url: str) -> str | None:
    """The day that many sites put into an article's address."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    match = IN_URL.search(path) or DAY_IN_URL.search(path)
    return "{year}-{month}-{day}".format(**match.groupdict()) if match else None


def in_metas(metas: Mapping[str, Sequence[str]]) -> str | None:
    """The first date that a ``meta`` with a publication in its name tells."""
    found = (value[0] for name, value in metas.items() if IS_PUBLISHED[name])
    return next(filter(read_date, found), None)


def ranked(
    rules: Iterable[Rule], last: Iterable[Rule] = (), locale: Locale = ANYWHERE
) -> Found | None:
    """The first date found, told as precisely as any later rule that agrees with it.

    The last rules are read only as long as the date has no offset, or that of UTC. Where no date
    can be true the first of them has its ``doubt``.
    """
    best: Found | None = None
    doubtful: Found | None = None
    for rule, read in chain(rules, last):
        if best and best[1].precision > 1 and best[1].when.utcoffset():
            return best
        found = as_moment(read(), locale)
        if found is None:
            continue
        if doubt := untrue(found.when, locale.fetched):
            doubtful = doubtful or (rule, found._replace(doubt=doubt))
        elif best is None or sharper(found, best[1]):
            best = rule, found
        elif is_same(found, best[1]):
            best = rule, found._replace(when=best[1].when.astimezone(found.when.tzinfo))
    return best or doubtful


def sharper(found: Moment, best: Moment) -> bool:
    """The same moment, but with its time or its offset, or with the right one.

    A time that one rule calls UTC and another local was local: it is never the other way round.
    """
    if found.precision == best.precision == 2:  # noqa: PLR2004 - both have an offset
        same_clock = found.when.replace(tzinfo=None) == best.when.replace(tzinfo=None)
        return same_clock and not found.note and is_local(found, best)
    if found.precision <= best.precision:
        return False
    if best.precision:
        return abs(found.when - best.when) <= FARTHEST_OFFSET
    days = {found.when.date(), found.when.astimezone(UTC).date()}
    return best.when.date() in days


def is_same(found: Moment, best: Moment) -> bool:
    """Whether two rules tell the same minute, and the first of them its local offset."""
    same = found.precision == best.precision and abs(found.when - best.when) < MINUTE
    return same and is_local(found, best)


def is_local(found: Moment, best: Moment) -> bool:
    return not best.when.utcoffset() and bool(found.when.utcoffset())
