"""CDX files, plain and packed, whole and broken."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from newscrawl.corpus.capturing.files import rows_of_file
from newscrawl.corpus.capturing.rows import MAX_LINE
from newscrawl.mistakes import BadInput
from tests.corpus.capturing.cdx import cdx11, json_lines, row


def urls(path: Path) -> list[str | None]:
    return [None if each is None else each["url"] for each in rows_of_file(path)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.cdx"


def test_plain_and_packed_files_are_read_alike(path):
    path.write_text(cdx11(row(1), row(2)))
    plain = urls(path)
    path.write_bytes(gzip.compress(cdx11(row(1)).encode()) + gzip.compress(cdx11(row(2)).encode()))
    assert urls(path) == plain == [row(1)["url"], row(2)["url"]]


def test_a_line_that_is_no_capture_or_too_long_is_one_that_is_told(path):
    path.write_text(json_lines(row(1)) + "what\n" + "x" * 3 * MAX_LINE + "\n" + json_lines(row(2)))
    assert urls(path) == [row(1)["url"], None, None, row(2)["url"]]


def test_a_file_without_captures_is_bad_input(path):
    path.write_text("<html>\n<p>not here</p>\n")
    with pytest.raises(BadInput, match=r"index\.cdx: no line of it is CDX"):
        urls(path)


def test_a_file_that_is_missing_or_cut_off_is_bad_input(path):
    with pytest.raises(BadInput, match="No such file"):
        urls(path)
    path.write_bytes(gzip.compress(cdx11(*map(row, range(1, 30))).encode())[:-20])
    with pytest.raises(BadInput):
        urls(path)
