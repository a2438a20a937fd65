"""A whole crawl of pages that carry the next story below their own."""

from __future__ import annotations

import re

from tests.crawl.answering import answering, front, story
from tests.crawl.crawling import Crawl

NAMES = ("ferries", "tides", "trams")


def words(name):
    paragraphs = article(name).partition("</time>")[2]
    return set(re.sub(r"<[^>]*>", " ", paragraphs).split())


def article(name):
    page = story(name)
    return page[page.index("<body>") + len("<body>") : page.index("</body>")]


def with_the_next(name, after):
    own, other = article(name), article(after)
    both = f"<article>{own}</article><article data-url='/{after}/'>{other}</article>"
    return story(name).replace(own, f"<main>{both}</main>")


def test_each_story_is_stored_from_its_own_page_and_is_no_copy_of_another(tmp_path):
    pages = {
        f"/{name}/": with_the_next(name, after)
        for name, after in zip(NAMES, [*NAMES[1:], NAMES[0]], strict=True)
    }
    crawl = Crawl(tmp_path)
    with answering({"/": front(*pages), **pages}) as server:
        crawl.run("site", "-a", f"url={server.url}/", NEWSCRAWL_MIN_WORDS="20")
    stored = {each.headline: each for each in crawl.articles().values()}
    assert sorted(stored) == [f"All about {name}" for name in NAMES]
    assert [each.duplicate_of for each in stored.values()] == [None] * len(NAMES)
    told = {name: words(name) for name in NAMES}
    assert {name: set(stored[f"All about {name}"].text.split()) for name in NAMES} == told
