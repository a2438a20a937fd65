"""Hosts that are addresses of IPv6, and proxies that the user has."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError

from newscrawl.addresses.address import fetch_url, identity, site_of
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.failures import outcome_of_error
from newscrawl.middlewares.addresses import is_local, is_public
from newscrawl.outcomes import Outcome, ProxyFailed
from tests.crawl.answering import Answer, Answers, Handler, Server, answering, front, story
from tests.crawl.crawling import ENVIRONMENT, Crawl
from tests.serving import BusyServer


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no address of IPv6")


class SixServer(Server):
    address_family = socket.AF_INET6

    def __init__(self, pages: Mapping[str, Answers], host: str) -> None:
        BusyServer.__init__(self, (host, 0), Handler)
        self.pages, self.asked = dict(pages), []


@contextmanager
def answering_by_ipv6(pages: Mapping[str, Answers], host: str = "::1") -> Iterator[SixServer]:
    with SixServer(pages, host) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


STORIES = {"/a": story("a"), "/b": story("b")}


@needs_ipv6
# scrapy#1116, scrapy#1832, scrapy#3528
@pytest.mark.parametrize("host", ["[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]"])
def test_a_site_at_an_address_of_ipv6_is_crawled(host, tmp_path):
    crawl = Crawl(tmp_path)
    with answering_by_ipv6({"/": front(*STORIES), **STORIES}) as server:
        crawl.run("site", "-a", f"url=http://{host}:{server.server_port}/", "-a", "discover=links")
    url = f"http://[::1]:{server.server_port}"
    assert set(crawl.articles()) == {identity(url + path) for path in STORIES}
    assert {each.headers["Host"] for each in server.asked} == {f"[::1]:{server.server_port}"}


@needs_ipv6
def test_links_redirects_and_sitemaps_of_a_site_at_ipv6_are_followed(tmp_path):
    crawl = Crawl(tmp_path)
    pages: dict[str, Answers] = {
        "/": front("/moved"),
        "/moved": Answer(status=301, headers=(("Location", "/a"),)),
    }
    with answering_by_ipv6({**pages, **STORIES}) as server:
        url = f"http://[::1]:{server.server_port}"
        locs = f"<urlset><url><loc>{url.replace('::1', '0:0::1')}/b</loc></url></urlset>"
        server.pages |= {"/robots.txt": f"Sitemap: {url}/map.xml", "/map.xml": locs}
        crawl.run("site", "-a", f"url={url}/")
    assert set(crawl.articles()) == {identity(f"{url}/a"), identity(f"{url}/b")}


@needs_ipv6
def test_an_address_of_ipv4_written_as_one_of_ipv6_is_crawled(tmp_path):
    crawl = Crawl(tmp_path)
    with answering({"/": front(*STORIES), **STORIES}) as server:
        url = f"http://[::FFFF:127.0.0.1]:{server.server_port}/"
        crawl.run("site", "-a", f"url={url}", "-a", "discover=links")
    assert len(crawl.articles()) == len(STORIES)


@needs_ipv6
def test_an_inner_address_of_ipv6_that_a_page_names_is_not_fetched(tmp_path):
    crawl = Crawl(tmp_path)
    with answering_by_ipv6({"/": story("inner")}) as inner:
        target = f"http://[::1]:{inner.server_port}/"
        moved = Answer(status=302, headers=(("Location", target),))
        pages: dict[str, Answers] = {"/": front("/moved", "/a", target), "/moved": moved, **STORIES}
        with answering(pages) as server:
            crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links")
    assert inner.asked == []
    assert crawl.pages()[identity(f"{server.url}/moved")]["outcome"] == "refused"


@pytest.mark.parametrize(
    ("url", "fetched"),
    [
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("HTTP://[2001:DB8::AbC]/", "http://[2001:db8::abc]/"),
        ("http://[2001:db8:0:0:0:0:0:1]:80/", "http://[2001:db8::1]/"),
        ("http://[::ffff:127.0.0.1]:81/", "http://[::ffff:7f00:1]:81/"),
        ("//user-less@[::1]/", None),
        ("http://[fe80::1%25eth0]/", None),
        ("http://[fe80::1%eth0]/", None),
        ("http://[::1/", None),
        ("http://::1/", None),
        ("http://[::1]:99999/", None),
        ("http://[1.2.3.4]/", None),
    ],
)
def test_an_address_of_ipv6_has_one_spelling(url, fetched):
    if fetched is None:
        with pytest.raises(UnfetchableURL):
            fetch_url(url)
    else:
        assert fetch_url(url) == fetched


def test_the_site_of_an_address_of_ipv6_is_the_address_with_its_port():
    assert site_of("http://[0::1]:8000/a") == "[::1]:8000"


@pytest.mark.parametrize("address", ["::1", "::ffff:10.0.0.1", "fd00::1", "fe80::1", "::"])
def test_inner_addresses_of_ipv6_stay_inner(address):
    assert not is_public(address)


SITE = "http://news.example"
"""What the proxy is asked for; nothing else could answer for this name."""


def through(proxy: str, folder, pages: Mapping[str, Answers], **environment: str):
    """A crawl of ``SITE``; ``PORT`` in the address of the proxy is that of the server."""
    crawl = Crawl(folder)
    with answering({SITE + path: page for path, page in pages.items()}) as server:
        named = {"http_proxy": proxy.replace("PORT", str(server.server_port)), **environment}
        arguments = ["site", "-a", f"url={SITE}/", "-a", "discover=links"]
        crawl.runner(
            crawl.arguments(*arguments, settings={"RETRY_TIMES": "0"}),
            folder=folder,
            environment={**ENVIRONMENT, **named},
        )
    return crawl, server


@pytest.mark.parametrize(
    "proxy",
    [
        pytest.param("http://127.0.0.1:PORT", id="an address"),
        pytest.param("http://localhost:PORT", id="a name"),
        pytest.param("http://LOCALHOST:PORT/", id="a name in capitals"),
        pytest.param("127.0.0.1:PORT", id="without a scheme"),
        pytest.param("http://ana:secret@127.0.0.1:PORT", id="with a password"),
    ],
)
def test_a_proxy_of_the_user_may_lie_in_an_inner_network(proxy, tmp_path):
    crawl, server = through(proxy, tmp_path, {"/": front(*STORIES), **STORIES})
    assert set(crawl.articles()) == {identity(SITE + path) for path in STORIES}
    assert server.times(f"{SITE}/robots.txt") == 1


def test_a_proxy_that_a_request_names_may_lie_in_an_inner_network(tmp_path):
    crawl = Crawl(tmp_path)
    (tmp_path / "by_proxy.py").write_text(
        "from newscrawl.settings import *\n"
        "DOWNLOADER_MIDDLEWARES['by_proxy.ByProxy'] = 50\n"
        "class ByProxy:\n"
        "    def process_request(self, request):\n"
        "        request.meta['proxy'] = 'http://localhost:' + open('port').read()\n"
    )
    pages = {"/": front(*STORIES), **STORIES}
    with answering({SITE + path: page for path, page in pages.items()}) as server:
        (tmp_path / "port").write_text(str(server.server_port))
        crawl.runner(
            crawl.arguments(
                *("site", "-a", f"url={SITE}/", "-a", "discover=links"),
            ),
            folder=tmp_path,
            environment={
                **ENVIRONMENT,
                "PYTHONPATH": str(tmp_path),
                "SCRAPY_SETTINGS_MODULE": "by_proxy",
            },
        )
    assert len(crawl.articles()) == len(STORIES)


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/"],
)
def test_what_a_page_names_in_an_inner_network_is_not_fetched_through_a_proxy(target, tmp_path):
    with answering({"/": story("inner")}) as inner:
        url = target.format(port=inner.server_port)
        moved = Answer(status=302, headers=(("Location", url),))
        pages: dict[str, Answers] = {"/": front("/moved", "/a", url), "/moved": moved, **STORIES}
        crawl, server = through("http://127.0.0.1:PORT", tmp_path, pages)
    assert inner.asked == []
    assert server.times(url) == 0
    assert crawl.pages()[identity(f"{SITE}/moved")]["outcome"] == "refused"


def test_hosts_that_the_user_leaves_out_are_asked_without_the_proxy(tmp_path):
    crawl = Crawl(tmp_path)
    with answering({}) as proxy, answering({"/": front(*STORIES), **STORIES}) as server:
        crawl.runner(
            crawl.arguments("site", "-a", f"url={server.url}/", "-a", "discover=links"),
            folder=tmp_path,
            environment={**ENVIRONMENT, "http_proxy": proxy.url, "no_proxy": "127.0.0.1"},
        )
    assert proxy.asked == []
    assert len(crawl.articles()) == len(STORIES)


@pytest.mark.parametrize(
    ("proxy", "named"),
    [
        pytest.param("http://127.0.0.1:9", "127.0.0.1:9", id="nobody listens"),
        pytest.param("http://proxy.invalid:8080", "proxy.invalid:8080", id="no such name"),
        pytest.param("http://ana:secret@proxy.invalid:81", "proxy.invalid:81", id="no password"),
    ],
)
def test_where_a_proxy_fails_the_reason_names_it_and_not_the_site(proxy, named, tmp_path):
    crawl, _ = through(proxy, tmp_path, {})
    page = crawl.pages()[identity(f"{SITE}/")]
    assert (page["outcome"], page["reason"]) == ("failed", f"ProxyFailed: {named}")


@pytest.mark.parametrize("host", ["localhost", "a.localhost"])
def test_a_name_of_the_own_machine_is_known(host):
    assert is_local(host)


@pytest.mark.parametrize("host", ["localhost.example", "notlocalhost", "news.example"])
def test_a_name_that_only_looks_like_the_own_machine_is_another(host):
    assert not is_local(host)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ProxyFailed("proxy.example:3128"), "ProxyFailed: proxy.example:3128"),
        (CannotResolveHostError("x"), "CannotResolveHostError"),
        (DownloadConnectionRefusedError("x"), "DownloadConnectionRefusedError"),
    ],
)
def test_a_site_that_fails_is_told_from_a_proxy_that_does(error, reason):
    assert outcome_of_error(error) == (Outcome.FAILED, reason)
