"""Dates as pages, feeds and sitemaps write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple

from newscrawl.zones import placed, read_zone

ASSUMED_UTC = ":assumed-utc"
SITE_ZONE = ":site-zone"
AMBIGUOUS = ":ambiguous-zone"
MAX_LENGTH = 200
"""Characters; no date is longer, whatever stands around it."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
SLACK = timedelta(days=1)
"""How far ahead of ours a site's clock may be."""
BEFORE, EPOCH, FUTURE = "before-1990", "epoch", "future"
DOUBTS = (BEFORE, EPOCH, FUTURE)
"""What is wrong with a date that nothing can have been published at."""

DIGIT = re.compile(r"\d")
"""That all dates have, unless a form says otherwise."""
UNIX_TIME = re.compile(r"\s*(\d{10}(?=(?:\d{3})?\s*$)|0(?=\s*$))")
NEVER = re.compile(r"\s*0000-00-00")
"""What databases write for no date."""
OF_MAIL = re.compile(r"(?:[+-]\d{4}|GMT|UTC?|Z)\s*(?:\([^()]*\))?\s*$")
"""The end of an RFC 5322 date whose offset is beyond doubt."""
YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>\d{4})\s?[-/.年년]\s?(?P<month>\d{1,2})\s?[-/.月월]\s?(?P<day>\d{1,2})(?!\d)"
)
DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})[-/.] ?(?P<month>\d{1,2})[-/.] ?(?P<year>\d{4})(?!\d)"
)
SHORT = re.compile(
    r"(?<![\w.,/-])(?P<day>\d{2})([./])(?P<month>\d{2})\2(?P<year>\d{2})(?![\w/-]|[.,]\d)"
)
"""Of this century; only where there is no other, and no ``1.2.10``, which is a version."""
DAY_NAME = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?(?:\s+|(?P<dash>-))(?:de\s+|of\s+)?"
    r"(?P<name>[^\W\d_]\w{2,})(?(dash)-|\.?,?\s+)(?:del?\s+)?(?P<year>\d{4})(?!\d)"
)
NAME_DAY = re.compile(
    r"(?<!\w)(?P<name>[^\W\d_]\w{2,})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?!\d)"
)
YEAR_NAME = re.compile(
    r"(?<!\d)(?P<year>\d{4})\.?,?\s+(?P<name>[^\W\d_]\w{2,})\.?\s+(?P<day>\d{1,2})(?![\d:])"
)
UNIX = re.compile(
    r"(?P<name>[A-Z][a-z]{2})\s+(?P<day>\d{1,2})\s+(?P<clock>\d{1,2}:\d{2}:\d{2}(?:\s+[\w+:-]+)?)\s+"
    r"(?P<year>\d{4})(?!\d)"
)
"""What ``date`` and Java print."""
CLOCK = re.compile(
    r"(?P<hour>\d{1,2})[:.h時时](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?(?!\d)"
    r"\s*(?P<half>[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
HOUR = re.compile(r"(?<![\d:.])(?P<hour>\d{1,2})\s?(?P<half>[ap]\.?m\b\.?)", re.IGNORECASE)
CENTURY = 2000
"""That a year of two digits is of."""
MAX_GAP = 30
"""Characters between a date and its time."""
MAX_ZONE = 60
MONTHS = {
    prefix: number
    for number, prefixes in enumerate(
        (
            "jan gen ene ian jaan sty led янв січ јан oca ιαν tammi saus يناير जनवरी",
            "feb fév fev veeb lut únor uno фев лют феб şub sub φεβ helmi vas फ़रवरी फरवरी فبراير",
            "mar mär már mrt bře мар бер μαρ μάρ maalis kov مارس मार्च",
            "apr ápr avr abr kwi dub апр кві nis απρ huhti bal أبريل ابريل अप्रैल",
            "may mai mag mei maj mayo květ мая май мај тра μαΐ μάι touko geg máj مايو मई",
            "jun juin jui iun juuni giu cze červn июн юни јун чер haz ιουν ιούν kesä birž jún يونيو जून",
            "jul juil iul juuli lug lip července июл юли јул лип tem ιουλ ιούλ heinä liep júl يوليو जुलाई",
            "aug aoû aou ago sie srp авг сер ağu agu αυγ αύγ elo rugp أغسطس اغسطس अगस्त",
            "sep set wrz zář сен сеп вер eyl σεπ syys rugs szept سبتمبر सितंबर",
            "oct okt out ott paź říj окт жов eki οκτ οκτώ loka spal أكتوبر اكتوبر अक्टूबर",
            "nov noi lis ноя ное нов лис kas νοε νοέ marras lapkr نوفمبر नवंबर",
            "dec dez déc dic dets gru pros дек дец гру ara δεκ joulu gruod des ديسمبر दिसंबर",
        ),
        1,
    )
    for prefix in prefixes.split()
}
"""The first letters of the months in the languages of Europe and some others."""


class Locale(NamedTuple):
    """What is known of a page beside its text: which country it is of, and when it was fetched.

    ``countries`` are those that it may be of, the surest first. ``zone`` is that of the site.
    """

    month_first: bool = False
    countries: Sequence[str] = ()
    zone: tzinfo | None = None
    fetched: datetime | None = None


ANYWHERE = Locale()


class Moment(NamedTuple):
    """A date as a page tells it, with what had to be assumed to read it."""

    when: datetime
    """With an offset, always."""
    raw: str
    """The text as found."""
    note: str = ""
    """Assumed of its zone: ``:assumed-utc``, ``:site-zone``, ``:ambiguous-zone``; else empty."""
    doubt: str | None = None
    """Why it can't be true: ``before-1990``, ``epoch``, ``future``."""

    @property
    def precision(self) -> int:
        """0 for a day, 1 for a time without an offset, 2 with one."""
        timed = (self.when.hour, self.when.minute, self.when.second) != (0, 0, 0)
        return timed + (timed and self.note in {"", SITE_ZONE})


class Written(NamedTuple):
    """A date of a text; ``note`` says what was assumed of its zone."""

    when: datetime
    note: str = ""


def moment(
    raw: str | None, *forms: str, month_first: bool = False, zone: tzinfo | None = None
) -> Moment | None:
    """ISO 8601, RFC 822, Unix time, or a date in words; or only what ``forms`` say.

    A form is one of ``strptime``, which the whole text must have, white space at its ends apart;
    the first that fits is taken. What names no offset is of ``zone``, else UTC, and ``note`` says
    so. ``None`` where there is no date, or one that nothing can have been published at.

    Raises:
        ValueError: a form is none.
    """
    found = read_date(raw, Locale(month_first, zone=zone), *forms)
    return None if found is None or untrue(found.when) else found


def read_date(raw: str | None, locale: Locale = ANYWHERE, *forms: str) -> Moment | None:
    """Any date, also one that can't be true; without an offset in the zone of the site, else UTC."""
    if not raw or len(raw) > MAX_LENGTH or (not forms and DIGIT.search(raw) is None):
        return None
    if forms:
        found = formed(raw.strip(), forms)
    else:
        when = iso(raw)
        found = Written(when) if when else written(raw, locale) or mailed(raw)
    return found and at_site(found, raw, locale)


def as_moment(told: str | datetime | Moment | None, locale: Locale = ANYWHERE) -> Moment | None:
    """What a rule told: a text to read, a time without an offset to place, or all there is."""
    if isinstance(told, datetime):
        return at_site(Written(told), told.isoformat(), locale)
    return told if isinstance(told, Moment) else read_date(told, locale)


def at_site(found: Written, raw: str, locale: Locale) -> Moment:
    """A date with its offset; one without is in the zone of the site, else in UTC."""
    if found.when.utcoffset() is not None:
        return Moment(found.when, raw, found.note)
    if locale.zone is not None:
        try:
            return Moment(placed(found.when, locale.zone), raw, SITE_ZONE)
        except OverflowError:
            pass
    return Moment(found.when.replace(tzinfo=UTC), raw, ASSUMED_UTC)


def formed(text: str, forms: Sequence[str]) -> Written | None:
    """The date of a text that has one of the forms of ``strptime``."""
    for form in forms:
        try:
            return Written(datetime.strptime(text, form))  # noqa: DTZ007 - the zone is the site's
        except ValueError as error:
            if "bad directive" in str(error) or "stray %" in str(error):
                raise ValueError(f"{form!r} is no form of a date: {error}") from None
    return None


def untrue(when: datetime, fetched: datetime | None = None) -> str | None:
    """Why nothing can have been published then, ``None`` if it can; ``fetched`` is when the page came."""
    if (when.year, when.month, when.day) in {(1970, 1, 1), (1969, 12, 31)}:
        return EPOCH
    if when.year < FIRST_YEAR:
        return BEFORE
    is_late = when.year >= LAST_YEAR or (fetched is not None and when - SLACK > fetched)
    return FUTURE if is_late else None


def iso(raw: str) -> datetime | None:
    """The formats for machines."""
    if match := UNIX_TIME.match(raw):
        return datetime.fromtimestamp(int(match[1]), UTC)
    if NEVER.match(raw):
        return datetime(1, 1, 1, tzinfo=UTC)
    try:
        return datetime.fromisoformat(raw.strip())
    except ValueError:
        return mail(raw) if OF_MAIL.search(raw) else None


def mail(raw: str) -> datetime | None:
    """RFC 5322, whose own abbreviations are American."""
    try:
        when = parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return None if when.utcoffset() is None else when


def mailed(raw: str) -> Written | None:
    when = mail(raw)
    return Written(when) if when else None


def written(text: str, locale: Locale = ANYWHERE) -> Written | None:
    """The first date in a text for people; ``1/2/2025`` is in February unless months come first."""
    found = [
        match
        for form in (YEAR_FIRST, DAY_FIRST, DAY_NAME, NAME_DAY, YEAR_NAME, UNIX)
        for match in form.finditer(text)
    ]
    for match in (*sorted(found, key=lambda each: each.start()), *SHORT.finditer(text)):
        date = day_of(match, month_first=locale.month_first)
        if date is None:
            continue
        begin, end = match.span()
        if match.re is UNIX:
            begin, end = len(text), match.start("clock")
        spans = (end, end + MAX_GAP), (max(0, begin - MAX_GAP), begin)
        timed = (at_time(date, text, span, locale.countries) for span in spans)
        return next(filter(None, timed), Written(date))
    return None


def day_of(match: re.Match[str], *, month_first: bool) -> datetime | None:
    parts = match.groupdict()
    day, month = int(parts["day"]), numbered(parts)
    if match.re in {DAY_FIRST, SHORT} and (month_first or month > 12) and day <= 12:  # noqa: PLR2004 - months of a year
        day, month = month, day
    try:
        year = int(parts["year"]) + CENTURY * (match.re is SHORT)
        return datetime(year, month, day)  # noqa: DTZ001 - its offset may follow
    except ValueError:
        return None


def numbered(parts: dict[str, str]) -> int:
    if "month" in parts:
        return int(parts["month"])
    return month_of(parts["name"].casefold())


@lru_cache(maxsize=1024)
def month_of(name: str) -> int:
    """1 to 12, 0 for a word that is no month's name."""
    known = (prefix for prefix in MONTHS if name.startswith(prefix))
    return MONTHS.get(max(known, key=len, default=""), 0)


def at_time(
    date: datetime, text: str, span: tuple[int, int], countries: Sequence[str] = ()
) -> Written | None:
    """The date with the time of day that a part of the text tells, and its zone."""
    match = CLOCK.search(text, *span) or HOUR.search(text, *span)
    if not match:
        return None
    parts = match.groupdict()
    hour, half = int(parts["hour"]), parts["half"]
    if half:
        hour = hour % 12 + 12 * (half[0] in "pP")
    minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
    try:
        timed = date.replace(hour=hour, minute=minute, second=second)
        zone = read_zone(text[match.end() : match.end() + MAX_ZONE], countries)
        if zone is None:
            return Written(timed)
        return Written(placed(timed, zone.zone), AMBIGUOUS if zone.is_guess else "")
    except (ValueError, OverflowError):
        return None
