"""What is to be done with one input: all that the function of a shard is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from scrapy.settings import BaseSettings, Settings

from newscrawl.addresses.address import site_of
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.archive.reading import Head

DECIDING = (
    "DOWNLOAD_MAXSIZE",
    "NEWSCRAWL_MAX_READING",
    "NEWSCRAWL_MIN_WORDS",
    "NEWSCRAWL_OBEY_SIGNALS",
    "SCRAPY_POET_DISCOVER",
)
"""Settings on which it depends what is read in a page."""
ANOTHER_SITE = "of sites that were not asked for"
ANOTHER_TIME = "of times that were not asked for"
ANOTHER_LANGUAGE = "articles in languages that were not asked for"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What is wanted; nothing where a list is empty. Languages are BCP 47, ``de`` means ``de-AT`` too."""

    sites: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def unwanted(self, head: Head, site: str) -> str | None:
        """Return why the page of a record is not to be read, if that is so."""
        if self.sites and site not in self.sites:
            return ANOTHER_SITE
        if (self.since and head.at < self.since) or (self.until and head.at >= self.until):
            return ANOTHER_TIME
        return None

    def wants_language(self, language: str | None) -> bool:
        """Whether an article is wanted; one whose language nobody knows is not."""
        if not self.languages:
            return True
        known = (language or "").casefold()
        return any(known == each or known.startswith(f"{each}-") for each in self.languages)

    def to_dict(self) -> dict[str, Any]:
        moments = {name: value and value.isoformat() for name, value in self._moments().items()}
        return {"sites": [*self.sites], "languages": [*self.languages], **moments}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        moments = {name: told[name] and datetime.fromisoformat(told[name]) for name in _MOMENTS}
        return cls(sites=tuple(told["sites"]), languages=tuple(told["languages"]), **moments)

    def _moments(self) -> dict[str, datetime | None]:
        return {name: getattr(self, name) for name in _MOMENTS}


_MOMENTS = ("since", "until")


def filters_of(
    sites: list[str], languages: list[str], since: datetime | None, until: datetime | None
) -> Filters:
    """Return filters as they were written by somebody.

    Raises:
        ValueError: a site is none.
    """
    return Filters(
        sites=tuple(sorted({_site(each) for each in sites})),
        languages=tuple(sorted({each.casefold() for each in languages})),
        since=since and since.astimezone(UTC),
        until=until and until.astimezone(UTC),
    )


def _site(given: str) -> str:
    try:
        return site_of(f"https://{given}/")
    except UnfetchableURL as error:
        raise ValueError(f"--site: {given!r} is no site: {error}") from None


@dataclass(frozen=True, kw_only=True)
class ShardTask:
    """``settings`` are those of ``DECIDING`` that are not as newscrawl has them, ``zone`` is that of dates without an offset."""

    folder: str
    name: str
    address: str
    filters: Filters
    zone: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self) | {"filters": self.filters.to_dict()}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        return cls(**(dict(told) | {"filters": Filters.from_dict(told["filters"])}))


class Unread(NamedTuple):
    """A shard that could not be read, and why."""

    why: str


def settings_set(settings: BaseSettings) -> dict[str, Any]:
    """Return what decides how a page is read, where it is not as newscrawl has it."""
    ours, told = _ours().copy_to_dict(), settings.copy_to_dict()
    return {name: told[name] for name in DECIDING if told[name] != ours[name]}


def settings_of(task: ShardTask) -> Settings:
    """Return the settings of newscrawl with those of a task."""
    settings = _ours()
    settings.update(dict(task.settings), priority="cmdline")
    return settings


def _ours() -> Settings:
    settings = Settings()
    settings.setmodule("newscrawl.settings", priority="project")
    return settings
