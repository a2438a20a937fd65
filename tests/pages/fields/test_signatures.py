from __future__ import annotations

import pytest
from lxml import html

from newscrawl.pages.documents.headings import letters
from newscrawl.pages.fields.signatures import below, by_headline, inside
from newscrawl.pages.fields.signatures import near as around_headline


def near(line, head="Talks reopen"):
    heading = next(html.fromstring(f"<main><h1>{head}</h1>{line}</main>").iter("h1"))
    return by_headline(around_headline(heading), letters(head))


@pytest.mark.parametrize(
    "line",
    [
        "<p>By Ada Quill</p>",
        "<p>By<a href='/x'>Ada Quill</a></p>",
        "<p>By <!-- -->Ada Quill<!-- --> | 4 May 2024</p>",
        "<p>04.05.2024, 13:30 von Ada Quill</p>",
        "<div>Written by</div><div>Ada Quill</div>",
        "<p>This post was written by Ada Quill, editor</p>",
        "<p>Ada Quill | Senior Writer | May 4, 2024</p>",
        "<div><span>Ada Quill</span><time>4 May</time></div>",
        "<p><a href='/authors/ada-quill'>Ada Quill</a></p>",
        "<p><img alt='Ada Quill'><a href='/team/7'>Ada Quill</a></p>",
        "<p>The standfirst tells what follows.</p><p>By Ada Quill on</p><p>May 4</p>",
    ],
)
def test_a_line_near_the_headline_names_its_author(line):
    assert near(line) == ["Ada Quill"]


@pytest.mark.parametrize(
    "line",
    [
        "<p>Photo by Ada Quill</p>",
        "<p>Reviewed by</p><p>Ada Quill</p>",
        "<p>Harbour News</p>",
        "<p><a href='/home-improvement'>Home Improvement</a></p>",
        "<nav>By Ada Quill</nav>",
        "<article><h3>Another story</h3><p>By Ada Quill</p></article>",
        "<p>By 2030 the harbour will be dry.</p>",
        f"<p>{'Words of the story. ' * 9}</p><p>{'Words of the story. ' * 9}</p><p>By Ada Quill</p>",
    ],
)
def test_other_lines_name_nobody(line):
    assert near(line) == []


def test_who_is_in_the_headline_did_not_write_the_story():
    assert near("<p>By Ada Quill</p>", head="A talk with Ada Quill") == []


def test_by_makes_a_name_of_one_word():
    assert near("<p>by quayside</p>") == ["quayside"]
    assert near("<p>By the Harbour Team</p>") == ["the Harbour Team"]


def test_names_of_one_make_beside_each_other_are_authors():
    names = "<a href='/author/ada-quill'>Ada Quill</a> and <a href='/author/bo-ekman'>Bo Ekman</a>"
    assert near(f"<p>By {names}</p>") == ["Ada Quill", "Bo Ekman"]


def test_what_stands_in_boxes_beside_a_name_is_no_name():
    box = "<div><span class='a'>Ada Quill</span><span class='b'>Marketing Lead</span></div>"
    assert inside(html.fromstring(box)) == ["Ada Quill"]


def test_the_end_of_a_text_names_its_author():
    body = html.fromstring("<main><div><p>Words.</p><p>By Ada Quill</p></div></main>")[0]
    assert below(body) == ["Ada Quill"]


def test_a_box_below_the_text_tells_of_its_author():
    told = "<div><h3>Ada Quill</h3><p>Ada Quill is a writer who has lived by the harbour all her life.</p></div>"
    body = html.fromstring(f"<main><div><p>Words.</p></div>{told}</main>")[0]
    assert below(body) == ["Ada Quill"]
