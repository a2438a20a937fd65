"""CDX in the forms in which tools and servers write it."""

from __future__ import annotations

import json

import pytest

from newscrawl.corpus.capturing.rows import NoRow, Rows
from tests.corpus.capturing.cdx import cdx11, row, wayback

NAMES = ("url", "timestamp", "mime", "status", "digest", "offset", "filename")
PAGE = {name: row()[name] for name in NAMES}
CDX9 = (
    " CDX N b a m s k r V g\n"
    f"com,gazette)/story-1 {PAGE['timestamp']} {PAGE['url']} text/html 200 {PAGE['digest']} - 1000 "
    "crawl-data/one.warc.gz\n"
)
WITHOUT_TIME = {name: each for name, each in row().items() if name not in {"urlkey", "timestamp"}}


def read(text: str) -> list[dict[str, str]]:
    rows = Rows()
    return [
        {name: each[name] for name in NAMES if name in each}
        for line in text.splitlines()
        for each in rows.read(line)
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(cdx11(row()), id="cdx of 11 fields"),
        pytest.param(cdx11(row()).partition("\n")[2], id="of 11 fields without a header"),
        pytest.param(CDX9, id="cdx of 9 fields"),
        pytest.param(CDX9.partition("\n")[2], id="of 9 fields without a header"),
        pytest.param(
            "\n".join(each.replace(" ", "\t") for each in CDX9.splitlines()), id="by tabs"
        ),
        pytest.param(
            f"com,gazette)/story-1 {PAGE['timestamp']} {json.dumps(WITHOUT_TIME)}", id="cdxj"
        ),
        pytest.param("!OpenWayback-CDXJ 1.0\n" + json.dumps(row()), id="json objects"),
        pytest.param(wayback(row()), id="arrays, each a line"),
        pytest.param(wayback(row()).replace("\n", " "), id="arrays in one line"),
    ],
)
def test_the_same_capture_is_read_from_each_form(text):
    assert read(text) == [PAGE]


def test_fields_are_taken_by_the_letters_of_the_header_not_by_their_place():
    (capture,) = read(
        " CDX a b m s k V g u\n"
        f"{PAGE['url']} {PAGE['timestamp']} text/html 200 {PAGE['digest']} 1000 "
        "crawl-data/one.warc.gz <urn:uuid:1>\n"
    )
    assert capture == PAGE


def test_a_server_of_the_usual_seven_fields_names_no_file():
    (capture,) = read(f"com,gazette)/a {PAGE['timestamp']} {PAGE['url']} text/html 200 ABC 512")
    assert capture["url"] == PAGE["url"]
    assert "filename" not in capture


@pytest.mark.parametrize(
    "line",
    ["<html>", "a b c", "[1, 2", "[" * 60_000, '["a", {"b": []}]', '{"a": 1', "{}]", "x {y} {z}"],
)
def test_what_is_in_no_form_is_no_row(line):
    with pytest.raises(NoRow):
        list(Rows().read(line))


def test_a_resume_key_is_told_behind_an_empty_line_or_array():
    for text in (
        wayback(row(), resume="com,gazette)/story-2 2025"),
        cdx11(row()) + "\nkey+of+it\n",
    ):
        rows = Rows()
        assert len([each for line in text.splitlines() for each in rows.read(line)]) == 1
        assert rows.resume in {"com,gazette)/story-2 2025", "key+of+it"}


def test_an_array_that_is_not_closed_is_not_whole():
    rows = Rows()
    for line in wayback(row(1), row(2)).splitlines()[:-1]:
        list(rows.read(line))
    assert not rows.is_whole
