from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest
from web_poet import HttpResponse

from newscrawl.pages.news import NewsPage
from tests.pages.examples import FIRST, SECOND, STORY, THIRD, URL

TITLE = "The ferry is back"
DAY = datetime(2024, 5, 4, tzinfo=UTC)


def read(html, head="", url=URL, lang=""):
    page = f'<html lang="{lang}"><head>{head}</head><body>{html}</body></html>'
    return asyncio.run(NewsPage(HttpResponse(url, page.encode())).to_item())


def rule(article):
    return article.provenance["published"].removesuffix(":assumed-utc")


@pytest.mark.parametrize(
    "line",
    [
        "<p>4 May 2024</p>",
        "<div><span>By Ada Quill</span><span>May 4th, 2024</span></div>",
        "<ul><li>Harbour</li><li>04.05.2024, 11.30 Uhr</li></ul>",
        "<dl><dt>Datum</dt><dd>4. Mai 2024</dd></dl>",
        "<p>Isle Post • 4-May-2024 • 3 min read</p>",
        "<p>04.05.24</p>",
        "<h5>On:</h5>4 May 2024",
        "<p>2024. május 4.</p>",
        "<aside><a href=/harbour/>Harbour</a> 4 May 2024</aside>",
    ],
)
@pytest.mark.parametrize("above", [False, True], ids=["below", "above"])
def test_a_short_line_next_to_the_headline_tells_the_date(line, above):
    around = (line, "") if above else ("", line)
    found = read(f"<div>{around[0]}<h1>{TITLE}</h1>{around[1]}</div><div>{STORY}</div>")
    assert (found.published and found.published.date(), rule(found)) == (DAY.date(), "html:line")


def test_the_nearest_line_counts():
    far = "<p>Harbour</p><p>Ferries</p><p>1 May 2024</p>"
    found = read(f"<div><p>4 May 2024</p><h1>{TITLE}</h1>{far}</div><div>{STORY}</div>")
    assert found.published == DAY


@pytest.mark.parametrize(
    "begin", ["(4 May 2024)", "4.5.2024 –", "OUTER ISLANDS, May 4, 2024 (IP) —", "Quay, 4.5.2024:"]
)
def test_a_dateline_tells_the_date(begin):
    found = read(f"<h1>{TITLE}</h1><div><p>{begin} {FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></div>")
    assert found.published == DAY


@pytest.mark.parametrize("line", ["Posted on 4 May 2024 by Ada Quill", "Stand: 04.05.2024"])
def test_a_line_below_the_text_tells_the_date(line):
    found = read(f"<h1>{TITLE}</h1><div>{STORY}</div><div>{line}</div>")
    assert found.published == DAY


HEADED = f"<h1>{TITLE}</h1>"
TOLD = f"{HEADED}<div>{STORY}</div>"
DATED = "<p>4 May 2024</p>"
TEASER = f"<div><h2><a href=/other/>Quay sold</a></h2>{DATED}</div>"
OTHER_DATES = {
    "in the text": f"{HEADED}<div>{STORY}<p>The quay is of 4 May 1998, all of it.</p>{STORY}</div>",
    "at the start of a sentence": f"{HEADED}<div><p>On 4 May 2024 {FIRST}</p>{STORY}</div>",
    "in a standfirst": f"{HEADED}<p>On 4 May 2024 the quay was sold. {SECOND}</p>{STORY}",
    "a year of rights": f"{TOLD}<p>Copyright 2024 The Isle Post</p>",
    "below another heading": f"{TOLD}<h3>More</h3>{DATED}",
    "of a comment": f"{TOLD}<div class=comments>{DATED}</div>",
    "of a teaser": f"{HEADED}{TEASER}<div>{STORY}</div>",
    "of today, in the page's header": f"<header>{DATED}</header>{TOLD}",
    "in a menu": f"<nav>{DATED}</nav>{TOLD}",
    "a version": f"{HEADED}<p>Firmware 10.2.24 or 1.12.7</p><div>{STORY}</div>",
}


@pytest.mark.parametrize("html", OTHER_DATES.values(), ids=OTHER_DATES)
def test_other_dates_are_none_of_the_storys(html):
    assert read(html).published is None


def test_what_is_called_an_update_is_no_publication():
    head = f"<h1>{TITLE}</h1><p>Last updated on 6 May 2024</p>"
    assert read(f"{head}<div>{STORY}</div>").published is None
    both = read(f"{head}<div>{STORY}</div><div>First seen on 4 May 2024</div>")
    assert (both.published, rule(both)) == (DAY, "html:line")


def test_neighbours_in_one_line_are_two_words():
    meta = "<p class=meta><b>Ada Quill</b><b>4 May 2024</b><i>Updated 6 May 2024</i></p>"
    assert read(f"<h1>{TITLE}</h1>{meta}<div>{STORY}</div>").published == DAY


def test_a_headline_outside_the_article_element_has_its_date_beside_it():
    meta = "<div><h1>The ferry is back</h1><time>4 May 2024</time></div>"
    found = read(f"<div>{meta}</div><article>{STORY}</article>")
    assert (found.published, rule(found)) == (DAY, "html")


def test_a_date_within_the_heading_itself_is_the_storys():
    found = read(f"<h1><span class=date>04.05.2024</span>{TITLE}</h1><div>{STORY}</div>")
    assert found.published == DAY


@pytest.mark.parametrize("name", ["date", "dc.date", "pubdate"])
def test_what_a_reader_sees_goes_before_a_loose_meta(name):
    head = f'<meta name="{name}" content="2024-05-09">'
    shown = read(f"<h1>{TITLE}</h1><time>4 May 2024</time><div>{STORY}</div>", head)
    assert shown.published == DAY
    assert rule(read(f"<h1>{TITLE}</h1><div>{STORY}</div>", head)) == "meta"


@pytest.mark.parametrize(
    "name", ["article:first_published_time", "publishedDate", "date.created", "sw-pubdate"]
)
def test_a_meta_named_after_a_publication_is_read(name):
    head = f'<meta name="{name}" content="2024-05-04">'
    assert read(f"<h1>{TITLE}</h1><div>{STORY}</div>", head).published == DAY


@pytest.mark.parametrize("name", ["last-modified", "article:expiration_time", "unpublished"])
def test_a_meta_of_something_else_is_no_publication(name):
    head = f'<meta name="{name}" content="2024-05-04">'
    assert read(f"<h1>{TITLE}</h1><div>{STORY}</div>", head).published is None


def test_the_only_date_in_json_ld_is_the_storys_whatever_its_type():
    guide = {"@type": "HowTo", "name": "To tie a ferry", "datePublished": "2024-05-04"}
    script = '<script type="application/ld+json">{}</script>'
    html = f"<h1>{TITLE}</h1><div>{STORY}</div>"
    found = read(html, script.format(json.dumps(guide)))
    assert (found.published, rule(found)) == (DAY, "json-ld:only")
    two = [guide, {**guide, "datePublished": "2024-05-01"}]
    assert read(html, script.format(json.dumps(two))).published is None


@pytest.mark.parametrize(
    ("lang", "locale", "month"),
    [
        ("en", "en_US", 4),
        ("en-GB", "en_US", 5),
        ("en", "", 5),
        ("", "en_US", 4),
        ("de", "en_US", 5),
    ],
)
def test_an_english_page_without_a_region_is_of_the_one_that_another_tag_names(lang, locale, month):
    head = f'<meta property="og:locale" content="{locale}">' if locale else ""
    html = f"<h1>{TITLE}</h1><p>04/05/2024</p><div>{STORY}</div>"
    found = read(html, head, lang=lang).published
    assert found
    assert found.month == month
