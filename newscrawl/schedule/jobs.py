"""``sites.toml``: which sites are crawled when, a table each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from newscrawl.mistakes import BadInput, Mistakes
from newscrawl.schedule.tables import (
    DEFAULTS,
    KEYS,
    SHARED,
    keys_mistaken,
    names_mistaken,
    read_tables,
    with_defaults,
)
from newscrawl.schedule.times import Times

NAME = re.compile(r"(?!.{101})[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9_-]+)*")
"""Safe as a part of a file's name: no separator, no dot at either end, no two dots in a row."""
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


def read_jobs(
    path: Path, check: Check = lambda *_: None, *, may_be_empty: bool = False
) -> list[Job]:
    """Return the jobs of a file in its order.

    Raises:
        BadInput: the file cannot be read, or jobs in it are wrong; every mistake is named.
    """
    tables = read_tables(path)
    jobs: list[Job] = []
    shared = _mistaken_defaults(tables.defaults, check)
    mistakes = Mistakes(f"{path}: [{DEFAULTS}] {each}" for each in shared)
    mistakes += [f"{path}: {each}" for each in names_mistaken(tables.jobs)]
    defaults = tables.defaults if isinstance(tables.defaults, dict) else {}
    for name, table in tables.jobs:
        try:
            jobs.append(_job(name, table, defaults, check))
        except BadInput as error:
            own = (each for each in error.mistakes if each not in shared)
            mistakes += [f"{path}: [{name}] {each}" for each in own]
    if not tables.jobs and not may_be_empty:
        mistakes.append(f"{path}: no site in it; add a table, e.g. [example]")
    mistakes.tell()
    return jobs


def _mistaken_defaults(table: Any, check: Check) -> Mistakes:
    """Return what is wrong in the defaults by themselves, also with arguments for their spider."""
    if not isinstance(table, dict):
        return Mistakes([f"is no table; write [{DEFAULTS}] above its keys"])
    mistakes = keys_mistaken(DEFAULTS, table, SHARED)
    trying = mistakes.trying
    arguments = trying({}, _texts, table, "arguments")
    if "spider" in table:
        trying("", _text, table, "spider")
    settings = _values(table, mistakes)["settings"]
    spider = table.get("spider", "")
    if isinstance(spider, str):
        bare, whole = Mistakes(), Mistakes()
        bare.trying(None, check, spider, {}, {})
        whole.trying(None, check, spider, arguments, settings)
        is_there = f"there is no spider {spider!r}"
        mistakes += [each for each in whole if each not in bare or each == is_there]
    return mistakes


def _job(name: str, table: Any, defaults: Mapping[str, Any], check: Check) -> Job:
    if not isinstance(table, dict):
        raise BadInput([f"is no table; write [{name}] above its keys"])
    mistakes = keys_mistaken(name, table, KEYS)
    if not NAME.fullmatch(name):
        mistakes.append("a name has small letters, digits, dots, - and _ only")
    trying = mistakes.trying
    table = with_defaults(table, defaults)
    arguments = trying(None, _texts, table, "arguments")
    spider, cron = trying("", _text, table, "spider"), trying("", _cron, table)
    job = Job(name, spider, cron, arguments=arguments or {}, **_values(table, mistakes))
    trying(None, check, job.spider, arguments, job.settings)
    mistakes.tell()
    return job


def _values(table: Mapping[str, Any], mistakes: Mistakes) -> dict[str, Any]:
    """Return what need not be there, in a job or in the defaults."""
    trying = mistakes.trying
    return {
        "timezone": trying(ZoneInfo("UTC"), _zone, table.get("timezone", "UTC")),
        "jitter": trying(0, _seconds, table, "jitter"),
        "limit": trying(0, _seconds, table, "limit"),
        "memory": trying(0, _megabytes, table),
        "settings": trying({}, _texts, table, "settings"),
    }


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
