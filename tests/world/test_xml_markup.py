"""XML that is not quite XML: a fault costs only what stands in it."""

from __future__ import annotations

import pytest

from newscrawl.discovery.feeds import read_feed
from newscrawl.discovery.sitemaps import read_sitemap

FEED = "https://d.example/feed/"
WRITTEN = "https://d.example/?p=12&amp;x=1&#38;y=%C3%A9"
MEANT = "https://d.example/?p=12&x=1&y=%C3%A9"

FAULTS = [
    pytest.param("Q&A", id="a_stray_ampersand"),  # feedparser#117, miniflux#416
    pytest.param("Q & A", id="an_ampersand_between_spaces"),
    pytest.param("AT&T; more", id="an_entity_nobody_knows"),
    # feedparser#121, crawler-commons#148
    pytest.param("a&nbsp;b &eacute; &hellip;", id="entities_of_html"),
    pytest.param("&#0;&#8;&#x1f;", id="references_to_control_characters"),
    pytest.param("&#xD800; &#99999999;", id="references_to_no_character"),
    pytest.param("&#; &#x; &;", id="references_without_a_name"),
    pytest.param("5 < 6", id="a_bare_less_than"),
    pytest.param("5 <6 and x<=y <3", id="a_bare_less_than_before_a_digit"),
    pytest.param("if a<b then", id="a_bare_less_than_before_a_letter"),
    pytest.param("List<String> is a type", id="a_word_in_brackets"),
    pytest.param("a\x00b\x08c\x0bd\x1f", id="control_characters"),
    pytest.param("a ]]> b", id="an_end_of_cdata_without_a_start"),
    pytest.param("<![CDATA[Q&A <b>]]>", id="cdata"),
    pytest.param("<![CDATA[a <![CDATA[b]]> c", id="cdata_in_cdata"),
    pytest.param("<![CDATA[never ended", id="cdata_without_an_end"),
    pytest.param("<!-- a -- b -->", id="a_comment_with_dashes"),
    pytest.param("<!-- never ended", id="a_comment_without_an_end"),
    pytest.param("<br>one<hr>two", id="empty_elements_of_html"),
    pytest.param("<p>one</b></p></i>", id="end_tags_that_belong_to_nothing"),
    pytest.param("<b><i>one</b></i>", id="elements_that_overlap"),
    pytest.param("<x:y>one</x:y>", id="a_prefix_without_a_namespace"),
    pytest.param('<img src=a.jpg alt="Q&A" hidden>', id="attributes_of_html"),
    pytest.param('<a b="1" b="2">one</a>', id="an_attribute_twice"),
    pytest.param("<?php echo 1 ?> <? x", id="instructions"),
    pytest.param("<!ELEMENT x> <!x", id="declarations_in_the_middle"),
    pytest.param("\U0001f600 \ufffe \uffff", id="characters_that_xml_does_not_have"),
]


def named(body: str) -> list[str]:
    sitemap = read_sitemap(body.encode())
    assert sitemap is not None
    return [entry.url for entry in sitemap.pages]


def linked(body: str) -> list[str]:
    feed = read_feed(body.encode(), FEED)
    assert feed is not None
    return [entry.url for entry in feed.entries]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_addresses_of_a_feed_stay_as_they_are_after(fault):
    item = f"<item><title>{fault}</title><link>{WRITTEN}</link></item>"
    assert (
        linked(f"<rss><channel><title>{fault}</title>{item}{item}</channel></rss>") == [MEANT] * 2
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_the_addresses_of_atom_stay_as_they_are_after(fault):
    entry = f'<entry><title>{fault}</title><link href="{WRITTEN}"/></entry>'
    assert linked(f"<feed><title>{fault}</title>{entry}{entry}</feed>") == [MEANT] * 2


@pytest.mark.parametrize("fault", FAULTS)
def test_the_addresses_of_a_sitemap_stay_as_they_are_after(fault):
    url = f"<url><news:title>{fault}</news:title><loc>{WRITTEN}</loc></url>"
    assert named(f"<urlset>{url}{url}</urlset>") == [MEANT] * 2


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("?p=12&x=1", "?p=12&x=1", id="ampersands_that_are_not_escaped"),
        pytest.param("?a=1&copy=2&reg=3", "?a=1&copy=2&reg=3", id="names_without_a_semicolon"),
        pytest.param("?a=1&amp;amp;b=2", "?a=1&amp;b=2", id="what_is_escaped_twice"),
        pytest.param("?a=1&foo;b=2", "?a=1&foo;b=2", id="entities_that_nobody_knows"),
        pytest.param("caf&eacute;", "café", id="entities_of_html"),
        pytest.param("caf&#233;-&#xE9;", "café-é", id="numbered_characters"),
        pytest.param("<![CDATA[?a=1&b=2&amp;c]]>", "?a=1&b=2&amp;c", id="cdata"),
        pytest.param("?q=<![CDATA[a&b]]>&amp;c", "?q=a&b&c", id="cdata_and_text"),
        pytest.param("<!-- here -->a", "a", id="a_comment_before"),
        pytest.param("a?x=%26amp%3B&amp;y=+%20", "a?x=%26amp%3B&y=+%20", id="percents_and_pluses"),
        pytest.param("a?", "a?", id="an_empty_query"),
        pytest.param("A/../b//c/", "A/../b//c/", id="dots_and_slashes"),
    ],
)
def test_an_address_is_byte_for_byte_what_is_written_with(written, meant):
    url, meant = f"https://d.example/{written}", f"https://d.example/{meant}"
    if not written.startswith("<"):
        assert linked(
            f"<rss><item><guid>https://d.example/x</guid><link>{url}</link></item></rss>"
        ) == [meant]
    if "<" not in written:
        assert linked(f"<feed><entry><link href='{url}'/></entry></feed>") == [meant]
    assert named(f"<urlset><url><loc>{url}</loc></url></urlset>") == [meant]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<url><loc>{a}</url><url><loc>{b}</url>", id="loc_is_not_closed"),
        pytest.param("<url><loc>{a}</loc><url><loc>{b}</loc>", id="url_is_not_closed"),
        pytest.param("<url><loc>{a}<lastmod>2025</lastmod></url><url><loc>{b}</loc></url>", id="loc_is_closed_by_the_next"),
        pytest.param("<URL><LOC>{a}</LOC></URL><Url><Loc>{b}</Loc></Url>", id="letters_are_large"),
        pytest.param("<s:url><s:loc>{a}</s:loc></s:url><url><loc>{b}</loc></url>", id="a_prefix_is_not_declared"),
        pytest.param("<url priority=1><loc >{a}</loc ></url ><url><loc>{b}</loc></url>", id="quotes_are_missing"),
        pytest.param("</url><url><loc>{a}</loc></loc></url></x><url><loc>{b}</loc></url>", id="there_are_too_many_end_tags"),
        pytest.param("<url><loc>\n\t {a}\u200b\ufeff </loc></url><url><loc>\ufeff&#10;{b}&nbsp;</loc></url>", id="there_is_space_around_an_address"),
        pytest.param("<url><loc>{a}</loc></url></urlset>\n<urlset><url><loc>{b}</loc></url>", id="two_sitemaps_stand_in_one_file"),
    ],
)  # fmt: skip
def test_a_sitemap_names_all_its_pages_where(body):
    a, b = "https://d.example/a?x=1&y=2", "https://d.example/b"
    assert named(f"<urlset>{body.format(a=a, b=b)}</urlset>") == [a, b]


@pytest.mark.parametrize(
    "link",
    [
        pytest.param('<link title="5 < 6" href="{}"/>', id="a_value_has_a_bracket"),
        pytest.param("<link rel=alternate href={}>", id="values_have_no_quotes"),
        pytest.param('<link hidden rel="alternate" href="{}"/>', id="an_attribute_has_no_value"),
        pytest.param('<link rel="alternate" href="{}>', id="a_quote_does_not_end"),
        pytest.param('<link rel="alternate"href="{}"/>', id="no_space_stands_between"),
        pytest.param('<LINK REL="Alternate" HREF="{}"/>', id="letters_are_large"),
        pytest.param(
            '<link rel="http://www.iana.org/assignments/relation/alternate" href="{}"/>',
            id="the_relation_is_an_address",
        ),
    ],
)
def test_atom_names_its_page_where(link):
    entry = f"<entry>{link.format(WRITTEN)}<title>x</title></entry>"
    assert linked(f"<feed>{entry}{entry}</feed>") == [MEANT] * 2


def test_a_link_after_many_categories_is_read():
    many = "".join(f"<category>{number}</category>" for number in range(90))
    assert linked(f"<rss><item>{many}<link>{WRITTEN}</link></item></rss>") == [MEANT]


def test_what_a_document_declares_is_not_put_into_addresses():
    head = '<!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!ENTITY a "https://x.example/">]>'
    items = (
        f"<item><link>&a;</link></item><item><title>a&nbsp;b</title><link>{WRITTEN}</link></item>"
    )
    assert linked(f"{head}<rss>{items}</rss>") == [MEANT]
