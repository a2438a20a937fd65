"""Which cookies of a redirect circle are sent back, and where to."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import Response

from newscrawl.discovery.links import Way
from newscrawl.frontier.rows import Row
from newscrawl.frontier.visits import Visit
from newscrawl.middlewares.cookies import MAX_BYTES, MAX_JARS, CookieWallMiddleware

A = "https://daily.example/a"
B = "https://daily.example/b"


def visited(url: str) -> Request:
    row = Row(1, "daily.example", url, url, "article", Way.CATEGORY, depth=1, priority=0)
    return Request(url, meta={"visit": Visit(row)})


def hop(walls: CookieWallMiddleware, url: str, target: str, *cookies: str) -> Request | None:
    request = visited(url)
    walls.process_request(request)
    headers = {"Location": target, "Set-Cookie": list(cookies)}
    response = Response(url, status=302, headers=headers)
    walls.process_response(request, response)
    return walls.again(request, response, target)


def sent(walls: CookieWallMiddleware, url: str) -> str:
    request = Request(url)
    walls.process_request(request)
    return (request.headers.get(b"Cookie") or b"").decode()


def bounced(*cookies: str, url: str = A) -> CookieWallMiddleware:
    walls = CookieWallMiddleware()
    hop(walls, url, url, *cookies)
    return walls


@pytest.mark.parametrize(
    ("cookie", "url", "expected"),
    [
        pytest.param("k=1", A, "k=1", id="to the page itself"),
        pytest.param("k=1", "https://daily.example/", "k=1", id="to pages beside it"),
        pytest.param("k=1; Path=/", "https://daily.example/x/y", "k=1", id="to the whole host"),
        pytest.param("k=1; Path=/x", A, "", id="not outside its path"),
        pytest.param("k=1; Path=/x", "https://daily.example/x/y", "k=1", id="within its path"),
        pytest.param("k=1; Secure", A, "k=1", id="a safe one over a safe connection"),
        pytest.param("k=1; Secure", "http://daily.example/a", "", id="not over another"),
        pytest.param("k=1", "http://daily.example/a", "k=1", id="an open one over both"),
        pytest.param("k=1; Max-Age=0", A, "", id="not what has expired"),
        pytest.param("k=1; Max-Age=600", A, "k=1", id="what has not yet"),
        pytest.param("k=1; Domain=daily.example", A, "k=1", id="one of the site, to the host"),
        pytest.param("k=1; Domain=.daily.example", A, "k=1", id="with an old-fashioned dot"),
        pytest.param("k=1; Domain=daily.example", "https://www.daily.example/", "", id="no other"),
        pytest.param("k=1; Domain=example", A, "", id="not one of a top-level domain"),
        pytest.param("k=1; Domain=other.example", A, "", id="not one of another site"),
        pytest.param("k=1; Domain=www.daily.example", A, "", id="not one of a host below"),
        pytest.param("k=1", "https://other.example/a", "", id="to no other site"),
        pytest.param("k=1", "https://daily.example:8443/a", "", id="to no other port"),
        pytest.param("k=1", "https://x.daily.example/a", "", id="to no host below"),
        pytest.param("k=1", "https://daily.example.other.example/", "", id="to no namesake"),
        pytest.param("k=a b", A, "k=a b", id="with a space in it"),
        pytest.param("k=", A, "k=", id="without a value"),
        pytest.param("k=1\r\nX-Evil: 1", A, "", id="not with a line break"),
        pytest.param("k=1\x00", A, "", id="not with a NUL"),
        pytest.param(f"k={'x' * MAX_BYTES}", A, "", id="not a huge one"),
        pytest.param("=;;;", A, "", id="not nonsense"),
    ],
)
def test_a_cookie_goes_where_it_belongs(cookie, url, expected):
    assert sent(bounced(cookie), url) == expected


def test_a_cookie_for_a_public_suffix_is_nobodys():
    url = "https://daily.co.uk/a"
    assert not sent(bounced("k=1; Domain=co.uk", url=url), url)


def test_a_cookie_of_an_address_without_a_name_is_sent_back():
    url = "http://127.0.0.1:8080/a"
    walls = bounced("k=1", url=url)
    assert (sent(walls, url), sent(walls, "http://127.0.0.1:8081/a")) == ("k=1", "")


def test_the_request_is_sent_once_more_where_a_cookie_is_new():
    walls = CookieWallMiddleware()
    again = hop(walls, A, A, "k=1")
    assert again is not None
    walls.process_request(again)
    assert again.headers[b"Cookie"] == b"k=1"
    assert hop(walls, A, A, "k=1") is None


def test_the_other_pages_of_the_circle_are_asked_for_again():
    walls = CookieWallMiddleware()
    assert hop(walls, A, B, "k=1") is None
    again = hop(walls, B, A)
    assert again is not None
    assert again.meta["visit"].bounced == [A]


def test_hosts_of_one_circle_share_what_is_of_their_site():
    walls, www = CookieWallMiddleware(), "https://www.daily.example/b"
    hop(walls, A, www)
    hop(walls, www, A, "k=1; Domain=daily.example", "own=1")
    assert (sent(walls, A), {*sent(walls, www).split("; ")}) == ("k=1", {"k=1", "own=1"})


def test_a_circle_from_http_to_https_is_one():
    walls, plain = CookieWallMiddleware(), "http://daily.example/a"
    hop(walls, plain, A)
    assert hop(walls, A, plain, "k=1") is not None
    assert sent(walls, plain) == "k=1"


def test_a_cookie_of_the_page_that_leads_into_a_circle_is_sent():
    walls = CookieWallMiddleware()
    hop(walls, "https://daily.example/in", A, "k=1")
    hop(walls, A, B)
    assert hop(walls, B, A) is not None
    assert sent(walls, A) == "k=1"


def test_a_redirect_that_goes_on_teaches_nothing():
    walls = CookieWallMiddleware()
    hop(walls, A, B, "k=1")
    walls.process_response(visited(B), Response(B, headers={"Set-Cookie": "m=1"}))
    assert not sent(walls, A)
    assert not sent(walls, B)


def test_a_host_may_renew_a_cookie_and_take_it_back():
    walls = bounced("k=1")
    for cookie, expected in (("k=2", "k=2"), ("new=1", "k=2"), ("k=; Max-Age=0", "")):
        request = visited(A)
        walls.process_request(request)
        walls.process_response(request, Response(A, headers={"Set-Cookie": cookie}))
        assert sent(walls, A) == expected


def test_a_cookie_does_not_follow_a_request_to_another_host():
    walls = bounced("k=1")
    request = Request(A)
    walls.process_request(request)
    elsewhere = request.replace(url="https://other.example/")
    walls.process_request(elsewhere)
    assert b"Cookie" not in elsewhere.headers


def test_a_header_of_the_users_own_is_left_alone():
    walls = bounced("k=1")
    request = Request(A, headers={"Cookie": "mine=1"})
    walls.process_request(request)
    assert request.headers.getlist(b"Cookie") == [b"mine=1"]


def test_a_browser_has_cookies_of_its_own():
    request = Request(A, meta={"playwright": True})
    bounced("k=1").process_request(request)
    assert b"Cookie" not in request.headers


def test_all_that_is_kept_is_bounded():
    walls = CookieWallMiddleware()
    for host in range(MAX_JARS + 20):
        url = f"https://h{host}.example/a"
        for number in range(3):
            hop(walls, url, url, *(f"k{number}-{each}={'x' * 200}" for each in range(50)))
    kept = [sent(walls, f"https://h{host}.example/a") for host in range(MAX_JARS + 20)]
    assert sum(map(bool, kept)) <= MAX_JARS
    assert max(map(len, kept)) <= MAX_BYTES + 200


def test_what_refuses_is_asked_once_more_with_the_cookies_of_what_led_to_it():
    walls = CookieWallMiddleware()
    hop(walls, A, B, "k=1")
    again = walls.process_response(visited(B), Response(B, status=403))
    assert isinstance(again, Request)
    walls.process_request(again)
    assert again.headers[b"Cookie"] == b"k=1"
    refused = Response(B, status=403)
    assert walls.process_response(again, refused) is refused
    assert not sent(walls, B)


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
def test_other_errors_say_nothing_of_cookies(status):
    walls = CookieWallMiddleware()
    hop(walls, A, B, "k=1")
    error = Response(B, status=status)
    assert walls.process_response(visited(B), error) is error
