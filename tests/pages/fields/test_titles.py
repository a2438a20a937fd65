from __future__ import annotations

import pytest
from lxml import etree

from newscrawl.pages.documents.document import text_of
from newscrawl.pages.fields.titles import (
    Claim,
    agreed,
    borne_out,
    host_names,
    is_echoed,
    named_after,
    shown_part,
    split_origin,
    title_tail,
    without_host,
    without_kicker,
    without_site,
)
from tests.pages.examples import document

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
    assert found == Claim("b", "Ferry sinks", 2.0)


def test_what_one_voice_says_twice_counts_once():
    shared = [
        Claim("og", "A ferry sinks", voice="head"),
        Claim("card", "A ferry sinks", voice="head"),
    ]
    assert agreed([Claim("a", "Ferry sinks"), *shared]) == Claim("a", "Ferry sinks")


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


WHOLE = "Harbor watch: A ferry sinks"


@pytest.mark.parametrize(
    ("heading", "shared", "declared", "text"),
    [
        pytest.param(
            "<h1>Harbor<b>A ferry sinks</b></h1>", "A ferry sinks", "", "A ferry sinks", id="kicker"
        ),
        pytest.param(
            "<h1>A ferry sinks<b>4 comments</b></h1>",
            "A ferry sinks",
            "",
            "A ferry sinks",
            id="tail",
        ),
        pytest.param(f"<h1>{WHOLE}</h1>", "A ferry sinks", "", WHOLE, id="no element of its own"),
        pytest.param("<h1>A ferry sinks</h1>", WHOLE, WHOLE, WHOLE, id="kicker that both have"),
        pytest.param(
            "<h1>A ferry sinks</h1>", WHOLE, "", "A ferry sinks", id="kicker that one has"
        ),
        pytest.param("<h1>A FERRY SINKS</h1>", "A ferry sinks", "", "A ferry sinks", id="capitals"),
        pytest.param(
            "<h1>A fer\xadry sinks</h1>", "A ferry sinks", "", "A ferry sinks", id="hyphens"
        ),
        pytest.param(
            "<h1>A ferry’s end</h1>",
            "A ferry's end",
            "A ferry's end",
            "A ferry’s end",
            id="its spelling",
        ),
        pytest.param("<h1><i>Harbor watch</i> A ferry sinks</h1>", WHOLE, WHOLE, WHOLE, id="lines"),
    ],
)
def test_a_heading_is_read_as_others_bear_it_out(heading, shared, declared, text):
    element = etree.fromstring(heading)
    assert borne_out(element, text_of(element), [shared], declared) == text


@pytest.mark.parametrize(
    ("heading", "other", "echoed"),
    [
        ("A ferry sinks", "Why the ferry went down", True),
        ("Business", "Why the ferry went down", False),
        ("港口渡轮", "渡轮今天沉没", True),
        ("国内新闻", "渡轮今天沉没", False),
        ("2025", "The best of 2025", False),
        ("Business", "", True),
    ],
)
def test_a_heading_is_echoed_by_a_word_of_some_length(heading, other, echoed):
    assert is_echoed(heading, [other]) is echoed


@pytest.mark.parametrize(
    ("title", "html", "part"),
    [
        ("A ferry sinks - Local - Post", "<b>A ferry sinks</b><b>Local</b>", "A ferry sinks"),
        ("POST : A ferry sinks", "<td>A ferry\n sinks</td>", "A ferry sinks"),
        ("Post_A ferry sinks", "<h2><a href=/1>A <i>ferry</i> sinks</a></h2>", "A ferry sinks"),
        ("A ferry sinks - Harbor News", "<a href=/>Harbor News</a>", ""),
        ("A ferry sinks - News", "<b>News</b>", ""),
        ("渡轮今天沉没_图片_港口网", "<td>渡轮今天沉没</td>", "渡轮今天沉没"),
        ("", "<b>A ferry sinks</b>", ""),
    ],
)
def test_the_longest_part_of_a_title_that_is_shown(title, html, part):
    assert shown_part(document("", html), [title]) == part


@pytest.mark.parametrize("mark", ["*", "ㅣ", "~", "•"])
def test_any_single_mark_may_part_the_site_s_name(mark):
    assert without_site(f"A bridge falls {mark} The Post", lambda: ["The Post"]) == "A bridge falls"
