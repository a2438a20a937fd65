"""A small siege of the browser: ways that once led it astray, in network namespaces."""

from __future__ import annotations

import pytest
from scrapy.settings import Settings

from newscrawl.middlewares.browser import chromium
from tests.siege.browser import figures, missing
from tests.siege.browser_town import HONEST, all_ways
from tests.siege.listening import TCP, UDP, Packet, read

WAYS = ["fetch302", "workersocket", "swprototype", "stun", "own302name", "prefetch", "replace302"]


def reason() -> str:
    try:
        chromium(Settings({"NEWSCRAWL_CHROMIUM": ""}))
    except ValueError as error:
        return str(error)
    return missing()


@pytest.mark.skipif(bool(reason()), reason=reason() or "nothing is missing")
def test_nothing_but_the_site_hears_of_a_browser_that_is_led_astray(tmp_path):
    found = dict(figures(tmp_path, WAYS, ["plain"]))
    assert found["browser_ways"] == len(WAYS)
    assert found["browser_leaks"] == 0
    assert found["browser_honest_pages_lost"] in range(
        HONEST
    )  # a busy machine may be too slow for some
    assert found["browser_crawls_failed"] == 0


def test_each_way_is_told_from_the_others():
    assert len(all_ways()) == len(set(all_ways()))


def test_a_packet_is_told_by_what_it_begins():
    ends = bytes([127, 0, 0, 1, 10, 0, 0, 1])
    head = bytes([0x45, *bytes(8), TCP, 0, 0]) + ends
    ports = (4000).to_bytes(2) + (80).to_bytes(2) + bytes(9)
    assert read(0x0800, head + ports + b"\2") == Packet(TCP, "127.0.0.1", 4000, "10.0.0.1", 80)
    assert read(0x0800, head + ports + b"\x12") is None
    datagram = bytes([0x45, *bytes(8), UDP, 0, 0]) + ends + ports
    assert read(0x0800, datagram) == Packet(UDP, "127.0.0.1", 4000, "10.0.0.1", 80)
