"""Bad input from a user: one clear line and exit status 2, before anything is fetched."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["site"], "'url' is missing"),
        (["site", "-a", "url=ftp://example.com"], "not a web address"),
        (["site", "-a", "url=https://example.com", "-a", "since=yesterday"], "ISO 8601"),
        (["site", "-a", "url=https://example.com", "-a", "max_articles=-3"], "max_articles"),
        (["site", "-a", "url=https://example.com", "-a", "colour=red"], "'colour'"),
        (["buyersinsight", "-a", "sections="], "'sections' is empty"),
        (["buyersinsight", "-a", "discover="], "'discover' is empty"),
        (["buyersinsight", "-a", "discover=links,carrots"], "'discover' knows no 'carrots'"),
        (["nosuchspider"], "no spider 'nosuchspider'"),
        (["site", "other"], "name one spider"),
        ([], "name one spider"),
        (["site", "--colour"], "unknown option --colour"),
        (["site", "-a", "nonsense"], "-a NAME=VALUE"),
    ],
)
def test_a_bad_command_line_is_refused(crawl, arguments, message):
    process = crawl.run(*arguments)
    assert process.returncode == 2
    assert message in process.stderr
    assert "Traceback" not in process.stderr
    assert not (crawl.folder / "newscrawl.db").exists()


@pytest.mark.parametrize(
    "setting",
    [
        {"NEWSCRAWL_DATABASE_URL": "nonsense"},
        {"NEWSCRAWL_SYNCHRONOUS": "MAYBE"},
        {"NEWSCRAWL_OBEY_SIGNALS": "noindex,nonsense"},
    ],
)
def test_a_bad_setting_is_named(crawl, setting):
    process = crawl.run("site", "-a", "url=http://127.0.0.1:9/", **setting)
    assert process.returncode == 2
    assert next(iter(setting)) in process.stderr
