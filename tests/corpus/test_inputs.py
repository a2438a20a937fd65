"""Inputs name WARC files in many ways."""

from __future__ import annotations

import gzip

import fsspec
import pytest

from newscrawl.corpus.inputs import expanded
from newscrawl.corpus.layout import name_of


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("b.warc.gz", "a.warc", "deep/c.warc.zst", "notes.txt", "d.warc.gz.open"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder, inputs):
    return [address.removeprefix(f"{folder}/") for address in expanded(inputs)]


def test_a_folder_names_the_warc_files_in_it_however_deep_but_those_that_are_being_written(folder):
    assert names(folder, ["."]) == ["a.warc", "b.warc.gz", "deep/c.warc.zst"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (["b.warc.gz"], ["b.warc.gz"]),
        (["*.warc*"], ["a.warc", "b.warc.gz", "d.warc.gz.open"]),
        (["**/*.zst"], ["deep/c.warc.zst"]),
        (["b.warc.gz", ".", "./b.warc.gz"], ["b.warc.gz", "a.warc", "deep/c.warc.zst"]),
    ],
)
def test_files_and_patterns_name_each_file_once_in_the_order_given(folder, given, found):
    assert names(folder, given) == found


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["paths", "paths.gz"])
def test_a_list_names_files_beside_it_and_addresses(folder, pack):
    name = "month.paths" if pack is bytes else "month.paths.gz"
    (folder / name).write_bytes(pack(b"b.warc.gz\n\ns3://bucket/x.warc.gz\ndeep/c.warc.zst\n"))
    assert names(folder, [name]) == ["b.warc.gz", "s3://bucket/x.warc.gz", "deep/c.warc.zst"]


def test_a_store_is_looked_through_as_a_folder():
    for name in ("one.warc.gz", "deep/two.warc.gz", "notes.txt"):
        with fsspec.open(f"memory://month/{name}", "wb") as file:
            file.write(b"")
    found = [address.rpartition("month/")[2] for address in expanded(["memory://month"])]
    assert found == ["deep/two.warc.gz", "one.warc.gz"]


@pytest.mark.parametrize("given", ["absent.warc", "*.arc", "empty", "absent.paths"])
def test_what_names_nothing_is_told(folder, given):
    (folder / "empty").mkdir()
    with pytest.raises((ValueError, OSError), match=given.replace("*", r"\*")):
        expanded([given])


def test_shards_of_equal_names_in_two_folders_have_names_of_their_own():
    one, other = map(name_of, ("/a/CC-NEWS-01.warc.gz", "/b/CC-NEWS-01.warc.gz"))
    assert one != other
    assert one.startswith("CC-NEWS-01-")
    assert name_of("s3://bucket/x/CC-NEWS-01.warc.gz?version=1").startswith("CC-NEWS-01-")


def test_the_name_of_a_shard_is_a_safe_name_of_a_file():
    for address in ("/a/..", "/a/ä ö/…", f"/{'x' * 300}.warc.gz", "https://a.example/?q=/../x"):
        name = name_of(address)
        assert "/" not in name
        assert 16 <= len(name) < 120
