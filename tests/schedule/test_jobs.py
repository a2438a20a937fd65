from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from newscrawl.schedule.jobs import BadScheduleError, Job, read_jobs

GOOD = """
[example]
spider = "site"
cron = "15 */3 * * *"
timezone = "Europe/Berlin"
jitter = 300
limit = 7200

[example.arguments]
url = "https://www.example.com/"
max_articles = 500

[example.settings]
DOWNLOAD_DELAY = 2.5

[other-site]
spider = "buyersinsight"
cron = "0 6 * * mon-fri"
"""


def read(folder: Path, text: str) -> list[Job]:
    path = folder / "sites.toml"
    path.write_text(text, encoding="utf-8")
    return read_jobs(path)


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(BadScheduleError) as raised:
        read(folder, text)
    return raised.value.problems


def test_each_table_is_a_job(tmp_path):
    first, second = read(tmp_path, GOOD)
    assert (first.name, first.spider, first.jitter, first.limit) == ("example", "site", 300, 7200)
    assert first.arguments == {"url": "https://www.example.com/", "max_articles": "500"}
    assert first.settings == {"DOWNLOAD_DELAY": "2.5"}
    assert (second.timezone.key, second.jitter, second.limit) == ("UTC", 0, 0)


def test_times_are_those_of_the_zone_also_when_the_clocks_change(tmp_path):
    (job,) = read(
        tmp_path, '[a]\nspider = "site"\ncron = "30 5 * * *"\ntimezone = "Europe/Berlin"\n'
    )
    found = islice(job.after(datetime(2025, 3, 28, 12, tzinfo=UTC)), 3)
    assert [each.astimezone(UTC).hour for each in found] == [4, 3, 3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no site in it"),
        ("x = 1", "[x] is no table"),
        ("[A B]", "sites.toml: "),
        ('["A B"]\nspider = "site"\ncron = "* * * * *"', "a name has small letters"),
        ('[a]\ncron = "* * * * *"', "[a] spider is missing"),
        ('[a]\nspider = "site"', "[a] cron is missing"),
        ('[a]\nspider = "site"\ncron = "* * * *"', "no cron expression of five plain fields"),
        ('[a]\nspider = "site"\ncron = "61 * * * *"', "no cron expression"),
        ('[a]\nspider = "site"\ncron = "* * L * *"', "no cron expression"),
        ('[a]\nspider = "site"\ncron = "0 0 30 2 *"', "[a] cron"),
        ('[a]\nspider = "site"\ncron = "* * * * *"\ncolour = 1', "unknown key 'colour'"),
        ('[a]\nspider = "site"\ncron = "* * * * *"\ntimezone = "Mars"', "timezone is none"),
        ('[a]\nspider = "site"\ncron = "* * * * *"\njitter = -1', "jitter is no whole number"),
        ('[a]\nspider = "site"\ncron = "* * * * *"\nlimit = true', "limit is no whole number"),
        ('[a]\nspider = "site"\ncron = "* * * * *"\narguments = 3', "arguments is no table"),
        ('[a]\nspider = "site"\ncron = "* * * * *"\n[a.settings]\nX = [1]', "X is no text"),
    ],
)
def test_a_mistake_is_told_where_it_is(tmp_path, text, message):
    assert message in problems(tmp_path, text)[0]


def test_all_mistakes_are_told_at_once(tmp_path):
    found = problems(tmp_path, '[a]\nspider = "site"\n[b]\ncron = "* * * * *"\n')
    assert [each.partition("sites.toml: ")[2] for each in found] == [
        '[a] cron is missing; write cron = "…"',
        '[b] spider is missing; write spider = "…"',
    ]


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadScheduleError, match="No such file"):
        read_jobs(tmp_path / "sites.toml")
