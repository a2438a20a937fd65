from __future__ import annotations

import pytest

from newscrawl.mistakes import BadInput
from newscrawl.schedule import given
from newscrawl.schedule.given import Given, read_given


def written(folder, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def mistakes(*words: str) -> list[str]:
    with pytest.raises(BadInput) as raised:
        read_given(words)
    return raised.value.mistakes


def test_addresses_are_taken_as_they_are_typed_each_once():
    assert read_given(["example.com", "https://example.com/", "http://b.example"]) == [
        Given("https://example.com/"),
        Given("http://b.example/"),
    ]


@pytest.mark.parametrize("parting", [",", ";", "\t"])
def test_a_table_is_read_by_its_columns(tmp_path, parting):
    rows = [
        ("section", "URL", "name", "more"),
        ("Sport", "a.example", "The  “A”, daily", ""),
        ("", "b.example", "", ""),
    ]
    text = "\ufeff" + "\r\n".join(
        parting.join(f'"{value}"' if "," in value else value for value in row) for row in rows
    )
    assert read_given([written(tmp_path, "sites.csv", text)]) == [
        Given("https://a.example/", "the-a-daily", "Sport"),
        Given("https://b.example/"),
    ]


def test_a_file_without_the_column_has_an_address_a_line(tmp_path):
    text = "# ours\na.example\n\nhttps://b.example/news?a=1,2\n"
    found = read_given([written(tmp_path, "sites.txt", text)])
    assert [each.url for each in found] == ["https://a.example/", "https://b.example/news?a=1"]


def test_outlines_have_the_address_of_a_site_or_of_its_feed(tmp_path):
    text = """<?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>
    <outline text="Towns"><outline xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/>
    <outline xmlUrl="https://b.example/feed"/></outline><outline text="none"/></body></opml>"""
    found = read_given([written(tmp_path, "list.opml", text)])
    assert [each.url for each in found] == ["https://a.example/", "https://b.example/feed"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "", "no address in it"),
        ("a.opml", "<opml><body>", "is no XML"),
        ("a.opml", "<opml/>", "no address in it"),
        ("a.opml", '<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>', "has a DOCTYPE"),
        (
            "a.opml",
            '<!DOCTYPE o [<!ENTITY a "https://a.example/">]><o><outline htmlUrl="&a;"/></o>',
            "has a DOCTYPE",
        ),
        ("a.csv", "url\nftp://a.example/\n", "a.csv:2: 'ftp://a.example/' is not a web address"),
    ],
)
def test_a_file_that_is_none_is_told(tmp_path, name, text, message):
    assert message in mistakes(written(tmp_path, name, text))[0]


def test_entities_that_grow_are_refused(tmp_path):
    laughs = "".join(f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 12))
    text = f'<!DOCTYPE o [<!ENTITY a0 "ha">{laughs}]><o><outline htmlUrl="&a11;"/></o>'
    (message,) = mistakes(written(tmp_path, "a.opml", text))
    assert "DOCTYPE" in message or "is no XML" in message


def test_a_file_has_a_largest_size(tmp_path, monkeypatch):
    monkeypatch.setattr(given, "MAX_BYTES", 10)
    assert "is larger than" in mistakes(written(tmp_path, "a.csv", "a.example\n" * 3))[0]


def test_all_mistakes_are_told_at_once(tmp_path):
    path = written(tmp_path, "a.csv", "url\na.example\nmailto:x\n\nhttp://\n")
    assert len(mistakes(path, "nowhere.opml", "ftp://a.example")) == 4
