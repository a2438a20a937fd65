"""The file behind a picture of the body: lazy, in many sizes, for readers without scripts."""

from __future__ import annotations

import pytest

from tests.pages.examples import body

SITE = "https://news.test"
DATA = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def urls(html: str) -> list[str]:
    return [image.url.removeprefix(SITE) for image in body(html).images]


def case(name: str, html: str, *expected: str):
    return pytest.param(html, list(expected), id=name)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        case(name, f'<img src="{DATA}" {name}="/quay.jpg">', "/quay.jpg")
        for name in (
            "data-src",  # newspaper4k#243
            "data-lazy",
            "data-lazy-src",
            "data-original",
            "data-url",
            "data-actualsrc",
            "data-hi-res-src",
            "data-echo",
            "data-ll-src",
            "data-cfsrc",
            "data-lazyload",
            "data-img-url",
            "data-image-src",
            "nitro-lazy-src",
            "data-full-url",
            "data-orig-file",
            "data-srcset",
            "data-lazy-srcset",
            "lazy-srcset",
        )
    ],
)
def test_a_script_keeps_the_address_in_many_attributes(html, expected):
    assert urls(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        case(name, f'<img src="{name}" data-src="/quay.jpg">', "/quay.jpg")
        for name in (DATA, "/x/blank.gif", "/img/1x1.gif", "/spinner.svg", "/ajax-loader.gif", "#")
    ]
    + [
        case(name, f'<img src="{name}" alt="Nothing yet">')
        for name in (
            "/img/1x1.gif",
            "/static/blank.gif",
            "/placeholder.png",
            "/image-placeholder-16x9.svg",
            "/lazy_placeholder.gif",
            "/spacer.gif?v=2",
            "/loading.gif",
            "/transparent.png",
            "/t/jeg-empty.png",
            "/i/quay_{width}x.jpg",
        )
    ]
    + [
        case("a spinner in a photograph", '<img src="/fidget-spinner.jpg">', "/fidget-spinner.jpg"),
        case("an empty harbour", '<img src="/empty-harbour.png">', "/empty-harbour.png"),
        case("a square crop", '<img src="/quay-1x1.jpg">', "/quay-1x1.jpg"),
    ],
)
def test_a_placeholder_is_no_picture(html, expected):
    assert urls(html) == expected


SIZES = "/s.jpg 300w, /m.jpg 800w, /l.jpg 1600w"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        case("widths beat a small src", f'<img src="/s.jpg" srcset="{SIZES}">', "/l.jpg"),
        case("lazy widths beat src", f'<img src="/s.jpg" data-srcset="{SIZES}">', "/l.jpg"),
        case("widths beat a lazy src", f'<img data-src="/s.jpg" data-srcset="{SIZES}">', "/l.jpg"),
        case("the larger set", f'<img srcset="/t.jpg 40w" data-srcset="{SIZES}">', "/l.jpg"),
        case("a density", '<img src="/a.jpg" srcset="/a.jpg 1x, /a2.jpg 2x">', "/a2.jpg"),
        case("a part of a density", '<img src="/a.jpg" srcset="/b.jpg 1.5x">', "/b.jpg"),
        case("no descriptor is 1x", '<img src="/a.jpg" srcset="/b.jpg">', "/a.jpg"),
        case("any order", '<img srcset="/l.jpg 1600w,/s.jpg 300w">', "/l.jpg"),
        case(
            "commas in addresses",
            '<img srcset="/w_300,h_200/a.jpg 300w, /w_900,h_600/a.jpg 900w">',
            "/w_900,h_600/a.jpg",
        ),
        case("a comma at the end", '<img srcset="/a.jpg, /b.jpg 2x,">', "/b.jpg"),
        case("line breaks", '<img srcset="\n /s.jpg\t300w,\n\n /l.jpg 900w\n">', "/l.jpg"),
        case("only commas", '<img src="/a.jpg" srcset=" ,, ,">', "/a.jpg"),
        case("a bad descriptor", '<img src="/a.jpg" srcset="/b.jpg 900q, /c.jpg 300w">', "/c.jpg"),
        case("zero width", '<img src="/a.jpg" srcset="/b.jpg 0w">', "/a.jpg"),
        case("a negative density", '<img src="/a.jpg" srcset="/b.jpg -2x">', "/a.jpg"),
        case("width and density", '<img src="/a.jpg" srcset="/b.jpg 900w 2x">', "/a.jpg"),
        case("width and height", '<img src="/a.jpg" srcset="/b.jpg 900w 600h">', "/b.jpg"),
        case("height alone", '<img src="/a.jpg" srcset="/b.jpg 600h">', "/a.jpg"),
        case("a space in a name", '<img src="/a.jpg" srcset="/my quay.jpg 900w">', "/a.jpg"),
        case("parentheses", '<img srcset="/b.jpg x(1,2), /c.jpg 300w">', "/c.jpg"),
        case("parentheses left open", '<img src="/a.jpg" srcset="/b.jpg (1, /c.jpg 2x">', "/a.jpg"),
        case("a placeholder in the set", f'<img src="/a.jpg" srcset="{DATA} 900w">', "/a.jpg"),
        case(
            "data: with commas and spaces",
            f'<img srcset="{DATA} 1w, /a.jpg 800w" src="{DATA}">',
            "/a.jpg",
        ),
        case("a blurred copy", '<img data-src="/a.jpg" srcset="/blur.jpg 20w">', "/a.jpg"),
        case("entities", '<img srcset="/i?a=1&amp;w=9 900w, /i?a=1&amp;w=3 300w">', "/i?a=1&w=9"),
        case(
            "the original beats all",
            f'<img src="/s.jpg" srcset="{SIZES}" data-orig-file="/whole.jpg">',
            "/whole.jpg",
        ),
        case("a linked file", '<a href="/whole.jpg?x=1"><img src="/s.jpg"></a>', "/whole.jpg?x=1"),
        case("a wiki's page", '<a href="/wiki/File:A.jpg"><img src="/a.jpg"></a>', "/a.jpg"),
        case(
            "a link that shares it",
            '<a href="https://pin.test/?media=https://news.test/a.jpg"><img src="/a.jpg"></a>',
            "/a.jpg",
        ),
        case("the page beside it", '<img src="/a.jpg" data-url="/story/on-the-quay">', "/a.jpg"),
        case("its thumbnail beside it", '<img src="/a.jpg" data-thumb-src="/t.jpg">', "/a.jpg"),
    ],
)
def test_the_largest_file_is_taken(html, expected):
    assert urls(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        case(
            "the largest of all sources",
            f'<source srcset="{SIZES}"><img src="/s.jpg">',
            "/l.jpg",
        ),
        case("lazy sources", f'<source data-srcset="{SIZES}"><img src="{DATA}">', "/l.jpg"),
        case(
            "JPEG of the same size",
            '<source type="image/avif" srcset="/a.avif"><source type="image/webp" srcset="/a.webp">'
            '<img src="/a.jpg">',
            "/a.jpg",
        ),
        case(
            "JPEG of the same width",
            '<source type="image/webp" srcset="/l.webp 1600w">'
            '<source type="image/jpeg" srcset="/l.jpg 1600w"><img src="/s.jpg">',
            "/l.jpg",
        ),
        case(
            "WebP before AVIF",
            '<source type="image/avif" srcset="/a.avif"><source type="image/webp" srcset="/a.webp">'
            f'<img src="{DATA}">',
            "/a.webp",
        ),
        case(
            "a larger WebP",
            '<source type="image/webp" srcset="/l.webp 1600w, /m.webp 800w"><img src="/s.jpg">',
            "/l.webp",
        ),
        case(
            "wide screens",
            '<source media="(min-width: 1200px)" srcset="/xl.jpg">'
            '<source media="(min-width: 600px)" srcset="/m.jpg"><img src="/s.jpg">',
            "/xl.jpg",
        ),
        case(
            "wide screens in em",
            '<source media="(min-width: 40em)" srcset="/m.jpg">'
            '<source media="(min-width: 80em)" srcset="/xl.jpg"><img src="/s.jpg">',
            "/xl.jpg",
        ),
        case(
            "narrow screens",
            '<source media="(max-width: 600px)" srcset="/narrow.jpg"><img src="/wide.jpg">',
            "/wide.jpg",
        ),
        case("no img", '<source srcset="/a.jpg">', "/a.jpg"),
        case("an img without src", '<source srcset="/a.webp"><img alt="A">', "/a.webp"),
        case(
            "an img without scripts",
            '<source srcset="/a.webp" type="image/webp"><noscript><img src="/a.jpg"></noscript>',
            "/a.jpg",
        ),
    ],
)
def test_a_picture_element_is_one_picture(html, expected):
    assert urls(f"<p>Before.</p><picture>{html}</picture><p>After.</p>") == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        case(
            "the lazy one first",
            f'<img src="{DATA}" data-src="/a.jpg"><noscript><img src="/a.jpg"></noscript>',
            "/a.jpg",
        ),
        case(
            "the lazy one last",
            f'<noscript><img src="/a.jpg"></noscript><img src="{DATA}" data-src="/a.jpg">',
            "/a.jpg",
        ),
        case(
            "the lazy one knows no address",
            f'<img src="{DATA}"><noscript><img src="/a.jpg"></noscript>',
            "/a.jpg",
        ),
        case(
            "the lazy one is not seen",
            f'<img style="display:none" src="{DATA}"><noscript><img src="/a.jpg"></noscript>',
            "/a.jpg",
        ),
        case("no lazy one", '<noscript><img src="/a.jpg"></noscript>', "/a.jpg"),
        case(
            "no lazy one but a box",
            '<div class="frame"></div><noscript><img src="/a.jpg"></noscript>',
            "/a.jpg",
        ),
        case(
            "a larger one for scripts",
            f'<img data-srcset="{SIZES}"><noscript><img src="/s.jpg"></noscript>',
            "/l.jpg",
        ),
        case(
            "a blurred one for scripts",
            '<img class="lazyload" src="/tiny.jpg"><noscript><img src="/a.jpg"></noscript>',
            "/a.jpg",
        ),
        case(
            "in wrappers",
            f'<div class="wrap"><span><img src="{DATA}"></span></div>'
            '<noscript><picture><source srcset="/a.webp"><img src="/a.jpg"></picture></noscript>',
            "/a.jpg",
        ),
        case(
            "several in a row",
            "".join(
                f'<img src="{DATA}" data-src="/{name}.jpg"><noscript><img src="/{name}.jpg">'
                "</noscript>"
                for name in "abc"
            ),
            "/a.jpg",
            "/b.jpg",
            "/c.jpg",
        ),
        case(
            "several in a row the other way round",
            "".join(
                f'<noscript><img src="/{name}.jpg"></noscript><img src="{DATA}">' for name in "abc"
            ),
            "/a.jpg",
            "/b.jpg",
            "/c.jpg",
        ),
        case(
            "another picture beside it",
            '<img src="/a.jpg"><noscript><img src="/b.jpg"></noscript>',
            "/a.jpg",
            "/b.jpg",
        ),
        case("a counter", '<noscript><img height="1" width="1" src="/count?id=1"></noscript>'),
        case("words", "<noscript>Please allow scripts.</noscript>"),
    ],
)
def test_what_readers_without_scripts_see_is_the_same_picture(html, expected):
    assert urls(f"<p>Before.</p><figure>{html}</figure><p>After.</p>") == expected
    assert urls(f"<p>Before. {html} After.</p>") == expected


def test_words_for_readers_without_scripts_are_not_in_the_text():
    assert body("<p>A.</p><noscript>Please allow scripts.</noscript>").text == "A."


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        case("src", '<amp-img src="/a.jpg" width="9" height="6"></amp-img>', "/a.jpg"),
        case("srcset", f'<amp-img src="/s.jpg" srcset="{SIZES}"></amp-img>', "/l.jpg"),
        case(
            "without scripts",
            '<amp-img src="/a.jpg"><noscript><img src="/a.jpg"></noscript></amp-img>',
            "/a.jpg",
        ),
        case(
            "with a fallback",
            '<amp-img src="/a.webp"><amp-img fallback src="/b.jpg"></amp-img></amp-img>',
            "/a.webp",
        ),
        case("moving", '<amp-anim src="/a.gif"></amp-anim>', "/a.gif"),
        case("two", '<amp-img src="/a.jpg"></amp-img><amp-img src="/b.jpg">', "/a.jpg", "/b.jpg"),
    ],
)
def test_pictures_of_amp_pages_are_read(html, expected):
    assert urls(f"<p>Before.</p>{html}<p>After.</p>") == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        case("quoted", """<figure style="background-image:url('/a.jpg')"></figure>""", "/a.jpg"),
        case(
            "entities",
            '<figure style="background-image: url(&quot;/a.jpg?a=1&amp;b=2&quot;);"></figure>',
            "/a.jpg?a=1&b=2",
        ),
        case("bare", '<figure style="color:red;background:#fff url( /a.jpg )"></figure>', "/a.jpg"),
        case(
            "in a box",
            '<figure><a href="/x"><div style="background-image:url(/a.jpg)"></div></a>'
            "<figcaption>The quay.</figcaption></figure>",
            "/a.jpg",
        ),
        case("lazy", '<figure><div data-bg="/a.jpg"></div></figure>', "/a.jpg"),
        case("lazy in CSS", '<figure><div data-bg="url(/a.jpg)"></div></figure>', "/a.jpg"),
        case(
            "behind a gradient",
            '<figure style="background-image:linear-gradient(red, blue), url(/a.jpg)"></figure>',
            "/a.jpg",
        ),
        case(
            "behind a picture",
            '<figure style="background-image:url(/b.jpg)"><img src="/a.jpg"></figure>',
            "/a.jpg",
        ),
        case("of a video", '<figure data-bg="/a.jpg"><video src="/v.mp4"></video></figure>'),
        case("a placeholder", f'<figure style="background:url({DATA})"></figure>'),
        case("no figure", '<div style="background:url(/wallpaper.jpg)"><p>A.</p></div>'),
    ],
)
def test_a_figure_may_show_its_picture_as_background(html, expected):
    assert urls(f"<p>Before.</p>{html}<p>After.</p>") == expected


def test_a_background_has_the_caption_of_its_figure():
    html = '<figure style="background:url(/a.jpg)"><figcaption>The quay.</figcaption></figure>'
    (image,) = body(f"<p>Before.</p>{html}").images
    assert image.caption == "The quay."


UPLOADS = "/wp-content/uploads/2025/03"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        case("twice", '<img src="/a.jpg"><img src="/a.jpg">', "/a.jpg"),
        case(
            "sizes of WordPress",
            f'<img src="{UPLOADS}/a-300x200.jpg"><img src="{UPLOADS}/a-1024x683.jpg">',
            f"{UPLOADS}/a.jpg",
        ),
        case(
            "scaled by WordPress",
            f'<img src="{UPLOADS}/a-scaled.jpg"><img src="{UPLOADS}/a-300x200.jpg">',
            f"{UPLOADS}/a-scaled.jpg",
        ),
        case(
            "sizes in names",
            '<img src="/a-300x200.jpg"><img src="/a-1200x800.jpg">',
            "/a-1200x800.jpg",
        ),
        case("the whole one", '<img src="/a-300x200.jpg"><img src="/a.jpg">', "/a.jpg"),
        case(
            "sizes in queries", '<img src="/a.jpg?w=300"><img src="/a.jpg?w=1200">', "/a.jpg?w=1200"
        ),
        case("for dense screens", '<img src="/a@2x.jpg"><img src="/a.jpg">', "/a@2x.jpg"),
        case("a WebP of it", '<img src="/a.jpg"><img src="/a.jpg.webp">', "/a.jpg"),
        case("other queries", '<img src="/i?id=1"><img src="/i?id=2">', "/i?id=1", "/i?id=2"),
        case(
            "other queries of a size",
            '<img src="/i?id=1&w=300"><img src="/i?id=2&w=300">',
            "/i?id=1&w=300",
            "/i?id=2&w=300",
        ),
        case(
            "numbers in names", '<img src="/a-1.jpg"><img src="/a-2.jpg">', "/a-1.jpg", "/a-2.jpg"
        ),
    ],
)
def test_the_same_picture_is_listed_once(html, expected):
    assert urls(f"<p>Before.</p>{html}<p>After.</p>") == expected


def test_the_larger_copy_is_what_the_html_shows_and_keeps_what_the_smaller_told():
    found = body('<img src="/a-300x200.jpg" alt="A"><p>Text.</p><img src="/a-1200x800.jpg">')
    assert found.html.count("<img") == 1
    assert 'src="https://news.test/a-1200x800.jpg" alt="A"' in found.html
