"""The tables of ``sites.toml`` by the names of jobs, and what ``[defaults]`` gives each of them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from newscrawl.mistakes import BadInput, Mistakes

DEFAULTS = "defaults"
KEYS = ("spider", "cron", "timezone", "jitter", "limit", "memory", "arguments", "settings")
SHARED = tuple(key for key in KEYS if key != "cron")
"""What may stand in ``[defaults]``: not the time, or all would begin at once."""
MERGED = ("arguments", "settings")


class Tables(NamedTuple):
    """What stands in a file, unread: the defaults, and a name and a value for each job."""

    defaults: Any
    jobs: list[tuple[str, Any]]


def read_tables(path: Path) -> Tables:
    """Return the tables of a file in its order; names with dots may be quoted or not.

    Raises:
        BadInput: the file cannot be read.
    """
    try:
        return tables_of(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput([f"{path}: {error.strerror}"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput([f"{path}: {error}"]) from None


def tables_of(text: str) -> Tables:
    """Return the tables of a text.

    Raises:
        tomllib.TOMLDecodeError: it is no TOML.
    """
    tables = tomllib.loads(text)
    defaults = tables.pop(DEFAULTS, {})
    return Tables(defaults, [job for name in tables for job in _jobs(name, tables[name])])


def _jobs(name: str, table: Any) -> Iterator[tuple[str, Any]]:
    """Yield a table, or those below one that is only the beginning of names with dots."""
    if not _is_beginning(table):
        yield name, table
        return
    for further, below in table.items():
        yield from _jobs(f"{name}.{further}", below)


def _is_beginning(table: Any) -> bool:
    """Whether a table has nothing but tables, and none of them belongs to a job."""
    return (
        isinstance(table, dict)
        and bool(table)
        and all(isinstance(value, dict) and key not in KEYS for key, value in table.items())
    )


def with_defaults(table: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return a job's table on those defaults: its own values win, in tables key by key."""
    merged = {**defaults, **table}
    for key in MERGED:
        shared, own = defaults.get(key), table.get(key)
        if isinstance(shared, dict) and isinstance(own, dict):
            merged[key] = {**shared, **own}
    return merged


def names_mistaken(jobs: list[tuple[str, Any]]) -> Mistakes:
    """Return a line for each name that is there twice, once with quotes and once without."""
    names = [name for name, _ in jobs]
    return Mistakes(
        f"[{name}] is there twice, with quotes and without"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    )


def keys_mistaken(name: str, table: Mapping[str, Any], known: tuple[str, ...]) -> Mistakes:
    """Return a line for each unknown key, which may be the rest of a name with dots."""
    return Mistakes(
        f'has a table {key!r} below it; if that is a job, write its name in quotes: ["{name}.{key}"]'
        if isinstance(table[key], dict)
        else f"unknown key {key!r}; there are: {', '.join(known)}"
        for key in sorted(set(table).difference(known))
    )
