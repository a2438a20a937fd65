"""Pages for both ways: of all sets, of the project itself, hostile ones, and ones made at random."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator

from hypothesis import strategies as st

from newscrawl.demo.odd_site import OddSite
from tests.bench.extraction import HEADERS, demo_pages, jnews_pages
from tests.bench.hostile import JNEWS, PAGES, START, URL, WORDPRESS
from tests.core.reader import Page
from tests.hostile.fuzz import HTML
from tests.quality.samples import SETS, SHARED, recorded_pages, samples

CHANGES = 30
"""Most changes to one page."""
HOSTILE_SIZE = 20_000


def of_sets(every: int = 1) -> Iterator[Page]:
    """All pages of the public sets, or each nth of each set."""
    for group in SETS:
        for sample in samples(group)[::every]:
            file = SHARED / group / f"{sample.name.removesuffix('.html.gz')}.html.gz"
            body = gzip.decompress(file.read_bytes())
            yield Page(f"{group}/{sample.name}", sample.truth["url"], body, {})
    for page in list(jnews_pages())[::every]:
        yield Page("jnews", page.url, page.body, page.headers)


def own(hostile_size: int = HOSTILE_SIZE) -> Iterator[Page]:
    """Recorded pages, those of both generated sites, and hostile ones of so many bytes."""
    for recorded in recorded_pages():
        response = recorded.response
        yield Page(recorded.name, str(response.url), bytes(response.body), {})
    for page in demo_pages():
        yield Page("demo", page.url, page.body, page.headers)
    yield from odd()
    yield from hostile(hostile_size)


def odd() -> Iterator[Page]:
    site = OddSite("http://127.0.0.1:8000")
    for path in ("/", "/town/", "/sea/", "/essays/"):
        answer = site.respond(path, {})
        yield Page(f"odd{path}", f"{site.base_url}{path}", answer.body, dict(answer.headers))


def hostile(size: int) -> Iterator[Page]:
    for name, made in PAGES.items():
        yield Page(f"hostile: {name}", URL, made(size), HEADERS)


WORDS = "The harbour reopened on Friday, and ferries sail again to the islands in the bay. "
TAGS = (
    *("div", "p", "span", "a", "ul", "li", "table", "tr", "td", "h1", "h2", "h3", "section"),
    *("article", "main", "aside", "nav", "header", "footer", "figure", "figcaption", "blockquote"),
    *(
        "pre",
        "code",
        "em",
        "b",
        "time",
        "form",
        "button",
        "select",
        "option",
        "template",
        "dl",
        "dt",
    ),
    *(
        "svg",
        "math",
        "x-y",
        "noscript",
        "iframe",
        "script",
        "style",
        "textarea",
        "br",
        "hr",
        "font",
    ),
)
NAMES = (
    *("entry-content", "article-body", "post", "related", "comment", "comments", "sidebar", "menu"),
    *("share", "byline", "author", "date", "caption", "breadcrumb", "tags", "hidden", "newsletter"),
    *("jeg_post_title", "content-inner", "pagination", "teaser", "promo", "ad", "ümlaut", "\xa0"),
)
ATTRIBUTES = (
    *('href="/2025/03/a/"', 'href="https://daily.example/b#c"', 'href="javascript:x"', "href"),
    *(
        'rel="author"',
        'rel="next"',
        'itemprop="articleBody"',
        'itemprop="author name"',
        "itemscope",
    ),
    *('datetime="2025-03-01T08:00:00Z"', 'src="/a.jpg"', 'srcset="/a.jpg 2x, /b.jpg"', "hidden"),
    *('style="display:none"', 'aria-hidden="true"', 'role="navigation"', 'property="og:title"'),
    *('content="A"', 'lang="de"', 'id="main"', 'id="comments"', 'class=""', "xml:lang=en", "x:y=z"),
)
PIECES = (
    *(
        WORDS,
        WORDS * 4,
        "By Ann Lee",
        "1 March 2025",
        "&amp;",
        "&nbsp;",
        "&unknown;",
        "&#0;",
        "\x00",
    ),
    *(
        "<!-- a -->",
        "<!--",
        "-->",
        "<?a b?>",
        "<![CDATA[ c ]]>",
        "<",
        ">",
        "\u00ad",
        "\ufeff",
        "\x85",
    ),
    *(
        "</body>",
        "</html>",
        "<body>",
        "<head>",
        "<base href='/x/'>",
        "\n\n",
        "&#xD800;",
        "\U0001f600",
    ),
)


@st.composite
def opened(draw: st.DrawFn) -> str:
    named = draw(st.lists(st.sampled_from(NAMES), max_size=2))
    attributes = draw(st.lists(st.sampled_from(ATTRIBUTES), max_size=2))
    classes = f' class="{" ".join(named)}"' if named else ""
    return f"<{draw(st.sampled_from(TAGS))}{classes}{''.join(f' {each}' for each in attributes)}>"


PIECE = st.one_of(
    opened(),
    opened(),
    st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
    st.sampled_from(PIECES),
    st.text(max_size=12),
)
FRAMES = st.sampled_from(["", START, WORDPRESS, JNEWS])
MARKUP = st.one_of(
    st.lists(PIECE, max_size=40).map("".join),
    st.lists(PIECE, max_size=40).map("".join),
    HTML,
)
FUZZED = st.tuples(FRAMES, MARKUP).map(
    lambda parts: Page("fuzzed", URL, "".join(parts).encode("utf-8", "surrogatepass"), HEADERS)
)
"""Pages of fragments, most of which mean something to the rules, in three frames or none."""


def changed(page: Page, chance: random.Random) -> Page:
    """A page with parts taken out, doubled, moved and spoilt."""
    body = bytearray(page.body)
    for _ in range(chance.randrange(1, CHANGES)):
        at, to = chance.randrange(len(body) + 1), chance.randrange(len(body) + 1)
        part = bytes(body[at : at + chance.randrange(300)])
        match chance.randrange(4):
            case 0:
                del body[at : at + len(part)]
            case 1:
                body[to:to] = part
            case 2:
                body[to : to + len(part)] = part
            case _:
                body[to:to] = chance.choice(PIECES).encode("utf-8", "surrogatepass")
    return page._replace(name=f"{page.name}, changed", body=bytes(body))
