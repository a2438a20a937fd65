"""Attacks with what a page holds: its charset, markup, data and text."""

from __future__ import annotations

from tests.hostile.answers import MB, Attack, page, raw, reply, shows, story

DEEP = 50_000
LONG = "a" * MB
DIRTY = "\x1b[2J\x1b]0;owned\x07\u202eevil\u0000"

CONTENTS: tuple[Attack, ...] = (
    Attack(
        "charset-nonsense",
        "a charset nobody knows",
        raw(reply(page("Charset", story(907)), "text/html; charset=../../etc/passwd")),
    ),
    Attack(
        "utf-7",
        "script in UTF-7",
        raw(reply(b"+ADw-script+AD4-alert(1)", "text/html; charset=utf-7")),
    ),
    Attack("utf-32", "a mark of UTF-32", raw(reply(b"\xff\xfe\x00\x00" + b"a" * 4001))),
    Attack(
        "deep", "elements 50,000 deep", shows(lambda _: page("Deep", "<div>" * DEEP + story(908)))
    ),
    Attack("brackets", "5 MB of brackets", raw(reply(b"<" * (5 * MB)))),
    Attack("tags", "2 million tags", raw(reply(b"<b>" * 2 * MB))),
    Attack(
        "attributes",
        "100,000 attributes",
        shows(
            lambda _: page(
                "Attr", f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>x" + story(909)
            )
        ),
    ),
    Attack(
        "comment",
        "a comment that never ends",
        shows(lambda _: page("C", story(910) + "<!--" + LONG)),
    ),
    Attack(
        "json-deep",
        "JSON-LD 50,000 deep",
        shows(
            lambda _: page(
                "JSON",
                story(911),
                f'<script type="application/ld+json">{"[" * DEEP}</script>',
            )
        ),
    ),
    Attack(
        "json-numbers",
        "JSON-LD with a number of a megabyte",
        shows(
            lambda _: page(
                "Number",
                story(912),
                f'<script type="application/ld+json">{{"@type":"NewsArticle","wordCount":{"9" * MB}}}</script>',
            )
        ),
    ),
    Attack(
        "json-wrong",
        "JSON-LD of wrong types",
        shows(
            lambda _: page(
                "Wrong",
                story(913),
                '<script type="application/ld+json">{"@type":["NewsArticle",7],"headline":{"a":[]},'
                '"author":[[[{}]]],"datePublished":1e999,"image":true}</script>',
            )
        ),
    ),
    Attack("title-long", "a headline of a megabyte", shows(lambda _: page(LONG, story(914)))),
    Attack(
        "date-wild",
        "dates that there are not",
        shows(
            lambda _: page(
                "Date",
                story(915),
                '<meta property="article:published_time" content="99999-99-99T99:99:99+99:99">',
            )
        ),
    ),
    Attack(
        "links-many",
        "100,000 links",
        shows(
            lambda _: page(
                "Many",
                story(916),
                "",
                "".join(
                    f'<a href="/x{n}">A headline of some length, {n}</a>' for n in range(100_000)
                ),
            )
        ),
    ),
    Attack(
        "link-long",
        "a link of a megabyte",
        shows(
            lambda _: page(
                "Long", story(917), "", f'<h2><a href="/{LONG}">A headline of some length</a></h2>'
            )
        ),
    ),
    Attack(
        "escapes",
        "control characters for terminals",
        shows(lambda _: page(f"Escapes {DIRTY}", story(918))),
    ),
    Attack(
        "formula",
        "a formula for spreadsheets",
        shows(lambda _: page('=HYPERLINK("http://evil.example")', story(919))),
    ),
    Attack(
        "script",
        "script for reports",
        shows(
            lambda _: page(
                "&lt;script&gt;alert(1)&lt;/script&gt;",
                story(920) + "<script>alert(1)</script><img src=x onerror=alert(1)>",
            )
        ),
    ),
    Attack(
        "surrogates", "half characters", shows(lambda _: page("Half \ud800 \udfff", story(921)))
    ),
    Attack("nul", "NUL bytes", raw(reply(page("Nul", story(922)).replace(b"e", b"e\0")))),
)

PRETENCES: tuple[Attack, ...] = (
    Attack(
        "soft-404",
        "says that it is not there",
        shows(lambda _: b"<title>404 Not Found</title><h1>Page not found</h1>"),
    ),
    Attack(
        "svg",
        "a picture with script",
        raw(reply(b"<svg onload=alert(1)><script>alert(1)</script></svg>", "image/svg+xml")),
    ),
)
"""What is said to be something else."""
