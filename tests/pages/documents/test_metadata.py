from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.pages.documents.metadata import (
    ARTICLE_TYPES,
    MAX_JSON_LD,
    MAX_OBJECTS,
    json_ld_objects,
    keywords,
    language,
    of_type,
    paywalled,
    site_names,
    stands_at,
    story_of,
    strings,
    tier,
)


def objects(*blocks):
    return list(json_ld_objects(blocks))


def test_lists_and_graphs_are_opened_in_order():
    found = objects('[{"n": 1}, {"@graph": [{"n": 2}, {"n": 3}]}]', '{"n": 4}')
    assert [each["n"] for each in found if "n" in each] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "block",
    [
        '{"name": "line\nbreak"}',
        '<!-- {"name": "x"} -->',
        '//<![CDATA[\n{"name": "x"}\n//]]>',
        '{"name": "x"};',
        '\ufeff{"name": "x"}',
        '{"name": ["x", ], }',
        r'{"name": "it\'s \"x\" 50\% \\\\ y"}',
        "{&quot;name&quot;: &quot;x&quot;}",
        '/* <![CDATA[ */ {"name": "x"} /* ]]> */',
        '{"name": "tab\there \x01"}',
    ],
)
def test_json_as_pages_write_it_is_read(block):
    assert objects(block)[0]["name"]


def test_several_objects_may_stand_in_one_block():
    assert [each["n"] for each in objects('{"n": 1} {"n": 2}, {"n": 3}')] == [1, 2, 3]


def test_the_main_entity_of_a_page_is_an_object_of_its_own():
    found = objects('{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle"}}')
    assert [each["@type"] for each in found] == ["WebPage", "NewsArticle"]


@pytest.mark.parametrize(
    "block",
    ["", "{", "null", '"text"', "[" * 100_000, f'{{"name": "{"x" * MAX_JSON_LD}"}}'],
    ids=["empty", "broken", "null", "text", "deep", "huge"],
)
def test_what_is_no_object_gives_none(block):
    assert objects(block) == []


def test_a_flood_of_objects_is_cut():
    assert len(objects("[" + "{}," * 2_000 + "{}]")) == MAX_OBJECTS


@pytest.mark.parametrize(
    "declared", ["NewsArticle", "article", ["Thing", "BlogPosting"], "http://schema.org/Article"]
)
def test_article_types_are_known_in_any_spelling(declared):
    assert list(of_type([{"@type": declared}], ARTICLE_TYPES))


def test_names_come_from_strings_objects_and_lists():
    assert strings(["Ann", {"name": "B &amp; C"}, {"url": "x"}, 7]) == ["Ann", "B & C"]


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("ar_AR", "ar-AR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("", None),
        ("english", None),
        (None, None),
    ],
)
def test_language_is_a_bcp_47_tag(declared, tag):
    assert language(declared) == tag


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_a_reader(text):
    language(text)
    objects(text)


@pytest.mark.parametrize(
    ("article", "locked"),
    [
        ({}, None),
        ({"isAccessibleForFree": True}, False),
        ({"isAccessibleForFree": "False"}, True),
        ({"isAccessibleForFree": "http://schema.org/False"}, True),
        ({"isAccessibleForFree": {"@value": 1}}, None),
        ({"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": "false"}}, True),
        ({"hasPart": [{"name": "x"}, None]}, None),
    ],
)
def test_the_paywall_is_what_the_article_declares(article, locked):
    assert paywalled(article) is locked


@pytest.mark.parametrize(
    ("declared", "locked"), [("free", False), ("Metered", True), ("locked", True), ("x", None)]
)
def test_tiers_of_content(declared, locked):
    assert tier(declared) is locked


@pytest.mark.parametrize(
    "article",
    [
        {"url": "http://www.thepost.test/a/"},
        {"@id": "https://thepost.test/a#article"},
        {"mainEntityOfPage": {"@id": "https://thepost.test/a"}},
    ],
)
def test_an_object_says_where_it_stands(article):
    assert stands_at(article, ["https://thepost.test/a"])
    assert not stands_at(article, ["https://thepost.test/b", ""])


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["harbor, ferry,harbor"], ["harbor", "ferry"]),
        (["harbor", "# ferry"], ["harbor", "ferry"]),
        (["港、船"], ["港", "船"]),
        (["Act One: the pier"], ["Act One: the pier"]),
        (["Type: Story", "Day: Monday", "Desk: Local", "harbor"], ["harbor"]),
        (["@post-id:17", "_no-app", "harbor &amp; pier"], ["harbor & pier"]),
        (["26157981-b4f7-4929-adc1-e860c6f03636", ""], []),
    ],
)
def test_keywords_are_told_apart(texts, found):
    assert keywords(texts) == found


@pytest.mark.parametrize("declared", ["utf-8", "und", "mul"])
def test_what_stands_for_no_language_is_none(declared):
    assert language(declared) is None


PAGE = "https://news.test/story/"
STORY: dict[str, object] = {"@type": "NewsArticle", "headline": "Ferry sails", "url": PAGE}
TEASER = {"@type": "NewsArticle", "headline": "Bridge closed", "url": "https://news.test/bridge/"}


def test_of_two_articles_the_one_that_stands_at_the_page_is_its_story():
    assert story_of([TEASER, STORY], [PAGE], most=2) == STORY


def test_an_article_without_a_title_is_no_story():
    assert story_of([{"@type": "NewsArticle"}], [PAGE], most=2) == {}


def test_many_articles_are_teasers():
    assert story_of([{**TEASER, "url": f"/{n}/"} for n in range(3)], [PAGE], most=2) == {}


def test_a_site_is_named_by_its_own_object_and_as_publisher():
    story = STORY | {"publisher": {"name": "Post Ltd"}}
    site = {"@type": "WebSite", "name": "Post"}
    assert list(site_names([story, site])) == ["Post Ltd", "Post"]
