from __future__ import annotations

import pytest
from web_poet import HttpResponse

from tests.quality import cost, readers
from tests.quality.samples import Sample, is_held
from tests.quality.scores import body_marks, is_right, wanted

SENTENCE = "The ferry to the island leaves at seven, and the baker comes along with {} loaves. "
STORY = "".join(f"<p>{SENTENCE.format(at) * 3}</p>" for at in ("ten", "twenty", "thirty"))
PAGE = (
    "<html><head><title>The early ferry</title>"
    '<meta property="article:published_time" content="2024-05-02T07:00:00+00:00"></head>'
    f"<body><article><h1>The early ferry</h1>{STORY}</article></body></html>"
)
URL = "https://a.example/2024/05/early-ferry"


@pytest.fixture
def response():
    return HttpResponse(URL, PAGE.encode(), encoding="utf-8")


def test_every_reader_says_what_it_can_tell(response):
    ours, theirs = readers.newscrawl(response), readers.trafilatura(response, has_tables=True)
    view, dates = readers.readability(response), readers.htmldate(response)
    assert ours.kind == "article"
    assert [each.title for each in (ours, theirs, view)] == ["The early ferry"] * 3
    assert all("thirty loaves" in each.text for each in (ours, theirs, view))
    days = {str(each.published)[:10] for each in (ours, theirs, dates)}
    assert days == {"2024-05-02"}


def test_a_peer_that_finds_nothing_has_said_nothing():
    empty = HttpResponse(URL, b"<html></html>", encoding="utf-8")
    assert readers.trafilatura(empty, has_tables=True).text == ""
    assert readers.readability(empty).text == ""
    assert readers.htmldate(empty).published is None


def test_a_peer_reads_pages_in_old_charsets_too():
    markup = PAGE.replace("ferry to the island", "Fähre zur Insel").encode("windows-1252")
    said = readers.trafilatura(HttpResponse(URL, markup), has_tables=True)
    assert "The Fähre zur Insel leaves" in said.text


def test_blocks_of_a_reader_view_are_not_glued_together():
    assert readers.lines("<div><p>a <b>b</b>c</p><p>d</p>e<!-- f --></div>").split() == [
        *("a", "bc", "d", "e"),
    ]


def test_a_half_is_told_by_the_name_alone():
    assert [is_held(name) for name in "abcdef"] == [False, False, False, False, True, True]


def test_truths_have_the_same_names_in_every_set():
    truth = {"url": URL, "byline": "Ada Quill", "date": "2024-02-30", "lead_image_url": "x.jpg"}
    assert wanted(Sample("readability", "a", truth)) == {
        "authors": "Ada Quill",
        "lead_image": "x.jpg",
    }
    assert wanted(Sample("publishers", "a", {"url": URL, "authors": []})) == {"authors": []}


def test_a_body_is_measured_as_its_set_is():
    passages = Sample("segments", "a", {"with": ["at seven"], "without": ["loaves"]})
    assert body_marks(passages, "leaves at seven") == ((1, 0, 0), None)
    whole = Sample("publishers", "a", {"body": ["The ferry leaves", "at seven"]})
    body, words = body_marks(whole, "The ferry leaves\n\nat seven")
    assert body is not None
    assert (body.precision, body.recall, words) == (1, 1, 1)
    assert body_marks(Sample("wcxb", "a", {"kind": "product", "text": "x"}), "x") == (None, None)


def test_answers_are_held_against_the_truth_of_their_field():
    said = readers.Reading(title="The early ferry", authors=["Ada Quill"])
    assert is_right("title", said, "The early  ferry")
    assert is_right("authors", said, "Ada Quill")
    assert not is_right("lead_image", said, "https://a.example/x.jpg")


def test_cost_is_counted_in_parses(response):
    found = cost.cost([response])
    assert 1 < found["cost_text"] <= found["cost_everything"]
    assert cost.cost([]) == {}
