"""What ``[defaults]`` gives jobs, and names with dots."""

from __future__ import annotations

import pytest

from tests.schedule.test_jobs import mistakes, read

SHARED = """
[defaults]
spider = "site"
timezone = "Europe/Berlin"
jitter = 300
memory = 512
[defaults.arguments]
max_articles = 500
discover = "feed"
[defaults.settings]
DOWNLOAD_DELAY = 2
LOG_LEVEL = "INFO"
"""


def test_a_job_has_what_the_defaults_say(tmp_path):
    (job,) = read(tmp_path, f'{SHARED}[a]\ncron = "0 6 * * *"')
    assert (job.spider, job.timezone.key, job.jitter, job.memory) == (
        *("site", "Europe/Berlin"),
        *(300, 512),
    )
    assert job.arguments == {"max_articles": "500", "discover": "feed"}


def test_what_a_job_says_itself_wins_in_its_tables_key_by_key(tmp_path):
    (job,) = read(
        tmp_path,
        f"""{SHARED}
        [a]
        spider = "buyersinsight"
        cron = "0 6 * * *"
        jitter = 0
        arguments = {{max_articles = 5, url = "https://a.example/"}}
        settings = {{LOG_LEVEL = "DEBUG"}}
        """,
    )
    assert (job.spider, job.jitter) == ("buyersinsight", 0)
    assert job.arguments == {
        "max_articles": "5",
        "discover": "feed",
        "url": "https://a.example/",
    }
    assert job.settings == {"DOWNLOAD_DELAY": "2", "LOG_LEVEL": "DEBUG"}


def test_mistakes_in_the_defaults_are_told_once_and_not_for_each_job(tmp_path):
    found = mistakes(
        tmp_path,
        """
        [defaults]
        spider = 3
        cron = "0 6 * * *"
        jitter = -1
        timezone = "Mars"
        settings = {DOWNLOAD_DELAY = [1]}
        [a]
        cron = "0 6 * * *"
        [b]
        cron = "0 6 * * *"
        """,
    )
    assert [each.partition("sites.toml: ")[2].partition(";")[0] for each in found] == [
        "[defaults] unknown key 'cron'",
        "[defaults] spider is missing",
        "[defaults] timezone is none: 'Mars'",
        "[defaults] jitter is no whole number of seconds from 0 to 604800: -1",
        "[defaults] settings: DOWNLOAD_DELAY is no text or number: [1]",
    ]


def test_defaults_alone_are_no_site(tmp_path):
    assert "no site in it" in mistakes(tmp_path, SHARED)[0]


@pytest.mark.parametrize("heads", ['["{0}"]', "[{0}]"])
def test_names_with_dots_may_be_quoted_or_not(tmp_path, heads):
    text = "".join(
        f'{heads.format(name)}\nspider = "site"\ncron = "0 6 * * *"\n'
        for name in ("example.com", "example.org", "news.example.org")
    )
    assert [job.name for job in read(tmp_path, text)][:2] == ["example.com", "example.org"]


def test_a_name_with_dots_has_its_own_tables(tmp_path):
    (job,) = read(
        tmp_path,
        """
        [example.com]
        spider = "site"
        cron = "0 6 * * *"
        [example.com.arguments]
        url = "https://example.com/"
        """,
    )
    assert (job.name, job.arguments) == ("example.com", {"url": "https://example.com/"})


def test_a_job_within_a_job_is_to_be_quoted(tmp_path):
    (found,) = mistakes(
        tmp_path,
        """
        [example]
        spider = "site"
        cron = "0 6 * * *"
        [example.com]
        cron = "0 6 * * *"
        """,
    )
    assert "[example] has a table 'com' below it" in found
    assert found.endswith('write its name in quotes: ["example.com"]')


def test_a_name_with_quotes_and_without_is_one_name(tmp_path):
    job = 'spider = "site"\ncron = "0 6 * * *"\n'
    found = mistakes(tmp_path, f'["example.com"]\n{job}[example.com]\n{job}')
    assert found[0].endswith("[example.com] is there twice, with quotes and without")


@pytest.mark.parametrize("name", ["a..b", ".a", "a.", "../a", "a/b", "A.b", "a" * 101])
def test_no_name_leads_out_of_a_folder(tmp_path, name):
    found = mistakes(tmp_path, f'["{name}"]\nspider = "site"\ncron = "0 6 * * *"\n')
    assert "a name has small letters, digits, dots, - and _ only" in found[0]
