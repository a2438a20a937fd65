"""What a 304 says, and what it does not."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from newscrawl.addresses.address import identity
from newscrawl.store.database import connect
from newscrawl.store.schema import aliases, articles, pages
from tests.crawl.answering import (
    HTML,
    Answer,
    Answers,
    Asked,
    Server,
    answering,
    front,
    outcomes,
    story,
)
from tests.crawl.crawling import ALWAYS_DUE, Crawl
from tests.crawl.test_browser import needs_chromium

LINKS = ("-a", "discover=links")
STALE = Answer(status=304, headers=())


def run(crawl: Crawl, server: Server, *arguments: str, **settings: str) -> None:
    process = crawl.run("site", "-a", f"url={server.url}/", *arguments, **(ALWAYS_DUE | settings))
    assert "Traceback" not in crawl.log, process.stderr


def known_by(tag: str, body: str) -> Answers:
    """A page that is answered with 304 where its tag is named."""

    def answer(asked: Asked) -> Answer:
        if asked.headers["If-None-Match"] == tag:
            return STALE
        return Answer(body, headers=(HTML, ("ETag", tag)))

    return answer


def validators(server: Server, path: str) -> list[str | None]:
    return [each.headers["If-None-Match"] for each in server.asked if each.path == path]


# A page of which nothing is known


def broken_cache(body: str) -> Answers:
    """A cache that says "not modified" to everybody who does not forbid it to answer."""
    return lambda asked: Answer(body) if asked.headers["Cache-Control"] == "no-cache" else STALE


def test_an_unread_page_that_is_not_modified_is_fetched_past_the_cache(crawl):
    with answering({"/": front("/pier"), "/pier": broken_cache(story("pier"))}) as server:
        run(crawl, server, *LINKS)
    assert outcomes(crawl)["/pier"] == ("article", None)
    assert server.times("/pier") == 2
    assert validators(server, "/pier") == [None, None]


def test_an_unread_page_that_is_never_anything_else_has_failed(crawl):
    with answering({"/": front("/pier"), "/pier": STALE}) as server:
        for times in (2, 4):
            run(crawl, server, *LINKS)
            assert outcomes(crawl)["/pier"] == ("failed", "UnaskedNotModified")
            assert server.times("/pier") == times
            crawl.do("forget", f"{server.url}/pier")
    assert crawl.articles() == {}


def test_a_front_page_and_a_sitemap_that_are_never_anything_else_have_failed(crawl):
    with answering({"/": STALE, "/sitemap.xml": STALE}) as server:
        run(crawl, server)
    assert outcomes(crawl)["/"] == ("failed", "UnaskedNotModified")
    assert outcomes(crawl)["/sitemap.xml"] == ("failed", "UnaskedNotModified")


def test_an_article_that_is_not_modified_though_nobody_asked_is_fetched_again(crawl):
    with answering({"/": front("/pier"), "/pier": story("pier")}) as server:
        run(crawl, server, *LINKS)
        server.pages["/pier"] = broken_cache(story("pier").replace("All about", "More about"))
        run(crawl, server, *LINKS)
    assert outcomes(crawl)["/pier"] == ("revision", None)


def test_an_article_that_nobody_saw_again_was_not_seen_again(crawl):
    with answering({"/": front("/pier"), "/pier": story("pier")}) as server:
        run(crawl, server, *LINKS)
        seen = [article.last_seen for article in crawl.articles().values()]
        server.pages["/pier"] = STALE
        run(crawl, server, *LINKS)
    assert outcomes(crawl)["/pier"] == ("failed", "UnaskedNotModified")
    assert [article.last_seen for article in crawl.articles().values()] == seen


@pytest.mark.parametrize("policy", ["DummyPolicy", "RFC2616Policy"])
def test_scrapys_own_cache_is_passed_too(crawl, policy):
    cache = {
        "HTTPCACHE_ENABLED": "True",
        "HTTPCACHE_DIR": str(crawl.folder / "cache"),
        "HTTPCACHE_POLICY": f"scrapy.extensions.httpcache.{policy}",
    }
    with answering({"/": front("/pier"), "/pier": STALE}) as server:
        run(crawl, server, *LINKS, **cache)
        assert outcomes(crawl)["/pier"] == ("failed", "UnaskedNotModified")
        server.pages["/pier"] = broken_cache(story("pier"))
        crawl.do("forget", f"{server.url}/pier")
        run(crawl, server, *LINKS, **cache)
    assert outcomes(crawl)["/pier"] == ("article", None)


# A page of which something is known


def test_a_page_that_was_read_is_asked_for_conditionally(crawl):
    pages = {"/": known_by('"f"', front("/pier")), "/pier": known_by('"p"', story("pier"))}
    with answering(pages) as server:
        for _ in range(3):
            run(crawl, server, *LINKS)
    assert validators(server, "/") == [None, '"f"', '"f"']
    assert validators(server, "/pier") == [None, '"p"', '"p"']
    assert outcomes(crawl) == {
        "/": ("unchanged", "NotModified"),
        "/pier": ("unchanged", "NotModified"),
    }


def test_a_copy_is_asked_for_conditionally(crawl):
    copy = known_by('"c"', story("pier").replace("2025-03", "2025-04"))
    with answering({"/": front("/pier", "/copy"), "/pier": story("pier"), "/copy": copy}) as server:
        run(crawl, server, *LINKS, CONCURRENT_REQUESTS_PER_DOMAIN="1")
        assert outcomes(crawl)["/copy"] == ("duplicate", "exact")
        run(crawl, server, *LINKS)
    assert validators(server, "/copy")[-1] == '"c"'
    assert outcomes(crawl)["/copy"] == ("unchanged", "NotModified")


# A page of which nothing was kept


def due_again(crawl: Crawl) -> None:
    """Make every page due, also what is never visited again by itself."""
    engine = connect(crawl.database)
    with engine.begin() as connection:
        connection.execute(pages.update().values(due=1.0))
    engine.dispose()


SPLIT = story("split").replace(
    "</article>", '<nav class="pagination"><a href="/page/2/">2</a></nav></article>'
)
TYPED = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Pier"}</script>'
SHORT = story("pier", words=20).replace("<title>", f"{TYPED}<title>")
NOT_KEPT: dict[str, tuple[str, dict[str, str]]] = {
    "rejected: TooShort": (SHORT, {}),
    "refused: OptedOut": (
        story("pier").replace("<title>", '<meta name="robots" content="noindex"><title>'),
        {"NEWSCRAWL_OBEY_SIGNALS": "noindex"},
    ),
    "failed: MissingPart": (SPLIT.replace("/page/2/", "/pier/2/"), {}),
    "refused: BotWall": ('<h1>One moment</h1><script src="/challenge-run/1.js"></script>', {}),
    "gone: SoftNotFound": ("<h1>Sorry, this page is not found</h1>", {}),
}


@pytest.mark.parametrize("said", NOT_KEPT)
def test_a_page_of_which_nothing_was_kept_is_read_again(crawl, said):
    body, settings = NOT_KEPT[said]
    with answering({"/": front("/pier"), "/pier": known_by('"p"', body)}) as server:
        run(crawl, server, *LINKS, **settings)
        outcome, reason = outcomes(crawl)["/pier"]
        assert f"{outcome}: {reason}".startswith(said)
        due_again(crawl)
        run(crawl, server, *LINKS, **settings)
        assert outcomes(crawl)["/pier"] == (outcome, reason)
    assert set(validators(server, "/pier")) == {None}


def test_a_page_that_was_too_old_for_another_run_is_read_again(crawl):
    with answering({"/": front("/pier"), "/pier": known_by('"p"', story("pier"))}) as server:
        run(crawl, server, *LINKS, "-a", "since=2026-01-01")
        assert outcomes(crawl)["/pier"] == ("rejected", "PublishedBefore")
        due_again(crawl)
        run(crawl, server, *LINKS)
    assert outcomes(crawl)["/pier"] == ("article", None)


def test_an_article_that_is_no_longer_there_is_read_again(crawl):
    with answering({"/": front("/pier"), "/pier": known_by('"p"', story("pier"))}) as server:
        run(crawl, server, *LINKS)
        engine = connect(crawl.database)
        with engine.begin() as connection:
            connection.execute(delete(aliases))
            connection.execute(delete(articles))
        engine.dispose()
        run(crawl, server, *LINKS)
    assert outcomes(crawl)["/pier"][0] != "unchanged"
    assert len(crawl.articles()) == 1


# What a run was asked for decides what it reads


def test_a_front_page_whose_links_were_not_wanted_is_read_again_when_they_are(crawl):
    front_page = known_by('"f"', front("/match", "/opera"))
    with answering({"/": front_page, "/match": story("match"), "/opera": story("opera")}) as server:
        run(crawl, server, *LINKS, "-a", "max_depth=0")
        assert set(outcomes(crawl)) == {"/"}
        run(crawl, server, *LINKS)
    assert len(crawl.articles()) == 2
    assert validators(server, "/") == [None, None]


def test_a_sitemap_read_since_a_day_is_read_again_from_its_beginning(crawl):
    with answering({"/": front("/new"), "/old": story("old"), "/new": story("new")}) as server:
        dates = {"/old": "2020-02-02", "/new": "2026-02-02"}
        locs = "".join(
            f"<url><loc>{server.url}{path}</loc><lastmod>{date}</lastmod></url>"
            for path, date in dates.items()
        )
        server.pages["/sitemap.xml"] = known_by('"m"', f"<urlset>{locs}</urlset>")
        run(crawl, server, "-a", "since=2025-01-01")
        assert "/old" not in outcomes(crawl)
        run(crawl, server)
        run(crawl, server)
    assert identity(f"{server.url}/old") in crawl.articles()
    assert validators(server, "/sitemap.xml") == [None, None, '"m"']


# A browser


@needs_chromium
def test_a_browser_names_no_version(crawl):
    shell = "<title>News</title><div id='root'></div><script>{}</script>".format(
        "root.innerHTML = '<article><h1>The quay</h1><p>' + 'word '.repeat(200) + '</p></article>'"
    )
    pages: dict[str, Answers] = {"/": front("/pier"), "/pier": known_by('"p"', story("pier"))}
    with answering(pages) as server:
        run(crawl, server, *LINKS, "-a", "browser=auto")
        server.pages["/pier"] = Answer(shell, headers=(HTML, ("ETag", '"shell"')))
        run(crawl, server, *LINKS, "-a", "browser=auto")
    assert outcomes(crawl)["/pier"] == ("revision", None)
    assert validators(server, "/pier") == [None, '"p"', None]
