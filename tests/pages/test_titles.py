from __future__ import annotations

import pytest

from newscrawl.pages.titles import named_after, people, split_origin, title_tail, without_site

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


def test_people_are_listed_once_without_by_or_the_site():
    names = ["By Ann Lee", "ann lee", "The Post", "https://x.test/ann", "Bo Ek ", ""]
    assert people(names, ["The Post"]) == ["Ann Lee", "Bo Ek"]
