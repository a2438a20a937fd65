"""A site moves to another domain, and nothing of it is new again."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import insert

from newscrawl.addresses.address import identity
from newscrawl.addresses.admission import Gate
from newscrawl.addresses.moves import Move, NoPlaceError
from newscrawl.exit_status import ExitStatus
from newscrawl.frontier import lease
from newscrawl.store.database import connect
from newscrawl.store.schema import aliases, leases
from tests.crawl.answering import HTML, Answer, Asked, Server, answering, story
from tests.crawl.crawling import ALWAYS_DUE, Crawl
from tests.upkeep.checking import faults

NAMES = ("pier", "ferry", "market", "tide")


@pytest.mark.parametrize(
    ("new", "url", "moved"),
    [
        pytest.param("new.com", "https://old.com/a?b=1", "https://new.com/a?b=1", id="a-page"),
        pytest.param("new.com", "https://www.old.com/a", "https://www.new.com/a", id="www"),
        pytest.param("www.new.com", "https://old.com/a", "https://new.com/a", id="www-typed"),
        pytest.param("new.com", "http://old.com/a", "http://new.com/a", id="a-scheme-stays"),
        pytest.param("new.com", "https://en.old.com/a", "https://en.new.com/a", id="a-subdomain"),
        pytest.param(
            "new.com", "http://old.com:8080/a", "http://new.com:8080/a", id="a-port-stays"
        ),
        pytest.param("new.com:81", "https://old.com/a", "https://new.com:81/a", id="a-port-typed"),
        pytest.param(
            "news.new.com", "https://www.old.com/a", "https://news.new.com/a", id="to-a-subdomain"
        ),
        pytest.param("new.co.uk", "https://old.com/a", "https://new.co.uk/a", id="a-long-suffix"),
        pytest.param(
            "bücher.de", "https://old.com/a", "https://xn--bcher-kva.de/a", id="an-umlaut"
        ),
        pytest.param("https://new.com/", "https://old.com/a", "https://new.com/a", id="a-url"),
        pytest.param("NEW.com.", "https://old.com/a", "https://new.com/a", id="as-it-is-typed"),
        pytest.param("new.com", "https://other.com/a", "https://other.com/a", id="another-site"),
        pytest.param("new.com", "https://notold.com/a", "https://notold.com/a", id="another-end"),
        pytest.param(
            "new.com", "https://old.com.other.org/a", "https://old.com.other.org/a", id="a-prefix"
        ),
        pytest.param("new.com", "mailto:a@old.com", "mailto:a@old.com", id="no-web-address"),
        pytest.param(
            "new.com",
            "https://old.com/?u=https://old.com/b",
            "https://new.com/?u=https://old.com/b",
            id="an-address-in-an-address",
        ),
        pytest.param(
            "localhost:8000", "http://www.old.com/a", "http://localhost:8000/a", id="no-www-there"
        ),
        pytest.param(
            "localhost:8000", "http://en.old.com/a", "NoPlaceError", id="no-subdomains-there"
        ),
    ],
)
def test_an_address_of_a_site_that_has_moved(new, url, moved):
    move = Move.to("old.com", new)
    if moved == "NoPlaceError":
        with pytest.raises(NoPlaceError, match=r"has no place on"):
            move.url(url)
    else:
        assert move.url(url) == moved


@pytest.mark.parametrize(
    ("old", "new", "url", "moved"),
    [
        pytest.param(
            "localhost:8000",
            "new.com",
            "http://localhost:8000/a",
            "http://new.com/a",
            id="a-port-that-was-part-of-the-site-does-not-stay",
        ),
        pytest.param(
            "localhost:8000",
            "127.0.0.1:9000",
            "http://localhost:8000/a",
            "http://127.0.0.1:9000/a",
            id="from-one-port-to-another",
        ),
        pytest.param(
            "localhost:8000",
            "[::1]:8000",
            "http://localhost:8000/a",
            "http://[::1]:8000/a",
            id="to-an-address-of-ipv6",
        ),
        pytest.param(
            "localhost:8000",
            "127.0.0.1:9000",
            "http://localhost:8001/a",
            "http://localhost:8001/a",
            id="another-port-is-another-site",
        ),
    ],
)
def test_an_address_of_a_site_without_a_domain(old, new, url, moved):
    assert Move.to(old, new).url(url) == moved


def test_an_identity_moves_to_the_identity_of_the_moved_address():
    move = Move.to("old.com", "new.com")
    for url in ("http://www.old.com/a/index.html?utm_source=x&b=1", "https://old.com", "x"):
        if url != "x":
            assert move.identity(identity(url)) == identity(move.url(url))
    assert move.identity("x") == "x"


@pytest.mark.parametrize("typed", ["", "a b", "new.com/news", "new.com/?a=1", "co.uk", "ftp://x.y"])
def test_what_is_no_place_for_a_site_is_refused(typed):
    with pytest.raises(ValueError, match=r"no site|a page|public suffix"):
        Move.to("old.com", typed)


def test_an_old_link_means_the_page_at_its_new_address():
    counted: list[str] = []
    gate = Gate(["newest.com"], count=counted.append)
    gate.moved = {
        "old.com": Move.to("old.com", "new.com"),
        "new.com": Move.to("new.com", "newest.com"),
    }
    for admit in (gate.admit, gate.admit_target, gate.admit_source, gate.within):
        found = admit("https://old.com/a")
        assert found is not None
        assert found.url == "https://newest.com/a"
    assert gate.admit("https://other.com/a") is None
    assert counted == ["offsite"]


def etagged(body: str | Callable[[], str]) -> Callable[[Asked], Answer]:
    """A page that says 304 to who has it."""

    def answer(asked: Asked) -> Answer:
        text = body() if callable(body) else body
        tag = f'"{hash(text):x}"'
        if asked.headers.get("If-None-Match") == tag:
            return Answer(status=304, headers=(("ETag", tag),))
        return Answer(text, headers=(HTML, ("ETag", tag)))

    return answer


class Moving:
    """A site that is asked for as 127.0.0.1 and later as localhost."""

    def __init__(self, server: Server, folder: Path, database: str) -> None:
        self.server = server
        self.crawl = Crawl(folder, database)
        self.old = f"127.0.0.1:{server.server_port}"
        self.new = f"localhost:{server.server_port}"
        self.log = {"NEWSCRAWL_JSONL": f"{folder}/{{site}}.jsonl"}
        self.links = [f"http://{self.old}/{name}" for name in NAMES]
        server.pages["/"] = etagged(self.front)
        for name in NAMES:
            server.pages[f"/{name}"] = etagged(story(name))

    def front(self) -> str:
        items = "".join(f'<li><h3><a href="{url}">All of it: {url}</a></h3>' for url in self.links)
        return f"<!doctype html><title>The Quay Post</title><main><ul>{items}</ul></main>"

    def read(self, site: str) -> int:
        given = ("site", "-a", f"url=http://{site}/")
        return self.crawl.run(*given, **self.log, **ALWAYS_DUE).returncode

    def rename(self, *names: str) -> tuple[int, str]:
        ended = self.crawl.do("db", "rename-site", *names, **self.log)
        return ended.returncode, (ended.stdout + ended.stderr).strip()

    def faults(self) -> list[str]:
        engine = connect(self.crawl.database)
        try:
            return faults(engine)
        finally:
            engine.dispose()

    def exported(self) -> list[dict[str, object]]:
        path = self.crawl.folder / "exported.jsonl"
        path.unlink(missing_ok=True)
        assert self.crawl.do("export", str(path), "--with-copies").returncode == 0
        return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def moving(tmp_path, database):
    with answering({}) as server:
        moving = Moving(server, tmp_path, database)
        assert moving.read(moving.old) == ExitStatus.GOOD
        assert len(moving.crawl.articles()) == len(NAMES)
        yield moving


def test_after_a_site_was_renamed_a_crawl_of_the_new_name_finds_nothing_new(moving):
    before = {article.id: article for article in moving.crawl.articles().values()}
    known = len(moving.crawl.pages())
    assert moving.rename(moving.old, moving.new)[0] == ExitStatus.GOOD
    assert moving.faults() == []
    assert moving.read(moving.new) == ExitStatus.GOOD
    after = {article.id: article for article in moving.crawl.articles().values()}
    assert after.keys() == before.keys()
    assert {article.revision for article in after.values()} == {1}
    assert {article.site for article in after.values()} == {moving.new}
    last = max(moving.crawl.runs(), key=lambda run: run["id"])
    assert last["sites"] == [moving.new]
    pages = {page["id"]: page for page in moving.crawl.pages().values()}
    visited = {
        pages[visit["page"]]["url"].rpartition("/")[2]: visit["reason"]
        for visit in moving.crawl.visits()
        if visit["run"] == last["id"]
    }
    assert {visited[name] for name in NAMES} == {"NotModified"}
    assert len(pages) == known
    assert {page["site"] for page in moving.crawl.pages().values()} == {moving.new}
    assert moving.faults() == []


def test_a_new_story_under_an_old_link_is_read_at_the_new_address(moving):
    moving.rename(moving.old, moving.new)
    moving.links.append(f"http://{moving.old}/storm")
    moving.server.pages["/storm"] = etagged(story("storm"))
    assert moving.read(moving.new) == ExitStatus.GOOD
    found = moving.crawl.articles()
    assert len(found) == len(NAMES) + 1
    assert identity(f"http://{moving.new}/storm") in found
    assert moving.faults() == []


def test_a_page_that_leads_back_to_the_old_name_is_no_circle_without_end(moving):
    moving.rename(moving.old, moving.new)
    location = ("Location", f"http://{moving.old}/tide")
    moving.server.pages["/tide"] = Answer(status=301, headers=(location,))
    moving.read(moving.new)
    page = moving.crawl.pages()[identity(f"http://{moving.new}/tide")]
    assert (page["outcome"], page["reason"]) == ("failed", "TooManyRedirects")


def test_an_export_of_a_renamed_site_has_the_same_articles_at_new_addresses(moving):
    before = moving.exported()
    moving.rename(moving.old, moving.new)
    after = moving.exported()
    for one in before:
        for name in ("url", "canonical_url", "site"):
            one[name] = str(one[name]).replace(moving.old, moving.new)
    by_id = {one["id"]: one for one in before}
    assert {one["id"]: (one["url"], one["site"], one["text"]) for one in after} == {
        key: (one["url"], one["site"], one["text"]) for key, one in by_id.items()
    }


def test_the_log_goes_on_under_the_new_name_with_a_line_of_each_article(moving):
    folder = moving.crawl.folder
    old = (folder / f"{moving.old.replace(':', '-')}.jsonl").read_text()
    moving.rename(moving.old, moving.new)
    assert (folder / f"{moving.old.replace(':', '-')}.jsonl").read_text() == old
    new = (folder / f"{moving.new.replace(':', '-')}.jsonl").read_text().splitlines()
    assert {json.loads(line)["site"] for line in new} == {moving.new}
    assert len(new) == len(NAMES)


def test_both_names_of_an_article_lead_to_it(moving):
    moving.rename(moving.old, moving.new)
    names = {row["identity"] for row in moving.crawl.rows(aliases)}
    for name in NAMES:
        for site in (moving.old, moving.new):
            assert identity(f"http://{site}/{name}") in names
            told = moving.crawl.do("explain", f"http://{site}/{name}")
            assert f"All about {name}" in told.stdout


def test_a_crawl_of_the_old_name_stores_no_story_twice(moving):
    moving.rename(moving.old, moving.new)
    moving.read(moving.old)
    assert len(moving.crawl.articles()) == len(NAMES)
    assert moving.faults() == []


def test_a_site_may_move_back(moving):
    moving.rename(moving.old, moving.new)
    assert moving.read(moving.new) == ExitStatus.GOOD
    status, told = moving.rename(moving.new, moving.old)
    assert status == ExitStatus.GOOD, told
    assert moving.faults() == []
    assert moving.read(moving.old) == ExitStatus.GOOD
    assert {article.site for article in moving.crawl.articles().values()} == {moving.old}
    assert len(moving.crawl.articles()) == len(NAMES)
    assert moving.faults() == []


def test_a_dry_run_says_what_would_be_renamed_and_changes_nothing(moving):
    before = moving.crawl.pages(), moving.crawl.runs(), moving.crawl.articles()
    status, told = moving.rename(moving.old, moving.new, "--dry-run")
    assert status == ExitStatus.GOOD
    assert f"would be {moving.new}: {len(before[0])} pages, {len(NAMES)} articles" in told
    assert (moving.crawl.pages(), moving.crawl.runs(), moving.crawl.articles()) == before
    assert sorted(path.name for path in moving.crawl.folder.glob("*.jsonl")) == [
        f"{moving.old.replace(':', '-')}.jsonl"
    ]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        pytest.param(("OLD",), "usage: newscrawl db", id="one-name"),
        pytest.param(("OLD", "NEW", "more"), "usage: newscrawl db", id="three-names"),
        pytest.param(("unknown.com", "NEW"), "was never crawled", id="an-unknown-site"),
        pytest.param(("OLD", "OLD"), "has that name already", id="the-same-name"),
        pytest.param(("OLD", "new.com/news"), "is a page", id="a-page"),
        pytest.param(("OLD", "co.uk"), "public suffix", id="a-suffix"),
        pytest.param(("OLD", "a b"), "no site", id="no-name"),
    ],
)
def test_a_rename_that_cannot_be_is_refused_in_one_line(moving, names, said):
    given = [name.replace("OLD", moving.old).replace("NEW", moving.new) for name in names]
    before = moving.crawl.pages()
    status, told = moving.rename(*given)
    assert status == ExitStatus.BAD_INPUT
    assert said in told
    assert moving.crawl.pages() == before


def test_a_rename_beside_a_run_is_refused_in_one_line(moving):
    engine = connect(moving.crawl.database)
    own = {"run": 1, "host": socket.gethostname(), "pid": os.getppid()}
    with engine.begin() as connection:
        at = lease.now(connection)
        connection.execute(insert(leases).values(site=moving.old, **own, heartbeat=at))
    engine.dispose()
    status, told = moving.rename(moving.old, moving.new)
    assert status == ExitStatus.LOCKED
    assert told.startswith("Not done: run 1")
    assert {page["site"] for page in moving.crawl.pages().values()} == {moving.old}


def test_a_name_that_has_pages_of_its_own_is_refused(moving):
    moving.links = [f"/{name}" for name in NAMES]
    assert moving.read(moving.new) == ExitStatus.GOOD
    before = moving.crawl.pages()
    status, told = moving.rename(moving.old, moving.new)
    assert status == ExitStatus.BAD_INPUT
    assert f"{moving.new} is known already, with" in told
    assert "not merged" in told
    assert moving.crawl.pages() == before
    assert moving.faults() == []


@pytest.mark.parametrize("parted", [False, True], ids=["whole", "in-two-parts"])
def test_pages_archived_under_the_old_name_are_read_again_under_the_new_one(tmp_path, parted):
    with answering({}) as server:
        moving = Moving(server, tmp_path, "")
        moving.log["NEWSCRAWL_ARCHIVE"] = f"{tmp_path}/archive"
        if parted:
            link = f'<link rel="next" href="http://{moving.old}/pier/2">'
            server.pages["/pier"] = story("pier").replace("</head>", f"{link}</head>")
            server.pages["/pier/2"] = story("pier, continued")
        assert moving.read(moving.old) == ExitStatus.GOOD
        assert moving.rename(moving.old, moving.new)[0] == ExitStatus.GOOD
        before = moving.crawl.articles()
        outcomes = {page["outcome"] for page in moving.crawl.pages().values()}
        assert ("part" in outcomes) == parted
        ended = moving.crawl.do("reextract", **moving.log)
        assert ended.returncode == ExitStatus.GOOD, ended.stdout + ended.stderr
        after = moving.crawl.articles()
        assert after.keys() == before.keys()
        assert [each.text for each in after.values()] == [each.text for each in before.values()]
        assert {each.site for each in after.values()} == {moving.new}
        assert moving.faults() == []
        checked = moving.crawl.do("db", "check", **moving.log)
        assert checked.returncode == ExitStatus.GOOD, checked.stdout


def test_what_is_erased_after_a_rename_is_not_read_at_either_name(moving):
    moving.rename(moving.old, moving.new)
    ended = moving.crawl.do("erase", f"http://{moving.new}/tide", **moving.log)
    assert ended.returncode == ExitStatus.GOOD
    for site in (moving.new, moving.old):
        moving.read(site)
        assert len(moving.crawl.articles()) == len(NAMES) - 1


def test_old_addresses_in_a_sitemap_are_known_at_their_new_ones(moving):
    moving.rename(moving.old, moving.new)
    known = len(moving.crawl.articles())
    locations = "".join(f"<url><loc>{url}</loc></url>" for url in moving.links)
    xml = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locations}</urlset>'
    moving.server.pages["/sitemap.xml"] = Answer(xml, headers=(("Content-Type", "text/xml"),))
    moving.server.pages["/robots.txt"] = Answer(
        f"Sitemap: http://{moving.old}/sitemap.xml\n", headers=(("Content-Type", "text/plain"),)
    )
    assert moving.read(moving.new) == ExitStatus.GOOD
    assert len(moving.crawl.articles()) == known
    assert {page["site"] for page in moving.crawl.pages().values()} == {moving.new}
    assert moving.faults() == []
