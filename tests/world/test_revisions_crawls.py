"""Two crawls of one page: what is stored of the second visit."""

from __future__ import annotations

import pytest

from tests.crawl.answering import answering, front, outcomes
from tests.crawl.conftest import crawl
from tests.crawl.crawling import ALWAYS_DUE, Crawl

__all__ = ["crawl"]

PROSE = (
    "The harbour reopened on Friday, after a week of storms and repairs. Ferries sail again, and "
    "the first of them took lorries that had waited for days to the islands in the west."
)


def page(date: str = "2025-03-01T10:00:00+01:00", top: str = "", end: str = "") -> str:
    return f"""<!doctype html><html lang="en"><head><title>All about the quay</title>
<meta property="og:type" content="article">
<meta property="article:published_time" content="{date}"></head>
<body><main><article><h1>All about the quay</h1>{top}<p>{PROSE}</p><p>{PROSE[::-1]}</p>{end}
<p>{PROSE.upper()}</p></article></main></body></html>"""


def visit_twice(crawl: Crawl, before: str, after: str) -> tuple[int, str]:
    """Return the number of the revision, and what became of the second visit."""
    with answering({"/": front("/quay"), "/quay": before}) as server:
        for each in (before, after):
            server.pages["/quay"] = each
            process = crawl.run(
                "site", "-a", f"url={server.url}/", "-a", "discover=links", **ALWAYS_DUE
            )
            assert "Traceback" not in crawl.log, process.stderr
    (article,) = crawl.articles().values()
    assert len(crawl.revisions()) == article.revision - 1
    return article.revision, outcomes(crawl)["/quay"][0]


COUNTED = """<p>{0} views</p><p>{1} comments</p><p>Updated {0} minutes ago</p><p>{1} min read</p>
<table><tr><td>ACME</td><td>{1}.34</td><td>+0.{0}%</td></tr></table>
<ul><li>Yes 5{2}%</li><li>No 4{3}%</li></ul><p>{0} readers now</p><p>{1} shares</p>
<p>Harbour {2}-1 Town</p>"""


def test_what_counts_by_itself_makes_no_revision(crawl):
    before = page(end=COUNTED.format(12, 5, 4, 6))
    assert visit_twice(crawl, before, page(end=COUNTED.format(37, 9, 5, 5))) == (1, "unchanged")


def test_the_text_is_stored_with_its_counters(crawl):
    visit_twice(crawl, page(end="<p>By Ada Quill, 12 comments so far</p>"), page())
    (article,) = crawl.articles().values()
    assert PROSE in article.text


@pytest.mark.parametrize("date", ["2025-03-01T09:00:00Z", "2025-03-01T04:00:00-05:00"])
def test_another_offset_of_one_moment_makes_no_revision(crawl, date):
    assert visit_twice(crawl, page(), page(date)) == (1, "unchanged")


def test_another_moment_makes_a_revision(crawl):
    assert visit_twice(crawl, page(), page("2025-03-01T10:00:00Z")) == (2, "revision")


def test_another_figure_in_a_sentence_makes_a_revision(crawl):
    dead = "<p>The fire brigade of the harbour said that {} people are dead.</p>"
    before, after = (page(end=dead.format(number)) for number in (12, 14))
    assert visit_twice(crawl, before, after) == (2, "revision")


def test_other_pictures_and_related_links_make_no_revision(crawl):
    before, after = (page(end=f'<figure><img src="/{name}.jpg"></figure>') for name in "ab")
    assert visit_twice(crawl, before, after) == (1, "unchanged")
