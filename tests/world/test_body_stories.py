"""Two stories on one page, as scripts that load the next one leave it, are two."""

from __future__ import annotations

import pytest

from tests.pages.examples import STORY
from tests.world.test_body import LEGAL, TOLD, paragraphs

NEXT = "".join(f"<p>{LEGAL} {at}</p>" for at in "abcd")
OWN = '<h1>The ferry sails</h1><time datetime="2026-05-04">4 May</time>'
OTHER = '<{0}>The crane is late</{0}><time datetime="2026-05-03">3 May</time>'
MARKED = '<div class="entry-content">{}</div>'


@pytest.mark.parametrize("classes", ["", "single single-post"], ids=["any site", "wordpress"])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            f"<main><article>{OWN}{STORY}</article><article>{OTHER.format('h1')}{NEXT}</article></main>",
            id="two articles",
        ),
        pytest.param(
            f"<main><article>{OWN}{STORY}</article>"
            f"<div class=next><article>{OTHER.format('h2')}{NEXT}</article></div></main>",
            id="the second in a box of its own",
        ),
        pytest.param(
            f"<div class=post-wrap>{OWN}{MARKED.format(STORY)}</div>"
            f"<div class='post-wrap loaded'>{OTHER.format('h2')}{MARKED.format(NEXT)}</div>",
            id="marked bodies in boxes",
        ),
        pytest.param(
            f"<div>{OWN}{MARKED.format(STORY)}{OTHER.format('h2')}{MARKED.format(NEXT)}</div>",
            id="marked bodies in one box",
        ),
        pytest.param(
            f"<section class=story>{OWN}{STORY}</section>"
            f"<section class=story>{OTHER.format('h1')}{NEXT}</section>",
            id="sections of one make",
        ),
        pytest.param(
            f"<div class=a>{OWN}{STORY}</div>"
            f"<div class=b data-url='https://news.test/crane'>{OTHER.format('h2')}{NEXT}</div>",
            id="the second with its address",
        ),
    ],
)
def test_the_body_holds_the_pages_own_story_only(body, classes):
    assert paragraphs(body, classes=classes)[-3:] == TOLD
    assert LEGAL not in "".join(paragraphs(body, classes=classes))


def test_sections_under_headings_of_the_first_rank_are_one_story():
    sections = f"<section class=n><h1>The ferry sails</h1>{STORY}</section>"
    sections += f"<section class=n><h1>What it costs</h1>{NEXT}</section>"
    assert len(paragraphs(f"<main>{sections}</main>")) >= 7
