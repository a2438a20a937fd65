"""``scrapy schedule`` as a user runs it."""

from __future__ import annotations

import subprocess

import pytest

from tests.crawl.crawling import ENVIRONMENT, Crawl

SITES = """
[demo]
spider = "site"
cron = "15 */3 * * *"
timezone = "Europe/Berlin"
limit = 600

[demo.arguments]
url = "{url}/"
max_articles = 5

[demo.settings]
DOWNLOAD_DELAY = 0
AUTOTHROTTLE_ENABLED = false
"""


def schedule(folder, *arguments: str) -> subprocess.CompletedProcess[str]:
    return Crawl.runner(["schedule", *arguments], folder=folder, environment=ENVIRONMENT)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sites.toml").write_text(SITES.format(url="https://www.example.com"))
    return tmp_path


def test_check_says_that_all_is_in_order(folder):
    ended = schedule(folder, "check")
    assert (ended.returncode, ended.stdout) == (0, "sites.toml: 1 job, all in order\n")


def test_list_shows_the_next_runs(folder):
    shown = schedule(folder, "list").stdout
    assert "Europe/Berlin" in shown
    assert shown.count(":15") == 3


def test_export_gives_lines_for_cron(folder):
    zone, line = schedule(folder, "export", "--cron").stdout.splitlines()
    assert zone == "CRON_TZ=Europe/Berlin"
    assert line.startswith(f"15 */3 * * * cd {folder} && ")
    assert line.endswith(f"--file {folder}/sites.toml run demo")


def test_export_writes_units_for_systemd(folder):
    assert schedule(folder, "export", "--systemd", "-o", "units").returncode == 0
    found = sorted(each.name for each in (folder / "units").iterdir())
    assert found == ["newscrawl-demo.service", "newscrawl-demo.timer"]


def test_a_line_for_cron_runs_the_crawl(folder):
    from tests.demo.serving import run_demo

    with run_demo(articles=12) as server:
        (folder / "sites.toml").write_text(SITES.format(url=server.url))
        line = schedule(folder, "export", "--cron").stdout.splitlines()[1]
        command = line.split(" ", 5)[5].replace(r"\%", "%")
        ended = subprocess.run(
            ["sh", "-c", command], check=False, capture_output=True, text=True, env=ENVIRONMENT
        )
    assert ended.returncode == 0, ended.stderr
    assert "max_articles: 5 new articles" in ended.stderr
    crawl = Crawl(folder / "data")
    assert len({each.url for each in crawl.articles().values()}) >= 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "usage: newscrawl schedule check"),
        (["plan"], "usage: newscrawl schedule check"),
        (["export"], "export either --cron or --systemd"),
        (["run", "other"], "there is no job 'other'; there are: demo"),
        (["check", "--file", "nowhere.toml"], "nowhere.toml: No such file"),
    ],
)
def test_a_bad_command_line_is_one_line_and_status_2(folder, arguments, message):
    ended = schedule(folder, *arguments)
    assert ended.returncode == 2
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr


def test_check_tells_every_mistake_a_line_each_and_nothing_else(folder):
    (folder / "sites.toml").write_text(
        """
        [a]
        spider = "site"
        cron = "never"
        [a.arguments]
        max_articles = "many"
        since = "yesterday"
        colour = "red"
        size = 3
        [b]
        spider = "nosuch"
        cron = "* * * * *"
        """
    )
    ended = schedule(folder, "check")
    assert ended.returncode == 2
    assert [line.partition("sites.toml: ")[2][:45] for line in ended.stderr.splitlines()] == [
        "[a] cron is no cron expression of five plain ",
        "[a] unknown spider argument 'colour'; there a",
        "[a] unknown spider argument 'size'; there are",
        "[a] spider argument 'url' is missing; add -a ",
        "[a] spider argument 'since' is not an ISO 860",
        "[a] spider argument 'max_articles' is not a w",
        "[b] there is no spider 'nosuch'",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[a]\nspider = "nosuch"\ncron = "* * * * *"', "[a] there is no spider 'nosuch'"),
        ('[a]\nspider = "site"\ncron = "* * * * *"', "[a] spider argument 'url' is missing"),
        (
            '[a]\nspider = "site"\ncron = "* * * * *"\nsettings = {NEWSCRAWL_WINDOWS = 1}',
            "[a] settings: there is no NEWSCRAWL_WINDOWS",
        ),
    ],
)
def test_check_knows_spiders_and_their_arguments(folder, text, message):
    (folder / "sites.toml").write_text(text)
    ended = schedule(folder, "check")
    assert ended.returncode == 2
    assert message in ended.stderr


def test_arguments_in_the_defaults_are_checked_once_for_their_spider(folder):
    (folder / "sites.toml").write_text(
        """
        [defaults]
        spider = "site"
        arguments = {colour = "red"}
        [a]
        cron = "0 6 * * *"
        arguments = {url = "https://a.example/"}
        [b]
        cron = "0 7 * * *"
        """
    )
    ended = schedule(folder, "check")
    assert ended.returncode == 2
    assert [line[:60].partition(";")[0] for line in ended.stderr.splitlines()] == [
        "sites.toml: [defaults] unknown spider argument 'colour'",
        "sites.toml: [b] spider argument 'url' is missing",
    ]
