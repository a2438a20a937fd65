"""Cookie walls and redirect circles, as whole crawls of a small site."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.crawl.answering import Answer, Answers, Asked, Server, answering, front, outcome, story
from tests.crawl.crawling import ALWAYS_DUE, Crawl

ARTICLE = ("article", None)
CIRCLE = ("failed", "TooManyRedirects")


def to(target: str, *cookies: str, status: int = 302) -> Answer:
    headers = (("Location", target), *(("Set-Cookie", cookie) for cookie in cookies))
    return Answer(status=status, headers=headers)


def cookies(asked: Asked) -> dict[str, str]:
    pairs = (asked.headers.get("Cookie") or "").split("; ")
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs) if name}


def wall(name: str, needed: str, otherwise: Answer) -> Callable[[Asked], Answer]:
    """Shows a story to who has a cookie."""
    return lambda asked: Answer(story(name)) if needed in cookies(asked) else otherwise


def unless(needed: str, then: Answer, otherwise: Answer) -> Callable[[Asked], Answer]:
    return lambda asked: then if needed in cookies(asked) else otherwise


@contextmanager
def crawled(folder: Path, pages: Mapping[str, Answers], *start: str, **settings: str):
    with answering(
        {"/": front(*(start or [path for path in pages if path != "/"])), **pages}
    ) as server:
        crawl = Crawl(folder)
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links", **settings)
        yield crawl, server


LATER = "Fri, 01 Jan 2100 00:00:00 GMT"
OPEN: dict[str, dict[str, Answers]] = {
    # scrapy#1225
    "a page that redirects to itself": {"/a": wall("a", "k", to("/a", "k=1"))},
    "to itself by its whole address": {
        "/a": lambda asked: wall("a", "k", to(f"http://{asked.headers['Host']}/a", "k=1"))(asked)
    },
    "to itself, for good": {"/a": wall("a", "k", to("/a", "k=1", status=301))},
    "to itself, by 307": {"/a": wall("a", "k", to("/a", "k=1", status=307))},
    "to itself, with all attributes": {
        "/a": wall("a", "k", to("/a", f"k=1; Path=/; Expires={LATER}; HttpOnly; SameSite=Lax"))
    },
    "to itself, with several cookies": {"/a": wall("a", "m", to("/a", "k=1", "m=2", "n=3"))},
    "to itself, in two steps": {
        "/a": lambda asked: (
            wall("a", "m", to("/a", "m=2"))(asked) if "k" in cookies(asked) else to("/a", "k=1")
        )
    },
    "to itself with a slash and back": {
        "/a": wall("a", "k", to("/a/", "k=1")),
        "/a/": wall("a", "k", to("/a")),
    },
    "by another page, the cookie set at first": {
        "/a": wall("a", "k", to("/b", "k=1")),
        "/b": to("/a"),
    },
    "by another page that sets the cookie": {
        "/a": wall("a", "k", to("/b")),
        "/b": to("/a", "k=1; Path=/"),
    },
    "by another page that names the first": {
        "/a": wall("a", "k", to("/check?back=%2Fa", status=307)),
        "/check?back=%2Fa": to("/a", "k=1; Path=/"),
    },
    "by a page that wants a cookie of its own": {
        "/a": wall("a", "k", to("/b", "t=1; Path=/")),
        "/b": lambda asked: to("/a", "k=1; Path=/") if "t" in cookies(asked) else to("/a"),
    },
    "by a page that refuses who has no cookie": {
        "/a": wall("a", "k", to("/b", "t=1; Path=/")),
        "/b": unless("t", to("/a", "k=1; Path=/"), Answer("No cookies?", status=403)),
    },
    "by two other pages": {
        "/a": wall("a", "k", to("/b")),
        "/b": to("/c", "k=1; Path=/"),
        "/c": to("/a"),
    },
    "by two other pages, of which each sets one": {
        "/a": lambda asked: (
            Answer(story("a")) if {"k", "m", "n"} <= {*cookies(asked)} else to("/b", "k=1; Path=/")
        ),
        "/b": to("/c", "m=1; Path=/"),
        "/c": to("/a", "n=1; Path=/"),
    },
}


@pytest.mark.parametrize("pages", OPEN.values(), ids=OPEN)
def test_what_is_behind_a_cookie_wall_is_stored(pages, tmp_path):
    with crawled(tmp_path, pages, "/a") as (crawl, server):
        assert outcome(crawl, server, "/a") == ARTICLE
        assert [article.headline for article in crawl.articles().values()] == ["All about a"]
        assert crawl.runs()[0]["reason"] == "finished"
        others = {*pages} - {"/a", "/a/"}
        assert {outcome(crawl, server, path)[0] for path in others} <= {"redirected"}
        assert len(server.asked) <= 12


ROUND: dict[str, dict[str, Answers]] = {
    "a page that redirects to itself": {"/a": to("/a")},
    "two pages": {"/a": to("/b"), "/b": to("/a")},
    "two pages for good": {"/a": to("/b", status=301), "/b": to("/a", status=308)},
    "three pages": {"/a": to("/b"), "/b": to("/c"), "/c": to("/a")},
    "seven pages": {f"/{at}": to(f"/{(at + 1) % 7}") for at in range(7)},
    "two pages, with a cookie that opens nothing": {"/a": to("/b", "k=1"), "/b": to("/a")},
    "to itself, with a cookie that opens nothing": {"/a": to("/a", "k=1")},
    "to itself, with a cookie that has expired": {
        "/a": wall("a", "k", to("/a", "k=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"))
    },
    "to itself, with a cookie of another path": {"/a": wall("a", "k", to("/a", "k=1; Path=/x"))},
    "to itself, with a cookie for safe connections": {
        "/a": wall("a", "k", to("/a", "k=1; Secure"))
    },
    "to itself, with a cookie of another site": {
        "/a": wall("a", "k", to("/a", "k=1; Domain=other.example"))
    },
    "to itself, with a cookie for a public suffix": {
        "/a": wall("a", "k", to("/a", "k=1; Domain=com"))
    },
    "to itself, with a huge cookie": {"/a": wall("a", "k", to("/a", f"k={'x' * 8_000}"))},
    "to itself, with a control character": {"/a": wall("a", "k", to("/a", "k=1\x01"))},
}


@pytest.mark.parametrize("pages", ROUND.values(), ids=ROUND)
def test_all_pages_of_a_circle_have_failed(pages, tmp_path):
    with crawled(tmp_path, pages) as (crawl, server):
        assert {outcome(crawl, server, path) for path in pages} == {CIRCLE}
        assert not crawl.articles()
        assert crawl.runs()[0]["outcomes"].keys() == {"failed", "listing"}
        assert len(server.asked) <= 2 + 3 * len(pages)


def numbered() -> Callable[..., Answer]:
    numbers = iter(range(10_000))
    return lambda target, name="k{}": to(
        target, f"{name.format(next(numbers))}={next(numbers)}; Path=/"
    )


def test_a_circle_with_ever_new_cookies_ends(tmp_path):
    new = numbered()
    pages: dict[str, Answers] = {
        "/a": lambda _: new("/a"),
        "/b": lambda _: new("/c", "k"),
        "/c": lambda _: new("/b"),
    }
    with crawled(tmp_path, pages) as (crawl, server):
        assert {outcome(crawl, server, path) for path in pages} == {CIRCLE}
        assert len(server.asked) < 60
        assert all(len(asked.headers.get("Cookie") or "") <= 4_096 for asked in server.asked)


def test_what_is_refused_with_a_cookie_too_is_refused_and_the_cookie_dropped(tmp_path):
    pages: dict[str, Answers] = {
        "/a": to("/b", "t=1; Path=/"),
        "/b": Answer(status=403),
        "/c": story("c"),
    }
    with crawled(tmp_path, pages, "/a") as (crawl, server):
        assert outcome(crawl, server, "/b") == ("failed", "Http403")
        assert server.times("/b") == 2
        server.pages["/"] = front("/c")
        asked_again(crawl, server)
        assert outcome(crawl, server, "/c") == ARTICLE
        assert [asked.path for asked in server.asked if "Cookie" in asked.headers] == ["/b"]


def test_a_chain_of_redirects_without_end_has_failed(tmp_path):
    pages: dict[str, Answers] = {f"/step-{at}": to(f"/step-{at + 1}") for at in range(99)}
    with crawled(tmp_path, pages, "/step-0") as (crawl, server):
        assert outcome(crawl, server, "/step-20") == CIRCLE
        assert len(crawl.pages()) == 22


def test_a_sitemap_behind_a_cookie_wall_is_read(tmp_path):
    def sitemap(asked: Asked) -> Answer:
        told = f"<urlset><url><loc>http://{asked.headers['Host']}/a</loc></url></urlset>"
        return Answer(told) if "k" in cookies(asked) else to("/sitemap.xml", "k=1")

    with answering({"/": front("/b"), "/a": story("a"), "/sitemap.xml": sitemap}) as server:
        crawl = Crawl(tmp_path)
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=sitemap")
        assert outcome(crawl, server, "/sitemap.xml") == ("listing", "Sitemap")
        assert outcome(crawl, server, "/a") == ARTICLE


def test_a_page_that_only_leads_into_a_circle_is_redirected(tmp_path):
    pages: dict[str, Answers] = {"/in": to("/a"), "/a": to("/b"), "/b": to("/a")}
    with crawled(tmp_path, pages, "/in") as (crawl, server):
        assert outcome(crawl, server, "/in")[0] == "redirected"
        assert {outcome(crawl, server, path) for path in ("/a", "/b")} == {CIRCLE}


def test_no_cookie_is_sent_where_no_redirect_goes_round(tmp_path):
    pages: dict[str, Answers] = {
        "/a": to("/b", "k=1; Path=/"),
        "/b": Answer(story("b"), headers=(("Content-Type", "text/html"), ("Set-Cookie", "m=1"))),
        "/c": story("c"),
        "/d": to("/d/", "n=1; Path=/"),
        "/d/": story("d"),
    }
    with crawled(tmp_path, pages, "/a", "/c", "/d") as (crawl, server):
        assert outcome(crawl, server, "/b") == outcome(crawl, server, "/d") == ARTICLE
        assert not any("Cookie" in asked.headers for asked in server.asked)


def test_a_cookie_that_the_whole_site_wants_is_asked_for_once(tmp_path):
    def every(asked: Asked) -> Answer:
        if "k" not in cookies(asked):
            return to(asked.path, "k=1; Path=/")
        return Answer(front("/a", "/b", "/c") if asked.path == "/" else story(asked.path[1:]))

    paths = ("/", "/a", "/b", "/c")
    with crawled(tmp_path, dict.fromkeys(paths, every)) as (crawl, server):
        assert {outcome(crawl, server, path) for path in paths[1:]} == {ARTICLE}
        assert outcome(crawl, server, "/")[0] == "listing"
        assert sum(server.times(path) for path in paths) == len(paths) + 1


@pytest.mark.parametrize("path", ["/", "{}"], ids=["of the host", "of each page"])
def test_pages_that_are_asked_for_at_once_are_all_let_through(path, tmp_path):
    """Those under way when a cookie becomes known were sent without it."""
    paths = [f"/story-{number}" for number in range(20)]
    pages = {
        each: wall(each[1:], "k", to(each, f"k=1; Path={path.format(each)}")) for each in paths
    }
    with crawled(tmp_path, pages) as (crawl, server):
        assert {outcome(crawl, server, each) for each in paths} == {ARTICLE}
        assert len(server.asked) <= 3 * len(paths) + 5


def test_pages_that_one_page_sends_back_to_the_front_are_all_let_through(tmp_path):
    paths = [f"/story-{number}" for number in range(12)]
    pages: dict[str, Answers] = {
        **{each: wall(each[1:], "k", to("/check")) for each in paths},
        "/check": to("/", "k=1; Path=/"),
        "/": lambda asked: Answer(front(*paths)) if "k" in cookies(asked) else to("/check"),
    }
    with crawled(tmp_path, pages) as (crawl, server):
        assert {outcome(crawl, server, each) for each in paths} == {ARTICLE}
        assert outcome(crawl, server, "/")[0] == "listing"


def test_pages_with_a_wall_of_their_own_are_all_let_through(tmp_path):
    paths = [f"/story-{number}" for number in range(8)]
    pages: dict[str, Answers] = {
        **{each: wall(each[1:], "k", to(f"/check?{each[1:]}")) for each in paths},
        **{f"/check?{each[1:]}": to(each, "k=1; Path=/") for each in paths},
    }
    with crawled(tmp_path, pages, *paths) as (crawl, server):
        assert {outcome(crawl, server, each) for each in paths} == {ARTICLE}


def test_a_cookie_is_sent_to_no_other_host(tmp_path):
    pages: dict[str, Answers] = {"/a": wall("a", "k", to("/a", "k=1"))}
    with answering({"/": front("/x"), "/x": story("x")}) as other:
        start = front("/a").replace("</ul>", f'<li><a href="{other.url}/">x</a></ul>')
        with answering({"/": start, **pages}) as server:
            crawl = Crawl(tmp_path)
            urls = f"url={server.url}/,{other.url}/"
            crawl.run("site", "-a", urls, "-a", "discover=links", NEWSCRAWL_JSONL="")
            assert outcome(crawl, server, "/a") == ARTICLE
            assert outcome(crawl, other, "/x") == ARTICLE
            assert not any("Cookie" in asked.headers for asked in other.asked)


def test_a_cookie_is_kept_nowhere(tmp_path):
    secret = "c0ffee5ecret"
    pages: dict[str, Answers] = {"/a": wall("a", "k", to("/a", f"k={secret}"))}
    settings = {"NEWSCRAWL_ARCHIVE": str(tmp_path / "archive"), "LOG_LEVEL": "DEBUG"}
    with crawled(tmp_path, pages, **settings) as (crawl, server):
        assert outcome(crawl, server, "/a") == ARTICLE
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(".warc" in file.name for file in files)
    held = [gzip_or_plain(file) for file in files]
    assert not any(secret.encode() in each for each in held)


def gzip_or_plain(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()


def test_a_robots_txt_behind_a_cookie_wall_is_obeyed(tmp_path):
    rules = Answer("User-agent: *\nDisallow: /a\n", headers=(("Content-Type", "text/plain"),))
    pages: dict[str, Answers] = {
        "/robots.txt": unless("k", rules, to("/robots.txt", "k=1; Path=/")),
        "/a": story("a"),
        "/b": story("b"),
    }
    with crawled(tmp_path, pages, "/a", "/b") as (crawl, server):
        assert outcome(crawl, server, "/a") == ("refused", "RobotsForbidden")
        assert outcome(crawl, server, "/b") == ARTICLE


def test_a_robots_txt_behind_a_page_that_sets_the_cookie_is_obeyed(tmp_path):
    rules = Answer("User-agent: *\nDisallow: /a\n", headers=(("Content-Type", "text/plain"),))
    pages: dict[str, Answers] = {
        "/robots.txt": unless("k", rules, to("/check")),
        "/check": to("/robots.txt", "k=1; Path=/"),
        "/a": story("a"),
    }
    with crawled(tmp_path, pages, "/a") as (crawl, server):
        assert outcome(crawl, server, "/a") == ("refused", "RobotsForbidden")


def asked_again(crawl: Crawl, server: Server, **settings: str) -> None:
    crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links", **settings)


def test_a_circle_that_a_later_run_closes_has_failed(tmp_path):
    pages: dict[str, Answers] = {"/a": to("/b"), "/b": story("b")}
    with crawled(tmp_path, pages, "/a", **ALWAYS_DUE) as (crawl, server):
        assert outcome(crawl, server, "/b") == ARTICLE
        server.pages["/b"] = to("/a")
        asked_again(crawl, server, **ALWAYS_DUE)
        assert {outcome(crawl, server, path) for path in ("/a", "/b")} == {CIRCLE}


def test_a_redirect_that_has_turned_round_is_no_circle(tmp_path):
    pages: dict[str, Answers] = {"/a": to("/b"), "/b": story("b")}
    with crawled(tmp_path, pages, "/a", **ALWAYS_DUE) as (crawl, server):
        server.pages |= {"/a": story("a"), "/b": to("/a")}
        asked_again(crawl, server, **ALWAYS_DUE)
        assert outcome(crawl, server, "/b")[0] == "redirected"
        assert outcome(crawl, server, "/a") == ARTICLE


def test_a_circle_that_was_mended_is_read(tmp_path):
    pages: dict[str, Answers] = {"/a": to("/b"), "/b": to("/a")}
    with crawled(tmp_path, pages, **ALWAYS_DUE) as (crawl, server):
        server.pages["/b"] = story("b")
        asked_again(crawl, server, **ALWAYS_DUE)
        assert outcome(crawl, server, "/a")[0] == "redirected"
        assert outcome(crawl, server, "/b") == ARTICLE
