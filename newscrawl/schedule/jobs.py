"""``sites.toml``: which sites are crawled when, a table each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from newscrawl.mistakes import BadInput, Mistakes
from newscrawl.schedule.times import Times

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
KEYS = ("spider", "cron", "timezone", "jitter", "limit", "memory", "arguments", "settings")
FIELDS = 5
"""Minute, hour, day, month, weekday."""
PLAIN = re.compile(r"[0-9*,/\s-]*(?:[a-zA-Z]{3}[0-9*,/\s-]*)*")
"""What cron and systemd both can say: no last days, no nth weekdays."""
LONGEST = 7 * 86_400
"""Seconds that a run may be given, or its start be delayed."""
MOST_MEMORY = 1 << 20
"""Megabytes: a terabyte is a slip of the pen."""
LEAST_MEMORY = 128
"""Megabytes: with less no crawl begins."""


@dataclass(frozen=True, slots=True)
class Job:
    """One site's runs; ``jitter`` and ``limit`` are in seconds, ``memory`` in megabytes, 0 for none."""

    name: str
    spider: str
    cron: str
    timezone: ZoneInfo
    jitter: int = 0
    limit: int = 0
    memory: int = 0
    arguments: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    def after(self, moment: datetime) -> Iterator[datetime]:
        """Yield the times of the runs after a moment, without their jitter."""
        times = Times(self.cron, self.timezone).after(moment)
        return (time.astimezone(self.timezone) for time in times)

    def last(self, moment: datetime) -> datetime:
        """Return the time of the run that was due last at a moment."""
        return Times(self.cron, self.timezone).last(moment).astimezone(self.timezone)


Check = Callable[[str, Mapping[str, str] | None, Mapping[str, str]], None]
"""Raises ``ValueError`` on a spider, its arguments (``None``: they cannot be read), or settings."""


def read_jobs(path: Path, check: Check = lambda *_: None) -> list[Job]:
    """Return the jobs of a file in its order.

    Raises:
        BadInput: the file cannot be read, or jobs in it are wrong; every mistake is named.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput([f"{path}: {error.strerror}"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput([f"{path}: {error}"]) from None
    jobs: list[Job] = []
    mistakes = Mistakes()
    for name, table in tables.items():
        try:
            jobs.append(_job(name, table, check))
        except BadInput as error:
            mistakes += [f"{path}: [{name}] {each}" for each in error.mistakes]
    if not tables:
        mistakes.append(f"{path}: no site in it; add a table, e.g. [example]")
    mistakes.tell()
    return jobs


def _job(name: str, table: Any, check: Check) -> Job:
    if not isinstance(table, dict):
        raise BadInput([f"is no table; write [{name}] above its keys"])
    mistakes = Mistakes(
        f"unknown key {key!r}; there are: {', '.join(KEYS)}"
        for key in sorted(set(table).difference(KEYS))
    )
    if not NAME.fullmatch(name):
        mistakes.append("a name has small letters, digits, - and _ only")
    trying = mistakes.trying
    arguments = trying(None, _texts, table, "arguments")
    job = Job(
        name,
        trying("", _text, table, "spider"),
        trying("", _cron, table),
        trying(ZoneInfo("UTC"), _zone, table.get("timezone", "UTC")),
        trying(0, _seconds, table, "jitter"),
        trying(0, _seconds, table, "limit"),
        trying(0, _megabytes, table),
        arguments or {},
        trying({}, _texts, table, "settings"),
    )
    trying(None, check, job.spider, arguments, job.settings)
    mistakes.tell()
    return job


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'{key} is missing; write {key} = "…"')
    return value


def _cron(table: Mapping[str, Any]) -> str:
    text = _text(table, "cron")
    fields = text.split()
    if len(fields) != FIELDS or not PLAIN.fullmatch(text):
        raise ValueError(f"cron is no cron expression of five plain fields: {text!r}")
    try:
        next(CronSim(text, datetime(2024, 1, 1)))  # noqa: DTZ001 - only whether there is a time
    except CronSimError as error:
        raise ValueError(f"cron is no cron expression: {text!r} ({error})") from None
    except StopIteration:
        raise ValueError(f"cron never comes: {text!r}") from None
    return " ".join(fields)


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ValueError(f'timezone is none: {name!r}; write e.g. "Europe/Berlin"') from None


def _seconds(table: Mapping[str, Any], key: str) -> int:
    value = table.get(key, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONGEST:
        raise ValueError(f"{key} is no whole number of seconds from 0 to {LONGEST}: {value!r}")
    return value


def _megabytes(table: Mapping[str, Any]) -> int:
    value = table.get("memory", 0)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if not is_number or (value and not LEAST_MEMORY <= value <= MOST_MEMORY):
        raise ValueError(f"memory is no whole number of megabytes from {LEAST_MEMORY}: {value!r}")
    return int(value)


def _texts(table: Mapping[str, Any], key: str) -> dict[str, str]:
    values = table.get(key, {})
    if not isinstance(values, dict):
        raise ValueError(f"{key} is no table; write [name.{key}] above its keys")  # noqa: TRY004 - as above
    Mistakes(
        f"{key}: {name} is no text or number: {value!r}"
        for name, value in values.items()
        if not isinstance(value, str | int | float | bool)
    ).tell()
    return {name: str(value) for name, value in values.items()}
