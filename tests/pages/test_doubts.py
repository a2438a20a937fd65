from __future__ import annotations

import asyncio
import json

import pytest
from web_poet import HttpResponse, field

from newscrawl.items import Article
from newscrawl.pages.article import ArticlePage
from newscrawl.pages.doubts import DOUBTFUL, USUAL, WEIGHTS, Doubt, weigh
from newscrawl.pages.fields.parts import join_parts
from newscrawl.pages.news import NewsPage

URL = "https://thepost.test/a-story/"
NAMED = '<meta property="og:type" content="article"><title>The quay is dry again</title>'
HEADLINE = "<h1>The quay is dry again</h1>"


def sentence(at: int) -> str:
    return (
        f"In week {at} the harbour master walked along the quay with a lamp, counted the boats that "
        f"lay in the mud beside pier {at * 7}, and wrote the number into his book before breakfast."
    )


def paragraphs(*numbers: int) -> str:
    return "".join(f"<p>{sentence(at)}</p>" for at in numbers)


FIRST, SECOND = paragraphs(*range(7)), paragraphs(*range(7, 14))
STORY = f"<article>{HEADLINE}{paragraphs(*range(14))}</article>"


def article(body: str, head: str = NAMED) -> Article:
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return asyncio.run(NewsPage(HttpResponse(URL, html.encode())).to_item())


def test_a_story_alone_on_its_page_has_no_doubt():
    found = article(STORY)
    assert found.confidence is not None
    assert found.confidence > 0.98
    assert found.doubts == []
    assert found.provenance["confidence"] == "signs"


def test_the_more_of_the_page_is_left_out_the_less_is_sure():
    aside = f"<aside>{paragraphs(*range(20, 26))}</aside>"
    more = f"<aside>{paragraphs(*range(20, 60))}</aside>"
    alone, some, much = (article(STORY + each).confidence or 0 for each in ("", aside, more))
    assert alone > some > much


def test_several_weak_signs_make_a_text_doubtful():
    teasers = "".join(
        f'<article><h2><a href="/{at}">News of pier {at} and its many boats</a></h2>'
        f"<p>{sentence(at)} {sentence(at + 1)} {sentence(at + 2)}</p></article>"
        for at in range(20, 50)
    )
    found = article(
        f"<div>{teasers}</div><div>{HEADLINE}{'<p>Label</p>' * 9}{paragraphs(1, 2)}</div>"
    )
    assert found.confidence is not None
    assert found.confidence < DOUBTFUL
    assert Doubt.ELSEWHERE in found.doubts


TYPED = {"@type": "NewsArticle", "headline": "The quay is dry again", "url": URL}
HEAD_OF = '<script type="application/ld+json">{}</script>'


@pytest.mark.parametrize(
    ("body", "head", "doubt"),
    [
        (f"{HEADLINE}{paragraphs(1, 2)}", NAMED, Doubt.SHORT),
        (STORY, "<title>The quay is dry again</title>", Doubt.UNDECLARED),
        (
            STORY,
            HEAD_OF.format(json.dumps({**TYPED, "wordCount": 2_000})),
            Doubt.SHORTER,
        ),
        (
            STORY,
            HEAD_OF.format(json.dumps({**TYPED, "isAccessibleForFree": False})),
            Doubt.PAID,
        ),
        (
            f"{HEADLINE}{'<p>A label of the box.</p>' * 30}<div>{paragraphs(*range(14))}</div>",
            NAMED,
            Doubt.FAR,
        ),
        (
            f"<article>{HEADLINE}{FIRST}<h1>Of the other quay</h1>{SECOND}</article>",
            NAMED,
            Doubt.HEADLINES,
        ),
        (
            f"<article>{HEADLINE}{FIRST}<aside>{paragraphs(*range(50, 58))}</aside>{SECOND}</article>",
            NAMED,
            Doubt.WITHIN,
        ),
        (
            f"<article>{HEADLINE}<p>{' '.join(map(sentence, range(14)))}</p></article>",
            NAMED,
            Doubt.LUMP,
        ),
        (
            f"<article>{HEADLINE}<div>{'<br><br>'.join(map(sentence, range(14)))}</div></article>",
            NAMED,
            Doubt.BARE,
        ),
        (
            f"<article>{HEADLINE}{paragraphs(*range(14))}".replace(".", "") + "</article>",
            NAMED,
            Doubt.UNENDED,
        ),
        (
            f"<article>{HEADLINE}{paragraphs(*range(14))}<p>And then he went to the …</p></article>",
            NAMED,
            Doubt.CUT,
        ),
        (
            f'{HEADLINE}<div class="promo">{paragraphs(*range(14))}</div>',
            NAMED,
            Doubt.NAMED,
        ),
        (
            f"{STORY}{'<section><h3>Boats</h3><button>Ask us</button></section>' * 20}",
            "<title>The quay is dry again</title>",
            Doubt.UNDECIDED,
        ),
    ],
)
def test_a_doubt_is_told_by_its_name(body, head, doubt):
    assert str(doubt) in article(body, head).doubts


def test_what_is_claimed_to_be_an_article_is_not_undecided():
    claim = HEAD_OF.format(json.dumps(TYPED))
    buttons = "<section><h3>Boats</h3><button>Ask us</button></section>" * 20
    assert str(Doubt.UNDECIDED) not in article(f"{STORY}{buttons}", claim).doubts


def test_the_text_of_a_page_that_is_no_article_is_undecided():
    found = article(STORY, '<meta property="og:type" content="website">')
    listing = asyncio.run(
        NewsPage(HttpResponse("https://thepost.test/", f"<body>{STORY}".encode())).to_item()
    )
    assert str(Doubt.UNDECIDED) in listing.doubts
    assert (found.confidence or 0) > (listing.confidence or 0)


def test_doubts_are_told_the_weightiest_first():
    told = weigh({Doubt.PAID: 1.0, Doubt.ELSEWHERE: 1.0, Doubt.CUT: 0.1}).doubts
    assert told == [str(Doubt.ELSEWHERE), str(Doubt.PAID)]


def test_each_doubt_has_a_weight_and_none_speaks_for_a_text():
    assert WEIGHTS.keys() == set(Doubt)
    assert min(WEIGHTS.values()) >= 0
    assert weigh({}).confidence > weigh({Doubt.SHORT: 1.0}).confidence > USUAL


def test_a_declared_text_is_weighed_by_what_the_page_says_alone():
    told = {**TYPED, "articleBody": " ".join(map(sentence, range(14)))}
    found = article(f"{HEADLINE}<p>Wait a moment.</p>", HEAD_OF.format(json.dumps(told)))
    assert found.provenance["text"] == "json-ld"
    assert found.confidence is not None
    assert found.confidence > 0.98
    assert found.doubts == []


def test_a_text_that_a_site_takes_itself_has_no_confidence():
    class OwnText(ArticlePage):
        @field
        def text(self) -> str:
            return "All of it."

    class OwnBody(ArticlePage):
        @property
        def body_element(self):
            return self.element("aside")

    response = HttpResponse(URL, f"<body>{STORY}<aside>{FIRST}</aside>".encode())
    for page in (OwnText, OwnBody):
        found = asyncio.run(page(response).to_item())
        assert (found.confidence, found.doubts) == (None, [])
        assert "confidence" not in found.provenance


def part(confidence: float | None, *doubts: str) -> Article:
    return Article(url=URL, text="Text.", confidence=confidence, doubts=list(doubts))


def test_a_split_article_is_as_sure_as_its_least_sure_part():
    joined = join_parts(part(0.9, "few words"), [part(0.4, "said twice on the page", "few words")])
    assert joined.confidence == 0.4
    assert joined.doubts == ["few words", "said twice on the page"]
    assert join_parts(part(0.9), [part(None)]).confidence is None
