"""``newscrawl schedule add`` on real sites on the loopback address."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newscrawl.schedule.jobs import read_jobs
from tests.citizen.projects import Project
from tests.commands.gazette import Answer, Gazette, gazette, sitemap
from tests.crawl.crawling import ENVIRONMENT, OWN_SERVER, Crawl
from tests.demo.serving import run_demo

HOUR = timedelta(hours=1)


def add(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    options = [f"{name}={value}" for name, value in (OWN_SERVER | settings).items()]
    command = ["schedule", "add", *words]
    for option in options:
        command += ["-s", option]
    return Crawl.runner(command, folder=folder, environment=ENVIRONMENT)


def feed(urls: Sequence[str], every: timedelta, zone: str = "UTC", language: str = "en") -> Answer:
    now = datetime.now(ZoneInfo(zone)).replace(microsecond=0)
    items = "".join(
        f"<item><link>{url}</link><pubDate>{format_datetime(now - number * every)}</pubDate></item>"
        for number, url in enumerate(urls)
    )
    return Answer(
        body=f"<rss><channel><language>{language}</language>{items}</channel></rss>",
        type="application/rss+xml",
    )


def front(lang: str = "en", head: str = "") -> Answer:
    return Answer(
        body=f'<html lang="{lang}"><head><title>The Gazette</title>{head}</head>'
        "<body><main>News</main></body></html>"
    )


FEED = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'


@contextmanager
def with_feed(
    every: timedelta, lang: str = "en", zone: str = "UTC", *, stories: int = 12
) -> Iterator[Gazette]:
    with gazette({"/": front(lang, FEED)}, stories=stories) as site:
        site.pages["/feed.xml"] = feed(site.urls(site.stories), every, zone, lang)
        yield site


def job_in(folder: Path):
    (job,) = read_jobs(folder / "sites.toml")
    return job


def test_a_site_becomes_a_job_that_a_person_would_have_written(tmp_path):
    with with_feed(HOUR) as site:
        site.pages["/robots.txt"] = Answer(body=f"Sitemap: {site.url('/map.xml')}")
        site.pages["/map.xml"] = sitemap(site.urls(site.stories))
        ended = add(tmp_path, site.url())
    assert ended.returncode == 0, ended.stderr
    text = (tmp_path / "sites.toml").read_text()
    remark = "1 feed, 1 sitemap; en; about 26 articles a day (looked at on "
    assert text.startswith(f"# {remark}")
    job = job_in(tmp_path)
    assert job.name == site.site.replace(":", "-")
    assert (job.spider, job.arguments) == ("site", {"url": site.url()})
    line, total = ended.stdout.splitlines()
    assert line.startswith(f"{site.url()}: [{job.name}] {job.cron}: 1 feed, 1 sitemap; en; about")
    assert total == "sites.toml: 1 added, 0 there already, 0 not added"


@pytest.mark.parametrize(
    ("every", "fields"),
    [
        (HOUR, ("*", "*")),
        (HOUR * 3, ("*/3", "*")),
        (HOUR * 16, (None, "*")),
        (HOUR * 50, (None, "*")),
    ],
)
def test_the_rhythm_is_that_of_its_latest_dates(tmp_path, every, fields):
    with with_feed(every) as site:
        add(tmp_path, site.url())
    minute, hour, *rest = job_in(tmp_path).cron.split()
    assert int(minute) in range(60)
    assert rest == ["*", "*", "*"]
    if fields[0] is not None:
        assert hour == fields[0]
    else:
        assert len(hour.split(",")) == (2 if every < HOUR * 24 else 1)


def test_the_timezone_is_told_by_the_offsets_of_a_feed_and_the_language(tmp_path):
    with with_feed(HOUR, "de-DE", "Europe/Berlin") as site:
        add(tmp_path, site.url())
    assert job_in(tmp_path).timezone.key == "Europe/Berlin"


def test_dates_in_utc_tell_of_no_timezone(tmp_path):
    with with_feed(HOUR, "de-DE") as site:
        add(tmp_path, site.url())
    assert "timezone" not in tomllib.loads((tmp_path / "sites.toml").read_text())


def test_a_site_is_asked_robots_first_and_ten_times_at_most(tmp_path):
    with run_demo(articles=30) as server:
        ended = add(tmp_path, server.url)
        asked = [path for _, path in server.hits]
        agents = set(server.agents)
    assert ended.returncode == 0, ended.stderr
    assert asked[0] == "/robots.txt"
    assert len(asked) <= 10
    assert len(asked) == len(set(asked))
    assert all(agent.startswith("newscrawl/") for agent in agents)
    assert "feed" in ended.stdout
    assert "sitemap" in ended.stdout


def test_a_site_that_forbids_it_is_asked_for_nothing_but_its_robots(tmp_path):
    with gazette({"/robots.txt": Answer(body="User-agent: *\nDisallow: /")}) as site:
        ended = add(tmp_path, site.url())
    assert ended.returncode == 1
    assert f"{site.url()}: not added: is forbidden by its robots.txt" in ended.stdout
    assert not (tmp_path / "sites.toml").exists()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(404), "was answered with 404"),
        (Answer(500), "was answered with 500"),
        (Answer(body="\x89PNG\r\n\x1a\n\x00\x00", type="image/png"), "is no web page"),
        (Answer(body=""), "is no web page"),
        (Answer(body='{"a": 1}', type="application/json"), "is no web page"),
        (Answer(302, headers=(("Location", "http://127.0.0.2:9/"),)), "could not be had"),
    ],
)
def test_what_is_no_site_is_not_added_and_said_why(tmp_path, answer, why):
    with gazette({"/": answer}) as site:
        ended = add(tmp_path, site.url())
    assert ended.returncode == 1
    assert f"{site.url()}: not added: {why}" in ended.stdout


def test_a_dead_site_does_not_keep_the_others_out(tmp_path):
    with with_feed(HOUR) as site:
        ended = add(tmp_path, "http://127.0.0.1:9/", site.url())
    assert ended.returncode == 1
    assert "http://127.0.0.1:9/: not added: could not be had" in ended.stdout
    assert job_in(tmp_path).arguments["url"] == site.url()


def test_a_redirect_is_followed_to_the_address_that_answers(tmp_path):
    with gazette({"/": Answer(301, headers=(("Location", "/en/"),)), "/en/": front()}) as site:
        add(tmp_path, site.url())
    assert job_in(tmp_path).arguments["url"] == site.url("/en/")


def test_a_site_leads_to_no_inner_address_that_nobody_named(tmp_path):
    with with_feed(HOUR) as inner, with_feed(HOUR) as site:
        elsewhere = Answer(302, headers=(("Location", inner.url("/feed.xml")),))
        site.pages["/feed.xml"] = elsewhere
        by_feed = add(tmp_path, site.url(), "--dry-run")
        site.pages["/"] = elsewhere
        by_home = add(tmp_path, site.url(), "--dry-run")
    assert "no feeds, sitemaps or API: by links alone" in by_feed.stderr
    assert "not added: could not be had: ForbiddenAddress" in by_home.stderr


def test_what_the_file_has_stays_as_it_is(tmp_path):
    before = "# my sites\r\n[a]   # the first\r\nspider = 'site'\r\ncron = '0 6 * * *'\r\n"
    before += "arguments = {url = 'https://a.example/'}"
    (tmp_path / "sites.toml").write_bytes(before.encode())
    (tmp_path / "sites.toml").chmod(0o640)
    with with_feed(HOUR) as site:
        assert add(tmp_path, site.url()).returncode == 0
    after = (tmp_path / "sites.toml").read_bytes().decode()
    assert after.startswith(before)
    assert len(read_jobs(tmp_path / "sites.toml")) == 2
    assert (tmp_path / "sites.toml").stat().st_mode & 0o777 == 0o640


def test_a_site_that_has_a_job_is_not_asked_and_not_added_twice(tmp_path):
    with with_feed(HOUR) as site:
        add(tmp_path, site.url())
        before = (tmp_path / "sites.toml").read_bytes()
    ended = add(tmp_path, site.url())
    name = site.site.replace(":", "-")
    assert ended.returncode == 0
    assert f"{site.url()}: there already as [{name}]" in ended.stdout
    assert "0 added, 1 there already, 0 not added" in ended.stdout
    assert (tmp_path / "sites.toml").read_bytes() == before


def test_what_the_defaults_say_is_not_repeated(tmp_path):
    (tmp_path / "sites.toml").write_text('[defaults]\nspider = "site"\n')
    with with_feed(HOUR) as site:
        assert add(tmp_path, site.url()).returncode == 0
    assert (tmp_path / "sites.toml").read_text().count("spider") == 1
    assert job_in(tmp_path).spider == "site"


def test_a_dry_run_prints_the_tables_and_writes_nothing(tmp_path):
    with with_feed(HOUR) as site:
        ended = add(tmp_path, site.url(), "--dry-run")
    assert ended.returncode == 0
    (table,) = tomllib.loads(ended.stdout).values()
    assert table["arguments"] == {"url": site.url()}
    assert "1 would be added" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_table_gives_names_and_sections(tmp_path):
    with with_feed(HOUR) as site:
        (tmp_path / "list.csv").write_text(
            f"name;url;section\nThe Gazette;{site.url()};Harbour\n", encoding="utf-8"
        )
        assert add(tmp_path, "list.csv").returncode == 0
    job = job_in(tmp_path)
    assert job.name == "the-gazette"
    assert job.arguments == {"url": site.url(), "sections": "Harbour"}


def test_an_opml_may_know_the_feed_alone(tmp_path):
    with with_feed(HOUR) as site:
        (tmp_path / "list.opml").write_text(
            '<opml version="2.0"><body><outline text="News">'
            f'<outline type="rss" text="x" xmlUrl="{site.url("/feed.xml")}"/>'
            "</outline></body></opml>"
        )
        assert add(tmp_path, "list.opml").returncode == 0
    assert job_in(tmp_path).arguments["url"] == site.url()


def test_nothing_is_asked_while_the_file_has_mistakes(tmp_path):
    (tmp_path / "sites.toml").write_text('[a]\nspider = "site"')
    ended = add(tmp_path, "http://127.0.0.1:9/")
    assert ended.returncode == 2
    assert "[a] cron is missing" in ended.stderr
    assert ended.stdout == ""


def test_nothing_is_asked_where_nothing_can_be_written(tmp_path):
    ended = add(tmp_path, "http://127.0.0.1:9/", "--file", "nowhere/sites.toml")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "nowhere/sites.toml: there is no such folder\n"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("ftp://a.example/", "is not a web address"),
        ("nowhere.csv", "nowhere.csv: No such file or directory"),
        ("--colour", "usage: newscrawl schedule"),
    ],
)
def test_bad_input_is_one_line_and_status_2(tmp_path, word, message):
    ended = add(tmp_path, word)
    assert ended.returncode == 2
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_date_of_a_remark_is_today(tmp_path):
    with with_feed(HOUR) as site:
        ended = add(tmp_path, site.url(), "--dry-run")
    assert f"looked at on {datetime.now(UTC):%Y-}" in ended.stdout


def test_in_a_project_of_somebody_elses_sites_are_asked_by_our_rules_and_its_name(tmp_path):
    with run_demo(articles=12) as server:
        own = 'USER_AGENT = "theirs/1.0"\nDOWNLOAD_DELAY = 0\nAUTOTHROTTLE_ENABLED = False\n'
        project = Project.started(tmp_path, settings=own)
        ended = project.newscrawl("schedule", "add", server.url)
        hits, agents = server.hits, set(server.agents)
    assert ended.returncode == 0, ended.stderr
    assert hits[0] == (200, "/robots.txt")
    assert agents == {"theirs/1.0"}


def test_sections_of_one_host_are_jobs_of_their_own(tmp_path):
    with with_feed(HOUR) as site:
        rows = [f"{site.url()},{name},{name}" for name in ("harbour", "town")]
        (tmp_path / "list.csv").write_text("\n".join(["url,name,section", *rows]))
        ended = add(tmp_path, "list.csv")
    assert ended.returncode == 0, ended.stdout
    jobs = read_jobs(tmp_path / "sites.toml")
    assert [(job.name, job.arguments["sections"]) for job in jobs] == [
        ("harbour", "harbour"),
        ("town", "town"),
    ]
