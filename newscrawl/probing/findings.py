"""What is known of a site that was asked a few times."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import TZPATH, ZoneInfo

from newscrawl.addresses.address import site_of
from newscrawl.discovery.entries import SourceKind
from newscrawl.schedule.appending import NewJob
from newscrawl.schedule.given import Given
from newscrawl.schedule.rhythm import cron_for, per_day, told
from newscrawl.zones import countries_of

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,3}")


@dataclass(slots=True)
class Finding:
    """A site as it was given and as it was found; ``problem`` says why it can be no job.

    ``rates`` are the articles a day of each list that has dates. ``dates`` are some of its feeds,
    with the offsets that they are written with.
    """

    given: Given
    url: str = ""
    problem: str = ""
    language: str = ""
    sources: dict[SourceKind, list[str]] = field(default_factory=dict)
    rates: list[float] = field(default_factory=list)
    dates: list[datetime] = field(default_factory=list)
    is_cut: bool = False

    @property
    def rate(self) -> float | None:
        """The articles a day of the list that names most."""
        return max(self.rates, default=None)

    def count(self, dates: Collection[datetime], now: datetime) -> None:
        """Take note of the dates of a list's entries."""
        rate = per_day(dates, now)
        if rate is not None:
            self.rates.append(rate)

    def note(self, kind: SourceKind, url: str) -> None:
        """Take note of a source that could be read."""
        self.sources.setdefault(kind, []).append(url)

    def tell_language(self, *tags: str) -> None:
        """Take the first language that is named as one; what was told before stays."""
        named = (tag.strip() for tag in tags)
        found = (tag for tag in named if _LANGUAGE.fullmatch(tag))
        self.language = self.language or next(found, "")

    def sentence(self) -> str:
        """Return what was found at ``url``, for a person."""
        parts = [_numbered(kind, len(urls)) for kind, urls in sorted(self.sources.items())]
        parts = [", ".join(parts) or "no feeds, sitemaps or API: by links alone"]
        parts += [self.language] if self.language else []
        parts.append(told(self.rate))
        if site_of(self.url) != site_of(self.given.url):
            parts.append(f"{self.given.url} leads there")
        if self.is_cut:
            parts.append("it was slow, and not all was asked for")
        return "; ".join(parts)


def _numbered(kind: SourceKind, number: int) -> str:
    if kind is SourceKind.API:
        return "WordPress API"
    return f"{number} {kind.value}{'' if number == 1 else 's'}"


def name_of(url: str) -> str:
    """Return the name of a site's job: its registered domain, a port behind it."""
    return site_of(url).replace("[", "").replace("]", "").replace(":", "-").strip("-")


def job_of(finding: Finding, day: datetime) -> NewJob:
    """Return the job for a site that was found."""
    name = finding.given.name or name_of(finding.url)
    arguments = {"url": finding.url}
    if finding.given.section:
        arguments["sections"] = finding.given.section
    return NewJob(
        name,
        f"{finding.sentence()} (looked at on {day:%Y-%m-%d})",
        cron_for(name, finding.rate),
        zone_of(
            finding.dates, countries_of([finding.language], urlsplit(finding.url).hostname or "")
        ),
        arguments,
    )


def zone_of(dates: Sequence[datetime], countries: Iterable[str]) -> str:
    """Return the zone of the surest country whose clocks show such offsets, empty for none.

    Many programs write all dates in UTC: without another offset nothing is told.
    """
    if not any(date.utcoffset() for date in dates):
        return ""
    for country in countries:
        for zone in zones_in(country):
            clock = ZoneInfo(zone)
            if all(date.astimezone(clock).utcoffset() == date.utcoffset() for date in dates):
                return zone
    return ""


def zones_in(country: str) -> list[str]:
    """Return the zones of a country (ISO 3166) by the table of the zone database, if there is one."""
    lines = (line.split("\t") for line in _table().splitlines() if not line.startswith("#"))
    return [parts[2] for parts in lines if len(parts) > 2 and parts[0] == country]  # noqa: PLR2004 - country, place, zone


def _table() -> str:
    """Return ``zone.tab`` of the system, else of the package ``tzdata``; empty where there is neither."""
    for folder in TZPATH:
        path = Path(folder, "zone.tab")
        if path.is_file():
            return path.read_text(encoding="utf-8")
    try:
        return (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    except (ModuleNotFoundError, OSError):
        return ""
