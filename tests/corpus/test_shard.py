"""What the records of a shard become: rows, and outcomes that add up."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from pyarrow import parquet

from newscrawl.corpus.account import ShardAccount
from newscrawl.corpus.building import Build
from newscrawl.corpus.in_process import InProcess
from newscrawl.corpus.parts import PART_SCHEMA
from newscrawl.corpus.task import Filters, Unread, filters_of
from newscrawl.dedup.shingles import Shingled
from newscrawl.dedup.signatures import article_id
from tests.archive.test_foreign import HTML, STORY
from tests.archive.test_reading import record

PIER = "http://a.example/pier"
AT = datetime(2025, 10, 9, 12, tzinfo=UTC)


def told(headline: str, head: bytes = b"") -> bytes:
    """Return a page of its own words."""
    words = " ".join(f"{headline}{number}" for number in range(120))
    page = (
        f"<html lang=en><head><title>{headline}</title>%s</head>"
        f"<body><article><h1>{headline}</h1><p>{words}</p></article></body></html>"
    )
    return page.encode() % head


class Read:
    """A corpus of one shard."""

    def __init__(self, build: Build, account: ShardAccount) -> None:
        self.account = account
        self.table = parquet.read_table(build.layout.parts / account.part)
        self.rows = self.table.to_pylist()

    @property
    def urls(self) -> list[str]:
        return [row["url"] for row in self.rows]


@pytest.fixture
def read(tmp_path):
    def read(*records: bytes, filters: Filters | None = None, **settings: object) -> Read:
        path = tmp_path / "given.warc.gz"
        path.write_bytes(b"".join(map(gzip.compress, records)))
        build = Build(tmp_path / "out", [str(path)], filters or Filters(), settings=settings)
        with build.opened():
            ((_, account),) = InProcess().run(build.tasks())
        assert isinstance(account, ShardAccount), account
        assert account.balances
        return Read(build, account)

    return read


def test_an_article_is_a_row_with_what_deduplication_asks_of_it(read):
    found = read(record(PIER, STORY, HTML))
    (row,) = found.rows
    text = Shingled(row["text"])
    assert found.table.schema.equals(PART_SCHEMA)
    assert (row["url"], row["site"], row["headline"]) == (
        PIER,
        "a.example",
        "Lamps return to the pier",
    )
    assert (row["page"], row["id"]) == (article_id(PIER), article_id(PIER))
    assert row["captured"] == row["first_seen"] == row["last_seen"] == AT
    assert (row["offset"], row["sample"], row["sampled"]) == (0, text.sample, text.sampled)


def test_every_record_becomes_something(read):
    found = read(
        record(PIER, STORY, HTML),
        record("http://a.example/x", kind=b"request"),
        record("http://a.example/gone").replace(b"200 OK", b"404 No"),
        record("http://a.example/moved").replace(b"200 OK", b"301 On"),
        record("http://a.example/broken").replace(b"200 OK", b"500 Oh"),
        record("http://a.example/logo", b"\x89PNG\r\n\x1a\n" + bytes(99)),
        record("http://a.example/login", STORY, HTML),
        record("ftp://a.example/file", STORY, HTML),
        record("http://a.example/about", b"<h1>About us</h1><p>We print.</p>", HTML),
        record("http://a.example/cut", STORY, HTML, length=90_000),
    )
    assert found.account.records == 10
    assert found.account.outcomes == {
        "article": 1,
        "failed: Http500": 1,
        "failed: Unreadable": 1,
        "gone: Http404": 1,
        "page": 1,
        "redirected": 1,
        "refused: NotText": 1,
        "refused: Trap: login": 1,
        "refused: UnfetchableURL": 1,
    }
    assert found.account.passed_over == {"records that are no answers": 1}


def test_each_capture_of_a_page_is_a_row(read):
    later = record(PIER, told("tide"), HTML).replace(b"2025-10-09", b"2025-10-11")
    assert read(record(PIER, STORY, HTML), later).urls == [PIER, PIER]


def test_a_revisit_has_the_body_of_the_record_it_repeats_wherever_that_stands(read):
    digest = b"WARC-Payload-Digest: sha1:AB\r\nWARC-Type"
    again = record("http://b.example/pier", b"", HTML, kind=b"revisit").replace(
        b"WARC-Type", digest
    )
    first = record(PIER, STORY, HTML).replace(b"WARC-Type", digest)
    found = read(again, first)
    assert found.urls == [PIER, "http://b.example/pier"]
    assert found.rows[0]["text"] == found.rows[1]["text"]


def test_a_revisit_of_a_record_in_another_file_is_told(read):
    again = record(PIER, b"", HTML, kind=b"revisit").replace(
        b"WARC-Type", b"WARC-Payload-Digest: sha1:AB\r\nWARC-Type"
    )
    assert read(again).account.outcomes == {"failed: BodyElsewhere": 1}


PARTED = (
    record(f"{PIER}/2/", told("quay", b'<link rel="prev" href="/pier/">'), HTML),
    record(f"{PIER}/", told("pier", b'<link rel="next" href="/pier/2/">'), HTML),
)


@pytest.mark.parametrize("order", [1, -1], ids=["part first", "part last"])
def test_an_article_in_parts_is_one_row_wherever_its_parts_stand(order, read):
    found = read(*PARTED[::order])
    assert found.urls == ["http://a.example/pier/"]
    assert "quay7" in found.rows[0]["text"]
    assert found.account.outcomes == {"article": 1, "part": 1}


def test_an_article_whose_part_is_missing_has_failed(read):
    assert read(PARTED[1]).account.outcomes == {"failed: PartElsewhere": 1}


WANTED = [
    (filters_of(["a.example"], [], None, None), "of sites that were not asked for"),
    (filters_of(["www.a.example"], [], None, None), "of sites that were not asked for"),
    (
        filters_of([], [], None, datetime(2025, 10, 10, tzinfo=UTC)),
        "of times that were not asked for",
    ),
    (filters_of([], ["EN"], None, None), "articles in languages that were not asked for"),
]


@pytest.mark.parametrize(("filters", "why"), WANTED)
def test_what_was_not_asked_for_is_passed_over(filters, why, read):
    other = record("http://b.example/tide", told("flut").replace(b"lang=en", b"lang=de"), HTML)
    found = read(
        record(PIER, told("pier"), HTML),
        other.replace(b"2025-10-09", b"2025-10-12"),
        filters=filters,
    )
    assert found.urls == [PIER]
    assert found.account.passed_over == {why: 1}


def test_a_language_means_its_regions_too_and_nothing_else():
    filters = filters_of([], ["de"], None, None)
    assert [filters.wants_language(code) for code in ("de", "de-AT", "den", "en", None)] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_settings_are_those_of_whoever_asks(read):
    assert read(record(PIER, STORY, HTML), NEWSCRAWL_MIN_WORDS=5_000).account.outcomes == {
        "rejected: TooShort": 1
    }


def test_a_file_without_articles_has_a_part_without_rows(read):
    found = read(record("http://a.example/gone").replace(b"200 OK", b"404 No"))
    assert (found.rows, found.table.schema.names) == ([], PART_SCHEMA.names)


def test_an_input_that_cannot_be_had_is_told_and_the_others_are_read(tmp_path):
    (tmp_path / "there.warc").write_bytes(record(PIER, STORY, HTML))
    inputs = [str(tmp_path / "away.warc"), str(tmp_path / "there.warc")]
    build = Build(tmp_path / "out", inputs, Filters())
    with build.opened():
        (_, away), (_, there) = InProcess().run(build.tasks())
    assert isinstance(away, Unread)
    assert "away.warc" in away.why
    assert isinstance(there, ShardAccount)
    assert [task.address for task in build.tasks()] == inputs[:1]
