"""What is asked for is found, the newest first, whatever a person writes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.search import finding
from newscrawl.search.finding import Place, search
from newscrawl.search.query import Query, terms_of
from newscrawl.search.snippets import marked, snippet
from tests.search.indexing import article

DAY = datetime(2020, 1, 31, 12, tzinfo=UTC)


def found(engine, asked: str = "", *, limit: int = 50, **filters) -> str:
    with engine.begin() as connection:
        got = search(connection, Query(terms_of(asked), **filters), limit=limit)
    return "".join(row["id"] for row in got.articles)


@pytest.fixture
def told(indexed, keep):
    keep(
        article("a", "The Straße to São Paulo: don't", sections=["Économie"], language="en-US"),
        article("b", "東京都知事は会見を行った", language="ja", published=DAY),
        article("c", "กรุงเทพมหานคร", authors=["Ада Квилл"], published=DAY + timedelta(days=1)),
        article("d", "north pier, pier to the north", site="other.example", published=None),
        article("e", "the pier north", duplicate_of="d", published=DAY - timedelta(days=9)),
    )
    return indexed


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("STRASSE", ""),
        ("straße", "a"),
        ("sao paulo", "a"),
        ("paulo SÃO", "a"),
        ('"paulo sao"', ""),
        ('"são paulo"', "a"),
        ("don't", "a"),
        ("pau*", "a"),
        ("p*", ""),
        ("東京", "b"),
        ("京都", "b"),
        ("東都", ""),
        ("มหานคร", "c"),
        ('"north pier"', "d"),
        ("pier -paulo", "d"),
        ('pier -"north pier"', ""),
        ("-pier", "acb"),
        ("pier*", "d"),
        ("", "acbd"),
    ],
)
def test_words_phrases_and_beginnings_are_found(told, asked, ids):
    assert found(told, asked) == ids


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"site": "other.example"}, "d"),
        ({"section": "économie"}, "a"),
        ({"author": "ада квилл"}, "c"),
        ({"language": "en"}, "a"),
        ({"language": "EN-us"}, "a"),
        ({"since": DAY}, "acb"),
        ({"since": DAY, "until": DAY + timedelta(hours=1)}, "b"),
        ({"until": DAY}, ""),
        ({"until": DAY, "copies": True}, "e"),
        ({"copies": True}, "acbed"),
    ],
)
def test_filters_let_through_what_they_name(told, filters, ids):
    assert found(told, **filters) == ids


@pytest.mark.parametrize("few", [10_000, 3, 0])
@pytest.mark.parametrize("asked", ["story", '"story told"'])
def test_pages_give_each_article_once_the_newest_first(indexed, keep, monkeypatch, few, asked):
    monkeypatch.setattr(finding, "FEW", few)
    days = [DAY + timedelta(days=17 * at) for at in range(60)]
    dates = [*days, None, None, *days[:7], DAY.replace(year=1999), DAY.replace(month=2, day=1)]
    keep(*(article(f"{at:02}", "told", published=day) for at, day in enumerate(dates)))
    got, after = [], None
    with indexed.begin() as connection:
        while True:
            query = Query(terms_of(asked if asked == "story" else "told"))
            page = search(connection, query, limit=7, after=after)
            got += [row["published"] for row in page.articles]
            after = page.after
            if after is None:
                break
            assert Place.read(str(after)) == after
    dated = [each for each in got if each]
    assert len(got) == len(dates)
    assert dated == sorted(dated, reverse=True)
    assert got[-2:] == [None, None]


def test_few_matches_are_counted(told):
    with told.begin() as connection:
        assert search(connection, Query(terms_of("pier")), limit=1).number == 1
        assert search(connection, Query(terms_of('"north pier"')), limit=1).number is None


def test_a_search_that_takes_too_long_says_how_far_it_came(told, monkeypatch):
    monkeypatch.setattr(finding, "SECONDS", -1.0)
    with told.begin() as connection:
        got = search(connection, Query(terms_of('"pier to"')), limit=1)
        assert got.is_cut
        assert got.after is not None


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=40) | st.text("\"*-'() ANDORT:&|!\\^{}\0é東", max_size=30))
def test_no_text_is_a_mistake(told, asked):
    found(told, asked, section=asked, author=asked)


@pytest.mark.parametrize("told", ["", ".", "x.1", "1", "1.x", f"1.{10**30}", "1.2.3"])
def test_a_place_that_is_none_is_left_out(told):
    assert Place.read(told) is None


def test_a_snippet_shows_where_the_words_stand_together():
    said = f"pier {'x ' * 400}the North Pier is old {'y ' * 400}"
    parts = snippet(said, terms_of("north pier"))
    assert [part.text for part in parts if part.is_marked] == ["North", "Pier"]
    assert parts[0].text == parts[-1].text == "…"
    assert len("".join(part.text for part in parts)) < 400


def test_a_phrase_is_marked_as_one_and_marks_lose_nothing():
    said = "São\u0303 Paulo: são paulo 東京 pier\u202eturned"
    parts = marked(said, terms_of('"sao paulo" 東京 pie*'))
    assert "".join(part.text for part in parts).replace(" ", "") == said.replace(
        "\u202e", ""
    ).replace(" ", "")
    assert [part.text for part in parts if part.is_marked][1:3] == ["são paulo", "東京"]


def test_a_snippet_of_a_text_without_the_words_is_its_beginning():
    assert snippet("one two", terms_of("three"))[0].text == "one two"
    assert snippet("", []) == []
