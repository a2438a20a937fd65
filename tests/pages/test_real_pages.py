"""Ten real pages of two JNews sites, read by eye.

They belong to their owners and are not part of this project: without the folder named by
``NEWSCRAWL_SHARED_PAGES`` this module skips.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from web_poet import HttpResponse

from newscrawl.items import Heading, Image
from newscrawl.pages.fields.parts import join_parts
from newscrawl.pages.news import NewsPage

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("NEWSCRAWL_SHARED_PAGES", ROOT.parent / "shared" / "pages"))
FOLDER = (SHARED if SHARED.is_absolute() else ROOT / SHARED) / "jnews"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="no real pages in the folder of NEWSCRAWL_SHARED_PAGES"
)

STORY = "7seen_article"
SPLIT = "7seen_article_split_p1"
SECOND = "7seen_article_split_p2"
SECTION = "7seen_category_hero_p1"
SECTION_2 = "7seen_category_p2"
GUIDE = "retrobowl_article_toc"
LOST = "retrobowl_404"
URLS = {
    STORY: "https://7seen.net/2020/07/04/story/index.htm",
    SPLIT: "https://7seen.net/2020/04/26/317/index.htm",
    SECOND: "https://7seen.net/2020/04/26/317/2/index.htm",
    SECTION: "https://7seen.net/category/stories/index.htm",
    SECTION_2: "https://7seen.net/category/stories/page/2/index.htm",
    GUIDE: "https://retrobowl.me/best-team-in-retro-bowl",
    LOST: "https://retrobowl.me/no-such-page",
    "retrobowl_category_feed": "https://retrobowl.me/category/wiki/feed",
    "retrobowl_post-sitemap": "https://retrobowl.me/post-sitemap.xml",
    "retrobowl_sitemap_index": "https://retrobowl.me/sitemap_index.xml",
}
KINDS = {
    STORY: "article",
    SPLIT: "article",
    SECOND: "part",
    SECTION: "listing",
    SECTION_2: "listing",
    GUIDE: "article",
    LOST: "page",
    "retrobowl_category_feed": "page",
    "retrobowl_post-sitemap": "page",
    "retrobowl_sitemap_index": "page",
}
DEFAULT_IMAGE = Image(
    url="https://7seen.net/wp-content/uploads/2020/07/news-concept-landing-page_52683-18565.jpg",
    alt="الرئيسية",
)
UPLOADS = "https://retrobowl.me/blog/wp-content/uploads/2023/06/thumbsretrobowl"
EXPECTED: dict[str, dict[str, Any]] = {
    STORY: {
        "url": URLS[STORY],
        "canonical_url": URLS[STORY],
        "headline": "قصة وعبرة كل ساق سيسقى بما سقى يوما ما",
        "subtitle": None,
        "authors": ["معاذ السوادي"],
        "published": datetime(2020, 7, 4, 3, 15, 43, tzinfo=UTC),
        "published_raw": "2020-07-04T03:15:43+00:00",
        "modified": datetime(2020, 7, 4, 3, 15, 43, tzinfo=UTC),
        "sections": ["قصص"],
        "tags": ["قصة وعبرة", "قصص"],
        "breadcrumbs": ["Home", "قصص"],
        "language": "ar",
        "headings": [],
        "images": [DEFAULT_IMAGE],
        "source_url": None,
        "source_name": None,
        "reading_minutes": None,
        "comment_count": 0,
        "share_count": None,
        "view_count": None,
        "previous_url": None,
        "next_url": "https://7seen.net/2020/07/04/إثيوبيا-العنف-يستمر-خلال-جنازة-هاشال/index.htm",
    },
    SPLIT: {
        "url": URLS[SPLIT],
        "canonical_url": URLS[SPLIT],
        "headline": "ماهي اداة Nikto",
        "subtitle": "\u2022\u200c\u200f ماهي اداة Nikto",
        "authors": ["معاذ السوادي"],
        "published": datetime(2020, 4, 26, 4, 38, 30, tzinfo=UTC),
        "published_raw": "2020-04-26T04:38:30+00:00",
        "modified": datetime(2020, 4, 29, 6, 36, 47, tzinfo=UTC),
        "sections": ["الكمبيوتر والحاسوب", "تقنية"],
        "tags": ["nikto", "أمنية", "حماية"],
        "breadcrumbs": ["Home", "الكمبيوتر والحاسوب"],
        "language": "ar",
        "headings": [],
        "images": [DEFAULT_IMAGE],
        "source_url": None,
        "source_name": None,
        "reading_minutes": None,
        "comment_count": 0,
        "share_count": None,
        "view_count": None,
        "previous_url": None,
        "next_url": "https://7seen.net/2020/04/27/قضاة-الحوائح-إبراهيم-بن-أدهم/index.htm",
    },
    GUIDE: {
        "url": URLS[GUIDE],
        "canonical_url": URLS[GUIDE],
        "headline": "Best Team in Retro Bowl",
        "subtitle": None,
        "authors": ["New Star Games"],
        "published": datetime(2023, 6, 12, 13, 33, 21, tzinfo=UTC),
        "published_raw": "2023-06-12T13:33:21+00:00",
        "modified": datetime(2024, 3, 4, 6, 5, 59, tzinfo=UTC),
        "sections": ["Wiki"],
        "tags": ["american football", "best team", "retro bowl", "sports"],
        "breadcrumbs": ["Home", "Wiki", "Best Team in Retro Bowl"],
        "language": "en-US",
        "headings": [
            Heading(level=2, text=text)
            for text in (
                "What is Retro Bowl?",
                "How to Play Retro Bowl?",
                "Strategy and Tips for Winning Retro Bowl",
                "The Best Teams in Retro Bowl",
                "How to Choose the Best Team in Retro Bowl",
                "Conclusion",
            )
        ],
        "images": [
            Image(
                url=f"{UPLOADS}1686576784.3621833-the_best_retro_bowl_team.png".replace("blog/", "")
            ),
            Image(
                url=f"{UPLOADS}1686576789.0211122-the_best_retro_bowl_team.png",
                alt="The Best Retro Bowl Team",
            ),
            Image(
                url=f"{UPLOADS}1686576794.3986275-the_best_retro_bowl_team.png",
                alt="The Best Retro Bowl Team",
            ),
            Image(url="https://i.imgur.com/5708QsF.png", alt="Thanks for reading"),
        ],
        "source_url": None,
        "source_name": None,
        "reading_minutes": 3,
        "comment_count": 0,
        "share_count": None,
        "view_count": None,
        "previous_url": None,
        "next_url": "https://retrobowl.me/what-is-the-best-team-in-retro-bowl-2",
    },
}
BODIES = {
    STORY: ("يقول أحد الإخوة", "سقى يوماً ما", 9, "a60c32c4b948f945"),
    SPLIT: (
        "\u2022\u200c\u200f ماهي اداة Nikto",
        "https://cirt.net/nikto2-docs/",
        6,
        "36959097dab12c44",
    ),
    GUIDE: ("Retro Bowl Unblocked Game is not", "Thanks for reading!", 19, "7561e3f39c19a023"),
}
BOILERPLATE = (
    "ADVERTISEMENT",
    "Table of Contents",
    "Toggle",
    "Tags:",
    "Rate this",
    "adsbygoogle",
    "Load More",
    "صفحة 1",
)
RELATED = {STORY: 6, SPLIT: 3, GUIDE: 10}
LINKS = {
    STORY: {"category": 16, "related": 19, "author": 1, "tag": 2, "prevnext": 1},
    SPLIT: {"category": 16, "related": 15, "author": 1, "tag": 3, "part": 1, "prevnext": 1},
    SECOND: {"category": 16, "related": 15, "author": 1, "tag": 3, "part": 1, "prevnext": 1},
    SECTION: {"category": 15, "related": 13, "author": 1, "article": 16, "pagination": 2},
    SECTION_2: {"category": 15, "related": 13, "author": 1, "article": 16, "pagination": 3},
    GUIDE: {"category": 35, "related": 40, "tag": 4, "prevnext": 2},
    LOST: {"category": 35, "related": 40},
}


@cache
def page(name):
    suffix = "html" if name in LINKS else "xml"
    body = gzip.decompress((FOLDER / f"{name}.{suffix}.gz").read_bytes())
    return NewsPage(HttpResponse(URLS[name], body))


@cache
def article(name):
    return asyncio.run(page(name).to_item())


def urls(name, kind):
    return [link.url for link in page(name).links if link.kind == kind]


@pytest.mark.parametrize("name", KINDS)
def test_kind(name):
    assert page(name).kind == KINDS[name]


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name, fields in EXPECTED.items() for field in fields]
)
def test_field(name, field):
    assert getattr(article(name), field) == EXPECTED[name][field]


@pytest.mark.parametrize("name", BODIES)
def test_text_has_its_first_words(name):
    assert article(name).text.startswith(BODIES[name][0])


@pytest.mark.parametrize("name", BODIES)
def test_text_has_its_last_words(name):
    assert article(name).text.endswith(BODIES[name][1])


@pytest.mark.parametrize("name", BODIES)
def test_text_has_its_paragraphs(name):
    assert len(article(name).text.split("\n\n")) == BODIES[name][2]


@pytest.mark.parametrize("name", BODIES)
def test_text_is_the_one_that_was_read_by_eye(name):
    assert hashlib.sha256(article(name).text.encode()).hexdigest()[:16] == BODIES[name][3]


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("field", ["text", "html"])
def test_no_boilerplate_is_left(name, field):
    assert [each for each in BOILERPLATE if each in getattr(article(name), field)] == []


@pytest.mark.parametrize("name", EXPECTED)
def test_related_urls_are_those_of_the_related_block(name):
    assert len(article(name).related_urls) == RELATED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_filled_field_has_a_provenance(name):
    item = article(name)
    filled = {field for field, value in EXPECTED[name].items() if value not in (None, "", [])}
    assert filled | {"text", "html"} <= set(item.provenance)


@pytest.mark.parametrize("name", LINKS)
def test_links_by_role(name):
    assert Counter(str(link.kind) for link in page(name).links) == LINKS[name]


@pytest.mark.parametrize("name", LINKS)
def test_each_url_is_one_absolute_link(name):
    found = [link.url for link in page(name).links]
    assert len(found) == len(set(found))
    assert all(url.startswith(("http://", "https://")) and "#" not in url for url in found)


def test_the_section_leads_to_its_next_page():
    assert "https://7seen.net/category/stories/page/2/index.htm" in urls(SECTION, "pagination")


def test_the_second_page_of_the_section_leads_on():
    assert "https://7seen.net/category/stories/page/3/index.htm" in urls(SECTION_2, "pagination")


def test_the_hero_of_the_section_is_the_same_on_both_pages():
    assert len(set(urls(SECTION, "article")) & set(urls(SECTION_2, "article"))) == 4


def test_the_first_page_lists_its_part():
    assert page(SPLIT).part_urls == [URLS[SECOND]]


def test_the_second_part_knows_the_first_and_lists_none():
    assert page(SECOND).first_part_url == URLS[SPLIT]
    assert page(SECOND).part_urls == []


def test_the_second_part_is_empty_but_for_its_page_links():
    """The author closed the post with a page break."""
    assert article(SECOND).text == ""


def test_parts_join_without_a_second_lead():
    joined = join_parts(article(SPLIT), [article(SECOND)])
    assert joined.text == article(SPLIT).text
    assert [image.url for image in joined.images] == [DEFAULT_IMAGE.url]
