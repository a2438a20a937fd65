"""Inputs are read as they are where records have places, and unpacked where they have none."""

from __future__ import annotations

import gzip
import json
import struct
import sys

import fsspec
import pytest

from newscrawl.corpus import fetching
from newscrawl.corpus.fetching import at_hand
from tests.corpus.test_records import PACKED, PLAIN

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b"".join(PLAIN)


def by_dictionary() -> bytes:
    """Return records as wget-at and others pack them: the dictionary in a frame that is skipped."""
    samples = [each[at : at + 200] for each in PLAIN for at in range(0, len(each), 100)]
    dictionary = zstd.train_dict(samples, 2_000)
    raw = zstd.compress(dictionary.dict_content)
    frames = [zstd.compress(each, zstd_dict=dictionary) for each in PLAIN]
    return struct.pack("<II", 0x184D2A5D, len(raw)) + raw + b"".join(frames)


UNPACKED = {
    "gzip as a whole": gzip.compress(TEXT),
    "gzip in two members of several records": gzip.compress(TEXT) + gzip.compress(TEXT),
    "zstd by record": b"".join(map(zstd.compress, PLAIN)),
    "zstd as a whole": zstd.compress(TEXT),
    "zstd with a dictionary": by_dictionary(),
}


@pytest.fixture
def given(tmp_path):
    def write(data: bytes) -> str:
        path = tmp_path / "given"
        path.write_bytes(data)
        return str(path)

    return write


@pytest.mark.parametrize("data", UNPACKED.values(), ids=UNPACKED)
def test_what_is_packed_as_a_whole_is_unpacked(data, given, tmp_path):
    with at_hand(given(data), tmp_path) as file:
        assert file.path.read_bytes() in {TEXT, TEXT + TEXT}
        assert (file.size, file.is_damaged) == (len(data), False)
    assert not file.path.exists()


@pytest.mark.parametrize("data", [b"".join(PACKED), TEXT, b""], ids=["by record", "plain", "empty"])
def test_what_is_packed_by_record_is_read_as_it_is(data, given, tmp_path):
    address = given(data)
    with at_hand(address, tmp_path) as file:
        assert str(file.path) == address


@pytest.mark.parametrize("name", ["gzip as a whole", "zstd by record"])
def test_a_file_that_ends_early_is_damaged_and_keeps_what_came(name, given, tmp_path):
    with at_hand(given(UNPACKED[name][:-20]), tmp_path) as file:
        assert file.is_damaged
        assert TEXT.startswith(file.path.read_bytes())


def test_a_file_that_unpacks_to_far_too_much_is_refused(given, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "LEAST_BOUND", 100_000)
    bomb = zstd.compress(bytes(10_000_000))
    with (
        pytest.raises(OSError, match="unpacks to more than 100,000 bytes"),
        at_hand(given(bomb), tmp_path),
    ):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["given"]


def test_what_lies_in_a_store_is_copied_and_the_copy_is_removed(tmp_path):
    with fsspec.open("memory://shards/one.warc.gz", "wb") as file:
        file.write(b"".join(PACKED))
    with at_hand("memory://shards/one.warc.gz", tmp_path) as file:
        assert file.path.read_bytes() == b"".join(PACKED)
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_in_a_store_is_told(tmp_path):
    with pytest.raises(OSError, match="absent"), at_hand("memory://shards/absent.warc", tmp_path):
        pass


def listed(tmp_path, *records: dict[str, object]) -> str:
    path = tmp_path / "some.captures"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in records))
    return str(path)


def place(file: str, number: int) -> dict[str, object]:
    offset = sum(map(len, PACKED[:number]))
    return {"file": file, "offset": offset, "length": len(PACKED[number]), "url": "not needed"}


def test_of_a_list_of_captures_the_records_are_put_together(given, tmp_path):
    with fsspec.open("memory://shards/two.warc.gz", "wb") as file:
        file.write(b"".join(PACKED))
    here, there = given(b"".join(PACKED)), "memory://shards/two.warc.gz"
    with at_hand(listed(tmp_path, place(here, 4), place(there, 1)), tmp_path) as file:
        assert file.path.read_bytes() == PACKED[4] + PACKED[1]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"length": 0}, "no record has 0 bytes"),
        ({"length": 1 << 40}, "no record has"),
        ({"length": 9_000}, "has no 9,000 bytes at"),
        ({"offset": "here"}, "line 1 of .* names no record"),
        ({"file": "/absent.warc"}, "absent.warc"),
    ],
)
def test_a_list_that_names_no_record_is_told(changed, why, given, tmp_path):
    wrong = place(given(b"".join(PACKED)), 5) | changed
    with pytest.raises(OSError, match=why), at_hand(listed(tmp_path, wrong), tmp_path):
        pass
