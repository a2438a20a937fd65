"""Attacks that lead a crawler to where it should not go: redirects, links, other addresses."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from tests.hostile.answers import Answering, Attack, Places, page, raw, reply, shows, story


def redirects(target: Callable[[Places, str], str], status: int = 302) -> Answering:
    return lambda site, path: reply(b"", status=status, headers={"Location": target(site, path)})


def _inner(at: int) -> Callable[[Places, str], str]:
    return lambda site, _: site.inner()[at]


LEADING: tuple[Attack, ...] = (
    Attack("to-loopback", "redirect to another port of this machine", redirects(_inner(0))),
    Attack("to-localhost", "redirect to localhost", redirects(_inner(1))),
    Attack("to-ipv6", "redirect to the loopback address of IPv6", redirects(_inner(2))),
    Attack("to-zero", "redirect to 0.0.0.0", redirects(_inner(3))),
    Attack("to-short", "redirect to 127.1", redirects(_inner(4))),
    Attack("to-number", "redirect to the address as a number", redirects(_inner(5))),
    Attack("to-hex", "redirect to the address in hexadecimal", redirects(_inner(6))),
    Attack("to-mapped", "redirect to an IPv4 address inside IPv6", redirects(_inner(7))),
    Attack("to-metadata", "redirect to a cloud's metadata", redirects(_inner(8))),
    Attack("to-file", "redirect to a file", redirects(lambda *_: "file:///etc/passwd")),
    Attack("to-ftp", "redirect to FTP", redirects(lambda *_: "ftp://127.0.0.1/")),
    Attack("to-data", "redirect to a data URL", redirects(lambda *_: "data:text/html,<h1>x")),
    Attack("to-itself", "redirect to itself", redirects(lambda site, _: f"{site.url}/to-itself/")),
    Attack(
        "to-chain",
        "endless chain of redirects",
        redirects(lambda site, path: f"{site.url}{urlsplit(path).path}x/"),
    ),
    Attack("to-nowhere", "redirect without an address", redirects(lambda *_: "")),
    Attack(
        "to-long", "redirect to an address of a megabyte", redirects(lambda *_: f"/{'a' * 60_000}")
    ),
    Attack(
        "to-split",
        "header injected by a redirect",
        raw(b"HTTP/1.1 302 X\r\nLocation: /x\rSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"),
    ),
    Attack(
        "refresh",
        "meta refresh to an inner address",
        shows(
            lambda site: page(
                "Refreshed",
                story(999),
                f'<meta http-equiv="refresh" content="0;url={site.inner()[0]}">',
            )
        ),
    ),
    Attack(
        "canonical-inner",
        "canonical address inside",
        shows(lambda s: page("Canon", story(901), f'<link rel="canonical" href="{s.inner()[0]}">')),
    ),
    Attack(
        "canonical-steals",
        "names an honest story as its own address",
        shows(
            lambda s: page("Thief", story(902), f'<link rel="canonical" href="{s.url}/honest/3">')
        ),
    ),
    Attack(
        "parts-inner",
        "next part at an inner address",
        shows(
            lambda s: page(
                "Parts",
                story(903),
                f'<link rel="next" href="{s.inner()[0]}2/">',
                f'<div class="page-links"><a href="{s.inner()[0]}2/">2</a></div>',
            )
        ),
    ),
    Attack(
        "pictures-inner",
        "pictures at inner addresses",
        shows(
            lambda s: page(
                "Pictures", story(904) + "".join(f'<img src="{url}a.jpg">' for url in s.inner())
            )
        ),
    ),
    Attack(
        "links-inner",
        "related links to inner addresses",
        shows(
            lambda s: page(
                "Links",
                story(905),
                "",
                "".join(
                    f'<div class="related-posts"><h3><a href="{url}">A related story of some length</a></h3></div>'
                    for url in s.inner()
                ),
            )
        ),
    ),
    Attack(
        "schemes",
        "links of other schemes",
        shows(
            lambda _: page(
                "Schemes",
                story(906),
                "",
                "".join(
                    f'<a href="{url}">A headline of more than some length</a>'
                    for url in (
                        "javascript:alert(1)",
                        "file:///etc/passwd",
                        "data:text/html,x",
                        "gopher://127.0.0.1/",
                        "ftp://127.0.0.1/",
                        "//[::1",
                        "http://user:secret@127.0.0.1:1/",
                    )
                ),
            )
        ),
    ),
)
