"""Packed answers that end early: whatever the coding and wherever the cut, no article is made of one."""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import brotli

from tests.siege.site import Answer, Site, path_of, sentences, serving

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ARTICLES = 12
CUTS = 40
"""Places at which each coding is cut."""
SETTINGS = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
    "RETRY_TIMES": "0",
}


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def flushed(body: bytes, wbits: int) -> bytes:
    """Packed in pieces that each end at a whole byte, as servers do that write as they go."""
    packer = zlib.compressobj(wbits=wbits)
    step = len(body) // 8
    pieces = [body[at : at + step] for at in range(0, len(body), step)]
    made = [packer.compress(each) + packer.flush(zlib.Z_SYNC_FLUSH) for each in pieces]
    return b"".join([*made, packer.flush()])


def gzip_with_header(body: bytes) -> bytes:
    """A gzip member whose header has a name, a comment, an extra field and a checksum."""
    packed = gzip.compress(body)
    header = packed[:3] + bytes([2 | 4 | 8 | 16]) + packed[4:10]
    extra = (6).to_bytes(2, "little") + b"abcdef"
    begun = header + extra + b"story.html\0a comment\0"
    return begun + (zlib.crc32(begun) & 0xFFFF).to_bytes(2, "little") + packed[10:]


def halves(pack: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Two members or frames, one behind the other."""
    return lambda body: pack(body[: len(body) // 2]) + pack(body[len(body) // 2 :])


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "gzip in pieces": ("gzip", lambda body: flushed(body, 31)),
    "gzip of many fields": ("gzip", gzip_with_header),
    "gzip of two members": ("gzip", halves(gzip.compress)),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "deflate in pieces": ("deflate", lambda body: flushed(body, 15)),
    "deflate without header": ("deflate", raw_deflate),
    "deflate without header in pieces": ("deflate", lambda body: flushed(body, -15)),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
    "zstd of two frames": ("zstd", halves(zstd.compress)),
    "gzip in gzip": ("gzip, gzip", lambda body: gzip.compress(gzip.compress(body))),
    "br in gzip": ("br, gzip", lambda body: gzip.compress(brotli.compress(body))),
    "gzip in br": ("gzip, br", lambda body: brotli.compress(gzip.compress(body))),
    "zstd in deflate": ("zstd, deflate", lambda body: zlib.compress(zstd.compress(body))),
    "deflate in zstd": ("deflate, zstd", lambda body: zstd.compress(zlib.compress(body))),
}
"""The value of ``Content-Encoding``, and what packs."""


def story(number: int, words: str) -> bytes:
    chance = Random(f"cut {number}")
    text = "".join(f"<p>{words} {sentences(chance)}</p>" for _ in range(12))
    return (
        f"<!doctype html><html><head><title>Cut number {number}</title>"
        '<meta property="og:type" content="article"></head><body><article>'
        f"<h1>Cut number {number}</h1>{text}</article></body></html>"
    ).encode()


def places(packed: bytes) -> list[int]:
    """Lengths that a packed body is cut to: near both ends, and evenly between."""
    size = len(packed)
    near = [*range(1, 16), *range(size - 14, size)]
    even = (size * step // CUTS for step in range(1, CUTS))
    return sorted({each for each in (*near, *even) if 0 < each < size})


def answers() -> dict[str, Answer]:
    """The cut answers by their paths, and each coding whole."""
    made: dict[str, Answer] = {}
    number = 0
    for name, (coding, pack) in CODINGS.items():
        slug = name.replace(" ", "-")
        headers = (("Content-Type", "text/html"), ("Content-Encoding", coding))
        made[f"/whole/{slug}"] = Answer(pack(story(number, "whole")), 200, headers)
        for each in range(len(places(pack(story(number, "cut"))))):
            number += 1
            packed = pack(story(number, "cut"))
            at = places(packed)[min(each, len(places(packed)) - 1)]
            made[f"/cut/{slug}/{at}"] = Answer(packed[:at], 200, headers)
    return made


def figures(folder: Path) -> Iterator[tuple[str, object]]:
    made = answers()
    asked = crawl(folder, made)
    cut = {path for path in made if path.startswith("/cut/")}
    yield "cut_codings", len(CODINGS)
    yield "cut_answers", len(cut & asked)
    with closing(sqlite3.connect(folder / "newscrawl.db")) as opened:
        ended = opened.execute(
            "select count(*) from pages where identity like '%/cut/%' and outcome is not null"
        ).fetchone()[0]
    urls = stored(folder)
    yield "cut_ended", ended
    yield "cut_stored", sum("/cut/" in url for url in urls)
    yield "cut_whole_lost", len(CODINGS) - sum("/whole/" in url for url in urls)


def stored(folder: Path) -> list[str]:
    """The addresses of the articles."""
    with closing(sqlite3.connect(folder / "newscrawl.db")) as opened:
        return [row[0] for row in opened.execute("select canonical_url from articles")]


def crawl(folder: Path, made: dict[str, Answer]) -> set[str]:
    """Crawl a site of these answers and some honest ones; return the paths that were asked for."""

    def route(path: str) -> Answer | None:
        if path == "/":
            links = [path_of(number) for number in range(ARTICLES)]
            items = "".join(
                f'<h2><a href="{each}">A ferry, a quay, a mayor</a></h2>' for each in links
            )
            return Answer(f"<!doctype html><body><h1>Post</h1>{items}</body>".encode())
        if path == "/robots.txt":
            said = f"Sitemap: {where[0]}/all.xml\n"
            return Answer(said.encode(), headers=(("Content-Type", "text/plain"),))
        if path == "/all.xml":
            entries = "".join(f"<url><loc>{where[0]}{each}</loc></url>" for each in made)
            said = f"<urlset>{entries}</urlset>"
            return Answer(said.encode(), headers=(("Content-Type", "application/xml"),))
        return made.get(path)

    where: list[str] = []
    site = Site(ARTICLES, route)
    options = {
        **SETTINGS,
        "NEWSCRAWL_DATABASE_URL": f"sqlite:///{folder}/newscrawl.db",
        "NEWSCRAWL_JSONL": f"{folder}/articles.jsonl",
        "LOG_FILE": f"{folder}/crawl.log",
    }
    named = [part for name, value in options.items() for part in ("-s", f"{name}={value}")]
    with serving(site) as url:
        where.append(url)
        subprocess.run(
            [sys.executable, "-m", "newscrawl", "crawl", "site", "-a", f"url={url}/", *named],
            check=False,
            env={**os.environ, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings"},
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=580,
        )
    return set(site.asked)
