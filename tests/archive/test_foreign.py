"""WARC files of others as a source of pages."""

from __future__ import annotations

import gzip
from contextlib import closing

import pytest
from scrapy.settings import Settings
from sqlalchemy import select, update

from newscrawl.archive.reading import RecordReader
from newscrawl.dataset.articles import ArticleStore, article_from
from newscrawl.frontier import fencing
from newscrawl.frontier.lease import LeaseLost
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.outcomes import Outcome
from newscrawl.reextract.finding import InTurn, PlacedReader
from newscrawl.reextract.reading import PageReader
from newscrawl.reextract.reextraction import Reextraction
from newscrawl.reextract.sources import FileSource
from newscrawl.store.schema import articles, leases, runs
from tests.archive.test_reading import record

WORDS = b" ".join(b"word%d" % number for number in range(80))
PARAGRAPH = b"<p>" + WORDS + b"</p><p>" + WORDS + b" caf\xe9</p>"
STORY = (
    b"<html><head><title>Lamps return to the pier</title></head><body><article>"
    b"<h1>Lamps return to the pier</h1>" + PARAGRAPH + b"</article></body></html>"
)
HTML = b"Content-Type: text/html; charset=iso-8859-1\r\n"


@pytest.fixture
def stored(engine):
    def read():
        with engine.begin() as connection:
            rows = connection.execute(select(articles).order_by(articles.c.id)).mappings().all()
        return [article_from(row) for row in rows]

    return read


@pytest.fixture
def settings() -> Settings:
    settings = Settings()
    settings.setmodule("newscrawl.settings", priority="project")
    return settings


@pytest.fixture
def foreign(engine, tmp_path, settings):
    """Reads a WARC file made of some records; returns what it was told."""
    reader = PageReader.from_settings(settings)
    with closing(RecordReader()) as files, closing(reader):

        def read(*records: bytes):
            path = tmp_path / "foreign.warc.gz"
            path.write_bytes(b"".join(map(gzip.compress, records)))
            source = FileSource([path])
            list(source.index())
            finding = InTurn(source, PlacedReader(reader, files))
            again = Reextraction(engine, source, finding, lambda: ArticleStore(""))
            list(again.apply({}, RevisitPolicy(0, 0)))
            files.close()
            return again.told

        yield read


def test_foreign_files_are_a_source_of_articles(foreign, stored):
    foreign(*(record(f"http://{site}.example/pier", STORY, HTML) for site in "ab"))
    articles = stored()
    assert {article.site for article in articles} == {"a.example", "b.example"}
    assert {article.text.split()[-1] for article in articles} == {"café"}
    assert {article.found_via for article in articles} == {"archived"}
    assert {f"{article.first_seen:%Y-%m-%d %H}" for article in articles} == {"2025-10-09 12"}


def test_a_run_that_was_taken_over_reads_nothing_more(engine, tmp_path, settings, stored):
    path = tmp_path / "foreign.warc.gz"
    pages = (record(f"http://{site}.example/pier", STORY, HTML) for site in "ab")
    path.write_bytes(b"".join(map(gzip.compress, pages)))
    reader = PageReader.from_settings(settings)
    with closing(RecordReader()) as files, closing(reader):
        source = FileSource([path])
        list(source.index())
        finding = InTurn(source, PlacedReader(reader, files))
        again = Reextraction(engine, source, finding, lambda: ArticleStore(""))
        reading = again.apply({}, RevisitPolicy(0, 0))
        next(reading)
        with engine.begin() as db:
            db.execute(update(leases).values(heartbeat=0.0))
            assert fencing.fence_off(db, source.sites()) == [1]
        with pytest.raises(LeaseLost, match="run 1 was closed"):
            list(reading)
    with engine.begin() as db:
        assert db.execute(select(runs.c.reason)).scalar() == "killed"
    assert len(stored()) == 1


def test_packed_and_chunked_bodies_are_read(foreign, stored):
    packed = gzip.compress(STORY)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    headers = HTML + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
    foreign(record("http://a.example/pier", chunked, headers))
    assert len(stored()) == 1


def test_a_body_that_is_unpacked_already_is_read_whatever_its_header_says(foreign, stored):
    foreign(record("http://a.example/pier", STORY, HTML + b"Content-Encoding: gzip\r\n"))
    assert len(stored()) == 1


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate"])
def test_so_it_is_with_every_coding(coding, foreign, stored):
    foreign(
        record("http://a.example/pier", STORY, HTML + f"Content-Encoding: {coding}\r\n".encode())
    )
    assert len(stored()) == 1


def chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body)


CHUNKED, PACKED = b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n"
CUT = {
    "packed": record("http://a.example/pier", gzip.compress(STORY)[:-90], HTML + PACKED),
    "without its last chunk": record("http://a.example/pier", chunk(STORY), HTML + CHUNKED),
    "within a chunk": record("http://a.example/pier", chunk(STORY)[:-99], HTML + CHUNKED),
    "by its archive": record("http://a.example/pier", STORY, HTML).replace(
        b"WARC-Type", b"WARC-Truncated: length\r\nWARC-Type"
    ),
    "by its server": record("http://a.example/pier", STORY, HTML).replace(b"200 OK", b"206 Part"),
}


@pytest.mark.parametrize("answer", CUT.values(), ids=CUT)
def test_an_answer_that_ends_early_is_not_stored(answer, foreign, stored):
    told = foreign(record("http://a.example/gone").replace(b"200 OK", b"404 No"), answer)
    assert told.counts["failed", "Truncated"] == 1
    assert stored() == []


@pytest.mark.parametrize("name", ["packed", "within a chunk"])
def test_what_such_an_answer_says_is_known_to_an_erasure(name, tmp_path, settings):
    path = tmp_path / "cut.warc.gz"
    path.write_bytes(gzip.compress(CUT[name]))
    with closing(RecordReader()) as files, closing(PageReader.from_settings(settings)) as reader:
        answer, _ = files.answer(str(path), 0, reader.limit)
        assert "Lamps return to the pier" in reader.text(answer)


def test_what_is_no_article_is_counted(foreign):
    told = foreign(
        record("http://a.example/pier", STORY, HTML),
        record("http://a.example/picture", b"\x89PNG", b"Content-Type: image/png\r\n"),
        record("http://a.example/gone").replace(b"200 OK", b"404 No"),
        record("http://a.example/feed", b"<rss/>", b"Content-Type: application/rss+xml\r\n"),
        record("dns:a.example"),
        record("http://a.example/short", STORY.replace(PARAGRAPH, b"<p>Short.</p>"), HTML)[:-40],
    )
    reasons = {why: number for (_, why), number in told.counts.items() if why}
    assert reasons == {"NotText": 1, "Http404": 1, "Xml": 1, "Unreadable": 1}


def test_files_read_once_more_are_read_in_place(foreign, stored, engine):
    records = [record("http://a.example/pier", STORY, HTML)]
    foreign(*records)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE articles SET headline = 'old', revision_hash = ''")
    assert foreign(*records).changes.articles == 1
    (article,) = stored()
    assert (article.headline, article.revision) == ("Lamps return to the pier", 1)


def test_an_older_answer_does_not_replace_a_newer_one(foreign, stored):
    page = record("http://a.example/pier", STORY, HTML)
    foreign(page)
    told = foreign(page.replace(b"2025-10-09", b"2025-10-08").replace(b"Lamps", b"Lamqs"))
    assert told.counts[Outcome.UNCHANGED, "Older"] == 1
    assert stored()[0].headline.startswith("Lamps")
