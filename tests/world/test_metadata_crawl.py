"""A whole crawl of a small site whose pages say of themselves what real ones do."""

from __future__ import annotations

from tests.crawl.answering import answering, front, story
from tests.crawl.crawling import Crawl

HEADING = "<h1>All about {}</h1>"


def test_a_crawl_stores_what_its_pages_say_of_themselves(tmp_path):
    loose = (
        '<script type="application/ld+json; charset=utf-8">/* made by a plugin */ {"@type": '
        '"NewsArticle", "headline": "All about ferries", "author": {"@id": "#ada"}, '
        '"commentCount": 0,} // end</script><script type="application/ld+json">'
        '{"@id": "#ada", "@type": "Person", "givenName": "Ada", "familyName": "Quill"}</script>'
    )
    byline = '<p class="byline">Ada Quill and 2 others \u00b7 1 March 2025</p>'
    name = '<h1 class="site-title"><a href="/">The Quay Post</a></h1>'
    pages = {
        "/ferries/": story("ferries").replace("</head>", f"{loose}</head>"),
        "/tides/": story("tides").replace("<time", f"{byline}<time"),
        "/untitled/": story("The Quay Post").replace(HEADING.format("The Quay Post"), name),
    }
    crawl = Crawl(tmp_path)
    with answering({"/": front(*pages), **pages}) as server:
        crawl.run("site", "-a", f"url={server.url}/", NEWSCRAWL_MIN_WORDS="20")
    stored = {each.headline: each for each in crawl.articles().values()}
    assert sorted(stored) == ["All about ferries", "All about tides"]
    ferries, tides = (stored[f"All about {what}"] for what in ("ferries", "tides"))
    assert (ferries.authors, ferries.comment_count) == (["Ada Quill"], 0)
    assert tides.authors == ["Ada Quill"]
    reasons = [each["reason"] for each in crawl.visits() if each["outcome"] == "rejected"]
    assert reasons == ["MissingHeadline"]
