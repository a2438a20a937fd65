from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.pages.fields.people import MAX_PEOPLE, people, surname_first


def test_people_are_listed_once_without_by_or_the_site():
    names = ["By Ann Lee", "ann lee", "The Post", "https://x.test/ann", "Bo Ek ", ""]
    assert people(names, ["The Post"]) == ["Ann Lee", "Bo Ek"]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ("Ann Lee and Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Ann Lee, Bo Ek & Cy Orr", ["Ann Lee", "Bo Ek", "Cy Orr"]),
        ("Ann Lee und Bo Ek, dpa", ["Ann Lee", "Bo Ek", "dpa"]),
        ("Ann Lee et Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Ann Lee y Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Ann Lee; Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Ann Lee | Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("pol/ann;boe", ["pol/ann", "boe"]),
        ("ANN LEE, BO EK", ["ANN LEE", "BO EK"]),
        ("О. Иванов, П. Петров", ["О. Иванов", "П. Петров"]),
        ("王小明、李华", ["王小明", "李华"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Ursula van der Berg", ["Ursula van der Berg"]),
        ("Jean d'Arc, Ann O’Lee", ["Jean d'Arc", "Ann O’Lee"]),
    ],
)
def test_names_in_one_string_are_told_apart(names, found):
    assert people([names]) == found


@pytest.mark.parametrize(
    "byline",
    [
        "by Ann Lee",
        "Written by: Ann Lee",
        "Von Ann Lee",
        "Por Ann Lee",
        "Autor: Ann Lee",
        "Текст: Ann Lee",
        "Ann Lee, Political Editor",
        "Ann Lee, Reuters",
        "Ann Lee, CITY PRESS",
        "Ann Lee, professor of history at the University of Port Elm",
        "Ann Lee (Fenland Post)",
        "Ann Lee in Port Elm",
        "Ann Lee ann@thepost.test",
        "Ann Lee <ann@thepost.test>",
        "Ann Lee @annlee",
        "Ann Lee. Last updated on 4 May 2024",
        "Authors: Ann Lee",
        "Ann Lee ●",
        "Ann Lee www.annlee.test",
        '<a href="https://x.test/ann">Ann Lee</a>',
    ],
)
def test_only_the_name_is_kept(byline):
    assert people([byline]) == ["Ann Lee"]


@pytest.mark.parametrize(
    "name", ["105092", "@annlee", "ann@thepost.test", "admin", "undefined", "By", "—"]
)
def test_accounts_numbers_and_addresses_are_nobody(name):
    assert people([name]) == []


def test_a_given_name_may_be_a_word_for_by():
    assert people(["Von Miller", "von Ann Lee"]) == ["Von Miller", "Ann Lee"]


@pytest.mark.parametrize(
    "text", ["Source: wire", "Twitter", "abc", "Read More", "The Post", "BBC Sport", "5 Min Read"]
)
def test_visible_text_has_to_look_like_a_full_name(text):
    assert people([text], strict=True) == []


@pytest.mark.parametrize(
    "name", ["Ann Lee", "Ann Maria van der Lee", "ANN LEE", "Ann LEE", "王小明"]
)
def test_full_names(name):
    assert people([name], strict=True) == [name]


def test_library_metadata_puts_the_surname_first():
    assert list(map(surname_first, ["Lee, Ann", "Ann Lee"])) == ["Ann Lee", "Ann Lee"]


def test_a_flood_of_names_is_cut():
    assert len(people([f"Ann{'x' * n} Lee" for n in range(90)])) == MAX_PEOPLE


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text):
    people([text])
    people([text], strict=True)
    surname_first(text)
