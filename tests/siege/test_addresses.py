from __future__ import annotations

import pytest

from tests.siege.addresses import can_enter, reached


@pytest.mark.skipif(bool(can_enter()), reason=can_enter())
def test_a_crawl_that_is_led_to_special_addresses_asks_none_of_them(tmp_path):
    chosen = ["169.254.169.254", "192.0.0.192", "192.88.99.1", "fd00:ec2::254", "64:ff9b::a00:1"]
    told = reached(tmp_path, chosen)
    assert told["answering"] == chosen
    assert told["asked"] == []
    assert len(told["refused"]) == len(told["ways"])
    assert len(told["honest"]) == 8
