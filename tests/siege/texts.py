"""Texts and markup that cost a careless reader more than they are long."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.siege.site import Answer

MB = 1_000_000
PROSE = (
    "<p>The ferry left the quay at noon, and the mayor waved to the baker on the bridge.</p>" * 5
)
HEAD = '<meta property="og:type" content="article">'
XML = (("Content-Type", "application/xml"),)
JSON = (("Content-Type", "application/json"),)
FILLINGS = {
    "marks of two classes": "\u0301\u0316",
    "marks in a row": "\u0301",
    "marks that fall apart": "\u0f73",
    "voiced marks of half width": "\uff9e\u0301",
    "letters with many marks": "a" + "\u0316\u0301" * 200,
    "ligatures of eighteen letters": "\ufdfa",
    "jamo": "\u1100\u1161\u11a8",
    "dotted capital letters": "\u0130",
    "joiners": "a\u200d",
    "joiners of no letters": "\u200d\u200b\ufeff",
    "emoji": "\U0001f469\u200d\U0001f52c",
    "one ideograph": "\u6f22",
    "one letter of Thai": "\u0e17",
    "katakana": "\u30ab\u30fc",
    "a letter": "a",
    "letters and points": "a.",
    "letters and hyphens": "a-",
    "spaces": " ",
    "spaces of no break": "\u00a0",
    "line ends": "\n",
    "blank lines": "\n \n\t",
    "digits": "1",
    "digits and slashes": "1/",
    "digits and colons": "1:",
    "digits and commas": "1,1 ",
    "days": "1 January 2024 ",
    "moments": "2024-01-01T00:00:00+00:00 ",
    "names": "Ada Quill, ",
    "names and more names": "By Ada Quill and ",
    "words of bylines": "by By BY ",
    "points": ".",
    "ends of sentences": "A. ",
    "brackets": "(",
    "square brackets": "[",
    "braces": '{"a":',
    "quotation marks": "\u201c",
    "apostrophes": "'",
    "backslashes": "\\",
    "ampersands": "&amp;",
    "open references": "&#x",
    "at signs": "a@",
    "schemes": "http://",
    "escapes": "%41",
    "slashes": "a/../",
    "questions": "?a=1&",
    "punycode": "xn--a.",
    "bars": "a | ",
    "dashes": "\u2013 ",
    "minus signs": "-",
    "stars": "*",
    "tags as text": "&lt;b&gt;",
    "colons": "a: ",
    "currencies": "$1.1 ",
    "hash signs": "#a ",
    "counters": "1 views 2 comments ",
}
"""Each is repeated as often as its size allows."""


class Slow(NamedTuple):
    """A page made to be slow: where it lies, and what is answered there."""

    path: str
    answer: Callable[[], Answer]


def filled(filling: str, size: int) -> str:
    return filling * (size // len(filling.encode()))


def page(body: str, head: str = "") -> Answer:
    return Answer(f"<!doctype html><html lang=en><head>{HEAD}{head}</head>{body}</html>".encode())


def story(title: str, text: str = "", head: str = "") -> Answer:
    """An article; the text is that of a paragraph between honest ones."""
    return page(
        f"<body><main><article><h1>{title}</h1>{PROSE}<p>{text}</p>{PROSE}</article></main></body>",
        f'<title>Ferry and quay</title><meta property="article:published_time" '
        f'content="2024-03-01T06:30:00Z">{head}',
    )


def declared(name: str, value: str) -> str:
    said = {"@type": "NewsArticle", "headline": "Ferry", name: value}
    return f'<script type="application/ld+json">{json.dumps(said, ensure_ascii=False)}</script>'


PLACES: dict[str, Callable[[str], Answer]] = {
    "text": lambda it: story("Ferry and quay", it),
    "title": lambda it: story(it, head=f"<title>{it}</title>"),
    "author": lambda it: story("Ferry", head=f'<meta name="author" content="{it}">'),
    "byline": lambda it: page(
        f"<body><article><h1>Ferry</h1><p class=byline>{it}</p>{PROSE}</article></body>"
    ),
    "time": lambda it: page(
        f'<body><article><h1>Ferry</h1><time datetime="{it}">{it}</time>{PROSE}</article></body>'
    ),
    "keywords": lambda it: story(
        "Ferry", head=f'<meta name="keywords" content="{it}"><meta name=description content="{it}">'
    ),
    "address": lambda it: story(
        "Ferry",
        f'<a href="{it}">a</a><a href="//{it}/">b</a><a href="http://{it}">c</a>'
        f'<img src="//{it}" srcset="{it}">',
        f'<link rel=canonical href="//{it}"><base href="//{it}/">',
    ),
    "attribute": lambda it: page(
        f'<body><div class="{it}" id="{it}"><h1>Ferry</h1><div style="{it}">{PROSE}</div></div>'
    ),
    "picture": lambda it: story(
        "Ferry", f'<figure><img src=/a.jpg alt="{it}"><figcaption>{it}</figcaption></figure>'
    ),
    "declared text": lambda it: story("Ferry", head=declared("articleBody", it)),
    "declared day": lambda it: page(
        f"<body><h1>Ferry</h1>{PROSE}</body>", declared("datePublished", it)
    ),
    "declared author": lambda it: story("Ferry", head=declared("author", it)),
    "comments": lambda it: story(
        "Ferry",
        f'</p><ol class="comment-list"><li class=comment><cite class=fn>{it}</cite><p>{it}</p></li>'
        "</ol><p>",
    ),
    "links": lambda it: page(f"<body><ul><li><h2><a href=/harbour>{it}</a></h2></ul></body>"),
}
"""Where a filling stands on a page."""


def feed(it: str) -> Answer:
    entry = (
        f"<item><title>{it}</title><link>/harbour/slow-{len(it)}</link><pubDate>{it}</pubDate>"
        f"<dc:creator>{it}</dc:creator><description>{it}</description></item>"
    )
    return Answer(f"<rss><channel>{entry}</channel></rss>".encode(), headers=XML)


def sitemap(it: str) -> Answer:
    entry = f"<url><loc>http://{it}/</loc><lastmod>{it}</lastmod><n:title>{it}</n:title></url>"
    return Answer(f"<urlset>{entry}</urlset>".encode(), headers=XML)


def api(it: str) -> Answer:
    post = {
        "id": 1,
        "link": it,
        "date_gmt": it,
        "title": {"rendered": it},
        "content": {"rendered": it},
    }
    return Answer(json.dumps([post]).encode(), headers=JSON)


def packed(answer: Answer) -> Answer:
    """Ten megabytes that travel as a few."""
    body = gzip.compress(answer.body, 1)
    return Answer(body, answer.status, (*answer.headers, ("Content-Encoding", "gzip")))


SHAPES: dict[str, Callable[[int], str]] = {
    "deep divisions": lambda size: f"{'<div>' * (size // 11)}a{'</div>' * (size // 11)}",
    "deep marks": lambda size: "<b><i>" * (size // 6),
    "deep lists": lambda size: "<ul><li>" * (size // 8),
    "deep tables": lambda size: "<table><tr><td>" * (size // 15),
    "deep quotes": lambda size: "<blockquote><p>" * (size // 15),
    "open tags": lambda size: "<" * size,
    "open comments": lambda size: "<!--" * (size // 4),
    "open sections": lambda size: "<![CDATA[" * (size // 9),
    "open scripts": lambda size: "<script>" * (size // 8),
    "open ends": lambda size: "</" * (size // 2),
    "many attributes": lambda size: (
        "<p " + " ".join(f"a{n}=1" for n in range(size // 9)) + ">a</p>"
    ),
    "one attribute": lambda size: f'<p title="{"a " * (size // 2)}">a</p>',
    "many classes": lambda size: f'<p class="{"a b-c " * (size // 6)}">a</p>',
    "many words": lambda size: " ".join(f"w{n}" for n in range(size // 8)),
    "many sentences": lambda size: " ".join(f"Word {n} ends." for n in range(size // 15)),
    "many links": lambda size: "".join(f"<a href=/?{n}&?>a b c d</a>" for n in range(size // 27)),
    "many hosts": lambda size: "".join(
        f"<a href=//\u0301{n}.example>a</a>" for n in range(size // 30)
    ),
    "many headings": lambda size: "<h2>Ferry</h2>" * (size // 14),
    "many pictures": lambda size: "".join(f"<img src=/{n}.jpg alt=a>" for n in range(size // 26)),
    "many captions": lambda size: (
        "<figure><img src=a><figcaption>a</figcaption></figure>" * (size // 54)
    ),
    "many times": lambda size: "<time>1 May</time>" * (size // 18),
    "many authors": lambda size: "<a rel=author href=/a>Ada</a>" * (size // 29),
    "many breaks": lambda size: "a<br>" * (size // 5),
    "many cells": lambda size: "<table>" + "<tr><td>a" * (size // 9),
    "many comments": lambda size: "<li class=comment><p>a</p></li>" * (size // 31),
    "many articles": lambda size: "<article><h2>a</h2><p>b</p></article>" * (size // 37),
    "many items": lambda size: "<div itemscope itemtype=//schema.org/NewsArticle>" * (size // 50),
    "many frames": lambda size: "<svg><math><template>" * (size // 21),
    "many references": lambda size: "&#x301;&#x316;" * (size // 14),
    "formatting out of order": lambda size: "<a href=/><b><p></a></b>" * (size // 24),
}
"""Markup in the middle of an article."""
SCRIPTS: dict[str, Callable[[int], str]] = {
    "deep lists": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "deep objects": lambda size: '{"@graph":' * (size // 11) + "1" + "}" * (size // 11),
    "long numbers": lambda size: f'{{"@type":"NewsArticle","commentCount":{"9" * size}}}',
    "long fractions": lambda size: f'{{"@type":"NewsArticle","wordCount":0.{"9" * size}e9}}',
    "many objects": lambda size: "[" + '{"@type":"NewsArticle"},' * (size // 24) + "{}]",
    "open strings": lambda size: '{"a":"' * (size // 6),
    "slashes": lambda size: '{"a":"' + "\\" * size,
    "comments": lambda size: "/*" * (size // 2),
    "commas": lambda size: "{" + "," * size + "}",
}
"""What stands for JSON-LD."""


def plain(text: str) -> Answer:
    return Answer(text.encode(), headers=(("Content-Type", "text/plain"),))


def sources(size: int) -> Iterator[Slow]:
    """Feeds, sitemaps and answers of an API."""
    chosen = ("marks of two classes", "spaces", "digits", "brackets", "open references", "days")
    for name in chosen:
        it = filled(FILLINGS[name], size)
        slug = name.replace(" ", "-")
        for kind, made in (("feed", feed), ("sitemap", sitemap), ("api", api)):
            yield Slow(f"/{kind}/{slug}.xml", lambda made=made, it=it: made(it))  # type: ignore[misc]


def pages(size: int) -> Iterator[Slow]:
    """Every filling in a place, the worst one in all, every shape, every script; size in bytes."""
    places = list(PLACES.items())
    for number, (name, filling) in enumerate(FILLINGS.items()):
        slug = name.replace(" ", "-")
        always = places if name.startswith("marks of two") else []
        turn = [places[number % len(places)]]
        for place, made in dict([*always, *turn]).items():
            path = f"/slow/{slug}/{place.replace(' ', '-')}"
            yield Slow(path, lambda made=made, it=filling: made(filled(it, size)))  # type: ignore[misc]
    for name, markup in SHAPES.items():
        path = f"/slow/shape/{name.replace(' ', '-')}"
        yield Slow(path, lambda it=markup: story("Ferry", it(size)))  # type: ignore[misc]
    for name, script in SCRIPTS.items():
        path = f"/slow/script/{name.replace(' ', '-')}"
        yield Slow(path, lambda it=script: story("Ferry", head=as_script(it(size))))  # type: ignore[misc]


def as_script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'
