from __future__ import annotations

import pytest
from lxml import etree

from newscrawl.pages.fields.titles import (
    Claim,
    agreed,
    host_names,
    named_after,
    split_origin,
    title_tail,
    without_host,
    without_kicker,
    without_site,
)

SOURCE = "https://www.npr.org/2025/10/09/x"


@pytest.mark.parametrize(
    ("headline", "names", "left"),
    [
        ("A bridge falls - The Post", ["The Post"], "A bridge falls"),
        ("A bridge falls | the post", ["The Post"], "A bridge falls"),
        ("A bridge falls – Local – The Post", ["The Post"], "A bridge falls – Local"),
        ("A bridge - a road - The Post", ["The Post"], "A bridge - a road"),
        (
            "Calm at Buyer’s Insight - Buyer’s Insight",
            ["Buyer's Insight"],
            "Calm at Buyer’s Insight",
        ),
        ("The Post", ["The Post"], "The Post"),
        ("A bridge falls: why", ["The Post"], "A bridge falls: why"),
    ],
)
def test_the_name_of_the_site_is_cut_off(headline, names, left):
    assert without_site(headline, lambda: names) == left


def test_the_tail_of_the_title_is_what_follows_the_headline():
    assert title_tail("Talks reopen: NPR - Buyer's Insight", "Talks reopen: NPR") == (
        "Buyer's Insight"
    )


@pytest.mark.parametrize(
    ("headline", "source", "parts"),
    [
        ("Talks reopen at the harbor: NPR", SOURCE, ("Talks reopen at the harbor", "NPR")),
        ("Talks reopen at the harbor : NPR", SOURCE, ("Talks reopen at the harbor", "NPR")),
        ("Talks reopen at the harbor: NPR", None, ("Talks reopen at the harbor: NPR", None)),
        (
            "Talks reopen at the harbor - The Guardian",
            "https://www.theguardian.com/x",
            ("Talks reopen at the harbor", "The Guardian"),
        ),
        (
            "Talks reopen at the harbor: Brandt",
            SOURCE,
            ("Talks reopen at the harbor: Brandt", None),
        ),
        (
            "Talks reopen: what we know so far about it",
            SOURCE,
            ("Talks reopen: what we know so far about it", None),
        ),
        ("", SOURCE, ("", None)),
    ],
)
def test_the_origin_is_cut_off_where_a_source_bears_it_out(headline, source, parts):
    assert split_origin(headline, source) == parts


@pytest.mark.parametrize(
    ("name", "url", "alike"),
    [
        ("Buyer's Insight", "https://buyersinsight.net/", True),
        ("NPR", SOURCE, True),
        ("The Fenland Post", "https://www.fenlandpost.example/", True),
        ("World", SOURCE, False),
        ("x", "https://[bad", False),
    ],
)
def test_names_and_hosts_are_compared_by_letters(name, url, alike):
    assert named_after(name, url) is alike


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("Ferry sails | Fenland Post", "Ferry sails"),
        ("Ferry sails — Isles - Fenland Post", "Ferry sails — Isles"),
        ("Ferry sails | Isles", "Ferry sails | Isles"),
        ("Fenland Post", "Fenland Post"),
    ],
)
def test_a_tail_that_is_spelt_like_the_host_is_cut_off(title, left):
    assert without_host(title, "https://www.fenlandpost.example/1") == left


def test_hosts_are_names_too():
    assert host_names("https://www.thepost.test/a") == [
        "www.thepost.test",
        "thepost.test",
        "thepost",
    ]
    assert host_names("https://[bad") == []


def agreed_text(*texts):
    found = agreed([Claim(str(place), text) for place, text in enumerate(texts)])
    return found and found.text


def test_the_headline_is_what_most_claims_say():
    assert agreed_text("Ferry sinks!", "A ferry sinks", "A ferry sinks") == "A ferry sinks"


def test_of_equal_claims_the_first_counts():
    assert agreed_text("", "A ferry sinks", "Ferry sinks") == "A ferry sinks"


def test_claims_are_weighed():
    found = agreed([Claim("a", "A ferry sinks"), Claim("b", "Ferry sinks", 2.0)])
    assert found == ("b", "Ferry sinks", 2.0)


def test_the_commonest_spelling_is_taken():
    claims = ["The 'old' pier", "The ‘old’ pier", "The ‘old’ pier", "Pier", "Pier"]
    assert agreed_text(*claims) == "The ‘old’ pier"


@pytest.mark.parametrize("tail", [" - Harbor News | The Post", "：ポスト", " – DW – 13.06.2023"])
def test_what_one_claim_adds_at_its_end_is_cut_off(tail):
    assert agreed_text(f"A ferry sinks{tail}", "A ferry sinks", f"Ferry{tail}") == "A ferry sinks"


def test_a_section_before_a_bar_is_cut_off():
    assert agreed_text("Opinion | A ferry sinks", "A ferry sinks") == "A ferry sinks"
    assert agreed_text("Opinion: A ferry sinks", "A ferry sinks") == "Opinion: A ferry sinks"


@pytest.mark.parametrize(
    "short",
    ["The mayor said he", "The mayor said he “w…", "The mayor said he ..."],
    ids=["quotation mark", "ellipsis", "dots"],
)
def test_a_claim_that_was_cut_short_does_not_count(short):
    whole = 'The mayor said he "went home"'
    if "“" in short:
        whole = "The mayor said he “went” home"
    assert agreed_text(short, short, whole) == whole


def test_a_long_claim_may_have_been_cut_for_search_engines():
    whole = "A story with a long name " * 5 + "that goes on"
    assert agreed_text(whole[:110], whole[:110], whole) == whole


def test_without_claims_there_is_no_headline():
    assert agreed([Claim("a", ""), Claim("b", "—")]) is None


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("<h1><span class='kicker'>Harbor</span> <span>A ferry sinks</span></h1>", "A ferry sinks"),
        ("<h1><b class='overline'>Harbor</b> - A ferry sinks</h1>", "A ferry sinks"),
        ("<h1><i class='kicker'>Harbor</i>: A ferry sinks</h1>", "Harbor: A ferry sinks"),
        ("<h1><i class='kicker'>Harbor:</i> A ferry sinks</h1>", "Harbor: A ferry sinks"),
        ("<h1><i class='kicker'>Harbor</i></h1>", "Harbor"),
        ("<h1>A <i>ferry</i> sinks</h1>", "A ferry sinks"),
    ],
)
def test_a_kicker_is_no_part_of_the_headline(heading, text):
    assert without_kicker(etree.fromstring(heading)) == text
