"""Answers that end early, by whatever sign: never stored, asked for again, told as such."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from itertools import count

import brotli
import pytest
from backports import zstd
from PIL import Image

from newscrawl.addresses.address import identity
from tests.crawl.answering import HTML, Answer, Asked, answering, front, outcome, outcomes, story
from tests.crawl.crawling import Crawl

LINKS = ("-a", "discover=links")
TIMES = 3
"""A page is asked for once, and twice more (``RETRY_TIMES``)."""


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
    "twice": ("deflate, gzip", lambda body: gzip.compress(zlib.compress(body))),
    "thrice": ("gzip, br, zstd", lambda body: zstd.compress(brotli.compress(gzip.compress(body)))),
}


def page(name: str, *, words: int = 900) -> bytes:
    return story(name, words).encode()


def packed(coding: str, body: bytes) -> Answer:
    return Answer(body, headers=(HTML, ("Content-Encoding", coding)))


def chunked(*chunks: bytes, last: bytes = b"0\r\n\r\n") -> Answer:
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + last
    return Answer(body, headers=(HTML, ("Transfer-Encoding", "chunked")), length=None)


CUT: dict[str, Answer] = {
    **{f"/cut-{n}": packed(c, pack(page(n))[:-3]) for n, (c, pack) in PACKERS.items()},
    "/cut-inside": packed("deflate, gzip", gzip.compress(zlib.compress(page("in"))[:-900])),
    "/second-member": packed("gzip", gzip.compress(page("2nd")) + gzip.compress(page("b"))[:-90]),
    "/too-short": Answer(page("short")[:-500], length=len(page("short"))),
    "/too-short-and-packed": Answer(
        gzip.compress(page("both"))[:-500],
        headers=(HTML, ("Content-Encoding", "gzip")),
        length=len(gzip.compress(page("both"))),
    ),
    "/no-last-chunk": chunked(page("chunk"), last=b""),
    "/within-a-chunk": chunked(page("within"), last=b"ff\r\nand then"),
    "/reset": Answer(page("reset")[:-500], length=None, reset=True),
    "/part-of-a-page": Answer(page("206"), status=206),
}
WHOLE: dict[str, Answer] = {
    **{f"/whole-{n}": packed(c, pack(page(f"w{n}"))) for n, (c, pack) in PACKERS.items()},
    "/and-more": packed("gzip", gzip.compress(page("more")) + b"<!-- served in 0.1 s -->"),
    "/and-more-of-brotli": packed("br", brotli.compress(page("more br")) + b"\0\0"),
    "/members": packed("gzip", gzip.compress(page("m")[:2000]) + gzip.compress(page("m")[2000:])),
    "/frames": packed(
        "zstd", zstd.compress(page("frames")[:2000]) + zstd.compress(page("frames")[2000:])
    ),
    "/wrong-checksum": packed("gzip", gzip.compress(page("sum"))[:-8] + bytes(8)),
    "/until-the-end": Answer(page("end"), length=None),
    "/chunks": chunked(page("chunks")[:3000], page("chunks")[3000:]),
}
NOTHING = {"/nothing-in-gzip": packed("gzip", b""), "/nothing-in-br": packed("br", b"")}
PAGES = {**CUT, **WHOLE, **NOTHING}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    crawl = Crawl(tmp_path_factory.mktemp("truncated"))
    with answering({**PAGES, "/": front(*PAGES)}) as server:
        process = crawl.run("site", "-a", f"url={server.url}/", *LINKS)
    assert process.returncode == 0, process.stderr
    return crawl, server


@pytest.mark.parametrize("path", CUT)
def test_what_ends_early_has_failed_as_truncated(path, crawled):
    crawl, server = crawled
    assert outcome(crawl, server, path) == ("failed", "Truncated")
    assert identity(server.url + path) not in crawl.articles()


@pytest.mark.parametrize("path", CUT)
def test_it_is_asked_for_again_first(path, crawled):
    _, server = crawled
    assert server.times(path) == TIMES


@pytest.mark.parametrize("path", WHOLE)
def test_what_is_whole_is_stored_whole(path, crawled):
    crawl, server = crawled
    stored = crawl.articles()[identity(server.url + path)]
    assert len(stored.text.split()) == 900
    assert server.times(path) == 1


@pytest.mark.parametrize("path", NOTHING)
def test_nothing_is_no_part_of_something(path, crawled):
    crawl, server = crawled
    assert outcome(crawl, server, path) == ("page", None)


def test_no_traceback_is_logged(crawled):
    crawl, _ = crawled
    assert "Traceback" not in crawl.log
    assert " ERROR: " not in crawl.log


def test_a_page_that_is_cut_once_is_stored_the_next_time(crawl):
    body, visits = gzip.compress(page("once")), count(1)

    def once(_: Asked) -> Answer:
        return packed("gzip", body[:-200] if next(visits) == 1 else body)

    with answering({"/": front("/once"), "/once": once}) as server:
        crawl.run("site", "-a", f"url={server.url}/", *LINKS)
    (stored,) = crawl.articles().values()
    assert len(stored.text.split()) == 900
    assert {visit["attempts"] for visit in crawl.visits() if visit["outcome"] == "article"} == {2}


def test_what_scrapy_is_told_to_let_pass_is_not_stored_either(crawl):
    pages = {path: CUT[path] for path in ("/too-short", "/no-last-chunk")}
    with answering({**pages, "/": front(*pages)}) as server:
        crawl.run("site", "-a", f"url={server.url}/", *LINKS, DOWNLOAD_FAIL_ON_DATALOSS="False")
    assert {outcomes(crawl)[path] for path in pages} == {("failed", "Truncated")}


def test_without_retries_it_fails_at_once(crawl):
    with answering({"/": front("/cut-br"), "/cut-br": CUT["/cut-br"]}) as server:
        crawl.run("site", "-a", f"url={server.url}/", *LINKS, RETRY_ENABLED="False")
    assert outcome(crawl, server, "/cut-br") == ("failed", "Truncated")
    assert server.times("/cut-br") == 1


def test_a_robots_txt_that_ends_early_allows_nothing(crawl):
    rules = b"User-agent: *\nDisallow: /private\n" + b"# a long remark\n" * 200
    cut = Answer(gzip.compress(rules)[:-40], headers=(("Content-Encoding", "gzip"),))
    with answering({"/": front("/private"), "/robots.txt": cut}) as server:
        crawl.run("site", "-a", f"url={server.url}/", *LINKS)
    assert {asked.path for asked in server.asked} == {"/robots.txt"}


def test_an_article_with_a_part_that_ends_early_is_not_stored(crawl):
    pager = '<nav class="pagination"><a href="/split/2/">2</a></nav></article>'
    first = story("split").replace("</article>", pager)
    second = packed("gzip", gzip.compress(page("split, page 2"))[:-300])
    with answering({"/": front("/split/"), "/split/": first, "/split/2/": second}) as server:
        crawl.run("site", "-a", f"url={server.url}/", *LINKS)
    said = outcomes(crawl)["/split/"]
    assert (said[0], str(said[1]).partition(":")[0]) == ("failed", "MissingPart")
    assert crawl.articles() == {}
    assert server.times("/split/2/") == TIMES


def test_a_picture_that_ends_early_is_not_kept(crawl):
    picture = io.BytesIO()
    Image.effect_noise((300, 200), 90).save(picture, "PNG")
    kind = ("Content-Type", "image/png")
    pages: dict[str, Answer | str] = {
        "/": front("/seen"),
        "/seen": story("seen").replace("</h1>", '</h1><img src="/a.png"><img src="/b.png">'),
        "/a.png": Answer(
            gzip.compress(picture.getvalue())[:-200], headers=(kind, ("Content-Encoding", "gzip"))
        ),
        "/b.png": Answer(picture.getvalue(), headers=(kind,)),
    }
    with answering(pages) as server:
        crawl.run(
            *("site", "-a", f"url={server.url}/", *LINKS),
            NEWSCRAWL_IMAGES_STORE=str(crawl.folder / "pictures"),
        )
    (stored,) = crawl.articles().values()
    paths = {image.url.rpartition("/")[2]: image.path for image in stored.images}
    assert paths["a.png"] is None
    assert paths["b.png"] is not None


# Sources


def sitemap(server_url: str, *paths: str) -> bytes:
    locs = "".join(f"<url><loc>{server_url}{path}</loc></url>" for path in paths)
    filler = "".join(f"<!-- {number * number} -->" for number in range(3000))
    return f"<urlset>{locs}{filler}</urlset>".encode()


def test_a_sitemap_that_ends_early_has_failed_and_what_it_names_is_read(crawl):
    kind = (("Content-Type", "application/gzip"),)
    with answering({"/": front("/a")}) as server:
        whole = gzip.compress(sitemap(server.url, "/quays", "/docks"))
        server.pages |= {f"/{name}": story(name) for name in ("a", "quays", "docks")}
        server.pages["/robots.txt"] = f"Sitemap: {server.url}/news.xml.gz\n"
        server.pages["/news.xml.gz"] = Answer(whole[:-2000], headers=kind)
        crawl.run("site", "-a", f"url={server.url}/")
        assert outcomes(crawl)["/news.xml.gz"] == ("failed", "Truncated")
        assert outcomes(crawl)["/quays"] == ("article", None)
        assert server.times("/news.xml.gz") == TIMES
        server.pages["/news.xml.gz"] = Answer(whole, headers=kind)
        crawl.run("site", "-a", f"url={server.url}/")
    assert outcomes(crawl)["/news.xml.gz"] == ("listing", "Sitemap")


def test_a_sitemap_that_is_whole_at_the_second_try_is_read_whole(crawl):
    tries = count(1)
    with answering({"/": front("/a"), "/a": story("a"), "/quays": story("quays")}) as server:
        whole = sitemap(server.url, "/quays")

        def half(_: Asked) -> Answer:
            return Answer(whole[:-9] if next(tries) == 1 else whole, headers=())

        server.pages |= {"/sitemap.xml": half}
        crawl.run("site", "-a", f"url={server.url}/")
    assert outcomes(crawl)["/sitemap.xml"] == ("listing", "Sitemap")
    assert server.times("/sitemap.xml") == 2


def test_a_feed_that_ends_early_is_asked_for_in_each_run(crawl):
    items = "".join(f"<item><link>/told-{number}</link></item>" for number in range(3))
    feed = f"<rss><channel>{items}".encode()
    head = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    told = {f"/told-{number}": story(f"told {number}") for number in range(3)}
    with answering({"/": head + front("/told-0"), "/feed": Answer(feed), **told}) as server:
        for _ in range(2):
            crawl.run("site", "-a", f"url={server.url}/")
    assert outcomes(crawl)["/feed"] == ("failed", "Truncated")
    assert outcomes(crawl)["/told-2"][0] in {"article", "unchanged"}
    assert server.times("/feed") == 2 * TIMES
