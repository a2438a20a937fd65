"""Archived pages of a site that was laid out otherwise when they were archived."""

from __future__ import annotations

import gzip
from contextlib import closing
from datetime import date

import pytest
from scrapy.settings import Settings
from web_poet import ApplyRule, default_registry, field

from newscrawl.archive.reading import RecordReader
from newscrawl.pages.article import ArticlePage
from newscrawl.pages.news import NewsPage
from newscrawl.reextract.reading import PageReader
from newscrawl.reextract.sources import FileSource
from tests.archive.test_foreign import HTML, STORY
from tests.archive.test_reading import record

SITE = "earlier.newscrawl.test"
PAGE = STORY.replace(b"<h1>", b"<p class=dek>As it is now</p><p class=kicker>As it was</p><h1>")
DATE = b"WARC-Date: 2025-10-09T12:00:00Z"


class Present(ArticlePage):
    @field
    def subtitle(self) -> str | None:
        return self.css(".dek::text").get()


class Former(ArticlePage):
    valid_until = date(2025, 6, 1)

    @field
    def subtitle(self) -> str | None:
        return self.css(".kicker::text").get()


class EarlierPage(NewsPage):
    article_class = Present
    earlier = (Former,)


default_registry.add_rule(ApplyRule(SITE, use=EarlierPage, instead_of=NewsPage))


@pytest.fixture
def reader():
    settings = Settings()
    settings.setmodule("newscrawl.settings", priority="project")
    with closing(PageReader.from_settings(settings)) as reader:
        yield reader


@pytest.mark.parametrize(
    ("at", "subtitle"),
    [
        (b"2019-03-01T08:00:00Z", "As it was"),
        (b"2025-05-31T23:59:59Z", "As it was"),
        (b"2025-10-09T12:00:00Z", "As it is now"),
    ],
)
def test_an_archived_page_is_read_by_the_layout_of_its_time(reader, tmp_path, at, subtitle):
    late = HTML + b"Date: Fri, 27 Nov 2026 05:00:00 GMT\r\n"
    told = record(f"https://{SITE}/pier", PAGE, late).replace(DATE, b"WARC-Date: " + at)
    path = tmp_path / "old.warc.gz"
    path.write_bytes(gzip.compress(told))
    with closing(RecordReader()) as files:
        source = FileSource([path])
        list(source.index())
        (wanted,) = source.pages("newscrawl.test")
        answer, _ = files.answer(wanted.path, wanted.offset, reader.limit)
        read = reader.read(answer, "archived", lambda _: None)
    assert read.article is not None, read
    assert read.article.subtitle == subtitle
    assert read.article.provenance["subtitle"] in {"Present", "Former"}
