from __future__ import annotations

import pytest
from web_poet import HttpResponse

from newscrawl.pages.judging.evidence import Evidence, Template
from newscrawl.pages.judging.kinds import judge
from newscrawl.pages.judging.shapes import Shape
from newscrawl.pages.judging.voices import VOICES, weigh
from newscrawl.pages.news import NewsPage

SENTENCE = "The ferry to the islands sails again from Monday, the harbour master said. "
CARDS = "".join(
    f'<div class="card"><h3><a href="/news/other-story-{n}">Another story of the day number {n}</a>'
    "</h3></div>"
    for n in range(12)
)
BLURBS = "".join(
    f'<section class="tile"><h3>Strength {n}</h3><div><p>We plan, build and run it for you, '
    "whatever the size of your firm is.</p></div><button>Talk to us</button></section>"
    for n in range(12)
)
SHOP = (
    '<meta property="og:type" content="product"><h1>Rain coat</h1><div class="product-gallery">'
    '</div><span class="product-price">49</span><form class="add-to-cart"><button>Buy</button>'
    f'</form><div class="product-text">{"<p>" + SENTENCE * 5 + "</p>"}</div>'
)


def page(html: str, url: str = "https://news.test/a/b") -> NewsPage:
    return NewsPage(HttpResponse(url, html.encode()))


def story(words: int, title: str = "Ferry sails again") -> str:
    lines = (f"Crossing {n} takes {n} hours. {SENTENCE}" for n in range(words // 18))
    text = "".join(f"<p>{line}</p>" for line in lines)
    return f"<title>{title} | News</title><body><main><h1>{title}</h1>{text}</main>"


def test_a_short_story_beside_many_teasers_is_an_article():
    found = page(f"{story(80)}<div class='more'>{CARDS}</div>")
    assert found.evidence["teasers"] == 12
    assert found.kind == "article"


def test_a_short_story_in_characters_without_spaces_is_an_article():
    text = "渡轮星期一恢复航行。岛上居民在码头等候多时。学校派出了乐队。" * 4
    html = f"<title>渡轮恢复航行 - 新闻</title><h1>渡轮恢复航行</h1><div>{text}</div>{CARDS}"
    assert page(f'<meta charset="utf-8">{html}').kind == "article"


def test_a_short_text_without_paragraphs_is_an_article_by_its_sentences():
    assert page(f"<div>{SENTENCE * 4}</div>").kind == "article"


def test_a_few_words_that_are_no_sentences_are_none():
    assert page(f"<div>{'Monday 9 to 5 Tuesday closed ' * 8}</div>").kind == "page"


def test_a_page_of_blurbs_in_boxes_with_buttons_is_none():
    found = page(f"<title>Consulting</title><h1>We consult</h1>{BLURBS}")
    assert found.kind == "page"
    assert float(found.evidence["weight"]) < 0
    assert found.evidence["told_by"] == "buttons"


def test_the_same_words_as_running_text_are_an_article():
    text = "<p>We plan, build and run it for you, whatever the size of your firm is.</p>" * 12
    assert page(f"<title>Consulting</title><h1>Consulting</h1>{text}").kind == "article"


def test_a_page_that_sells_something_is_none():
    found = page(SHOP, "https://shop.test/rain-coat")
    assert found.kind == "page"


def test_an_article_in_a_shop_stays_one():
    cart = '<form class="add-to-cart"><button>Buy</button></form>'
    dated = '<div class="byline">By Ada Quill <time datetime="2026-01-04">4 January</time></div>'
    html = story(300).replace("</h1>", f"</h1>{dated}")
    assert page(f"{html}{cart}<div class='product-price'>9</div>").kind == "article"


@pytest.mark.parametrize(
    ("beside", "kind"),
    [("", "article"), (BLURBS, "page")],
    ids=["running text", "boxes"],
)
def test_a_page_of_wordpress_is_an_article_where_it_reads_like_one(beside, kind):
    told = story(600) if not beside else f"<title>What we do</title><h1>What we do</h1>{beside}"
    html = f'<body class="page page-template-default wp-singular">{told}</body>'
    assert page(html).kind == kind


def test_an_article_with_questions_and_answers_in_json_is_no_static_page():
    faq = '<script type="application/ld+json">{"@type": "FAQPage"}</script>'
    assert page(faq + story(200)).kind == "article"


@pytest.mark.parametrize("name", ["weight", "told_by"])
def test_the_evidence_has_what_was_weighed(name):
    assert name in page(story(200)).evidence


def test_what_is_claimed_in_json_is_not_weighed():
    claim = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "H"}</script>'
    found = page(claim + story(200)).evidence
    assert (found["rule"], "weight" in found) == ("json-ld", False)


@pytest.mark.parametrize(
    ("shape", "told_by"),
    [
        (Shape(near=True), "date at the headline"),
        (Shape(paragraphs=40, flow=1600, boxes=0.03), "running text"),
        (Shape(buttons=31, sections=20, goods=100, sold=True), "marks of a shop"),
    ],
)
def test_what_speaks_loudest_is_named(shape, told_by):
    assert weigh(Evidence(words=400, shape=shape)).told_by == told_by


def test_a_page_template_speaks_against_an_article():
    headed = Shape(headed=True, buttons=31, sections=5)
    plain = Evidence(words=400, shape=headed)
    template = Evidence(words=400, shape=headed, template=Template.PAGE)
    assert weigh(plain).total - weigh(template).total == pytest.approx(0.9)


def test_a_list_of_links_is_not_weighed():
    found = judge(Evidence(words=400, density=0.9, shape=Shape(near=True)))
    assert (found.kind, "weight" in found.evidence) == ("page", False)


def test_each_voice_is_heard_once():
    names = [each.name for each in VOICES]
    assert len(names) == len(set(names))


def test_a_short_page_of_wordpress_is_no_article():
    html = f'<body class="page page-template-default wp-singular">{story(300)}</body>'
    assert page(html).kind == "page"
