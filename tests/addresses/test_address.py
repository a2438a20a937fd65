from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from w3lib.url import safe_url_string

from newscrawl.addresses.address import (
    MAX_URL_LENGTH,
    Address,
    fetch_url,
    identity,
    same_site,
    site_of,
)
from newscrawl.addresses.tracking import PARAMETERS
from newscrawl.addresses.unfetchable import UnfetchableURL

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

UNRESERVED = "abcXYZ019-._~"
HOSTS = (
    "example.com",
    "news.example.co.uk",
    "xn--bcher-kva.example",
    "blog.blogspot.com",
    "daily.test",
    "localhost",
    "127.0.0.1",
    "[::1]",
)
TRACKING = ("utm_source=x", "fbclid=1", "MC_CID=a", "utm%5Fmedium=m", "PHPSESSID=0a1b", "_ga")

names = st.text("abAB[]_", min_size=1, max_size=4)
values = st.text("ab09 +%é/:", max_size=5).map(str.strip)
parts = st.text(UNRESERVED + "é ,:;@'()", max_size=8).map(str.strip) | st.sampled_from(
    ["index.html", "page", "1", "Default.aspx", "a;jsessionid=9"]
)
paths = st.lists(parts.filter(lambda part: part not in {".", ".."}), max_size=5).map("/".join)
queries = st.lists(st.tuples(names, values), max_size=4, unique_by=lambda pair: pair[0])


@st.composite
def urls(draw: st.DrawFn) -> str:
    scheme, host = draw(st.sampled_from(["http", "https"])), draw(st.sampled_from(HOSTS))
    port = draw(st.sampled_from(["", ":80", ":443", ":8080"]))
    query = "&".join(f"{name}={value}" for name, value in draw(queries))
    return f"{scheme}://{host}{port}/{draw(paths)}" + (f"?{query}" if query else "")


hostile = st.text(max_size=60) | st.builds(
    "{}{}{}".format,
    st.sampled_from(["http://", "HTTPS://a.b", "http:\\\\", "//", "javascript:", "http://[::1"]),
    st.text(st.characters(), max_size=30) | st.text("/.%;:@[]?&=#\\\t 0aé\ud800", max_size=40),
    st.sampled_from(["", "/index.html", "?utm_source=1&amp;b", ";jsessionid=1/..", ":99999/"]),
)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("HTTP://News.EXAMPLE.com/Story", "http://news.example.com/Story"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com?a=1", "https://example.com/?a=1"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("http://example.com:80/a", "http://example.com/a"),
        ("http://example.com:/a", "http://example.com/a"),
        ("http://example.com:443/a", "http://example.com:443/a"),
        ("https://example.com:08080/a", "https://example.com:8080/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://BÜCHER。example/a", "https://xn--bcher-kva.example/a"),
        ("https://ex%61mple.com/a", "https://example.com/a"),
        ("https://my_paper.example.com/a", "https://my_paper.example.com/a"),
        ("https://[0:0::1]:8000/a", "https://[::1]:8000/a"),
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://example.com/a?", "https://example.com/a"),
        ("https://example.com/a/./b/../c/", "https://example.com/a/c/"),
        ("https://example.com/../a/%2e%2E/b/..", "https://example.com/"),
        ("https://example.com/%7ejane/%e2%82%ac", "https://example.com/~jane/%E2%82%AC"),
        ("https://example.com/a b/é|", "https://example.com/a%20b/%C3%A9%7C"),
        ("https://example.com/100%/%zz/%%341", "https://example.com/100%25/%25zz/%2541"),
        ("https://example.com\\a\\b?c\\d", "https://example.com/a/b?c%5Cd"),
        (" \n https://example.com/a\tb\r\nc \x00", "https://example.com/abc"),
        ("https://example.com/a?q=x y&é='[]", "https://example.com/a?q=x%20y&%C3%A9=%27%5B%5D"),
    ],
)
def test_fetch_url_writes_one_request_in_one_way(written: str, asked: str) -> None:
    assert fetch_url(written) == asked


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.com/a/",
        "https://www.example.com/a//b",
        "http://example.com/a?b=2&a=1&utm_source=x",
        "https://example.com/a?b&c=&&",
        "https://example.com/a%2Fb%27?c=%2F",
        "https://example.com/index.html;jsessionid=1",
    ],
)
def test_fetch_url_keeps_what_a_server_may_treat_differently(url: str) -> None:
    assert fetch_url(url) == url


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.example.com/a/", "https://example.com/a"),
        ("http://www.www.example.com", "https://example.com/"),
        ("https://www.com/a", "https://www.com/a"),
        ("https://www.co.uk/a", "https://www.co.uk/a"),
        ("https://www.github.io/a", "https://www.github.io/a"),
        ("https://www.daily.test/a", "https://daily.test/a"),
        ("http://example.com:8080/", "https://example.com:8080/"),
        ("http://example.com:443/", "https://example.com/"),
        ("https://example.com/a//b///", "https://example.com/a/b"),
        ("https://example.com/index.php", "https://example.com/"),
        ("https://example.com/a/Index.HTML?b=1", "https://example.com/a?b=1"),
        ("https://example.com/a/Default.aspx", "https://example.com/a"),
        ("https://example.com/index.php/a-story/", "https://example.com/index.php/a-story"),
        ("https://example.com/category/world/page/1/", "https://example.com/category/world"),
        ("https://example.com/page/1", "https://example.com/"),
        ("https://example.com/page/11/", "https://example.com/page/11"),
        (
            "https://example.com/category/world/page/2/?utm_x=1",
            "https://example.com/category/world/page/2",
        ),
        ("https://example.com/a;jsessionid=0A1B/b;v=1", "https://example.com/a/b;v=1"),
        ("https://example.com/a/..;jsessionid=1/b", "https://example.com/b"),
        ("https://example.com/a?b=2&a=2&a=1&c=", "https://example.com/a?a=1&a=2&b=2&c="),
        ("https://example.com/a?b=1&&amp;fbclid=x&amp;a=2", "https://example.com/a?a=2&b=1"),
        ("https://example.com/a?q=x%20y%2Cz", "https://example.com/a?q=x+y,z"),
        ("https://example.com/it%27s%2C%28so%29", "https://example.com/it's,(so)"),
    ],
)
def test_identity_folds_urls_of_one_page(url: str, key: str) -> None:
    assert identity(url) == key


@pytest.mark.parametrize("name", sorted(PARAMETERS | {"utm_anything", "hsCtaTracking"}))
def test_identity_drops_tracking_and_session_parameters(name: str) -> None:
    assert identity(f"https://example.com/a?{name}=v&id=7") == "https://example.com/a?id=7"


@pytest.mark.parametrize(
    "query",
    [
        "ref=a",
        "source=a",
        "from=a",
        "id=1",
        "page=2",
        "amp",
        "amp=1",
        "sid=1",
        "campaign=x",
        "utm=1",
    ],
)
def test_identity_keeps_parameters_that_mean_something_somewhere(query: str) -> None:
    assert identity(f"https://example.com/a?{query}") == f"https://example.com/a?{query}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/a", "https://m.example.com/a"),
        ("https://example.com/a/b", "https://example.com/a%2Fb"),
        ("https://example.com/?a=1%262", "https://example.com/?a=1&2"),
        ("https://example.com/?a=1%2B2", "https://example.com/?a=1+2"),
        ("https://example.com/?a=b", "https://example.com/?A=b"),
        ("https://example.com/a", "https://example.com/a.html"),
    ],
)
def test_identity_keeps_pages_apart(one: str, other: str) -> None:
    assert identity(one) != identity(other)


@given(urls() | hostile)
def test_both_forms_are_idempotent(url: str) -> None:
    try:
        asked = fetch_url(url)
    except UnfetchableURL:
        with pytest.raises(UnfetchableURL):
            identity(url)
        return
    key = identity(url)
    assert fetch_url(asked) == asked
    assert identity(key) == key == identity(asked) == fetch_url(key)
    assert site_of(key) == site_of(asked) == site_of(url)


@given(urls() | hostile)
def test_scrapy_changes_nothing_more_in_a_fetched_url(url: str) -> None:
    try:
        asked = fetch_url(url)
    except UnfetchableURL:
        return
    assert safe_url_string(asked) == asked


@given(urls(), st.text(max_size=20))
def test_identity_ignores_the_fragment(url: str, fragment: str) -> None:
    assert identity(f"{url}#{fragment}") == identity(url)


@given(urls(), st.sampled_from(TRACKING), st.integers(0, 4))
def test_identity_ignores_tracking_at_any_position(url: str, tracking: str, position: int) -> None:
    base, _, query = url.partition("?")
    parameters = query.split("&") if query else []
    parameters.insert(position, tracking)
    assert identity(f"{base}?{'&'.join(parameters)}") == identity(url)


@given(urls(), st.randoms(use_true_random=False))
def test_identity_ignores_the_order_of_parameters(url: str, random: Random) -> None:
    base, _, query = url.partition("?")
    parameters = query.split("&")
    random.shuffle(parameters)
    assert identity(f"{base}?{'&'.join(parameters)}") == identity(url)


@given(urls())
def test_identity_ignores_the_case_of_scheme_and_host(url: str) -> None:
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    assert identity(f"{scheme.upper()}://{host.upper()}{slash}{path}") == identity(url)


@given(st.sampled_from(HOSTS), paths)
def test_identity_ignores_the_default_port(host: str, path: str) -> None:
    assert identity(f"http://{host}:80/{path}") == identity(f"https://{host}/{path}")
    assert identity(f"https://{host}:443/{path}") == identity(f"https://{host}/{path}")


@given(paths)
def test_identity_ignores_www_and_a_final_slash(path: str) -> None:
    assert identity(f"https://www.example.com/{path}/") == identity(f"https://example.com/{path}")


@given(st.sampled_from(HOSTS), st.text(UNRESERVED, min_size=1), st.sets(st.integers(0, 20)))
def test_identity_ignores_escapes_of_unreserved_characters(
    host: str, slug: str, escaped: set[int]
) -> None:
    written = "".join(
        f"%{ord(char):02x}" if position in escaped else char for position, char in enumerate(slug)
    )
    assert identity(f"https://{host}/{written}") == identity(f"https://{host}/{slug}")


@given(paths, st.text("éあ ق", max_size=5))
def test_identity_of_a_written_and_an_escaped_path_is_one(path: str, tail: str) -> None:
    assert identity(f"https://example.com/{path}/{quote(tail).lower()}x") == identity(
        f"https://example.com/{path}/{tail}x"
    )


@given(urls(), st.sampled_from(["/.", "/x/..", "/x/y/%2e%2e/../."]))
def test_identity_ignores_dot_segments(url: str, dots: str) -> None:
    scheme, _, rest = url.partition("://")
    host, _, path = rest.partition("/")
    assert identity(f"{scheme}://{host}{dots}/{path}") == identity(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "absolute"),
        ("/a/b", "absolute"),
        ("//example.com/a", "absolute"),
        ("javascript:alert(1)", "absolute"),
        ("data:text/html,http://example.com/", "absolute"),
        ("mailto:desk@example.com", "absolute"),
        ("ftp://example.com/a", "absolute"),
        ("http://", "no host"),
        ("http://:80/", "no host"),
        ("http://./", "no host"),
        ("http://[::1", "host"),
        ("http://[::1]x/", "host"),
        ("http://[fe80::1%25eth0]/", "zone"),
        ("http://[1:2]/", "IPv6"),
        ("http://a:99999/", "port"),
        ("http://a:0/", "port"),
        ("http://a:b/", "port"),
        ("http://a:-1/", "port"),
        ("http://a:٣/", "port"),
        ("http://user:pw@h/", "user name"),
        ("http://user@h/", "user name"),
        ("http://a@b@h/", "user name"),
        ("http://a..b/", "host"),
        ("http://.a.b/", "host"),
        ("http://a b/", "host"),
        ("http://a%2Fb/", "host"),
        ("http://a%ff/", "host"),
        ("http://ex<ample.com/", "host"),
        ("http://℀.com/", "host"),
        ("http://bücher..example/", "host"),
        ("http://" + "a" * 64 + ".com/", "host"),
        ("http://" + "a." * 127 + "com/", "host"),
        ("http://1.2.3/", "IPv4"),
        ("http://0x7f000001/", "IPv4"),
        ("http://2130706433/", "IPv4"),
        ("http://a.xn--pokxncvks/", "international host"),
        ("http://example.com/\ud800", "surrogate"),
        ("http://\ud800.com/", "host"),
        ("http://example.com/" + "a" * 1_000_000, "longer"),
        ("http://example.com/" + "é" * 1_000, "longer"),
    ],
)
@pytest.mark.parametrize("function", [fetch_url, identity, site_of, Address.of_link])
def test_what_cannot_be_fetched_is_refused_with_a_reason(
    function: Callable[[str], object], url: str, reason: str
) -> None:
    with pytest.raises(UnfetchableURL, match=reason):
        function(url)


@given(hostile)
def test_only_unfetchable_url_is_ever_raised(url: str) -> None:
    with suppress(UnfetchableURL):
        address = Address.parse(url)
        assert all((address.url, address.identity, address.site, address.shape))
        assert address.trap != ""


@pytest.mark.parametrize("tail", ["a", "?", "%20", "a/", "?b=c"])
def test_the_longest_url_has_a_stable_identity(tail: str) -> None:
    base = "http://example.com/"
    longest = base + "a" * (MAX_URL_LENGTH - len(base) - 1 - len(tail)) + tail
    assert identity(identity(longest)) == identity(longest)
    with pytest.raises(UnfetchableURL):
        fetch_url(longest.replace("example", "example-too"))


@pytest.mark.parametrize("host", ["аpple.com", "пример.рф", "日本.example", "مثال.example"])
def test_hosts_of_any_script_are_punycode(host: str) -> None:
    assert "://xn--" in fetch_url(f"https://{host}/")


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.example.com/a", "example.com"),
        ("https://news.example.co.uk:8443/a", "example.co.uk"),
        ("https://one.blogspot.com/", "one.blogspot.com"),
        ("https://github.io/", "github.io"),
        ("https://a.daily.test/", "daily.test"),
        ("http://localhost/", "localhost"),
        ("http://localhost:8000/", "localhost:8000"),
        ("http://127.0.0.1:8001/a?b", "127.0.0.1:8001"),
        ("https://[::1]:8002/", "[::1]:8002"),
        ("https://www.пример.рф/", "xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_site_is_the_registered_domain_or_the_host_and_port(url: str, site: str) -> None:
    assert site_of(url) == site


def test_same_site() -> None:
    assert same_site("https://www.example.com/", "http://news.example.com/a")
    assert not same_site("https://one.blogspot.com/", "https://two.blogspot.com/")
    assert not same_site("http://127.0.0.1:8000/", "http://127.0.0.1:8001/")


@given(urls() | hostile)
def test_an_address_answers_the_same_however_it_is_written(url: str) -> None:
    try:
        written = Address.parse(url)
    except UnfetchableURL:
        return
    again = Address.parse(written.url)
    assert again == written
    assert hash(again) == hash(written)
    for name in ("scheme", "host", "port", "path", "query", "identity", "site", "shape", "trap"):
        assert getattr(again, name) == getattr(written, name)


@given(urls(), st.sampled_from(TRACKING))
def test_a_link_is_followed_without_tracking_and_has_the_same_row(url: str, tracking: str) -> None:
    tracked = f"{url}{'&' if '?' in url else '?'}{tracking}"
    link = Address.of_link(tracked)
    assert tracking not in link.url
    assert link.identity == Address.parse(tracked).identity


def test_an_address_shows_its_url() -> None:
    assert repr(Address.parse("https://daily.example/a")) == "Address('https://daily.example/a')"
