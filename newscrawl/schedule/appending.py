"""Jobs that are written into ``sites.toml`` behind those that are there."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newscrawl.mistakes import BadInput
from newscrawl.schedule.jobs import Check, read_jobs
from newscrawl.schedule.tables import read_tables, tables_of
from newscrawl.store.replacing import replacing

_BARE = re.compile(r"[a-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be written; ``remark`` is what a person should know of it, in one line."""

    name: str
    remark: str
    cron: str
    timezone: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    spider: str = "site"


def text_of(job: NewJob, defaults: Mapping[str, Any]) -> str:
    """Return the tables of a job, without what the defaults of its file say already."""
    head = job.name if _BARE.fullmatch(job.name) else _quoted(job.name)
    values = {"spider": job.spider, "cron": job.cron, "timezone": job.timezone}
    lines = [f"# {' '.join(job.remark.split())}", f"[{head}]"]
    lines += [
        f"{key} = {_quoted(value)}"
        for key, value in values.items()
        if value and defaults.get(key) != value
    ]
    lines += ["", f"[{head}.arguments]"]
    lines += [f"{key} = {_quoted(value)}" for key, value in job.arguments.items()]
    return "\n".join([*lines, ""])


def append(path: Path, jobs: Sequence[NewJob], check: Check) -> list[NewJob]:
    """Write jobs behind what a file has, all or none of them; it may not be there yet.

    Returns those that were written, not what has come to be there by the same name meanwhile.

    Raises:
        BadInput: the file cannot be read or written, or jobs would be wrong with its defaults.
    """
    target = path.resolve()
    is_there = target.exists()
    tables = read_tables(target) if is_there else tables_of("")
    names = {name for name, _ in tables.jobs}
    fresh = [job for job in jobs if job.name not in names]
    if not fresh:
        return fresh
    defaults = tables.defaults if isinstance(tables.defaults, dict) else {}
    try:
        before = target.read_bytes().decode() if is_there else ""
        parts = [_ended(before)] if before else []
        text = "\n".join([*parts, *(text_of(job, defaults) for job in fresh)])
        with replacing(target) as beside:
            beside.write_bytes(text.encode())
            if is_there:
                shutil.copymode(target, beside)
            _check(beside, path, check)
    except OSError as error:
        raise BadInput([f"{path}: {error.strerror or error}"]) from None
    return fresh


def _check(draft: Path, path: Path, check: Check) -> None:
    """See that a draft is in order; what is wrong is told of the file that it is of."""
    try:
        read_jobs(draft, check)
    except BadInput as error:
        raise BadInput(
            [f"nothing is added: {each.replace(str(draft), str(path))}" for each in error.mistakes]
        ) from None


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _quoted(text: str) -> str:
    """Return a basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
