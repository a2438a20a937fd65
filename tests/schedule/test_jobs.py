from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from newscrawl.mistakes import BadInput
from newscrawl.schedule.jobs import Job, read_jobs

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


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(BadInput) as raised:
        read(folder, text)
    return raised.value.mistakes


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
    assert message in mistakes(tmp_path, text)[0]


def test_all_mistakes_of_all_tables_are_told_at_once(tmp_path):
    found = mistakes(
        tmp_path,
        """
        ["The Gazette"]
        spidr = "site"
        cron = "61 * * * *"
        timezone = "Mars"
        jitter = -1
        limit = 0.5
        memory = 1
        colour = 1
        arguments = {url = ["https://gazette.example/"], since = 2025-03-01}
        settings = {DOWNLOAD_DELAY = [1]}
        [other]
        spider = "site"
        """,
    )
    assert [each.partition("sites.toml: ")[2].partition(";")[0] for each in found] == [
        "[The Gazette] unknown key 'colour'",
        "[The Gazette] unknown key 'spidr'",
        "[The Gazette] a name has small letters, digits, dots, - and _ only",
        "[The Gazette] arguments: url is no text or number: ['https://gazette.example/']",
        "[The Gazette] arguments: since is no text or number: datetime.date(2025, 3, 1)",
        "[The Gazette] spider is missing",
        "[The Gazette] cron is no cron expression: '61 * * * *' (Bad minute)",
        "[The Gazette] timezone is none: 'Mars'",
        "[The Gazette] jitter is no whole number of seconds from 0 to 604800: -1",
        "[The Gazette] limit is no whole number of seconds from 0 to 604800: 0.5",
        "[The Gazette] memory is no whole number of megabytes from 128: 1",
        "[The Gazette] settings: DOWNLOAD_DELAY is no text or number: [1]",
        "[other] cron is missing",
    ]


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadInput, match="No such file"):
        read_jobs(tmp_path / "sites.toml")
