from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest
from web_poet import HttpResponse

from newscrawl.items import Image
from newscrawl.pages.news import NewsPage

URL = "https://thepost.test/a-story/"
JNEWS = "single single-post jnews"


def item(html, classes="", head="", url=URL):
    body = f'<html><head>{head}</head><body class="{classes}">{html}</body></html>'
    return asyncio.run(NewsPage(HttpResponse(url, body.encode())).to_item())


def jnews(meta="", body="", rest="", head=""):
    header = (
        f'<div class="entry-header"><h1 class="jeg_post_title">Talks reopen: NPR</h1>{meta}</div>'
    )
    return item(f'{header}<div class="content-inner">{body}</div>{rest}', JNEWS, head)


def test_a_headline_loses_the_name_that_only_the_title_tells():
    head = "<title>Talks reopen - The Post</title><meta property=og:title content='Talks reopen'>"
    found = item("<h1>Talks reopen - The Post</h1>", head=head)
    assert found.headline == "Talks reopen"


def test_the_origin_of_a_syndicated_story_is_its_source_name():
    found = jnews(body='<p>Text.</p><p><a href="https://www.npr.org/1">Source link</a></p>')
    assert (found.headline, found.source_name) == ("Talks reopen", "NPR")
    assert found.source_url == "https://www.npr.org/1"


def test_without_a_source_the_suffix_is_part_of_the_headline():
    found = jnews(body="<p>Text.</p>")
    assert (found.headline, found.source_name) == ("Talks reopen: NPR", None)


def test_a_source_link_within_the_site_is_no_origin():
    found = jnews(body='<p><a href="https://www.thepost.test/1">Source link</a></p>')
    assert found.source_url is None


def test_the_theme_can_name_a_source():
    found = jnews(body='<div class="jeg_post_source"><a href="https://wire.test/1">Wire</a></div>')
    assert (found.source_url, found.source_name) == ("https://wire.test/1", "Wire")


def test_a_canonical_on_another_site_is_a_source():
    found = item("<p>x", head='<link rel="canonical" href="https://wire.test/1">')
    assert found.source_url == found.canonical_url == "https://wire.test/1"
    assert found.provenance["source_url"] == "html"


def test_the_byline_of_a_syndicated_story_is_marked_as_the_aggregators():
    meta = '<div class="jeg_meta_author"><span>by</span> <a href="/author/d/">Dan</a></div>'
    found = jnews(meta, '<a href="https://www.npr.org/1">Source link</a>')
    assert found.authors == ["Dan"]
    assert found.provenance["authors"] == "jnews:css:aggregator-byline"


def test_the_authors_of_teasers_are_not_the_storys():
    rest = '<article class="jeg_post"><div class="jeg_meta_author"><a href="/b/">Bo</a></div>'
    assert jnews(rest=rest).authors == []


@pytest.mark.parametrize(
    ("meta", "count"),
    [
        ('<div class="jeg_meta_comment"><a href="#respond"><i></i> 0</a></div>', 0),
        ('<div class="jeg_meta_comment"><a href="#respond"><i></i> 14</a></div>', 14),
        ('<div class="jeg_meta_comment"><a href="#respond"><span>0</span></a></div>', None),
        ("", None),
    ],
)
def test_comments_are_counted_by_the_server_unless_a_script_is_awaited(meta, count):
    assert jnews(meta).comment_count == count


@pytest.mark.parametrize(("shown", "count"), [("0", None), ("53", 53), ("1.2k", 1200)])
def test_a_counter_of_zero_awaits_its_script(shown, count):
    counts = f'<div class="counts">{shown}</div>'
    found = jnews(
        rest=f'<div class="jeg_share_count">{counts}</div><div class="jeg_views_count">{counts}</div>'
    )
    assert (found.share_count, found.view_count) == (count, count)


def test_the_themes_local_time_is_the_last_resort_and_says_so():
    ld = '<script type="application/ld+json">{"@type": "article", "headline": "H", "datePublished": "2020-07-04 06:15:43"}</script>'
    found = jnews(head=ld)
    assert found.published == datetime(2020, 7, 4, 6, 15, 43, tzinfo=UTC)
    assert found.provenance["published"] == "json-ld:assumed-utc"
    assert found.published_raw == "2020-07-04 06:15:43"


def test_a_date_in_words_is_kept_as_it_stands():
    found = jnews('<div class="jeg_meta_date"><a href="#">2 days ago</a></div>')
    assert (found.published, found.published_raw) == (None, "2 days ago")


def test_the_date_of_the_page_header_is_not_the_storys():
    assert jnews(rest='<div class="jeg_top_date">Friday, May 1, 2026</div>').published_raw is None


def test_the_lead_picture_is_the_linked_file_with_its_caption():
    found = jnews(
        rest='<div class="jeg_featured featured_image"><a href="/uploads/a.jpg"><div>'
        '<img src="/jeg-empty.png" data-src="/uploads/a-750x375.jpg" alt="A"></div>'
        '<p class="wp-caption-text">The bay.</p></a></div>'
    )
    assert found.images == [
        Image(url="https://thepost.test/uploads/a.jpg", alt="A", caption="The bay.")
    ]


def test_a_body_of_no_paragraphs_falls_back_to_the_declared_one():
    body = "Declared words. " * 60
    found = item(
        "<h1>H</h1>",
        head='<script type="application/ld+json">'
        f'{{"@type": "NewsArticle", "headline": "H", "articleBody": "{body}"}}</script>',
    )
    assert found.text == body.strip()
    assert found.provenance["text"] == "json-ld"


@pytest.mark.parametrize(
    ("url", "head", "kind", "first"),
    [
        ("/story?page=2", '<link rel="prev" href="/story?page=1">', "part", "/story?page=1"),
        ("/story/2/", '<link rel="prev" href="/story/">', "part", "/story/"),
        ("/2026/05/12/", '<link rel="prev" href="/other/">', "article", None),
        ("/story/2/", "", "article", None),
    ],
)
def test_a_part_of_any_site_follows_the_part_before_it(url, head, kind, first):
    text = (
        "<p>" + "Words of a story. " * 60 + f'</p><div class="pager"><a href="{first}">1</a></div>'
    )
    page = NewsPage(HttpResponse("https://thepost.test" + url, (head + text).encode()))
    assert page.kind == kind
    assert page.first_part_url == (first and "https://thepost.test" + first)


STORY = {"@type": "NewsArticle", "headline": "Talks reopen"}


def told(html="<h1>Talks reopen</h1>", head="", **story):
    script = f'<script type="application/ld+json">{json.dumps({**STORY, **story})}</script>'
    return item(html, head=script + head)


def test_the_headline_is_the_heading_that_a_reader_sees():
    head = '<title>Harbor talks | The Post</title><meta property="og:title" content="Talks reopen">'
    found = item("<h1>Talks reopen at last</h1>", head=head)
    assert (found.headline, found.provenance["headline"]) == ("Talks reopen at last", "html")


def test_where_the_story_names_itself_in_its_data_most_claims_decide():
    head = '<title>Harbor talks | The Post</title><meta property="og:title" content="Talks reopen">'
    found = told("<h1>Talks reopen at last</h1>", head, headline="Talks reopen")
    assert (found.headline, found.provenance["headline"]) == ("Talks reopen", "opengraph")


def test_a_heading_that_nothing_else_echoes_is_no_headline():
    head = '<title>Talks reopen | The Post</title><meta property="og:title" content="Talks reopen">'
    found = told("<h1>Business</h1>", head)
    assert (found.headline, found.provenance["headline"]) == ("Talks reopen", "opengraph")


def test_a_heading_may_share_its_words_with_the_address_alone():
    html, head = "<h1>Talks reopen</h1>", "<title>You won’t believe it</title>"
    assert item(html, head=head, url="https://thepost.test/2025/talks-1").headline == "Talks reopen"
    assert item(html, head=head, url="https://thepost.test/2025/1").headline != "Talks reopen"


def test_where_there_is_no_heading_the_part_of_the_title_that_is_shown_is_the_headline():
    head = "<title>Coast :: Harbor talks reopen at last :: Post</title>"
    html = "<table><tr><td><font><b>Harbor talks reopen at last</b></font></td></tr></table>"
    assert item(html, head=head).headline == "Harbor talks reopen at last"


TEXT = f"<p>{'Text of the talks. ' * 40}</p>"


def test_the_declared_picture_comes_before_those_of_the_body():
    head = '<meta property="og:image" content="/quay.jpg">'
    found = told(
        f"<h1>Talks reopen</h1><article>{TEXT}<img src='/pier.jpg'>{TEXT}</article>",
        head,
    )
    assert [each.url for each in found.images] == [
        "https://thepost.test/quay.jpg",
        "https://thepost.test/pier.jpg",
    ]
    assert found.provenance["images"] == "html+opengraph"


def test_a_post_title_of_wordpress_stands_against_what_is_shared():
    head = '<meta property="og:title" content="You won’t believe it"><title>You won’t believe it</title>'
    html = '<article><h1 class="entry-title">Talks reopen</h1></article>'
    assert item(html, "single-post", head).headline == "Talks reopen"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("By Ann Lee and Bo Ek", ["Ann Lee", "Bo Ek"]),
        (
            [{"@type": "Person", "name": "Ann Lee"}, {"name": "Bo Ek, Reporter"}],
            ["Ann Lee", "Bo Ek"],
        ),
        ([{"@type": "Person", "name": ["Ann Lee", "Bo Ek"]}], ["Ann Lee", "Bo Ek"]),
        ({"@id": "#ann"}, ["Ann Lee"]),
        ({"@id": "#nobody"}, []),
        ({}, []),
        (None, []),
        (7, []),
    ],
)
def test_authors_of_the_story(author, names):
    head = (
        '<script type="application/ld+json">{"@type": "Person", "@id": "#ann", "name": "Ann Lee"}'
        "</script>"
    )
    assert told(head=head, author=author).authors == names


def test_the_authors_of_another_story_on_the_page_are_not_this_ones():
    other = {**STORY, "headline": "Other", "url": "https://thepost.test/b", "author": "Bo Ek"}
    head = (
        f'<script type="application/ld+json">{json.dumps([other, {**STORY, "url": URL}])}</script>'
    )
    assert item("<h1>Talks reopen</h1>", head=head).authors == []


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="author" content="The Post"><meta name="sailthru.author" content="Ann Lee">',
        '<meta name="parsely-author" content="Ann Lee">',
        '<meta name="dc.creator" content="Lee, Ann">',
        '<meta property="article:author" content="Ann Lee">',
    ],
)
def test_people_come_before_the_newsroom(head):
    newsroom = {"@type": "Organization", "name": "The Post"}
    found = told(head=f'<meta property="og:site_name" content="The Post">{head}', author=newsroom)
    assert (found.authors, found.provenance["authors"]) == (["Ann Lee"], "meta")


def test_a_newsroom_that_the_story_names_as_its_author_is_marked():
    head = '<meta property="og:site_name" content="The Post">'
    found = told(head=head, author={"@type": "Organization", "name": "The Post"})
    assert (found.authors, found.provenance["authors"]) == (["The Post"], "json-ld:newsroom")


@pytest.mark.parametrize("signed", ["The Post", "thepost.test", "ThePost", "@thepost", "4711"])
def test_a_site_is_not_the_author_of_its_pages(signed):
    head = '<meta name="twitter:site" content="@thepost"><meta property="og:site_name" content="The Post">'
    assert item("<h1>T</h1>", head=f'{head}<meta name="author" content="{signed}">').authors == []


@pytest.mark.parametrize(
    ("byline", "rule"),
    [
        ('<a rel="author" href="/ann">Ann Lee</a>', "microdata"),
        ('<p itemprop="author" itemscope><b itemprop="name">Ann Lee</b>, Editor</p>', "microdata"),
        ('<p class="article-byline">By <a href="/ann">Ann Lee</a>, Chief Reporter</p>', "html"),
        ('<p class="story__author">Von Ann Lee, 4. Mai 2024</p>', "html"),
        (
            '<p class="author"><a href="/ann">Ann Lee</a><a href="https://x.com/l">Bo Ek</a></p>',
            "html",
        ),
    ],
)
def test_bylines_near_the_headline(byline, rule):
    teaser = (
        '<article class="teaser"><h3>Other</h3><p class="byline">By <a rel="author">Bo Ek</a></p>'
    )
    html = f"<main><header><h1>Talks reopen</h1>{byline}</header>{teaser}</article></main>"
    found = item(html)
    assert (found.authors, found.provenance["authors"]) == (["Ann Lee"], rule)


def test_a_line_with_by_near_the_headline_outvotes_what_the_head_declares():
    page = "<main><h1>Talks reopen</h1><p>By Ann Lee</p></main>"
    found = item(page, head='<meta name="author" content="Bo Ek">')
    assert (found.authors, found.provenance["authors"]) == (["Ann Lee"], "byline")


def test_what_is_declared_may_name_more_people_than_the_line():
    page = "<main><h1>Talks reopen</h1><p>By Ann Lee</p></main>"
    found = item(page, head='<meta name="author" content="Ann Lee, Bo Ek">')
    assert (found.authors, found.provenance["authors"]) == (["Ann Lee", "Bo Ek"], "meta")


def test_a_byline_may_be_named_by_its_id():
    page = '<main><h1>Talks reopen</h1><p id="main_byline"><a href="/7">Ann Lee</a></p></main>'
    assert item(page).authors == ["Ann Lee"]


@pytest.mark.parametrize("text", ["All stories by Ann Lee", "More from Ann Lee", "Ann Lee"])
def test_the_address_of_a_link_spells_the_name_in_it(text):
    page = f'<main><h1>T</h1><p class="author"><a href="/staff/ann-lee">{text}</a></p></main>'
    assert item(page).authors == ["Ann Lee"]


def test_buttons_beside_the_name_are_nobody():
    links = '<a href="/author/ann-lee">Ann Lee</a><a href="/feed/12">View All</a>'
    assert item(f'<main><h1>T</h1><p class="author">{links}</p></main>').authors == ["Ann Lee"]


def test_a_team_or_a_name_of_one_word_is_believed_where_the_page_calls_it_the_author():
    page = '<main><h1>Talks reopen</h1><p class="author-name">{}</p></main>'
    assert item(page.format("Harbour Staff")).authors == ["Harbour Staff"]
    assert item(page.format("quayside")).authors == []


def test_a_site_that_bears_the_name_of_a_person_is_that_persons():
    head = '<meta property="og:site_name" content="Ann Lee"><meta name="author" content="Ann Lee">'
    found = item("<h1>Talks reopen</h1>", head=head)
    assert (found.authors, found.provenance["authors"]) == (["Ann Lee"], "page:newsroom")


def test_a_site_that_signs_its_pages_in_two_ways_is_their_author():
    head = '<meta property="og:site_name" content="Quay"><meta name="author" content="Quay">'
    page = "<main><h1>Talks reopen</h1><p>{}</p></main>"
    found = item(page.format("By Quay"), head=head)
    assert (found.authors, found.provenance["authors"]) == (["Quay"], "page:newsroom")
    assert item(page.format("Of the harbour"), head=head).authors == []


def test_the_card_of_a_shared_link_tells_the_author_or_the_minutes():
    head = '<meta name="twitter:label1" content="By"><meta name="twitter:data1" content="{}">'
    assert item("<h1>T</h1>", head=head.format("Ann Lee")).authors == ["Ann Lee"]
    assert item("<h1>T</h1>", head=head.format("5 minutes")).authors == []


def test_who_comments_did_not_write_the_post():
    comment = '<div class="comment-author vcard"><cite><a href="/b">Bo Ek</a></cite></div>'
    post = (
        f'<h1 class="entry-title">T</h1><p class="byline"><a href="/ann">Ann Lee</a></p>{comment}'
    )
    found = item(f'<article class="post">{post}</article>', classes="single single-post")
    assert found.authors == ["Ann Lee"]


def test_the_story_that_slides_in_is_the_next_one():
    sliding = '<section class="jeg_popup_post"><h3 class="post-title"><a href="/n/">N</a></h3>'
    assert jnews(rest=sliding).next_url == "https://thepost.test/n/"


def test_links_to_the_sites_own_pages_behind_the_text_are_none_of_it():
    end = '<p><a href="/a/">More of this</a></p><p><a href="/b/">Even more</a></p>'
    assert jnews(body=f'<p>Text.</p><p><a href="/c/">Linked</a> text.</p>{end}').text == (
        "Text.\n\nLinked text."
    )


def test_the_authors_of_the_site_itself_are_not_the_storys():
    assert item('<h1>T</h1><a rel="author" href="/humans.txt">humans.txt</a>').authors == []


LATEST = '<h2>More</h2><ul class="wp-block-latest-posts"><li>{}</li></ul>'.format(
    "".join(f"<div><p>{'Another story of the harbour and its boats. ' * 9}</p></div>" for _ in "ab")
)


def test_the_marked_body_of_a_post_is_believed_however_short():
    body = '<h1 class="entry-title">T</h1><div class="entry-content"><p>Two words.</p></div>'
    assert item(body + LATEST, classes="single single-post").text == "Two words."


def test_a_post_behind_a_password_has_no_text_of_others():
    form = '<form class="post-password-form"><p>This content is protected.</p></form>'
    body = f'<h1 class="entry-title">T</h1><div class="entry-content">{form}</div>'
    assert item(body + LATEST, classes="single single-post").text == ""


def test_a_link_to_all_stories_of_an_author_is_no_name():
    box = '<div class="author-bio"><h2 class="author-title">By Olga Lund</h2>{}</div>'
    link = '<a class="author-link" rel="author" href="/olga">View all of Olga Lund’s posts.</a>'
    page = f'<article class="post"><h1 class="entry-title">T</h1>{box.format(link)}</article>'
    assert item(page, classes="single single-post").authors == ["Olga Lund"]


def test_the_bylines_of_teasers_alone_are_nobodys():
    teaser = '<aside><p class="byline">By <a rel="author" href="/b">Bo Ek</a></p></aside>'
    assert item(f"<main><h1>Talks reopen</h1></main>{teaser}").authors == []


def test_a_story_may_be_signed_below_at_the_right():
    text = "<p>Words of a story. " * 30
    found = item(f'<h1>T</h1><div>{text}<p style="text-align: right"><b>Ann Lee</b></p></div>')
    assert (found.authors, found.provenance["authors"]) == (["Ann Lee"], "text")


@pytest.mark.parametrize(
    ("html", "rule"),
    [
        ('<time datetime="2024-05-04T10:00:00+02:00">4 May</time>', "html"),
        ('<p class="meta-date">Published: 4 May 2024, 10:00 CEST</p>', "html"),
        ('<p class="date" data-timestamp="1714809600">today</p>', "html"),
    ],
)
def test_dates_near_the_headline(html, rule):
    teaser = '<aside><time datetime="2023-01-01">x</time></aside>'
    found = item(f"{teaser}<main><h1>Talks reopen</h1>{html}</main>")
    assert found.published == datetime(2024, 5, 4, 8, tzinfo=UTC)
    assert found.provenance["published"] == rule


def test_of_a_bare_date_and_a_time_of_that_day_the_time_is_taken():
    head = '<meta property="article:published_time" content="2024-05-04T10:00:00+02:00">'
    found = told(head=head, datePublished="2024-05-04")
    assert found.published == datetime(2024, 5, 4, 8, tzinfo=UTC)
    assert found.provenance["published"] == "opengraph"
    assert found.published_raw == "2024-05-04T10:00:00+02:00"


def test_sections_are_told_by_the_breadcrumbs_where_nothing_else_tells_them():
    crumbs = [{"name": name} for name in ("Home", "Local", "Harbor", "Talks reopen")]
    head = json.dumps({"@type": "BreadcrumbList", "itemListElement": crumbs})
    found = told(head=f'<script type="application/ld+json">{head}</script>')
    assert (found.sections, found.provenance["sections"]) == (["Local", "Harbor"], "breadcrumbs")


def test_a_subtitle_that_repeats_the_headline_is_none():
    assert told(alternativeHeadline="Talks reopen!").subtitle is None
    assert told(alternativeHeadline="After a week").subtitle == "After a week"


def test_tags_strung_together_are_told_apart():
    found = told(head='<meta property="article:tag" content="harbor, talks">')
    assert found.tags == ["harbor", "talks"]


def test_the_topics_of_the_day_are_no_tags_of_a_story_that_has_its_own():
    links = "".join(f'<a rel="tag" href="/tag/{n}">Topic {n}</a>' for n in range(4))
    assert told(f"<h1>Talks</h1><nav>{links}</nav>", keywords=["harbor", "pier"]).tags == [
        "harbor",
        "pier",
    ]


def test_the_language_may_be_declared_like_a_header():
    head = '<meta http-equiv="Content-Language" content="pt_br">'
    assert item("<h1>T</h1>", head=head).language == "pt-BR"


@pytest.mark.parametrize(
    ("story", "head", "locked"),
    [
        ({"isAccessibleForFree": False}, "", True),
        ({"isAccessibleForFree": "True"}, "", False),
        ({}, '<meta property="article:content_tier" content="metered">', True),
        ({}, "", None),
    ],
)
def test_the_paywall_is_told_as_declared(story, head, locked):
    found = told(head=head, **story)
    assert found.paywalled is locked
    assert ("paywalled" in found.provenance) is (locked is not None)


def test_a_page_without_pictures_has_the_declared_one():
    image = {
        "@type": "ImageObject",
        "url": "/pier.jpg",
        "caption": "The pier",
        "creditText": "Bo Ek",
    }
    assert told(image=[image, "/pier-4x3.jpg"]).images == [
        Image(url="https://thepost.test/pier.jpg", caption="The pier", credit="Bo Ek")
    ]


def test_a_heading_that_is_never_closed_is_cut():
    assert len(item("<h1>" + "Talks - reopen | " * 10_000).headline) <= 1_000


def test_what_the_head_says_twice_is_one_voice():
    head = '<title>Harbor talks</title><meta property="og:title" content="Harbor talks">'
    assert item("<h1>Talks reopen</h1>", head=head).headline == "Talks reopen"
