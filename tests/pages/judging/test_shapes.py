from __future__ import annotations

import pytest
from web_poet import HttpResponse

from newscrawl.pages.article import ArticlePage
from newscrawl.pages.judging.shapes import SENTENCES, Shape

LINE = "The ferry to the islands sails again from Monday, the harbour master said."


def shape(html: str, url: str = "https://news.test/a/b") -> Shape:
    found = f"<title>Ferry sails | News</title><div>{LINE * 3}</div>{html}"
    page = ArticlePage(HttpResponse(url, found.encode()))
    return page.seen.shape


def test_the_flow_is_the_paragraphs_side_by_side_where_they_are_most():
    found = shape(f"<div><p>{LINE}</p><p>{LINE}</p></div><div><p>{LINE}</p></div>")
    assert (found.paragraphs, found.flow, found.boxes) == (3, 26, 0.67)


def test_labels_in_paragraphs_do_not_count():
    assert shape("<div><p>Read more</p><p>Share it</p></div>").paragraphs == 0


@pytest.mark.parametrize(
    "html",
    [
        "<h1>Ferry sails</h1><time>yesterday</time>",
        "<h1>Ferry sails</h1><p>Monday 4.1.2026, 9:30</p>",
        "<div><h1>Ferry sails</h1></div><div>x</div>".replace("<h1>", "<span>2026</span><h1>"),
        "<h1>Ferry sails</h1><p>2026年1月4日</p>",
    ],
    ids=["time", "digits", "before it", "characters"],
)
def test_a_date_beside_the_headline_is_seen(html):
    assert shape(f"<main>{html}<p>{LINE}</p></main>").near


@pytest.mark.parametrize(
    "html",
    [
        "<h1>Ferry sails</h1>",
        "<h1>Ferry of 2026 sails</h1>",
        f"<h1>Ferry sails</h1>{'<p>x</p>' * 9}<p>2026</p>",
        "<p>2026</p>",
    ],
    ids=["none", "in the headline", "far below", "no headline"],
)
def test_no_date_beside_it_is_none(html):
    assert not shape(f"<main><div>{html}<p>{LINE * 9}</p></div></main>").near


def test_articles_linked_before_the_text_are_counted_from_the_headline():
    links = "".join(f'<h3><a href="/story-{n}">A story number {n}</a></h3>' for n in range(5))
    text = f"<div><p>{LINE}</p><p>{LINE}</p></div>"
    assert shape(f"<h1>All ferries</h1><div>{links}</div>{text}").between == 5
    assert shape(f"<div>{links}</div><h1>All ferries</h1>{text}").between == 0
    assert shape(f"<h1>All ferries</h1>{text}<div>{links}</div>").between == 0


@pytest.mark.parametrize(
    "mark",
    [
        '<meta property="og:type" content="product.item">',
        '<meta property="product:price:amount" content="9">',
        '<div itemscope itemtype="https://schema.org/Product"></div>',
        '<script type="application/ld+json">{"@type": "Product"}</script>',
    ],
)
def test_what_says_that_it_is_sold(mark):
    assert shape(mark).sold
    assert not shape("").sold


@pytest.mark.parametrize(
    ("path", "slug", "numbered"),
    [
        ("/", 0, False),
        ("/ferry-sails-again.html", 3, False),
        ("/2026/01/ferry/", 1, True),
        ("/news/ferry_sails-48211", 3, True),
    ],
)
def test_the_address_is_read(path, slug, numbered):
    found = shape("", f"https://news.test/x{path}")
    assert (found.slug, found.numbered) == (slug or 1, numbered)


def test_buttons_of_menus_do_not_count():
    assert shape("<nav><button>Menu</button></nav><main><button>Buy</button></main>").buttons == 1


def test_what_is_named_for_an_author_or_is_a_tag_is_seen():
    assert shape('<p class="byline">Ada Quill</p>').signed
    assert shape('<p><a rel="tag" href="/tag/sea">Sea</a></p>').tagged
    plain = shape("")
    assert (plain.signed, plain.tagged) == (False, False)


def test_sentences_end_in_any_script():
    assert shape(f"<main><p>Yes. No! Why? So it is. {LINE * 4}</p></main>").sentences == 3
    assert shape(f"<main><p>{'渡轮星期一恢复航行。' * 9}</p></main>").sentences == 3
    assert shape(f"<main><p>{'Monday 9.30 to 5 ' * 20}</p></main>").sentences < SENTENCES
