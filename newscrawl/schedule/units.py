"""Schedules in the words of cron and of systemd."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from newscrawl.exit_status import ExitStatus
from newscrawl.schedule.jobs import Job
from newscrawl.schedule.running import ROOM

DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = {day.lower(): str(number) for number, day in enumerate(DAYS[:7])} | {
    month: str(number) for number, month in enumerate(MONTHS, 1)
}
_STEP = re.compile(r"(?:\*|(\d+)(?:-(\d+))?)/(\d+)")
GRACE = 90
"""Seconds that systemd leaves a run to end in order."""


def crontab(jobs: Iterable[Job], command: Sequence[str], folder: Path) -> Iterator[str]:
    """Yield the lines of a crontab; ``command`` runs a job whose name is added to it.

    ``CRON_TZ`` is known to cronie, not to Debian's cron, which runs all by the system's time.
    """
    zone = ""
    for job in jobs:
        if job.timezone.key != zone:
            zone = job.timezone.key
            yield f"CRON_TZ={zone}"
        words = shlex.join([*command, job.name]).replace("%", r"\%")
        place = shlex.quote(str(folder)).replace("%", r"\%")
        yield f"{job.cron} cd {place} && {words}"


def units(job: Job, command: Sequence[str], folder: Path) -> dict[str, str]:
    """Return the units of a job by file name: a service, and the timer that starts it.

    A run that was missed while the machine was off is caught up once (``Persistent``), and a
    run that is still at work is not started again.
    """
    service, timer = _service(job, command, folder), _timer(job)
    return {
        f"newscrawl-{job.name}.service": "\n".join([*service, ""]),
        f"newscrawl-{job.name}.timer": "\n".join([*timer, ""]),
    }


def _service(job: Job, command: Sequence[str], folder: Path) -> list[str]:
    return [
        "[Unit]",
        f"Description=newscrawl crawls {job.name}",
        "Wants=network-online.target",
        "After=network-online.target",
        "",
        "[Service]",
        "Type=oneshot",
        f"WorkingDirectory={_escaped(str(folder))}",
        f"ExecStart={' '.join(map(_quoted, [*command, job.name, '--no-jitter']))}",
        f"SuccessExitStatus={ExitStatus.LOCKED}",
        f"TimeoutStartSec={job.limit + GRACE if job.limit else 'infinity'}",
        f"TimeoutStopSec={GRACE}",
        "KillMode=mixed",
        *([f"MemoryMax={job.memory + ROOM}M"] if job.memory else []),
        "NoNewPrivileges=yes",
        "PrivateTmp=yes",
    ]


def _timer(job: Job) -> list[str]:
    return [
        "[Unit]",
        f"Description=when newscrawl crawls {job.name}",
        "",
        "[Timer]",
        *(f"OnCalendar={each}" for each in calendars(job)),
        f"RandomizedDelaySec={job.jitter}",
        "AccuracySec=1s",
        "Persistent=true",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]


def calendars(job: Job) -> list[str]:
    """Return a cron expression as systemd's calendar events.

    Where cron has both a day of the month and one of the week it means either: two events.
    """
    minute, hour, day, month, weekday = job.cron.lower().split()
    times = f"{_field(hour)}:{_field(minute)}:00 {job.timezone.key}"
    months = _field(month)
    by_day = f"*-{months}-{_field(day)} {times}"
    by_weekday = f"{_weekdays(weekday)} *-{months}-* {times}"
    if weekday == "*":
        return [by_day]
    return [by_weekday] if day == "*" else [by_day, by_weekday]


def _field(text: str) -> str:
    return ",".join(map(_part, text.split(",")))


def _part(text: str) -> str:
    text = _numbered(text)
    match = _STEP.fullmatch(text)
    if match is None:
        return text.replace("-", "..")
    first, last, step = match.groups()
    if last:
        return f"{first}..{last}/{step}"
    return f"{first or 0}/{step}" if first or text.startswith("*") else text


def _numbered(text: str) -> str:
    return re.sub(r"[a-z]{3}", lambda found: _NAMES.get(found[0], found[0]), text)


def _weekdays(text: str) -> str:
    chosen: set[int] = set()
    for part in map(_numbered, text.split(",")):
        span, _, step = part.partition("/")
        first, _, last = ("0-6" if span == "*" else span).partition("-")
        end = int(last) if last else (6 if step else int(first))
        chosen.update(number % 7 for number in range(int(first), end + 1, int(step or 1)))
    return ",".join(DAYS[number] for number in sorted(chosen))


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    text = _escaped(text).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{text}"' if re.search(r"[\s;'\"]", text) else text
