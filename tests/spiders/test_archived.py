"""A site that is gone, crawled out of an archive: real crawls, and nobody asks the site itself."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.store.schema import pages, visits
from tests.commands.gazette import Answer, gazette, listing, story, words
from tests.corpus import pywb
from tests.corpus.replay import Capture, Replay, Silent, live_host, replay
from tests.crawl.crawling import Crawl
from tests.demo.serving import run_demo

FIRST, SECOND, THIRD, FOURTH = (f"201{year}0309101112" for year in (5, 6, 7, 8))


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    return Crawl(tmp_path)


@pytest.fixture
def live():
    with live_host() as site:
        yield site
        assert site.knocks == []


def run(crawl: Crawl, live: Silent, archive: Replay, *more: str, **settings: str) -> int:
    return crawl.run(*arguments(live, archive), *more, **settings).returncode


def arguments(live: Silent, archive: Replay) -> tuple[str, ...]:
    named = (f"url={live.url}", "discover=archive", f"archive={archive.collection}")
    return ("site", *(word for each in named for word in ("-a", each)))


def at(live: Silent, timestamp: str, path: str, answer: Answer, **more: float | str) -> Capture:
    return Capture(timestamp, f"{live.url}{path}", answer, **more)  # type: ignore[arg-type] # they are named


def day(timestamp: str) -> datetime:
    return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def outcomes(crawl: Crawl) -> list[tuple[str, str, str | None]]:
    """The last path, the time, the outcome and the reason of each row."""
    return [
        (row["identity"].rpartition("/")[2], row["outcome"], row["reason"])
        for row in crawl.rows(pages)
    ]


def test_articles_are_those_of_the_site_as_it_was(crawl, live):
    front = listing([f"{live.url}fair", f"{live.url}bridge"])
    with replay(
        at(live, FIRST, "", front),
        at(live, FIRST, "fair", story("/fair")),
        at(live, THIRD, "bridge", story("/bridge")),
    ) as archive:
        assert run(crawl, live, archive) == 0
    fair, bridge = sorted(crawl.articles().values(), key=lambda article: article.url, reverse=True)
    assert (fair.url, bridge.url) == (f"{live.url}fair", f"{live.url}bridge")
    assert fair.site == live.url.removeprefix("http://").rstrip("/")
    assert (fair.first_seen, fair.last_seen) == (day(FIRST), day(FIRST))
    assert bridge.first_seen == day(THIRD)
    assert fair.found_via == "archive"
    assert len(crawl.rows(pages)) == len(crawl.visits()) == 3


def test_a_site_whose_name_leads_nowhere_is_read_all_the_same(crawl):
    gone = Silent("https://gone.example/", [])
    with replay(
        at(gone, FIRST, "", listing([f"{gone.url}fair"])),
        at(gone, FIRST, "fair", story("/fair")),
        Capture(SECOND, "http://www.gone.example/fair", story("/fair", words("x"))),
    ) as archive:
        assert run(crawl, gone, archive) == 0
        assert "matchType=domain" in archive.hits[1]
    (article,) = crawl.articles().values()
    assert (article.site, article.revision) == ("gone.example", 2)
    assert "DNS" not in crawl.log


def test_what_a_page_said_at_first_is_stored_at_first(crawl, live):
    texts = [words(f"{name}fair") for name in ("old", "newer", "newest")]
    captures = [
        at(live, timestamp, "fair", story("/fair", text), wait=wait)
        for timestamp, text, wait in zip(
            (FIRST, SECOND, THIRD), texts, (1.0, 0.5, 0.0), strict=True
        )
    ]
    with replay(*captures) as archive:
        assert run(crawl, live, archive) == 0
    (article,) = crawl.articles().values()
    assert (article.revision, article.text) == (3, texts[2])
    assert (article.first_seen, article.last_seen) == (day(FIRST), day(THIRD))
    earlier = crawl.revisions()
    assert [row["text"] for row in earlier] == texts[:2]
    assert [outcome for _, outcome, _ in outcomes(crawl)] == ["article", "revision", "revision"]


def test_of_captures_in_a_row_that_are_alike_the_first_and_the_last_are_asked_for(crawl, live):
    times = (FIRST, SECOND, THIRD, FOURTH)
    with replay(*(at(live, each, "fair", story("/fair")) for each in times)) as archive:
        assert run(crawl, live, archive) == 0
        assert [timestamp for timestamp, _ in archive.shown] == [FIRST, FOURTH]
    (article,) = crawl.articles().values()
    assert (article.first_seen, article.last_seen) == (day(FIRST), day(FOURTH))
    assert article.revision == 1


def test_a_later_run_asks_only_for_captures_that_are_new(crawl, live):
    with replay(at(live, FIRST, "fair", story("/fair"))) as archive:
        assert run(crawl, live, archive) == 0
        assert run(crawl, live, archive) == 0
        archive.captures.append(at(live, SECOND, "fair", story("/fair", words("changed"))))
        assert run(crawl, live, archive) == 0
        assert [timestamp for timestamp, _ in archive.shown] == [FIRST, SECOND]
    (article,) = crawl.articles().values()
    assert article.revision == 2


def test_an_archive_that_moved_is_asked_where_it_is_now(crawl, live):
    captures = [at(live, FIRST, "fair", story("/fair"))]
    with replay(*captures) as archive:
        assert run(crawl, live, archive) == 0
    with replay(*captures, at(live, SECOND, "bridge", story("/bridge"))) as moved:
        assert run(crawl, live, moved) == 0
        assert [url for _, url in moved.shown] == [f"{live.url}bridge"]


def test_rows_of_the_site_where_it_is_and_of_its_captures_leave_each_other_alone(crawl):
    with gazette(stories=4) as site, replay() as archive:
        live = Silent(site.url(), [])
        found = crawl.run("site", "-a", f"url={site.url()}", "-a", "max_articles=1")
        assert found.returncode == 0
        waiting = {row["identity"] for row in crawl.rows(pages) if row["state"] == "queued"}
        assert waiting
        archive.captures.append(at(live, FIRST, "fair", story("/fair")))
        assert run(crawl, live, archive) == 0
        assert waiting == {row["identity"] for row in crawl.rows(pages) if row["state"] == "queued"}
        assert len(archive.shown) == 1
        assert crawl.run("site", "-a", f"url={site.url()}").returncode == 0
        assert len(archive.shown) == 1
    assert len(crawl.articles()) == 5


def test_an_older_capture_changes_nothing_but_when_an_article_was_first_seen(crawl):
    with gazette(stories=2) as site, replay() as archive:
        live, (same, changed) = Silent(site.url(), []), site.stories
        assert crawl.run("site", "-a", f"url={site.url()}").returncode == 0
        before = crawl.articles()
        archive.captures += [
            at(live, FIRST, same.lstrip("/"), site.pages[same]),
            at(live, FIRST, changed.lstrip("/"), story(changed, words("old"))),
        ]
        assert run(crawl, live, archive) == 0
    reasons = {
        (row["outcome"], row["reason"]) for row in crawl.rows(pages) if "#" in row["identity"]
    }
    assert reasons == {("unchanged", None), ("rejected", "Older")}
    after = {article.url: article for article in crawl.articles().values()}
    assert after[site.url(same)].first_seen == day(FIRST)
    for article in before.values():
        assert after[article.url].text == article.text
        assert after[article.url].last_seen == article.last_seen
    assert crawl.do("db", "check").returncode == 0


def test_a_redirect_leads_to_no_request_and_a_refresh_neither(crawl, live):
    sent_on = Answer(302, headers=(("Location", f"{live.url}elsewhere"),))
    refresh = Answer(
        body=f'<html><head><meta http-equiv="refresh" content="0; url={live.url}x"></head></html>'
    )
    with replay(
        at(live, FIRST, "moved", sent_on, digest="A" * 32),
        at(live, FIRST, "refresh", refresh),
        at(live, FIRST, "fair", story("/fair")),
    ) as archive:
        assert run(crawl, live, archive) == 0
    assert sorted(outcomes(crawl)) == [
        (f"fair#{FIRST}", "article", None),
        (f"moved#{FIRST}", "redirected", f"{live.url}elsewhere"),
        (f"refresh#{FIRST}", "redirected", f"{live.url}x"),
    ]


def test_a_capture_of_another_time_is_not_taken_for_the_one_asked_for(crawl, live):
    with replay(
        at(live, FIRST, "fair", story("/fair")), at(live, FIRST, "bridge", story("/bridge"))
    ) as archive:
        rows = archive.answer("/coll/cdx").body
        archive.cdx = Answer(body=rows.replace(FIRST, SECOND, 2))
        assert run(crawl, live, archive) == 0
    assert sorted(outcomes(crawl)) == [
        (f"bridge#{SECOND}", "failed", "OtherCapture"),
        (f"fair#{FIRST}", "article", None),
    ]


def test_parts_of_an_article_are_those_of_its_time(crawl, live):
    def part(number: int, text: str) -> Answer:
        head = (
            '<link rel="next" href="/long/2/">'
            if number == 1
            else '<link rel="prev" href="/long/">'
        )
        return story("/long/", words(f"{text}{number}"), head=head)

    with replay(
        at(live, FIRST, "long/", part(1, "old")),
        at(live, FIRST, "long/2/", part(2, "old")),
        at(live, THIRD, "long/", part(1, "new")),
        at(live, THIRD, "long/2/", part(2, "new")),
    ) as archive:
        assert run(crawl, live, archive) == 0
    article = next(each for each in crawl.articles().values() if each.url.endswith("/long/"))
    assert "new1" in article.text
    assert "new20" in article.text
    assert "old" not in article.text
    assert "old20" in crawl.revisions()[0]["text"]


def test_robots_txt_of_the_archive_is_obeyed(crawl, live):
    with replay(
        at(live, FIRST, "fair", story("/fair")), robots="User-agent: *\nDisallow: /"
    ) as archive:
        assert run(crawl, live, archive) == 1
        assert archive.hits == ["/robots.txt"]
    assert crawl.runs()[-1]["reason"] == "forbidden"


def test_captures_that_robots_txt_forbids_are_refused_and_said_so(crawl, live):
    rule = f"User-agent: *\nDisallow: /coll/{FIRST}"
    with replay(
        at(live, FIRST, "fair", story("/fair")),
        at(live, SECOND, "bridge", story("/bridge")),
        robots=rule,
    ) as archive:
        assert run(crawl, live, archive) == 0
        assert [timestamp for timestamp, _ in archive.shown] == [SECOND]
    assert sorted(outcomes(crawl))[1] == (f"fair#{FIRST}", "refused", "RobotsForbidden")


@pytest.mark.parametrize(
    ("cdx", "reason"),
    [
        (Answer(503), "unreachable"),
        (Answer(body='{"url": "cut'), "unreachable"),
        (Answer(body=""), "nothing_found"),
    ],
)
def test_a_list_that_is_not_whole_or_empty_fails_the_run(crawl, live, cdx, reason):
    with replay(at(live, FIRST, "fair", story("/fair"))) as archive:
        archive.cdx = cdx._replace(headers=(("Retry-After", "9999"),))
        assert run(crawl, live, archive) == 1
        assert archive.shown == []
    assert crawl.runs()[-1]["reason"] == reason


def test_captures_may_be_listed_by_a_file(crawl, live):
    with replay(at(live, FIRST, "fair", story("/fair"))) as archive:
        index = crawl.folder / "index.cdxj"
        index.write_text(archive.answer("/coll/cdx").body)
        archive.hits.clear()
        assert run(crawl, live, archive, "-a", f"cdx={index}") == 0
        assert archive.hits == ["/robots.txt", f"/coll/{FIRST}id_/{live.url}fair"]


def test_the_archive_of_a_crawl_has_nothing_that_is_in_one_already(crawl, live):
    with replay(at(live, FIRST, "fair", story("/fair"))) as archive:
        assert run(crawl, live, archive, NEWSCRAWL_ARCHIVE=str(crawl.folder / "warc")) == 0
    assert [row["archive"] for row in crawl.rows(visits)] == [None]


def test_a_crawl_that_is_killed_loses_nothing_and_asks_for_nothing_twice(crawl, live):
    captures = [
        at(
            live,
            f"{year}0309101112",
            f"story-{n}",
            story(f"/story-{n}", words(f"y{year}n{n}x")),
            wait=0.02,
        )
        for year in range(2010, 2015)
        for n in range(12)
    ]
    with replay(*captures) as archive:
        for most in (10, 25, 40):
            running = crawl.start(*arguments(live, archive))
            while len(archive.shown) < most and running.poll() is None:
                time.sleep(0.01)
            running.kill()
            running.wait()
        assert run(crawl, live, archive) == 0
        again = len(archive.shown) - len(set(archive.shown))
    rows = crawl.rows(pages)
    assert len(rows) == len(captures)
    assert {row["state"] for row in rows} == {"done"}
    assert len(crawl.visits()) == len(captures)
    assert {article.revision for article in crawl.articles().values()} == {5}
    assert all("y2014n" in article.text for article in crawl.articles().values())
    assert again <= 3 * 2 * 9, "only what was under way or not committed at a kill"
    assert crawl.do("db", "check").returncode == 0


def test_what_is_erased_is_not_asked_for_again(crawl, live):
    with replay(
        at(live, FIRST, "fair", story("/fair")),
        at(live, SECOND, "fair", story("/fair", words("x"))),
    ) as archive:
        assert run(crawl, live, archive) == 0
        assert crawl.do("erase", f"{live.url}fair").returncode == 0
        archive.captures.append(at(live, THIRD, "fair", story("/fair", words("y"))))
        assert run(crawl, live, archive) in {0, 3}
        assert [timestamp for timestamp, _ in archive.shown] == [FIRST, SECOND, THIRD]
    assert crawl.articles() == {}
    assert crawl.pages()[f"{live.url}fair#{THIRD}".replace("http:", "https:")]["reason"] == "Erased"
    assert crawl.do("db", "check").returncode == 0


def test_a_url_is_explained_by_its_captures(crawl, live):
    with replay(
        at(live, FIRST, "fair", story("/fair")), at(live, SECOND, "fair", listing(["/a"]))
    ) as archive:
        assert run(crawl, live, archive) == 0
    told = crawl.do("explain", f"{live.url}fair")
    assert told.returncode == 0
    assert "was not asked for where it is: an archive has 2 captures of it." in told.stdout
    assert "It is an article." in told.stdout
    assert "2015-03-09 10:11:12" in told.stdout
    captures = json.loads(crawl.do("explain", f"{live.url}fair", "--json").stdout)["captures"]
    assert [each["outcome"] for each in captures] == ["article", "page"]


def test_a_site_whose_captures_are_stored_can_be_renamed(crawl, live):
    with replay(
        at(live, FIRST, "fair", story("/fair")),
        at(live, SECOND, "fair", story("/fair", words("x"))),
    ) as archive:
        assert run(crawl, live, archive) == 0
    site = live.url.removeprefix("http://").rstrip("/")
    renamed = crawl.do("db", "rename-site", site, "gone.example", NEWSCRAWL_JSONL=str(crawl.jsonl))
    assert renamed.returncode == 0, renamed.stderr
    assert sorted(crawl.pages()) == [
        f"https://gone.example/fair#{FIRST}",
        f"https://gone.example/fair#{SECOND}",
    ]


@pytest.mark.skipif(bool(pywb.missing()), reason=pywb.missing())
@pytest.mark.skipif(not shutil.which("wget"), reason="wget is not installed")
def test_pywb_shows_a_site_that_changed_and_is_gone(crawl, tmp_path):
    kept = Crawl(tmp_path / "kept")
    kept.folder.mkdir()
    with run_demo(articles=40) as demo:
        port = int(demo.url.rpartition(":")[2])
        mirror = ["wget", "-q", "-r", "-l2", "--warc-file=first", "-P", "files", demo.url]
        subprocess.run(mirror, cwd=tmp_path, check=False)
    with run_demo(articles=40, generation=3, port=port) as demo:
        ended = kept.run(
            "site", "-a", f"url={demo.url}", NEWSCRAWL_ARCHIVE=str(kept.folder / "warc")
        )
        assert ended.returncode in {0, 3}
        truth = {article.url: article for article in kept.articles().values()}
    warcs = [tmp_path / "first.warc.gz", *(kept.folder / "warc").glob("*.warc.gz")]
    with (
        socket.create_server(("127.0.0.1", port)) as own_host,
        pywb.serving(tmp_path / "pywb", warcs) as collection,
    ):
        named = (f"url={demo.url}", "discover=archive", f"archive={collection}")
        asked = ("site", *(word for each in named for word in ("-a", each)))
        running = crawl.start(*asked)
        while not crawl.jsonl.exists() or crawl.jsonl.read_text().count("\n") < 5:
            assert running.poll() is None
            time.sleep(0.01)
        running.kill()
        running.wait()
        assert crawl.run(*asked).returncode == 0
        own_host.setblocking(False)
        with pytest.raises(BlockingIOError):
            own_host.accept()
    found = {article.url: article for article in crawl.articles().values()}
    changed = [url for url in truth if found[url].revision > 1]
    assert {url: truth[url].text for url in truth} == {url: found[url].text for url in truth}
    assert {url: truth[url].published for url in truth} == {
        url: found[url].published for url in truth
    }
    assert changed
    assert {article.site for article in found.values()} == {f"127.0.0.1:{port}"}
    assert all(found[url].first_seen < found[url].last_seen for url in changed)
    assert {row["state"] for row in crawl.rows(pages)} == {"done"}
    assert crawl.do("db", "check").returncode == 0
