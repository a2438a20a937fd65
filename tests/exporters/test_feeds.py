"""CSV by Scrapy's own feed exports."""

from __future__ import annotations

import csv
import io
import json

from newscrawl.exporters.feeds import CsvFeed
from newscrawl.items import Article, Heading


def rows(*items: object) -> list[dict[str, str]]:
    file = io.BytesIO()
    feed = CsvFeed(file)
    feed.start_exporting()
    for item in items:
        feed.export_item(item)
    feed.finish_exporting()
    return [*csv.DictReader(io.StringIO(file.getvalue().decode()))]


def test_names_with_commas_stay_apart():
    article = Article(url="https://daily.example/a", headline="A", authors=["Quill, Ada", "B"])
    (row,) = rows(article)
    assert json.loads(row["authors"]) == ["Quill, Ada", "B"]


def test_what_is_nested_is_json():
    article = Article(
        url="https://daily.example/a", headline="A", headings=[Heading(level=2, text="Why")]
    )
    (row,) = rows(article)
    assert json.loads(row["headings"]) == [{"level": 2, "text": "Why"}]
    assert row["published"] == ""


def test_items_of_other_kinds_are_written_too():
    assert rows({"degrees": 7, "days": ["Mon", "Tue"]}) == [
        {"degrees": "7", "days": '["Mon","Tue"]'}
    ]
