"""When a story was published: reading dates, and choosing between several."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ASSUMED_UTC = ":assumed-utc"
MONTH_FIRST = frozenset({"en-US", "en-us", "en_US"})
PUBLISHED_METAS = (
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "citation_online_date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "article:published",
    "publication_date",
    "publishdate",
    "publish-date",
    "publish_date",
    "pubdate",
    "date",
    "citation_publication_date",
)
MODIFIED_METAS = ("datemodified", "dcterms.modified", "dc.date.modified", "last-modified")
MAX_LENGTH = 200
"""Characters; no date is longer, whatever stands around it."""
YEARS = range(1990, 2100)
FARTHEST_OFFSET = timedelta(hours=14)

EPOCH = re.compile(r"\s*(\d{10})(?:\d{3})?\s*$")
YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>\d{4})\s?[-/.年년]\s?(?P<month>\d{1,2})\s?[-/.月월]\s?(?P<day>\d{1,2})(?!\d)"
)
DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})[-/.] ?(?P<month>\d{1,2})[-/.] ?(?P<year>\d{4})(?!\d)"
)
DAY_NAME = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?\s+(?:de\s+|of\s+)?"
    r"(?P<name>[^\W\d_]\w{2,})\.?,?\s+(?:del?\s+)?(?P<year>\d{4})(?!\d)"
)
NAME_DAY = re.compile(
    r"(?<!\w)(?P<name>[^\W\d_]\w{2,})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?!\d)"
)
UNIX = re.compile(
    r"(?P<name>[A-Z][a-z]{2})\s+(?P<day>\d{1,2})\s+(?P<clock>\d{1,2}:\d{2}:\d{2}(?:\s+[\w+:-]+)?)\s+"
    r"(?P<year>\d{4})(?!\d)"
)
"""What ``date`` and Java print."""
ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1,
    "MESZ": 2, "SAST": 2, "EET": 2, "EEST": 3, "MSK": 3, "EAT": 3, "WIB": 7, "JST": 9, "KST": 9,
    "AEST": 10, "AEDT": 11, "EST": -5, "EDT": -4, "PST": -8, "PDT": -7,
}  # fmt: skip
CLOCK = re.compile(
    r"(?P<hour>\d{1,2})[:.h時时](?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?(?!\d)"
    rf"\s*(?P<half>[ap]\.?m\b\.?)?\s*(?P<zone>(?-i:{'|'.join(ZONES)})\b)?"
    r"(?P<offset>[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
MAX_GAP = 30
"""Characters between a date and its time."""
IN_URL = re.compile(r"/(?P<year>\d{4})[/-]?(?P<month>\d{2})[/-]?(?P<day>\d{2})(?=[/-])")
MONTHS = {
    prefix: number
    for number, prefixes in enumerate(
        (
            "jan gen ene sty led янв січ oca ιαν tammi saus يناير जनवरी",
            "feb fév fev lut únor uno фев лют şub sub φεβ helmi vas फ़रवरी फरवरी فبراير",
            "mar mär mrt bře мар бер μαρ maalis kov مارس मार्च",
            "apr avr abr kwi dub апр кві nis απρ huhti bal أبريل ابريل अप्रैल",
            "may mai mag mei maj mayo květ мая май тра μαΐ μάι touko geg máj مايو मई",
            "jun juin jui giu cze červn июн чер haz ιουν kesä birž jún يونيو जून",
            "jul juil lug lip července июл лип tem ιουλ heinä liep júl يوليو जुलाई",
            "aug aoû aou ago sie srp авг сер ağu agu αυγ elo rugp أغسطس اغسطس अगस्त",
            "sep set wrz zář сен вер eyl σεπ syys rugs szept سبتمبر सितंबर",
            "oct okt out ott paź říj окт жов eki οκτ loka spal أكتوبر اكتوبر अक्टूबर",
            "nov lis ноя лис kas νοε marras lapkr نوفمبر नवंबर",
            "dec dez déc dic gru pros дек гру ara δεκ joulu gruod des ديسمبر दिसंबर",
        ),
        1,
    )
    for prefix in prefixes.split()
}
"""The first letters of the months in the languages of Europe and some others."""


Rule = tuple[str, "Callable[[], str | None]"]


class Moment(NamedTuple):
    """``raw`` is the text as found; ``note`` says what was assumed to read it."""

    when: datetime
    raw: str
    note: str = ""

    @property
    def precision(self) -> int:
        """0 for a day, 1 for a time without an offset, 2 with one."""
        timed = (self.when.hour, self.when.minute, self.when.second) != (0, 0, 0)
        return timed + (timed and not self.note)


Found = tuple[str, Moment]


def moment(raw: str | None, *, month_first: bool = False) -> Moment | None:
    """ISO 8601, RFC 822, Unix time, or a date in words; without an offset UTC, and says so."""
    if not raw or len(raw) > MAX_LENGTH:
        return None
    when = iso(raw) or written(raw, month_first=month_first)
    if when is None or when.year not in YEARS:
        return None
    if when.utcoffset() is None:
        return Moment(when.replace(tzinfo=UTC), raw, ASSUMED_UTC)
    return Moment(when, raw)


def iso(raw: str) -> datetime | None:
    """The formats for machines."""
    if match := EPOCH.match(raw):
        return datetime.fromtimestamp(int(match[1]), UTC)
    try:
        return datetime.fromisoformat(raw.strip())
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return None if when.utcoffset() is None else when


def written(text: str, *, month_first: bool = False) -> datetime | None:
    """The first date in a text for people; ``1/2/2025`` is in February unless ``month_first``."""
    found = [
        match
        for form in (YEAR_FIRST, DAY_FIRST, DAY_NAME, NAME_DAY, UNIX)
        for match in form.finditer(text)
    ]
    for match in sorted(found, key=lambda each: each.start()):
        parts = match.groupdict()
        day, month = int(parts["day"]), numbered(parts)
        if match.re is DAY_FIRST and (month_first or month > 12) and day <= 12:  # noqa: PLR2004 - months of a year
            day, month = month, day
        try:
            date = datetime(int(parts["year"]), month, day)  # noqa: DTZ001 - its offset may follow
        except ValueError:
            continue
        around = text[match.end() :][:MAX_GAP], text[: match.start()][-MAX_GAP:]
        timed = (at_time(date, each) for each in (parts.get("clock", ""), *around))
        return next(filter(None, timed), date)
    return None


def numbered(parts: dict[str, str]) -> int:
    if "month" in parts:
        return int(parts["month"])
    name = parts["name"].casefold()
    known = (prefix for prefix in MONTHS if name.startswith(prefix))
    return MONTHS.get(max(known, key=len, default=""), 0)


def at_time(date: datetime, text: str) -> datetime | None:
    """The date with the time of day that the text tells."""
    match = CLOCK.search(text)
    if not match:
        return None
    hour, second = int(match["hour"]), int(match["second"] or 0)
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"][0] in "pP")
    try:
        timed = date.replace(hour=hour, minute=int(match["minute"]), second=second)
        if match["offset"]:
            return datetime.fromisoformat(timed.isoformat() + match["offset"])
    except ValueError:
        return None
    if match["zone"]:
        return timed.replace(tzinfo=timezone(timedelta(hours=ZONES[match["zone"]])))
    return timed


def in_url(url: str) -> str | None:
    """The day that many sites put into an article's address."""
    try:
        match = IN_URL.search(urlsplit(url).path)
    except ValueError:
        return None
    return "-".join(match.groups()) if match else None


def ranked(rules: Iterable[Rule], last: Iterable[Rule] = (), *, us: bool = False) -> Found | None:
    """The first date found, told as precisely as any later rule that agrees with it.

    The last rules are read only as long as the date has no offset. ``us``: months come first.
    """
    best: Found | None = None
    for places in (rules, last):
        for rule, read in places:
            if best and best[1].precision > 1 and (best[1].when.utcoffset() or places is last):
                return best
            found = moment(read(), month_first=us)
            if found and (best is None or sharper(found, best[1])):
                best = rule, found
    return best


def sharper(found: Moment, best: Moment) -> bool:
    """The same moment, but with its time or its offset, or with the right one.

    A time that one rule calls UTC and another local was local: it is never the other way round.
    """
    if found.precision == best.precision == 2:  # noqa: PLR2004 - both have an offset
        same_clock = found.when.replace(tzinfo=None) == best.when.replace(tzinfo=None)
        return same_clock and not best.when.utcoffset() and bool(found.when.utcoffset())
    if found.precision <= best.precision:
        return False
    if best.precision:
        return abs(found.when - best.when) <= FARTHEST_OFFSET
    days = {found.when.date(), found.when.astimezone(UTC).date()}
    return best.when.date() in days
