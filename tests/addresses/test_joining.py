from __future__ import annotations

import pytest

from newscrawl.addresses.hosts import read_host
from newscrawl.addresses.joining import join
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.normal_forms import JOINER
from newscrawl.url_parts import MAX_REFERENCE, split


@pytest.mark.parametrize("reference", ["/a" * MAX_REFERENCE, "//" + "\u0301\u0316" * 5_000])
def test_a_reference_longer_than_any_address_means_none(reference):
    with pytest.raises(ValueError, match="longer than"):
        join("https://daily.example/", reference)


def test_a_host_of_many_marks_is_split_with_its_rows_parted():
    assert JOINER in (split("//" + "\u0301\u0316" * 500).hostname or "")


def test_an_international_host_longer_than_any_is_none():
    with pytest.raises(UnfetchableURL):
        read_host("\u0130" * 300)
