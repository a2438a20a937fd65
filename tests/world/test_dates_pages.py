"""Which date of a page is that of its story."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from web_poet import HttpResponse

from newscrawl.pages.news import NewsPage

WHEN = "2025-07-09T10:00:00+02:00"
OTHER = "2025-11-20T08:00:00+01:00"
WORDS = "The harbor council met again on Monday and heard both sides of the dispute at length. "
BODY = "".join(f"<p>{WORDS * 3}</p>" for _ in range(4))
HEADLINE = "<h1>Harbor talks reopen</h1>"


def read(html, head="", lang="en", url="https://news.test/harbor-talks/", headers=None, **known):
    page = NewsPage(
        HttpResponse(
            url,
            f'<html lang="{lang}"><head><title>Harbor talks reopen</title>{head}</head>'
            f"<body>{html}</body></html>".encode(),
            headers=headers or {},
        )
    )
    for name, value in known.items():
        setattr(page, name, value)
    return asyncio.run(page.to_item())


def story(dateline="", body=BODY, around="", **more):
    article = f"<article>{HEADLINE}{dateline}<div class='story-body'>{body}</div></article>"
    return read(f"<main>{article}</main>{around}", **more)


def told(item):
    return item.published and item.published.isoformat()


def ld(**values):
    return f'<script type="application/ld+json">{json.dumps(values)}</script>'


@pytest.mark.parametrize(
    "dateline",
    [
        f'<span itemprop="datePublished" content="{WHEN}">today</span>',
        f'<span itemprop="datePublished" datetime="{WHEN}">today</span>',
        f'<span itemprop="datePublished" title="{WHEN}">today</span>',
        f'<span itemprop="datePublished">{WHEN}</span>',
        '<span itemprop="datePublished">9 July 2025, 10:00 CEST</span>',
        f'<abbr itemprop="datePublished" title="{WHEN}">9 July</abbr>',
        f'<meta itemprop="datePublished" content="{WHEN}">',
        f'<time itemprop="datePublished" datetime="{WHEN}">9 July</time>',
        f'<time itemprop="datePublished" content="{WHEN}">9 July</time>',
        f'<time itemprop="datePublished">{WHEN}</time>',
        f'<time itemprop="datePublished" datetime="10 o\'clock">{WHEN}</time>',
        f'<p itemprop="dateCreated datePublished" content="{WHEN}">today</p>',
        f'<span itemprop="dateCreated" content="{WHEN}">today</span>',
        f'<span property="datePublished" content="{WHEN}">today</span>',
        f'<span property="schema:datePublished" content="{WHEN}">today</span>',
        f'<span property="http://schema.org/datePublished" content="{WHEN}">today</span>',
        f'<span property="article:published_time" content="{WHEN}">today</span>',
        f'<time property="dcterms:issued" datetime="{WHEN}">today</time>',
        f'<time property="dc:created" datetime="{WHEN}">today</time>',
        f'<link itemprop="url" href="/x"><span itemprop="DatePublished" content="{WHEN}">x</span>',
        f'<abbr class="published" title="{WHEN}">9 July</abbr>',
        f'<time class="entry-date" datetime="{WHEN}">9 July</time>',
        f'<time datetime="{WHEN}" pubdate class="updated">9 July</time>',
        f'<time class="entry-date published updated" datetime="{WHEN}">9 July</time>',
        "<time>9 July 2025, 10:00 CEST</time>",
        f'<ul class="meta"><li>By Ada Quill</li><li><time datetime="{WHEN}">9 July</time></li></ul>',
        f'<footer class="entry-footer"><time datetime="{WHEN}">9 July</time></footer>',
        '<p class="dateline">Published 9 July 2025 10:00 CEST | Updated 20 November 2025</p>',
        '<p class="dateline">Updated 20 November 2025 · Published 9 July 2025 10:00 CEST</p>',
        f'<!-- date --><!-- x --><time datetime="{WHEN}">9 July</time>',
    ],
)
def test_a_date_of_publication_is_read_whatever_bears_it(dateline):
    assert told(story(dateline)) == WHEN


@pytest.mark.parametrize("head", ["itemprop", "name", "property"])
def test_a_date_in_the_head_is_read_by_any_attribute(head):
    assert told(story(head=f'<meta {head}="datePublished" content="{WHEN}">')) == WHEN


CHANGES = [
    f'<time itemprop="dateModified" datetime="{OTHER}">x</time>',
    f'<time class="updated" datetime="{OTHER}">x</time>',
    f'<time class="entry-date updated" datetime="{OTHER}">x</time>',
    f'<time class="post-modified" datetime="{OTHER}">x</time>',
    f'<span class="last-updated"><time datetime="{OTHER}">x</time></span>',
    f'<span class="dateModified"><time datetime="{OTHER}">x</time></span>',
    f'<span itemprop="dateModified"><time datetime="{OTHER}">x</time></span>',
    f'<time property="article:modified_time" datetime="{OTHER}">x</time>',
    f'<p>Last updated: <time datetime="{OTHER}">x</time></p>',
    f'<p><b>Updated</b> <time datetime="{OTHER}">x</time></p>',
    f'<p>Aktualisiert am <time datetime="{OTHER}">x</time></p>',
    f'<p>Mis à jour le <time datetime="{OTHER}">x</time></p>',
    f'<abbr class="updated" title="{OTHER}">x</abbr>',
    '<p class="date-updated">20 November 2025, 08:00 CET</p>',
    '<p class="dateline">Updated 20 November 2025, 08:00 CET</p>',
    '<p class="post-meta">Última actualización: 20 November 2025</p>',
    f'<meta itemprop="dateModified" content="{OTHER}">',
]


@pytest.mark.parametrize("dateline", CHANGES)
def test_the_date_of_a_change_alone_is_none_of_publication(dateline):
    item = story(dateline)
    assert (item.published, item.published_raw) == (None, None)


@pytest.mark.parametrize("dateline", CHANGES)
@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_beside_a_change_the_publication_is_read(dateline, first):
    own = f'<p>Published <time datetime="{WHEN}">9 July</time></p>'
    assert told(story(f"{own}{dateline}" if first else f"{dateline}{own}")) == WHEN


def test_a_marked_change_is_the_date_of_the_change():
    item = story(CHANGES[0] + f'<time class="published" datetime="{WHEN}">x</time>')
    assert item.modified
    assert (told(item), item.modified.isoformat()) == (WHEN, OTHER)


@pytest.mark.parametrize(
    "kind",
    ["https://schema.org/Comment", "http://schema.org/VideoObject", "https://schema.org/Event"],
)
def test_the_date_of_another_thing_is_not_the_storys(kind):
    html = (
        f'<div itemscope itemtype="{kind}"><meta itemprop="datePublished" content="{OTHER}"></div>'
    )
    assert story(html).published is None


def teaser(number):
    return (
        f'<a href="/other-{number}/">Another story of the town</a>'
        f'<time datetime="2025-11-{20 + number}T08:00:00+01:00">x</time>'
    )


TWO = [teaser(1), teaser(2)]
ITEMS = "".join(f"<li>{each}</li>" for each in TWO)
HEADED = "".join(f"<div><h3><a href='/o{n}/'>Other</a></h3>{TWO[n]}</div>" for n in (0, 1))
LISTS = {
    "aside": f"<aside>{ITEMS}</aside>",
    "footer": f"<footer><ul>{ITEMS}</ul></footer>",
    "nav": f"<nav><ul>{ITEMS}</ul></nav>",
    "sidebar": f'<div class="sidebar"><ul>{ITEMS}</ul></div>',
    "widget": f'<div class="widget widget_recent_entries"><ul>{ITEMS}</ul></div>',
    "latest posts": f'<ul class="wp-block-latest-posts__list wp-block-latest-posts">{ITEMS}</ul>',
    "related": f'<section class="related-posts">{HEADED}</section>',
    "teasers": f'<div class="grid">{HEADED}</div>',
    "plain list": f"<ul>{ITEMS}</ul>",
    "plain divs": "".join(f'<div class="row">{each}</div>' for each in TWO),
    "headed": f"<section><h2>Latest</h2>{TWO[0]}</section>",
    "microdata": "".join(
        f'<li><a href="/o{n}/">Other</a><meta itemprop="datePublished" content="{OTHER}"></li>'
        for n in (1, 2)
    ).join(['<ul class="recent">', "</ul>"]),
    "query loop": "".join(
        '<li class="wp-block-post"><h2 class="wp-block-post-title"><a href="/o/">Other</a></h2>'
        f'<div class="wp-block-post-date"><time datetime="{OTHER}">x</time></div></li>'
        for _ in range(2)
    ).join(['<ul class="wp-block-post-template">', "</ul>"]),
    "query loop of dates": '<div class="wp-block-query"><div class="wp-block-post-date">'
    f'<time datetime="{OTHER}">x</time></div></div>',
    "comments": f'<ol class="comment-list"><li class="comment"><time datetime="{OTHER}">x</time></li></ol>',
    "cards that are links": "".join(
        f'<a class="card" href="/o{n}/">Other <time datetime="{OTHER}">x</time></a>' for n in (1, 2)
    ).join(['<div class="latest-news">', "</div>"]),
}
WORDPRESS = '<meta name="generator" content="WordPress 6.8">'


@pytest.mark.parametrize("head", ["", WORDPRESS], ids=["plain", "wordpress"])
@pytest.mark.parametrize("others", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("place", ["after the story", "before it", "in main", "in a page of divs"])
def test_a_list_of_others_dates_no_story(others, place, head):
    if place == "in main":
        item = read(f"<main>{HEADLINE}<div class='entry-content'>{BODY}</div>{others}</main>", head)
    elif place == "in a page of divs":
        inner = f"<div class='post'>{HEADLINE}<div class='entry-content'>{BODY}</div></div>"
        item = read(f"<div id='page'>{inner}{others}</div>", head)
    elif place == "before it":
        item = read(
            f"{others}<article>{HEADLINE}<div class='entry-content'>{BODY}</div></article>", head
        )
    else:
        item = story(around=others, head=head)
    assert (item.published, item.published_raw) == (None, None)


@pytest.mark.parametrize("head", ["", WORDPRESS], ids=["plain", "wordpress"])
@pytest.mark.parametrize("others", LISTS.values(), ids=LISTS)
def test_beside_a_list_of_others_the_storys_own_date_is_read(others, head):
    own = f'<p class="meta"><time datetime="{WHEN}">9 July</time></p>'
    inner = f"<div class='post'>{HEADLINE}{own}<div class='entry-content'>{BODY}</div></div>"
    assert told(read(f"<div id='page'>{others}{inner}{others}</div>", head)) == WHEN


@pytest.mark.parametrize("others", LISTS.values(), ids=LISTS)
def test_the_pages_own_object_dates_a_story_without_one(others):
    head = ld(
        **{
            "@graph": [
                {"@type": "WebSite", "url": "https://news.test/"},
                {
                    "@type": ["WebPage", "ItemPage"],
                    "url": "https://news.test/harbor-talks/",
                    "datePublished": WHEN,
                },
                {"@type": "CollectionPage", "datePublished": OTHER},
            ]
        }
    )
    item = story(head=head, around=others)
    assert (told(item), item.provenance["published"]) == (WHEN, "json-ld:page")


def test_the_object_of_another_page_dates_no_story():
    other = ld(**{"@type": "WebPage", "url": "https://news.test/other/", "datePublished": OTHER})
    assert story(head=other).published is None


@pytest.mark.parametrize(
    "html",
    [
        f'<p>{WORDS * 3} On <time datetime="1995-05-08">8 May 1995</time> it ended.</p>',
        f'<section><h2>Then</h2><p><time datetime="{OTHER}">x</time> it began.</p></section>',
        f'<blockquote><time datetime="{OTHER}">x</time></blockquote>',
        f'<figure><figcaption><time datetime="{OTHER}">x</time></figcaption></figure>',
    ],
    ids=["in a paragraph", "in a section", "in a quotation", "under a picture"],
)
def test_a_date_that_the_story_tells_of_is_not_its_own(html):
    assert story(body=BODY + html).published is None


@pytest.mark.parametrize("head", ["", WORDPRESS], ids=["plain", "wordpress"])
@pytest.mark.parametrize("utc", ["2025-07-09T08:00:00+00:00", "2025-07-09T08:00:00Z"])
@pytest.mark.parametrize("rule", ["json-ld", "opengraph", "both"])
def test_the_pages_own_time_gives_the_offset_of_the_same_instant(rule, utc, head):
    if rule != "opengraph":
        head += ld(
            **{"@type": "NewsArticle", "headline": "Harbor talks reopen", "datePublished": utc}
        )
    if rule != "json-ld":
        head += f'<meta property="article:published_time" content="{utc}">'
    assert told(story(f'<time datetime="{WHEN}">9 July</time>', head=head)) == WHEN


def test_the_time_of_a_teaser_gives_no_offset():
    head = ld(**{"@type": "NewsArticle", "headline": "H", "datePublished": "2025-11-21T07:00:00Z"})
    item = story(head=head, around=f"<aside>{ITEMS}</aside>")
    assert told(item) == "2025-11-21T07:00:00+00:00"


@pytest.mark.parametrize(
    ("lang", "url", "when"),
    [
        ("en-IN", "https://news.test/a", "2025-07-09T10:00:00+05:30"),
        ("en", "https://news.ie/a", "2025-07-09T10:00:00+01:00"),
        ("he", "https://news.test/a", "2025-07-09T10:00:00+02:00"),
    ],
)
def test_an_abbreviation_is_that_of_the_pages_country(lang, url, when):
    item = story('<p class="date">9 July 2025, 10:00 IST</p>', lang=lang, url=url)
    assert (told(item), item.provenance["published"]) == (when, "html")


def test_an_abbreviation_of_several_countries_is_flagged():
    item = story('<p class="date">9 July 2025, 10:00 IST</p>')
    assert item.provenance["published"] == "html:ambiguous-zone"
    assert item.published_raw == "9 July 2025, 10:00 IST"


def test_the_locale_of_the_page_says_its_country():
    head = '<meta property="og:locale" content="en_IE">'
    assert told(story('<p class="date">9 July 2025, 10:00 IST</p>', head=head)) == (
        "2025-07-09T10:00:00+01:00"
    )


def test_a_date_without_offset_is_read_in_the_zone_of_the_site():
    head = ld(**{"@type": "NewsArticle", "headline": "H", "datePublished": "2025-07-09T10:00:00"})
    item = story(head=head, zone=ZoneInfo("Europe/Berlin"))
    assert (told(item), item.provenance["published"]) == (WHEN, "json-ld:site-zone")


FETCHED = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "doubt"),
    [
        ("1970-01-01T00:00:00+00:00", "epoch"),
        ("1969-12-31T19:00:00-05:00", "epoch"),
        ("0001-01-01T00:00:00", "before-1990"),
        ("1985-04-01", "before-1990"),
        ("2026-05-04T00:00:00Z", "future"),
        ("2062-01-01", "future"),
    ],
)
@pytest.mark.parametrize("source", ["json-ld", "opengraph", "microdata", "html"])
def test_a_date_that_cannot_be_true_is_kept_as_written(source, raw, doubt):
    head = {
        "json-ld": ld(**{"@type": "NewsArticle", "headline": "H", "datePublished": raw}),
        "opengraph": f'<meta property="article:published_time" content="{raw}">',
    }.get(source, "")
    line = {
        "microdata": f'<span itemprop="datePublished" content="{raw}">x</span>',
        "html": f'<time datetime="{raw}">x</time>',
    }.get(source, "")
    item = story(line, head=head, fetched=FETCHED)
    assert (item.published, item.published_raw) == (None, raw)
    assert item.provenance["published_raw"].endswith(f":{doubt}")
    assert "published" not in item.provenance


def test_the_future_begins_a_day_after_the_page_came_not_after_today():
    raw = "2026-05-01T18:00:00+00:00"
    dateline = f'<time datetime="{raw}">x</time>'
    assert told(story(dateline, fetched=FETCHED)) == raw
    assert story(dateline, fetched=datetime(2026, 4, 1, tzinfo=UTC)).published is None


def test_where_nobody_noted_when_a_page_came_its_server_says_it():
    headers = {"Date": "Fri, 01 May 2026 12:00:00 GMT"}
    item = story('<time datetime="2026-07-01">x</time>', headers=headers)
    assert (item.published, item.published_raw) == (None, "2026-07-01")


def test_a_clock_that_is_behind_takes_nothing_for_future_that_the_server_dates_later():
    headers = {"Date": "Fri, 01 May 2026 12:00:00 GMT"}
    raw = "2026-05-01T10:00:00+00:00"
    behind = datetime(2025, 5, 1, tzinfo=UTC)
    item = story(f'<time datetime="{raw}">x</time>', headers=headers, fetched=behind)
    assert told(item) == raw


def test_an_unix_time_in_json_ld_is_a_date():
    head = ld(**{"@type": "NewsArticle", "headline": "H", "datePublished": 1752048000})
    assert told(story(head=head)) == "2025-07-09T08:00:00+00:00"


def test_a_typed_date_in_json_ld_is_a_date():
    value = {"@type": "xsd:dateTime", "@value": WHEN}
    head = ld(**{"@type": "NewsArticle", "headline": "H", "datePublished": value})
    assert told(story(head=head)) == WHEN


def test_todays_date_in_the_head_of_a_site_dates_no_story():
    top = '<header class="top"><span class="date">Friday, 27 November 2026</span></header>'
    item = read(f"{top}<main>{HEADLINE}{BODY}</main>")
    assert item.published is None


@pytest.mark.parametrize(
    "html",
    [
        f'<header><h1>Harbor talks reopen</h1></header><article><p class="meta">{{}}</p>{BODY}</article>',
        f'<header><h1>Harbor talks reopen</h1></header><div>{{}}</div><div class="text">{BODY}</div>',
        f'<article><header>{HEADLINE}</header><div class="text">{BODY}</div><footer>{{}}</footer></article>',
        (
            f'<div class="hentry">{HEADLINE}<div class="entry-content">{BODY}</div>'
            '<div class="entry-footer">{}</div></div>'
        ),
        (
            f'<div class="elementor-widget">{HEADLINE}</div><div class="elementor-widget '
            f'elementor-widget-post-info"><ul><li>{{}}</li></ul></div><div>{BODY}</div>'
        ),
        f'<div class="has-sidebar">{{}}</div>{HEADLINE}<div>{BODY}</div>',
        f'<table><tr><td>{HEADLINE}{{}}{BODY}</td><td class="sidebar">x</td></tr></table>',
        (
            f'<div>{HEADLINE}</div><div class="row"><span><a href="/by/ada">Ada</a></span><span>{{}}</span></div>'
            f"<div>{BODY}</div>"
        ),
        f'<article>{HEADLINE}<header class="meta">{{}}</header>{BODY}</article>',
        f"<div>{HEADLINE}</div><div><h2>After a week of silence</h2>{{}}</div><div>{BODY}</div>",
        (
            f'<div>{HEADLINE}</div><div><h4><a href="/author/ada/">Ada Quill</a></h4>{{}}</div>'
            f"<div>{BODY}</div>"
        ),
    ],
    ids=[
        "headline outside of the article",
        "headline in a header",
        "in its footer",
        "below its text",
        "in a builder's widgets",
        "beside a state",
        "in a table",
        "beside a name that is a link",
        "in a header of its own",
        "below a standfirst",
        "below a name that is a heading",
    ],
)
@pytest.mark.parametrize("head", ["", WORDPRESS], ids=["plain", "wordpress"])
def test_the_storys_own_date_is_read_wherever_its_page_keeps_it(html, head):
    assert told(read(html.format(f'<time datetime="{WHEN}">9 July</time>'), head)) == WHEN


@pytest.mark.parametrize(
    "top",
    [
        '<header class="top"><span class="date">Friday, 7 November 2025</span></header>',
        '<header><time datetime="2025-11-07">Friday</time></header>',
    ],
)
def test_todays_date_on_a_page_of_divs_dates_no_story(top):
    assert read(f"<div>{top}<div>{HEADLINE}<div>{BODY}</div></div></div>").published is None


@pytest.mark.parametrize(
    "number", ["1e999", "-1e999", "NaN", "-1", "true", f"1{'0' * 40}", "[[]]", "{}"]
)
def test_a_number_that_is_no_time_is_no_date(number):
    told = f'{{"@type": "NewsArticle", "headline": "H", "datePublished": {number}}}'
    item = story(head=f'<script type="application/ld+json">{told}</script>')
    assert (item.headline, item.published) == ("Harbor talks reopen", None)


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("<h1>Harbor talks revised</h1>", id="the headline"),
        pytest.param("<h2>The plan is modified</h2>", id="a subheading"),
        pytest.param(f"<p>{WORDS} It was revised</p>", id="a paragraph"),
    ],
)
def test_a_word_for_a_change_in_the_story_is_no_label_of_its_date(before):
    dated = f"<div class='meta'><time datetime='{WHEN}'>9 July</time></div>"
    item = read(f"<main><article>{before}{dated}{BODY}</article></main>")
    assert (told(item), item.modified) == (WHEN, None)


def test_a_short_label_before_a_date_is_still_one():
    dated = f"<p>Updated</p><time datetime='{OTHER}'>20 November</time>"
    item = read(f"<main><article>{HEADLINE}{dated}{BODY}</article></main>")
    assert (told(item), item.modified.isoformat()) == (None, OTHER)
