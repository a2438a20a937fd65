"""Alarms of real crawls go out by mail and webhook."""

from __future__ import annotations

import subprocess
from urllib.parse import urlsplit

import pytest

from tests.crawl.crawling import ALWAYS_DUE, ENVIRONMENT
from tests.demo.serving import run_demo
from tests.extensions.receiving import free_port, mail_server, webhook


def test_what_changed_goes_out_by_mail_and_webhook_and_nobody_learns_the_url(crawl):
    with run_demo(articles=40) as server:
        port = urlsplit(server.url).port
        assert crawl.run("site", "-a", f"url={server.url}/", **ALWAYS_DUE).returncode == 0
    with (
        run_demo(articles=40, port=port or 0, theme="changed") as server,
        webhook() as web,
        mail_server() as mail,
    ):
        process = crawl.run(
            *("site", "-a", f"url={server.url}/"),
            **ALWAYS_DUE,
            NEWSCRAWL_ALARM_WEBHOOK=web.url,
            SPIDERMON_SMTP_HOST="127.0.0.1",
            SPIDERMON_SMTP_PORT=str(mail.port),
            SPIDERMON_EMAIL_SENDER="crawler@news.example",
            SPIDERMON_EMAIL_TO="desk@news.example",
        )
    assert process.returncode == 3
    kept = crawl.runs()[1]["alarms"]
    ((_, _, document),) = web.got
    ((_, _, message),) = mail.got
    assert document["alarms"] == kept
    assert message.get_content().splitlines()[: len(kept)] == kept
    assert [text for text in kept if "the rule jnews:css stopped matching" in text]
    assert (document["run"], document["finish_reason"]) == (2, "finished")
    assert "s3cret" not in crawl.log + process.stderr


def test_a_store_that_cannot_be_opened_is_an_alarm(crawl, small_site):
    (crawl.folder / "nodb").mkdir()
    with webhook() as web:
        command = crawl.command(
            *("site", "-a", f"url={small_site.url}/"),
            settings={"NEWSCRAWL_DATABASE_URL": f"sqlite:///{crawl.folder}/nodb"},
        )
        process = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd=crawl.folder,
            env={**ENVIRONMENT, "NEWSCRAWL_ALARM_WEBHOOK": web.url},
        )
    assert process.returncode == 1
    ((_, _, document),) = web.got
    site = small_site.url.removeprefix("http://")
    assert document["alarms"] == [f"{site}: the run ended as store_failed"]
    assert document["run"] is None


def test_a_receiver_that_is_away_does_not_fail_the_run(crawl, small_site):
    port = free_port()
    limited = {"MEMUSAGE_LIMIT_MB": "60", "MEMUSAGE_CHECK_INTERVAL_SECONDS": "0.3"}
    process = crawl.run(
        *("site", "-a", f"url={small_site.url}/"),
        **limited,
        DOWNLOAD_DELAY="0.05",
        NEWSCRAWL_ALARM_WEBHOOK=f"http://127.0.0.1:{port}/s3cret",
    )
    assert process.returncode == 3
    assert crawl.log.count("Alarms not sent to the webhook at 127.0.0.1: ") == 1
    assert "s3cret" not in crawl.log + process.stderr
    (run,) = crawl.runs()
    assert ["MEMUSAGE_LIMIT_MB" in text for text in run["alarms"]] == [True]


def test_a_dry_run_alarms_nobody(crawl, small_site):
    limited = {"MEMUSAGE_LIMIT_MB": "60", "MEMUSAGE_CHECK_INTERVAL_SECONDS": "0.3"}
    with webhook() as web:
        process = crawl.run(
            *("site", "-a", f"url={small_site.url}/", "--dry-run"),
            **limited,
            DOWNLOAD_DELAY="0.05",
            NEWSCRAWL_ALARM_WEBHOOK=web.url,
        )
    assert process.returncode == 3
    assert web.got == []


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("NEWSCRAWL_ALARM_WEBHOOK=file:///etc/s3cret", "NEWSCRAWL_ALARM_WEBHOOK is no http or"),
        ("SPIDERMON_EMAIL_TO=desk@news.example", "SPIDERMON_SMTP_HOST is missing"),
    ],
)
def test_a_wrong_setting_is_one_line_and_status_2(crawl, setting, told):
    process = crawl.run("site", "-a", "url=https://www.example.com/", "-s", setting)
    assert process.returncode == 2
    assert told in process.stderr.splitlines()[-1]
    assert "s3cret" not in process.stderr
    assert not (crawl.folder / "newscrawl.db").exists()
