from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.middlewares.addresses import is_public, literal, named_by


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
def test_inner_and_special_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_of_the_open_internet_are(address):
    assert is_public(address)


@given(st.ip_addresses())
def test_every_address_is_judged(address):
    assert is_public(str(address)) in {True, False}


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", "127.0.0.1"), ("[::1]", "::1"), ("::1", "::1"), ("daily.example", None)],
)
def test_a_host_may_be_an_address(host, expected):
    assert literal(host) == expected


class Spider:
    sites = frozenset({"daily.example"})
    start_urls = ("https://daily.example/", "http://127.0.0.1:8017/")
    own_urls = ("http://comments.example:81/x",)


def test_what_the_user_named_is_named_with_its_port():
    assert named_by(Spider()) == {
        ("daily.example", 443),
        ("127.0.0.1", 8017),
        ("comments.example", 81),
    }


def test_a_spider_without_sites_may_ask_anybody():
    assert named_by(object()) is None
