"""Lines for cron and units for systemd; systemd itself reads them where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newscrawl.schedule.jobs import Job
from newscrawl.schedule.units import calendars, crontab, units

COMMAND = ["/srv/a b/python", "-m", "newscrawl", "schedule", "run"]
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze")


def job(cron: str = "15 */3 * * *", zone: str = "UTC", *, jitter: int = 0, limit: int = 0) -> Job:
    return Job("example", "site", cron, ZoneInfo(zone), jitter, limit)


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("15 */3 * * *", ["*-*-* 0/3:15:00 UTC"]),
        ("*/10 8-18 * * *", ["*-*-* 8..18:0/10:00 UTC"]),
        ("0 6 * * mon-fri", ["Mon,Tue,Wed,Thu,Fri *-*-* 6:0:00 UTC"]),
        ("0 6 * * 0,7", ["Sun *-*-* 6:0:00 UTC"]),
        ("0 6 1,15 jan-mar *", ["*-1..3-1,15 6:0:00 UTC"]),
        ("0 6 1 * sun", ["*-*-1 6:0:00 UTC", "Sun *-*-* 6:0:00 UTC"]),
        ("5/20 * * * *", ["*-*-* *:5/20:00 UTC"]),
        ("10-40/15 * * * *", ["*-*-* *:10..40/15:00 UTC"]),
    ],
)
def test_an_expression_becomes_calendar_events(cron, expected):
    assert calendars(job(cron)) == expected


@needs_systemd
@pytest.mark.parametrize(
    "cron",
    [
        "15 */3 * * *",
        "*/10 8-18 * * *",
        "0 6 * * mon-fri",
        "0 6 1,15 jan-mar *",
        "10-40/15 1 * * 6",
        "59 23 31 12 *",
    ],
)
def test_systemd_starts_it_when_cron_would(cron):
    assert ANALYZE is not None
    made = job(cron)
    now = datetime.now(UTC)
    expected = next(made.after(now))
    (event,) = calendars(made)
    shown = subprocess.run(
        [ANALYZE, "calendar", event], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(
        r"(?:Next elapse|\(in UTC\)): \w{3} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC", shown
    )
    assert found is not None, shown
    when = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    assert abs(when - expected) < timedelta(minutes=1)


@needs_systemd
def test_systemd_finds_nothing_wrong_in_the_units(tmp_path):
    assert ANALYZE is not None
    command = [shutil.which("true") or "/bin/true", "100%", "it's"]
    made = units(job(jitter=60, limit=3600), command, tmp_path)
    for name, text in made.items():
        (tmp_path / name).write_text(text)
    ended = subprocess.run(
        [ANALYZE, "verify", "--man=no", *(str(tmp_path / name) for name in made)],
        capture_output=True,
        text=True,
        check=False,
    )
    about = [line for line in ended.stderr.splitlines() if "newscrawl-" in line]
    assert about == []


def test_a_timer_catches_up_and_has_its_jitter():
    made = units(job(jitter=300, limit=3600), COMMAND, Path("/srv/news"))
    timer = made["newscrawl-example.timer"].splitlines()
    assert "Persistent=true" in timer
    assert "RandomizedDelaySec=300" in timer
    service = made["newscrawl-example.service"].splitlines()
    assert 'ExecStart="/srv/a b/python" -m newscrawl schedule run example --no-jitter' in service
    assert "TimeoutStartSec=3690" in service


def test_what_systemd_would_expand_is_escaped():
    made = units(job(), ["/bin/x", "100%", "$HOME"], Path("/srv/50%"))
    service = made["newscrawl-example.service"]
    assert "WorkingDirectory=/srv/50%%" in service
    assert "100%% $$HOME example" in service


def test_a_crontab_has_a_line_a_job_and_the_zone_above_it():
    jobs = [job(), job("0 6 * * *", "Europe/Berlin"), job("0 7 * * *", "Europe/Berlin")]
    lines = list(crontab(jobs, [*COMMAND, "50%"], Path("/srv/my news")))
    assert lines == [
        "CRON_TZ=UTC",
        r"15 */3 * * * cd '/srv/my news' && '/srv/a b/python' -m newscrawl schedule run 50\% example",
        "CRON_TZ=Europe/Berlin",
        r"0 6 * * * cd '/srv/my news' && '/srv/a b/python' -m newscrawl schedule run 50\% example",
        r"0 7 * * * cd '/srv/my news' && '/srv/a b/python' -m newscrawl schedule run 50\% example",
    ]
