from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_poet import HttpResponse

from newscrawl.pages.bodies.boilerplate import Kind, named
from newscrawl.pages.bodies.main_text import main_text
from newscrawl.pages.documents.document import Document
from newscrawl.pages.news import NewsPage
from tests.pages.examples import FIRST, SECOND, STORY, THIRD

TOLD = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
EXCERPT = "A short look at what else has happened along this coast over the last week."


def document(body, head=""):
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return Document(HttpResponse("https://news.test/2026/05/ferry", html.encode()))


def page(body, head=""):
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return NewsPage(HttpResponse("https://news.test/2026/05/ferry", html.encode())).page


def text(body, head=""):
    return page(body, head).body.text


def card(title):
    return f'<div><h3><a href="/{title}">About the {title}</a></h3><p>{EXCERPT}</p></div>'


def test_the_body_is_the_smallest_element_with_the_text():
    found = main_text(
        document(f"<main><div id=a><h1>Ferry</h1><div id=b>{STORY}</div></div></main>")
    )
    assert found.root is not None
    assert found.root.get("id") == "b"


def test_a_body_in_several_elements_is_what_holds_them():
    parts = "".join(f'<div class="part"><p>{each}</p></div>' for each in (FIRST, SECOND, THIRD))
    assert text(f"<div>{parts}</div><div><p>{EXCERPT}</p></div>") == TOLD


@pytest.mark.parametrize(
    "box",
    [
        f'<div class="newsletter-signup"><p>{EXCERPT}</p></div>',
        f'<div class="c-relatedStories"><p>{EXCERPT}</p></div>',
        f'<section id="author-bio"><p>{EXCERPT}</p></section>',
        f'<p class="article__byline">{EXCERPT}</p>',
        f'<div role="complementary"><p>{EXCERPT}</p></div>',
        f'<div aria-hidden="true"><p>{EXCERPT}</p></div>',
        f"<aside><p>{EXCERPT}</p></aside>",
        f'<form action="/mail"><p>{EXCERPT}</p></form>',
        '<p><a href="/other">Dredgers wanted before the summer</a></p>',
        '<p>Read on: <a href="/other">The dredgers are late</a></p>',
        '<ul><li><a href="/1">Another story</a></li><li><a href="/2">One more</a></li></ul>',
        "<div>4 min</div>",
    ],
)
def test_what_is_not_the_storys_own_is_left_out(box):
    body = f"<div><p>{FIRST}</p>{box}<p>{SECOND}</p><p>{THIRD}</p></div>"
    assert text(body) == TOLD


@pytest.mark.parametrize(
    "kept",
    [
        "<h2>What it costs</h2>",
        "<ul><li>Return: seven pounds</li></ul>",
        '<p>Calls: <a href="/e">Eastport</a>, <a href="/l">Little Skerry</a>, <a href="/n">Nes</a></p>',
        "<blockquote><p>We will be back.</p></blockquote>",
        '<p class="paywall">Only subscribers read this far.</p>',
        '<div class="has-related no-sidebar"><p>The boat was late all the same.</p></div>',
        '<div class="social-embed"><p>Seen from the quay this morning.</p></div>',
    ],
)
def test_what_is_the_storys_own_stays(kept):
    body = f"<div><p>{FIRST}</p>{kept}<p>{SECOND}</p><p>{THIRD}</p></div>"
    assert len(text(body).split("\n\n")) == 4


def test_a_name_says_nothing_where_the_story_itself_stands():
    assert text(f'<div class="sidebar-grid"><div class="ad-free">{STORY}</div></div>') == TOLD


def test_not_even_where_plugins_use_it():
    body = f'<div class="promo"><p>{FIRST}</p><p>{SECOND}</p></div><p>{THIRD}</p>'
    assert text(f"<article>{body}</article>") == TOLD


def test_nor_where_the_story_is_spread_over_elements_of_one_name():
    parts = "".join(f'<div class="card"><p>{each}</p></div>' for each in (FIRST, SECOND, THIRD))
    assert text(f"<main>{parts}</main>") == TOLD


def test_a_page_that_lost_itself_in_an_aside_is_read():
    assert text(f"<aside>{STORY}</aside>") == TOLD


def test_comments_are_no_story_however_long():
    said = f'<div class="comments"><p>{THIRD}</p><p>{SECOND}</p><p>{THIRD}</p><p>{SECOND}</p></div>'
    assert text(f"<div>{STORY}{said}</div>") == TOLD


def test_neither_is_a_consent_dialog():
    dialog = f'<div id="cookie-consent">{STORY * 3}</div>'
    assert text(f"{dialog}<div><p>{FIRST}</p></div>") == FIRST


def test_teasers_under_linked_headings_are_left_out():
    teasers = "".join(map(card, ("harbour", "lighthouse", "school")))
    assert text(f"<div>{STORY}<div>{teasers}</div></div>") == TOLD


def test_short_articles_in_the_article_are_teasers():
    teaser = f'<article><h4><a href="/x">Harbour</a></h4><div>{EXCERPT}</div></article>'
    assert text(f"<article>{STORY}{teaser * 3}</article>") == TOLD


def test_a_list_of_teasers_has_no_body():
    teasers = "".join(map(card, ("harbour", "lighthouse", "school", "dredgers")))
    assert main_text(document(f"<main>{teasers}</main>")).root is None


def test_headings_that_link_are_no_list_where_each_has_a_section():
    sections = "".join(
        f'<h2><a href="/{at}">Part</a></h2>{STORY}{STORY.replace("ferry", "boat")}'.replace(
            ".", f", {at}."
        )
        for at in range(3)
    )
    assert main_text(document(f"<article>{sections}</article>")).root is not None


def test_a_heading_over_nothing_is_left_out():
    assert text(f'<div>{STORY}<h3>Read on</h3><p><a href="/x">Next story</a></p></div>') == TOLD


def test_neither_a_copyright_nor_what_follows_it_closes_a_story():
    assert text(f"<div>{STORY}<p>© Island Press</p><h3>Tell us more</h3></div>") == TOLD


def test_the_paragraph_between_headline_and_body_opens_it():
    lead = f"<header><h1>Ferry</h1><p>{THIRD}</p></header>"
    assert text(f"<main>{lead}<div><p>{FIRST}</p><p>{SECOND}</p></div></main>").startswith(THIRD)


def test_a_short_one_is_a_subtitle_and_no_text():
    lead = f"<header><h1>Ferry</h1><p>{EXCERPT}</p></header>"
    assert text(f"<main>{lead}<div>{STORY}</div></main>") == TOLD


def test_without_a_headline_the_pages_description_tells_the_lead():
    head = f'<meta name="description" content="{THIRD}">'
    body = f"<section><p>{THIRD}</p></section><div><p>{FIRST}</p><p>{SECOND}</p></div>"
    assert text(f"<div>{body}</div>", head).startswith(THIRD)


def test_captions_go_with_their_pictures():
    picture = '<div class="media"><img src="/a.jpg" alt=""><p>The quay at noon.</p></div>'
    found = page(f"<div>{picture}{STORY}</div>").body
    assert found.text == TOLD
    assert [image.url for image in found.images] == ["https://news.test/a.jpg"]


def test_pictures_of_what_is_left_out_are_left_out():
    box = f'<div class="promo"><img src="/b.jpg"><p>{EXCERPT}</p></div>'
    assert page(f"<div>{STORY}{box}</div>").body.images == []


@pytest.mark.parametrize(
    "story",
    [
        "渡船は月曜日に冬の嵐の後で初めて島へ向かい、乗客四十人と郵便物を運んだと船会社が発表した。",
        "เรือข้ามฟากออกเดินทางสู่เกาะรอบนอกเป็นครั้งแรกตั้งแต่พายุเมื่อต้นปี พร้อมผู้โดยสารสี่สิบคน",
        "أبحرت العبارة إلى الجزر الخارجية يوم الاثنين للمرة الأولى منذ عواصف الشتاء وعلى متنها أربعون راكبا",
    ],
    ids=["japanese", "thai", "arabic"],
)
def test_any_script_is_read(story):
    menu = '<div><a href="/a">渡船</a> <a href="/b">เรือ</a></div>'
    assert text(f"{menu}<div>{f'<p>{story}</p>' * 2}</div>") == f"{story}\n\n{story}"


def test_a_marked_body_is_believed_if_the_text_is_there():
    body = f'<div class="a"><p>{FIRST}</p></div><div class="b">{STORY}</div>'
    doc = document(f"<div>{body}</div>")
    found = main_text(doc, [*doc.by_class("a"), *doc.by_class("b")])
    assert found.marked
    assert found.root is doc.first("b")


def test_a_marked_body_without_the_text_is_not():
    doc = document(f'<div><div class="a"><p>{EXCERPT}</p></div><div class="b">{STORY}</div></div>')
    found = main_text(doc, doc.by_class("a"))
    assert not found.marked
    assert found.root is doc.first("b")


def test_the_rule_is_told():
    found = page(f"<article>{STORY}</article>")
    assert found.text == TOLD
    assert found.rules["text"] == "html:density"


@pytest.mark.parametrize(
    ("marks", "kind"),
    [
        ("article-body", None),
        ("RelatedLinks", Kind.BOX),
        ("post__share-bar", Kind.BOX),
        ("read-more", Kind.BOX),
        ("image-caption", Kind.CAPTION),
        ("comments-area", Kind.SHUT),
        ("no-comments", Kind.SHUT),
        ("has-sidebar", None),
        ("tag", Kind.LEAF),
        ("tag-harbour post", None),
        ("post comments-open", None),
        ("element element-ad3e790", None),
        ("print:hidden", None),
        ("xl:sidebar", None),
        ("cmp-container", None),
        ("ad1", Kind.BOX),
        ("layout__sidebar--left", Kind.ASIDE),
    ],
)
def test_names_are_read_word_by_word(marks, kind):
    mark = named(marks, plain=False)
    assert (mark and mark.kind) == kind


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<div class=promo>" * 10_000 + STORY,
        "".join(f"<div class=share-{at}><p>{EXCERPT}</p>" for at in range(3_000)),
        "<br>" * 600_000,
        "<figure>" * 3_000,
    ],
    ids=["empty", "deep", "many regions", "breaks", "figures"],
)
def test_no_page_is_too_much(body):
    assert isinstance(text(body), str)


TAGS = st.sampled_from(
    ["div", "p", "h1", "h2", "a", "ul", "li", "article", "section", "aside", "figure", "span"]
)
CLASSES = st.sampled_from(["", "promo", "caption", "comments", "body", "media"])
MARKUP = st.recursive(
    st.sampled_from(["", "word", FIRST, SECOND, "<br>", "<img src=/i.jpg>"]),
    lambda inner: st.builds(
        lambda tag, name, parts: f'<{tag} class="{name}">{"".join(parts)}</{tag}>',
        TAGS,
        CLASSES,
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@settings(max_examples=100, deadline=None)
@given(MARKUP)
def test_no_sentence_is_said_twice_that_the_page_says_once(html):
    said = text(html)
    for sentence in (FIRST, SECOND):
        assert said.count(sentence) <= html.count(sentence)


def test_a_linked_heading_to_elsewhere_is_no_teaser():
    parts = "".join(
        f'<h3><a href="https://shop-{at}.example/">Kettle {at}</a></h3><p>{FIRST} {at}</p>'
        for at in range(4)
    )
    assert text(f"<main><h1>Four kettles</h1>{parts}</main>").count("Kettle") == 4


@pytest.mark.parametrize("tag", ["nav", "button", "noscript"])
def test_what_holds_the_main_part_is_read_whatever_its_tag(tag):
    assert text(f"<{tag}><main>{STORY}</main></{tag}>") == TOLD


def test_a_name_that_most_of_the_prose_has_shuts_nothing():
    told = "".join(
        f"<div class=promo-{at}><p>{each}</p></div>"
        for at, each in enumerate([FIRST, SECOND, THIRD])
    )
    assert text(f"<main>{told}</main>") == TOLD


def test_copies_for_other_sizes_of_screens_are_read_once():
    assert (
        text(f"<main><div class=wide>{STORY}</div><div class=narrow>{STORY}</div></main>") == TOLD
    )


def test_what_is_hidden_on_some_screens_only_is_read():
    assert text(f'<main class="hidden md:block">{STORY}</main>') == TOLD


def test_the_part_with_the_headline_counts_before_a_longer_one_without():
    head = "<title>The ferry is back</title>"
    own = f"<div><h1>The ferry is back</h1><div><p>{FIRST}</p><p>{SECOND}</p></div></div>"
    aside = f"<div><p>{THIRD * 4}</p></div>"
    menu = f"<p><a href='/a/'>{'The news of all harbors. ' * 20}</a></p>"
    assert text(f"<div>{own}{menu}{aside}</div>", head) == f"{FIRST}\n\n{SECOND}"


def test_a_site_may_change_the_tree_after_its_elements_were_met():
    read = page(
        f"<nav><a href=/a>Home</a></nav><main><div class=ad><p>{EXCERPT}</p></div>{STORY}</main>"
    )
    assert read.document.tagged("nav", "div") != []
    for each in read.css(".ad, nav"):
        each.root.getparent().remove(each.root)
    assert read.body.text == TOLD
    assert read.body_element.get("class") is None
