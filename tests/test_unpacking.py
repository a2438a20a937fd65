"""What a packed body holds, and whether that is all."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import DownloadCancelledError

from newscrawl import unpacking
from newscrawl.outcomes import Truncated, Undecodable
from newscrawl.unpacking import CODINGS, Unpacked, unpack

WORDS = " ".join(f"gull{number * number % 977}" for number in range(9000)).encode()


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def zstd_with_checksum(body: bytes) -> bytes:
    return zstd.compress(body, options={zstd.CompressionParameter.checksum_flag: 1})


def named_gzip(body: bytes) -> bytes:
    """With every part that a header may have."""
    flags, extra, names = 2 | 4 | 8 | 16, b"\x05\0extra", b"a.html\0a page\0"
    head = gzip.compress(body)[:10]
    return head[:3] + bytes([flags]) + head[4:] + extra + names + b"\0\0" + gzip.compress(body)[10:]


PACKED: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "gzip": (b"gzip", gzip.compress),
    "x-gzip": (b"x-gzip", gzip.compress),
    "gzip, named": (b"gzip", named_gzip),
    "deflate": (b"deflate", zlib.compress),
    "deflate, raw": (b"deflate", raw_deflate),
    "br": (b"br", lambda body: brotli.compress(body, quality=5)),
    "zstd": (b"zstd", zstd.compress),
    "zstd, with checksum": (b"zstd", zstd_with_checksum),
}
every_packing = pytest.mark.parametrize(("coding", "pack"), PACKED.values(), ids=PACKED)


@every_packing
def test_a_whole_body_is_unpacked(coding, pack):
    assert unpack(pack(WORDS), coding) == Unpacked(WORDS)


@every_packing
def test_a_body_that_ends_early_is_told_wherever_it_ends(coding, pack):
    packed = pack(WORDS)
    places = {*random.Random(7).sample(range(1, len(packed)), 60), *range(1, 15)}
    for size in places | {len(packed) - last for last in range(1, 15)}:
        assert isinstance(unpack(packed[:size], coding).error, Truncated), size


@every_packing
def test_of_a_cut_body_there_is_what_came(coding, pack):
    noise = random.Random(3).randbytes(300_000).hex().encode()
    packed = pack(noise)
    found = unpack(packed[: len(packed) // 2], coding).body
    assert len(found) > 100_000
    assert noise.startswith(found)


@every_packing
@pytest.mark.parametrize("rest", [b"\0", b"\n<!-- made in 0.2 s -->\n" * 50, b"\r\n\r\n"])
def test_what_stands_behind_the_end_is_left_out(coding, pack, rest):
    assert unpack(pack(WORDS) + rest, coding) == Unpacked(WORDS)


@pytest.mark.parametrize("name", ["gzip", "gzip, named", "zstd", "zstd, with checksum"])
def test_a_body_of_several_parts_is_read_to_its_end(name):
    coding, pack = PACKED[name]
    parts = [pack(WORDS[at : at + 20_000]) for at in range(0, len(WORDS), 20_000)]
    assert unpack(b"".join(parts), coding) == Unpacked(WORDS)
    for cut in (1, 2, 3, 20, len(parts[-1]) - 1):
        packed = b"".join(parts[:-1]) + parts[-1][:cut]
        assert isinstance(unpack(packed, coding).error, Truncated), cut


def test_a_frame_of_zstd_that_is_skipped_holds_nothing():
    skipped = b"\x5a\x2a\x4d\x18\x03\0\0\0abc"
    packed = skipped + zstd.compress(WORDS) + skipped
    assert unpack(packed, b"zstd") == Unpacked(WORDS)
    assert isinstance(unpack(packed[:-1], b"zstd").error, Truncated)


@pytest.mark.parametrize("coding", CODINGS)
def test_nothing_is_whole(coding):
    assert unpack(b"", coding) == Unpacked(b"")


@every_packing
def test_an_empty_body_that_was_packed_is_whole(coding, pack):
    assert unpack(pack(b""), coding) == Unpacked(b"")


@pytest.mark.parametrize("coding", CODINGS)
def test_a_page_that_is_not_packed_is_no_part_of_one(coding):
    page = b"Terns came back to the harbour wall, and nobody had packed them. " * 30
    assert isinstance(unpack(page, coding).error, Undecodable)


def test_a_wrong_checksum_of_gzip_is_forgiven():
    packed = gzip.compress(WORDS)
    assert unpack(packed[:-8] + bytes(8), b"gzip") == Unpacked(WORDS)


def test_what_is_broken_in_the_middle_is_not_taken_for_a_part():
    packed = gzip.compress(random.Random(3).randbytes(40_000).hex().encode())
    found = unpack(packed[:20_000] + b"\xff" * 900 + packed[20_900:], b"gzip")
    assert isinstance(found.error, Undecodable)
    assert len(found.body) > 30_000


@every_packing
def test_no_more_is_unpacked_than_allowed(coding, pack):
    packed = pack(b"a" * 5_000_000)
    found = unpack(packed, coding, 100_000)
    assert isinstance(found.error, DownloadCancelledError)
    assert found.body == b"a" * 100_000
    assert unpack(packed, coding, 5_000_000).error is None


@every_packing
def test_what_is_cut_and_too_large_is_too_large(coding, pack):
    packed = pack(random.Random(3).randbytes(200_000).hex().encode())
    found = unpack(packed[:-100], coding, 100_000)
    assert isinstance(found.error, DownloadCancelledError)


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_streams_without_end_are_not_read(monkeypatch, name):
    monkeypatch.setattr(unpacking, "MAX_STREAMS", 50)
    coding, pack = PACKED[name]
    empty = pack(b"")
    assert isinstance(unpack(empty * 60, coding).error, DownloadCancelledError)
    assert unpack(empty * 40, coding) == Unpacked(b"")


@given(st.sampled_from(sorted(CODINGS)), st.binary(max_size=200))
def test_no_bytes_raise(coding, body):
    unpack(body, coding, 1000)
    for pack in (gzip.compress, zlib.compress, zstd.compress, brotli.compress):
        unpack(pack(body)[: len(body)] + body, coding, 1000)
