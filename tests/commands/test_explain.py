"""What ``explain`` says of every kind of URL that a crawl meets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from newscrawl.pages.doubts import DOUBTFUL
from tests.commands.gazette import Answer, gazette, sitemap, story, words
from tests.commands.terminal import joined, shown_on_a_terminal
from tests.crawl.crawling import Crawl

LONG = (
    "/town/" + "a-very-long-name-that-no-terminal-of-eighty-columns-can-show-in-one-line" + ".html"
)


def moved(to: str) -> Answer:
    return Answer(302, headers=(("Location", to),))


def split(path: str, number: int) -> Answer:
    page = story(path, text=words(f"split{number}"))
    others = "".join(f'<a href="{path}?page={n}">{n}</a>' for n in (1, 2) if n != number)
    body = page.body.replace("</article>", f'<nav class="pagination">{others}</nav></article>')
    return page._replace(body=body)


EXTRA = {
    "/town/split.html": split("/town/split.html", 1),
    "/town/split.html?page=2": split("/town/split.html", 2),
    "/robots.txt": Answer(body="User-agent: *\nDisallow: /town/secret.html\n", type="text/plain"),
    "/print/1.html": story("/town/report-000.html", canonical="/town/report-000.html"),
    "/second/2.html": story("/harbour/report-001.html"),
    "/town/old-name.html": moved("/town/older-name.html"),
    "/town/older-name.html": moved("/letters/report-002.html"),
    "/town/away.html": moved("https://elsewhere.example.org/"),
    "/town/secret.html": story("/town/secret.html"),
    "/town/broken.html": Answer(500),
    "/town/short.html": story("/town/short.html", text=words("short", 80)),
    "/mobile/only.html": story("/mobile/only.html", canonical="/town/never-there.html"),
    LONG: story(LONG),
}
ASIDE = "".join(f"<p>{words(f'aside{at}x', 60)}.</p>" for at in range(9))
DOUBTFUL_STORY = story("/town/doubtful.html", text=words("doubtful", 130))
EXTRA["/town/doubtful.html"] = DOUBTFUL_STORY._replace(
    body=DOUBTFUL_STORY.body.replace("</h1>", "</h1>" + "<div>A label</div>" * 30).replace(
        "</article>", f"</article><div><aside>{ASIDE}</aside></div>"
    )
)
LOST = "/town/lost.html"


@pytest.fixture(scope="module")
def site():
    with gazette(EXTRA) as site:
        pages = [path for path in EXTRA if path != "/robots.txt" and "?" not in path]
        site.pages["/sitemap.xml"] = sitemap(site.urls([*site.stories, *pages, LOST]))
        yield site


@pytest.fixture(scope="module")
def crawl(site, tmp_path_factory):
    crawl = Crawl(tmp_path_factory.mktemp("explain"))
    settings = {"RETRY_ENABLED": "False", "NEWSCRAWL_MIN_WORDS": "100"}
    crawl.run("site", "-a", f"url={site.url()}", **settings)
    return crawl


def told(crawl: Crawl, url: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(crawl.do("explain", url, "--json").stdout)
    return found


def first_lines(crawl: Crawl, url: str) -> str:
    return crawl.do("explain", url).stdout.partition("The page")[0]


def test_an_article_is_one(crawl, site):
    assert first_lines(crawl, site.url("/letters/report-002.html")) == "It is an article.\n"


def test_a_doubtful_text_says_so_and_why(crawl, site):
    url = site.url("/town/doubtful.html")
    said = first_lines(crawl, url)
    assert said.startswith("It is an article.\nIts text is doubtful (0.")
    found = told(crawl, url)["article"]
    assert found["confidence"] < DOUBTFUL
    assert found["doubts"][0] in said
    shown = [line.split() for line in crawl.do("explain", url).stdout.splitlines()]
    assert ["│", "confidence", "│", f"{found['confidence']:.2f}", "│"] in shown


def test_a_canonical_copy_says_of_what_and_what_is_kept_of_it(crawl, site):
    copy, original = site.url("/print/1.html"), site.url("/town/report-000.html")
    assert first_lines(crawl, copy) == (
        f"It is a copy (canonical) of {original}. Its row, its visits and its address are kept, "
        "its text is not: what follows is the article of that page.\n"
    )
    found = told(crawl, copy)
    assert (found["kind"], found["points_to"]) == ("other address", original)
    assert (found["page"]["url"], found["article"]["url"]) == (copy, original)


def test_a_copy_with_a_record_of_its_own_says_so(crawl, site):
    copy, original = site.url("/second/2.html"), site.url("/harbour/report-001.html")
    assert first_lines(crawl, copy).startswith(
        f"It is a copy (exact) of {original}, kept as a record of its own, which follows; "
    )
    found = told(crawl, copy)
    assert (found["kind"], found["points_to"]) == ("copy", original)
    assert found["article"]["url"] == copy


def test_a_part_of_a_split_article_says_whose_it_is(crawl, site):
    part, article = site.url("/town/split.html?page=2"), site.url("/town/split.html")
    found = told(crawl, part)
    assert (found["kind"], found["points_to"]) == ("part", article)
    assert "split2" in found["article"]["text"]
    assert first_lines(crawl, part).startswith(
        f"It is a part of {article}. Its row, its visits and its address are kept, its text is "
        "within that of the article: "
    )


def test_an_original_says_how_many_copies_there_are(crawl, site):
    assert first_lines(crawl, site.url("/harbour/report-001.html")) == (
        "It is an article, of which 1 copy is stored.\n"
    )


def test_another_spelling_is_told_from_the_page(crawl, site):
    asked = f"http://{site.site}/letters/report-002.html?utm_source=mail"
    said = first_lines(crawl, asked)
    assert f"is another spelling of {site.url('/letters/report-002.html')}" in said
    assert said.endswith("It is an article.\n")


def test_an_address_may_be_typed_without_its_scheme(crawl, site):
    assert told(crawl, f"{site.site}/letters/report-002.html")["kind"] == "article"


def test_a_redirect_says_where_it_ends_and_what_became_of_that(crawl, site):
    found = told(crawl, site.url("/town/old-name.html"))
    assert (found["kind"], found["points_to"]) == (
        "redirected",
        site.url("/letters/report-002.html"),
    )
    assert [each["outcome"] for each in found["leads_to"]] == ["redirected", "article"]
    assert first_lines(crawl, site.url("/town/old-name.html")).splitlines() == [
        f"It redirects to {site.url('/town/older-name.html')}.",
        f"That redirects to {site.url('/letters/report-002.html')}.",
        "What became of that: article.",
        "Its row and visits are kept, no text.",
    ]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/town/away.html", "refused (OutOfScope: https://elsewhere.example.org/). The answer "),
        (
            "/town/secret.html",
            "refused (RobotsForbidden). robots.txt forbids the URL to this crawler.",
        ),
        ("/town/broken.html", "failed (Http500). It could not be fetched or read."),
        (LOST, "gone (Http404). The server says that there is nothing."),
        (
            "/town/short.html",
            "rejected (TooShort). The body has fewer words than NEWSCRAWL_MIN_WORDS.",
        ),
        ("/", "listing. It links to articles and has none of its own."),
    ],
)
def test_a_page_without_an_article_says_why_in_words(crawl, site, path, said):
    lines = first_lines(crawl, site.url(path)).splitlines()
    assert lines[0].startswith(f"The last visit ended as {said}")
    assert lines[1] == "Nothing is stored of it but its row and visits."


def test_a_list_of_the_site_is_none_of_its_pages(crawl, site):
    assert told(crawl, site.url("/sitemap.xml"))["kind"] == "sitemap"


def test_an_address_that_only_a_page_names_is_told_from_a_page(crawl, site):
    asked = crawl.do("explain", site.url("/town/never-there.html"))
    assert asked.returncode == 0
    assert asked.stdout.startswith(
        f"{site.url('/town/never-there.html')} was never discovered, but "
        f"{site.url('/mobile/only.html')} names it as its own address"
    )


def test_a_url_never_discovered_says_whether_its_site_is_known(crawl, site):
    asked = crawl.do("explain", site.url("/nowhere/report-002.html"))
    assert asked.returncode == 1
    assert asked.stdout == (
        f"{site.url('/nowhere/report-002.html')} was never discovered\n"
        f"Its site {site.site} is known, with {len(crawl.pages())} other URLs.\n"
        f"Of the same name: {site.url('/letters/report-002.html')}\n"
    )
    elsewhere = crawl.do("explain", "news.example.org/a", "--json")
    assert elsewhere.returncode == 1
    assert json.loads(elsewhere.stdout)["page"] is None
    assert json.loads(elsewhere.stdout)["kind"] == "never discovered"


def test_a_page_that_was_an_article_and_is_gone_shows_what_is_stored(tmp_path):
    crawl = Crawl(tmp_path)
    with gazette(stories=6) as site:
        url = site.url(site.stories[0])
        crawl.run("site", "-a", f"url={site.url()}")
        site.pages[site.stories[0]] = Answer(410)
        crawl.do("forget", url)
        crawl.run("site", "-a", f"url={site.url()}")
    assert first_lines(crawl, url).splitlines() == [
        "It is an article.",
        "The last visit ended as gone (Http410). The server says that there is nothing.",
        "What is stored is of visits before.",
    ]


def test_a_page_that_waits_says_so(tmp_path):
    crawl = Crawl(tmp_path)
    with gazette(stories=30) as site:
        crawl.run("site", "-a", f"url={site.url()}", "-a", "max_articles=1")
    waiting = next(page for page in crawl.pages().values() if page["state"] == "queued")
    assert first_lines(crawl, waiting["url"]) == "It waits to be crawled.\n"


# Nothing is cut


def test_in_a_pipe_every_value_stands_on_a_line_of_its_own(crawl, site):
    lines = crawl.do("explain", site.url(LONG)).stdout.splitlines()
    assert f"│ url          │ {site.url(LONG)}" in "\n".join(lines)
    assert sum(site.url(LONG) in line for line in lines) >= 3
    assert not any("…" in line for line in lines if "│ text " not in line and "│ html " not in line)


def test_on_a_terminal_a_long_url_goes_on_in_the_next_line(crawl, site):
    shown = shown_on_a_terminal(
        ["explain", site.url(LONG)], folder=crawl.folder, database=crawl.database
    )
    assert max(map(len, shown)) <= 80
    assert joined(shown).count(site.url(LONG)) >= 1
