"""``python -m tests.bench.hostile``: the slowest of pages made to hurt, from bytes to signature.

The same pages are read in ``tests/pages/test_hostile.py``, where only errors count.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import partial

from web_poet import HttpResponse

from newscrawl.dedup.signatures import tells_the_same
from newscrawl.items import Article
from newscrawl.outcomes import Rejected
from newscrawl.pages.news import NewsPage
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.pipelines.validate import ValidatePipeline

URL = "https://daily.example/2025/03/harbour/"
MB = 1_000_000
DEEP = 10_000
JSON_LD = '<script type="application/ld+json">{}</script>'
PROSE = "The harbour reopened on Friday after a week of storms, and ferries sail again. "
HEAD = (
    '<!DOCTYPE html><html lang="en"><head><title>Harbour reopens</title>'
    '<meta property="og:type" content="article">'
    '<meta property="article:published_time" content="2025-03-01T08:00:00+01:00">'
)
START = f"{HEAD}</head><body><main><article><h1>Harbour reopens</h1><p>{PROSE * 6}</p>"
WORDPRESS = f'{HEAD}</head><body class="single single-post"><h1>A</h1><div class="entry-content">'
JNEWS = (
    f'{HEAD}</head><body class="single-post jnews"><div class="entry-header">'
    '<h1 class="jeg_post_title">A</h1></div><div class="content-inner">'
)


def filled(start: str, unit: str, size: int, end: str = "") -> bytes:
    """``unit`` repeated up to ``size`` bytes; each ``#`` in it is its number."""
    return (start + numbered(unit, size) + end).encode()


def numbered(unit: str, size: int) -> str:
    """As in :func:`filled`."""
    times = size // len(unit.encode())
    return "".join(unit.replace("#", str(n)) for n in range(times)) if "#" in unit else unit * times


def nested(tag: str, depth: int = DEEP) -> bytes:
    return f"{START}{f'<{tag}>' * depth}<p>{PROSE * 6}</p>{f'</{tag}>' * depth}".encode()


def deep_json(depth: int) -> str:
    return '{"@graph":[' * depth + "]}" * depth


def objects(size: int) -> str:
    one = '{"@type":"NewsArticle","@id":"#a","headline":"A","author":{"@id":"#a"}},'
    return "[" + one * (size // len(one)) + "{}]"


def head_with(json_ld: str) -> bytes:
    return f"{HEAD}{JSON_LD.format(json_ld)}</head><body><p>{PROSE * 8}</p>".encode()


def deep(tag: str, size: int) -> bytes:
    return nested(tag, min(DEEP, size // 10))


PAGES: dict[str, Callable[[int], bytes]] = {
    "empty": lambda _: b"",
    "spaces": lambda size: b" " * size,
    "NUL bytes": lambda size: b"\0" * size,
    "random bytes": lambda size: random.Random(1).randbytes(size),
    "random text": lambda size: bytes(random.Random(2).choices(range(32, 127), k=size)),
    "brackets": lambda size: filled("", "<", size),
    "ampersands": lambda size: filled(START, "&", size),
    "one line": lambda size: filled(START, "harbour ", size),
    "one word": lambda size: filled(START, "a", size),
    "one word in Thai": lambda size: filled(START, "ท", size),
    "paragraphs": lambda size: filled(START, f"<p>{PROSE}</p>", size),
    "short paragraphs": lambda size: filled(START, "<p>a</p>", size),
    "deep paragraphs": lambda size: filled(f"{START}{'<div>' * 240}", "<p>a #</p>", size),
    "short paragraphs of WordPress": lambda size: filled(WORDPRESS, "<p>a</p>", size),
    "short paragraphs of JNews": lambda size: filled(JNEWS, "<p>a</p>", size),
    "divisions": lambda size: filled(START, f"<div>{PROSE * 2}</div>", size),
    "unclosed paragraphs": lambda size: filled(START, "<p>a", size),
    "unclosed divisions": lambda size: filled(START, "<div>", size),
    "unclosed bold": lambda size: filled(START, "<b>a", size),
    "unclosed links": lambda size: filled(START, "<a href=/#>a", size),
    "closings": lambda size: filled(START, "</div></p></b>", size),
    "line breaks": lambda size: filled(START, "a<br>", size),
    "doubled line breaks": lambda size: filled(START, "a<br><br>", size),
    "entities": lambda size: filled(START, "&amp;&#xD800;&#x110000;&#0;&nosuch;", size),
    "comments": lambda size: filled(START, "<!---->", size),
    "an open comment": lambda size: filled(START + "<!--", "a-", size),
    "an open script": lambda size: filled(START + "<script>", "a<", size),
    "an open attribute": lambda size: filled(START + '<p title="', "a", size),
    "attributes": lambda size: filled(f"{START}<p ", "a#=1 ", size, ">a</p>"),
    "classes": lambda size: filled(START, '<i class="a# b# c">a</i>', size),
    "a long class": lambda size: filled(
        f'{START}<div class="', "a# ", size, f'">{PROSE * 9}</div>'
    ),
    "a long URL": lambda size: filled(f'{START}<a href="/', "a/../", size, f'">{PROSE}</a>'),
    "links": lambda size: filled(
        START, '<a href="/2025/a-#/">Harbour reopens after storms</a>', size
    ),
    "links in headings": lambda size: filled(START, '<h2><a href="/a#/">A</a></h2>', size),
    "links without text": lambda size: filled(START, "<a href=/#></a>", size),
    "links of a list": lambda size: filled(HEAD, '<li><a href="/a#">Harbour news today</a>', size),
    "headings": lambda size: filled(START, "<h1>Harbour reopens</h1>", size),
    "articles": lambda size: filled(
        HEAD, f'<article><h2><a href="/#">A</a></h2><p>{PROSE * 8}</p></article>', size
    ),
    "pictures": lambda size: filled(START, '<img src="/a#.jpg" alt="a">', size),
    "figures": lambda size: filled(
        START, '<figure><img src="/#.jpg"><figcaption>a</figcaption></figure>', size
    ),
    "captions": lambda size: filled(START, "<figcaption>a</figcaption>", size),
    "toggles": lambda size: filled(START, "<p>a</p><b>hide caption</b>", size),
    "one srcset": lambda size: filled(f'{START}<img data-srcset="', "/a#.jpg 1x, ", size, '">'),
    "cells": lambda size: filled(f"{START}<table><tr>", "<td>a", size),
    "rows": lambda size: filled(f"{START}<table>", "<tr><td>a", size),
    "scripts": lambda size: filled(START, "<script src=a.js></script>", size),
    "forms": lambda size: filled(START, "<form><input><button>a</button></form>", size),
    "consent": lambda size: filled(
        HEAD, '<div class="cookie-consent">a <button>b</button></div>', size
    ),
    "empty divisions": lambda size: filled(HEAD, "<div id=root></div>", size),
    "metas": lambda size: filled(HEAD, '<meta property="article:tag" content="a#">', size),
    "authors": lambda size: filled(HEAD, '<meta name="author" content="A #">', size),
    "heads of links": lambda size: filled(HEAD, '<link rel="next canonical" href="/a#">', size),
    "titles": lambda size: filled(HEAD, "<title>a - b</title>", size),
    "a long title": lambda size: filled(f"{HEAD}<title>", "a - b | ", size, "</title><h1>a</h1>"),
    "a long heading": lambda size: filled(f"{START}<h1>", "a - b : ", size, "</h1>"),
    "bylines": lambda size: filled(START, '<a rel="author" href="/#">by A</a>', size),
    "long bylines": lambda size: filled(HEAD, f'<meta name="author" content="{"(" * 2000}">', size),
    "bylines of many": lambda size: filled(
        HEAD, f'<meta name="author" content="{"Ann Lee, " * 200}">', size
    ),
    "authors in authors": lambda size: filled(
        f"{START}{'<div itemprop=author>' * 100}", "<i itemprop=name>A#</i>", size
    ),
    "objects that refer": lambda size: filled(
        START, f'<p itemscope itemtype=Person itemref="{"a b c d " * 5}" id=a#>a</p>', size
    ),
    "marked bodies": lambda size: filled(START, "<div class=entry-content>a</div>", size),
    "properties of bodies": lambda size: filled(START, "<div itemprop=articleBody>a</div>", size),
    "a long introduction": lambda size: filled(
        f"{HEAD}<h1>A</h1><article><p class=excerpt>{numbered('a# ', size // 2)}</p><p>",
        "b# ",
        size // 2,
    ),
    "a long base": lambda size: filled(
        f'{HEAD}<base href="/{"a/" * (size // 4)}"></head><body>',
        '<p><a href="/a#/">Harbour</a> <a href="b#/">news</a> <img src="a#.jpg">',
        size // 2,
    ),
    "times": lambda size: filled(START, '<time datetime="2025-13-45T99:99">', size),
    "dates of references": lambda size: filled(
        f"<article><h1>A</h1>{numbered(f'<p>{PROSE}</p>', size // 2)}</article><ul>",
        f'<li><meta itemprop="datePublished" content="2020"><a href="/#">a</a>{"<i>a</i>" * 40}',
        size // 2,
    ),
    "tags": lambda size: filled(WORDPRESS, '<a rel="tag" href="/tag/#/">a#</a>', size),
    "page links": lambda size: filled(
        WORDPRESS, '<div class="page-links"><a href="/2025/03/harbour/#/">#</a></div>', size
    ),
    "JSON-LD of objects": lambda size: head_with(objects(size)),
    "JSON-LD blocks": lambda size: filled(HEAD, JSON_LD.format('{"@type":"Article"}'), size),
    "JSON-LD of a long text": lambda size: head_with(
        json.dumps(
            {"@type": "NewsArticle", "headline": "a - " * (size // 8), "author": "a" * (size // 2)}
        )
    ),
    "JSON-LD of one node": lambda size: head_with(
        '{"@graph":[{"@type":"NewsArticle","headline":"A","author":{"@id":"#a"}},{"nodes":['
        + numbered('{"@id":"#a","a#":1},', size)
        + "{}]}]}"
    ),
    "JSON-LD of references": lambda size: head_with(
        '[{"@type":"NewsArticle","headline":"A","author":['
        + '{"@id":"#a"},' * 99
        + '{}]},{"@id":"#a","@type":"Person","name":['
        + numbered('"Ann Lee#",', size)
        + '""]}]'
    ),
    "JSON-LD of open strings": lambda size: head_with(
        '{"@type":"NewsArticle",' + '"a":"b\n' * (size // 8)
    ),
    "JSON-LD of prefixes": lambda size: head_with(
        "{"
        + numbered('"a#":"https://schema.org/",', size // 2)
        + numbered('"a#:b#":1,', size // 2)
        + '"a":1}'
    ),
    "JSON-LD that is deep": lambda size: head_with(deep_json(size // 20)),
    "JSON-LD with a huge number": lambda _: head_with(
        '{"@type":"NewsArticle","headline":"A","commentCount":%s}' % ("9" * DEEP)
    ),
    "XML": lambda size: filled("<?xml version='1.0'?><rss><channel>", "<item><link>/#", size),
    **{
        f"deep {tag}": partial(deep, tag)
        for tag in (
            "div",
            "table",
            "table><tr><td",
            "ul><li",
            "blockquote",
            "b",
            "a href=/",
            "svg",
            "span",
            "article",
            "nav",
            "figure",
            "template",
            "select",
            "font",
            "x-y",
            "h2",
            "p",
        )
    },
}


def read(body: bytes, url: str = URL, content_type: str | None = "text/html") -> Article:
    """All that a crawl does with a page before it is stored."""
    headers = {"Content-Type": content_type} if content_type else {}
    page = NewsPage(HttpResponse(url, body, status=200, headers=headers))
    assert page.kind
    json.dumps(page.evidence)
    for link in page.links:
        link.url.encode()
    assert page.part_urls is not None
    assert page.first_part_url != ""
    item = clean(asyncio.run(page.to_item()))
    with suppress(Rejected):
        ValidatePipeline(50).process_item(item)
    DedupePipeline().process_item(item)
    assert tells_the_same(item.text, item.text)
    json.dumps(asdict(item), default=str, ensure_ascii=False).encode()
    return item


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.hostile", description=__doc__)
    parser.add_argument("--mb", type=float, default=10, help="size of a page")
    parser.add_argument("--only", default="", help="pages with this in their name")
    options = parser.parse_args()
    seconds: dict[str, float] = {}
    for name, made in PAGES.items():
        if options.only in name:
            body = made(int(options.mb * MB))
            started = time.monotonic()
            read(body)
            seconds[name] = time.monotonic() - started
    for name, taken in sorted(seconds.items(), key=lambda pair: pair[1]):
        print(f"{taken:6.2f} s  {name}")
    print(f"hostile_worst_seconds: {max(seconds.values()):.2f}")


if __name__ == "__main__":
    main()
