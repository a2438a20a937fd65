"""Time zones as pages write them: offsets, abbreviations and names, read by the page's country."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

OFFSETS: Mapping[str, str] = {
    name: offset
    for line in """
        +00:00 Z UTC GMT UT UCT WET
        +01:00 WEST CET MEZ WAT
        +02:00 CEST MESZ EET SAST CAT
        +03:00 EEST MSK EAT IDT TRT
        +03:30 IRST
        +04:00 AZT GST MSD
        +04:30 AFT IRDT
        +05:00 PKT UZT
        +05:45 NPT
        +06:00 BDT BTT
        +06:30 MMT
        +07:00 WIB ICT
        +08:00 WITA HKT SGT AWST MYT PHT
        +09:00 WIT JST KST
        +09:30 ACST
        +10:00 AEST ChST
        +10:30 ACDT
        +11:00 AEDT
        +12:00 NZST FJT
        +13:00 NZDT
        -02:30 NDT
        -03:00 ADT BRT CLST UYT
        -03:30 NST
        -04:00 EDT CLT VET
        -05:00 EST CDT
        -06:00 MDT
        -07:00 MST PDT
        -08:00 PST AKDT
        -09:00 AKST HDT
        -10:00 HST
    """.strip().splitlines()
    for offset, *names in [line.split()]
    for name in names
}
"""What an abbreviation means where the country of the page gives it no meaning of its own."""
MEANINGS: Mapping[str, Mapping[str, str]] = {
    "AMT": {"AM": "+04:00", "BR": "-04:00"},
    "ART": {"AR": "-03:00"},
    "AST": {
        **dict.fromkeys(("CA", "PR", "DO", "BB", "TT", "BM", "VI"), "-04:00"),
        **dict.fromkeys(("SA", "KW", "QA", "BH", "IQ", "YE"), "+03:00"),
    },
    "BOT": {"BO": "-04:00"},
    "BST": {**dict.fromkeys(("GB", "IM", "JE", "GG", "GI"), "+01:00"), "BD": "+06:00"},
    "CDT": {"AU": "+10:30", "CU": "-04:00"},
    "COT": {"CO": "-05:00"},
    "CST": {
        **dict.fromkeys(("US", "CA", "MX", "CR", "GT", "SV", "HN", "NI", "BZ"), "-06:00"),
        **dict.fromkeys(("CN", "TW", "MO", "HK"), "+08:00"),
        "CU": "-05:00",
        "AU": "+09:30",
    },
    "ECT": {"EC": "-05:00"},
    "EDT": {"AU": "+11:00"},
    "EST": {"AU": "+10:00"},
    "IST": {**dict.fromkeys(("IN", "LK"), "+05:30"), "IE": "+01:00", "IL": "+02:00"},
    "MST": {"MY": "+08:00", "MM": "+06:30"},
    "NST": {"NP": "+05:45"},
    "PET": {"PE": "-05:00"},
    "PST": {"PH": "+08:00", "PK": "+05:00"},
    "SST": {"SG": "+08:00", "WS": "-11:00", "AS": "-11:00"},
    "WST": {"AU": "+08:00", "WS": "+13:00"},
}
"""What an abbreviation means in a country."""
GUESSES: Mapping[str, str] = {"AST": "-04:00", "BST": "+01:00", "CST": "-06:00", "IST": "+05:30"}
"""The most usual meaning of those that stay ambiguous where no country tells."""
REGIONS: Mapping[str, str] = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
    "AKT": "America/Anchorage",
    "AET": "Australia/Sydney",
    "NZT": "Pacific/Auckland",
    "MEZ/MESZ": "Europe/Berlin",
    "CET/CEST": "Europe/Berlin",
}
"""Names for both summer and winter: the date tells which it is."""
LONG: Mapping[str, str] = {
    "Australian Eastern": "Australia/Sydney",
    "British": "Europe/London",
    "Central European": "Europe/Berlin",
    "Eastern European": "Europe/Athens",
    "Western European": "Europe/Lisbon",
    "India": "Asia/Kolkata",
    "Indian": "Asia/Kolkata",
    "Israel": "Asia/Jerusalem",
    "Irish": "Europe/Dublin",
    "Japan": "Asia/Tokyo",
    "New Zealand": "Pacific/Auckland",
    "Eastern": "America/New_York",
    "Central": "America/Chicago",
    "Mountain": "America/Denver",
    "Pacific": "America/Los_Angeles",
}
"""Names in full, without what follows them: the date tells summer from winter."""
COUNTRIES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("hi", "ta", "te", "mr", "gu", "kn", "ml", "pa", "or", "as"), ("IN",)),
    **dict.fromkeys(("he", "iw", "yi"), ("IL",)),
    "bn": ("BD", "IN"),
    "cy": ("GB",),
    "fil": ("PH",),
    "ga": ("IE",),
    "gd": ("GB",),
    "hy": ("AM",),
    "my": ("MM",),
    "ne": ("NP",),
    "si": ("LK",),
    "tl": ("PH",),
    "ur": ("PK", "IN"),
    "zh": ("CN",),
}
"""Countries by language, where the language tells."""
ZONE = re.compile(
    r"\s*,?\s*(?:(?:Uhr|[Hh](?:rs|ours)?|o'clock)\b\.?)?\s*(?:[|,]|[\u2013-]\s)?\s*[(\[]?"
    r"(?:(?P<region>[A-Z][A-Za-z_]+/[A-Za-z_]+(?:/[A-Za-z_]+|[+-]\d{1,2})?|CET/CEST|MEZ/MESZ)\b"
    rf"|(?P<long>{'|'.join(LONG)})\s(?:(?:Standard|Daylight|Summer)\s)?Time\b"
    r"|(?P<short>Eastern|Pacific)\b(?!\s[A-Z])"
    r"|(?P<name>[A-Z][A-Za-z]{0,4}|gmt|utc)(?![A-Za-z])(?!\.\w))?"
    r"\s?(?P<offset>(?P<sign>[+\u2212-])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?(?!\d))?"
)
"""What follows a time of day."""
UNIVERSAL = frozenset({"GMT", "UTC"})
CERTAIN = re.compile(r".(?:0\d|\d{1,2}:?\d\d)")
"""An offset without a name before it; a bare number may count comments."""
FIXED = re.compile(
    r"(?:UTC|GMT)?(?P<offset>(?P<sign>[+\u2212-])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?)"
)
FARTHEST = timedelta(hours=14)


class Zone(NamedTuple):
    """A zone as written; ``is_guess`` where other zones go by the same name."""

    zone: tzinfo
    is_guess: bool = False


def read_zone(text: str, countries: Sequence[str] = ()) -> Zone | None:
    """Return the zone that ``text`` begins with; ``countries`` are those of the page, nearest first."""
    match = ZONE.match(text)
    if match is None:
        return None
    name, offset = match["name"], offset_of(match)
    if name and name.upper() in UNIVERSAL:
        name = name.upper()
    if offset is not None and not name:
        return Zone(offset) if CERTAIN.match(match["offset"]) else None
    if offset is not None and name in OFFSETS:
        return Zone(offset)
    full = match["long"] or match["short"]
    if match["region"] or full:
        found = region(LONG[full] if full else REGIONS.get(match["region"], match["region"]))
        return Zone(found) if found else None
    return abbreviated(name, countries) if name else None


def offset_of(match: re.Match[str]) -> tzinfo | None:
    """Return the offset in a match, ``None`` for one that no place has."""
    if not match["offset"]:
        return None
    size = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
    if size > FARTHEST:
        return None
    return timezone(size if match["sign"] == "+" else -size)


def abbreviated(name: str, countries: Sequence[str] = ()) -> Zone | None:
    """Return the zone of an abbreviation by the first country that gives it a meaning."""
    here = MEANINGS.get(name, {})
    told = next((here[country] for country in countries if country in here), None)
    if told is None and name in REGIONS:
        found = region(REGIONS[name])
        return Zone(found) if found else None
    written = told or OFFSETS.get(name) or GUESSES.get(name)
    return Zone(fixed(written), told is None and name in GUESSES) if written else None


def fixed(offset: str) -> tzinfo:
    hours, minutes = offset[1:].split(":")
    size = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(size if offset[0] == "+" else -size)


def region(name: str) -> tzinfo | None:
    """Return the zone of the tz database by its name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_named(text: str) -> tzinfo | None:
    """Return the zone that a user names: ``Europe/Berlin``, ``UTC``, ``+05:30``."""
    match = FIXED.fullmatch(text.strip())
    return offset_of(match) if match else region(text.strip())


def placed(when: datetime, zone: tzinfo) -> datetime:
    """Return a clock's time in a zone, with the plain offset that is in force there then."""
    offset = when.replace(tzinfo=zone).utcoffset()
    minutes = round((offset or timedelta()) / timedelta(minutes=1))
    return when.replace(tzinfo=timezone(timedelta(minutes=minutes)))


def countries_of(tags: Sequence[str | None], host: str) -> tuple[str, ...]:
    """Return the countries that regions of languages, the host and the languages tell, the surest first."""
    parts = [re.split("[-_.]", tag.strip()) for tag in tags if tag]
    regions = [
        part.upper() for first, *rest in parts for part in rest if re.fullmatch("[A-Za-z]{2}", part)
    ]
    domain = host.rpartition(".")[2].upper()
    named = [{"UK": "GB"}.get(domain, domain)] if re.fullmatch("[A-Z]{2}", domain) else []
    spoken = [place for first, *_ in parts for place in COUNTRIES.get(first.lower(), ())]
    return tuple(dict.fromkeys([*regions, *named, *spoken]))
