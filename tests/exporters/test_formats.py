"""Each format holds what the database holds."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped] # it has no types
from sqlalchemy import select

from newscrawl.dataset.articles import ArticleStore, article_from
from newscrawl.dataset.jsonl import line
from newscrawl.exporters.parquet import SCHEMA
from newscrawl.items import FIELDS
from newscrawl.store.schema import articles
from tests.exporters.conftest import article, export

BESIDE = ("README.md", "datapackage.json", "croissant.json")


def stored(connection) -> dict[str, dict[str, Any]]:
    rows = connection.execute(select(*(articles.c[name] for name in FIELDS))).mappings()
    return {row["id"]: dict(row) for row in rows}


def test_json_lines_are_those_of_the_log(db, folder):
    assert export(db, folder / "a.jsonl", with_copies=True) == 5
    written = (folder / "a.jsonl").read_bytes().splitlines(keepends=True)
    rows = db.execute(select(articles)).mappings().all()
    assert sorted(written) == sorted(line(article_from(row)) for row in rows)


def test_compressed_json_lines_hold_the_same(db, folder):
    export(db, folder / "a.jsonl", folder / "a.jsonl.gz", folder / "a.jsonl.zst")
    plain = (folder / "a.jsonl").read_bytes()
    assert gzip.decompress((folder / "a.jsonl.gz").read_bytes()) == plain
    assert pa.input_stream(str(folder / "a.jsonl.zst"), compression="zstd").read() == plain


def test_csv_has_a_cell_a_field(db, folder):
    export(db, folder / "a.csv", with_copies=True)
    with (folder / "a.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    for key, known in stored(db).items():
        row = rows[key]
        assert json.loads(row["authors"]) == known["authors"]
        assert row["text"] == known["text"]
        assert row["comment_count"] == ("" if known["comment_count"] is None else "0")
        assert row["paywalled"] in {"", "false"}


def test_csv_has_no_formula(db, folder):
    export(db, folder / "a.csv")
    assert "'=1+1, or: the orchards" in (folder / "a.csv").read_text(encoding="utf-8")
    assert ",=1+1" not in (folder / "a.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("reader", ["arrow", "duckdb"])
def test_parquet_read_back_equals_the_database(db, folder, reader):
    export(db, folder / "a.parquet", with_copies=True)
    if reader == "arrow":
        rows = pq.read_table(folder / "a.parquet").to_pylist()
    else:
        found = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [f"{folder}/a.parquet"])
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    for row in rows:
        row["provenance"], row["extra"] = json.loads(row["provenance"]), json.loads(row["extra"])
    assert {row["id"]: row for row in rows} == stored(db)


def test_parquet_columns_are_typed(db, folder):
    export(db, folder / "a.parquet")
    schema = pq.read_schema(folder / "a.parquet")
    assert schema.equals(SCHEMA)
    assert schema.field("published").type == pa.timestamp("us", tz="UTC")
    assert schema.field("authors").type == pa.list_(pa.string())
    assert schema.field("word_count").type == pa.int64()
    assert pa.types.is_struct(schema.field("images").type.value_type)


def test_an_offset_with_seconds_is_the_same_instant(db, folder):
    old = datetime.fromisoformat("1893-04-01T12:00:00+00:53:28")
    told = article("/old", "The clock of the town hall was set anew.")
    told.published = old
    ArticleStore("").store(db, told)
    export(db, folder / "a.parquet")
    found = {
        row["url"]: row["published"] for row in pq.read_table(folder / "a.parquet").to_pylist()
    }
    assert found["https://www.daily.example/old"] == old.astimezone(UTC)


def test_a_folder_gets_a_file_by_site_and_month(db, folder):
    target = folder / "parts"
    export(db, f"{target}/", with_copies=True)
    files = sorted(each.relative_to(target).as_posix() for each in target.rglob("*.*"))
    assert files == [
        "daily.example",
        "daily.example/2025-03.parquet",
        "daily.example/2025-04.parquet",
        "daily.example/undated.parquet",
        "weekly.example",
        "weekly.example/2025-03.parquet",
    ]


def test_a_folder_read_as_it_is_has_the_columns_and_rows_of_one_file(db, folder):
    export(db, f"{folder}/parts/", folder / "a.parquet", with_copies=True)
    whole, parts = pq.read_table(folder / "a.parquet"), pq.read_table(folder / "parts")
    assert parts.schema.equals(whole.schema)
    assert parts.sort_by("id").equals(whole.sort_by("id"))
    read = duckdb.connect().execute("SELECT count(*) FROM read_parquet(?)", [f"{folder}/parts/**"])
    assert read.fetchone() == (5,)


def test_revisions_lie_in_the_folder_of_their_article(db, folder):
    later = article("/orchards", "Sold again.", published=datetime(2026, 1, 5, tzinfo=UTC))
    ArticleStore("").store(db, later)
    export(db, f"{folder}/parts/", with_revisions=True)
    rows = pq.read_table(folder / "parts/daily.example/2026-01.parquet")
    assert rows.column("revision").to_pylist() == [1, 2]


def test_csv_for_excel_says_its_encoding_and_has_no_cell_too_long_for_it(db, folder):
    long = "z" * 40_000
    ArticleStore("").store(db, article("/long", long))
    export(db, folder / "a.csv", for_excel=True)
    data = (folder / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid,")
    assert b"z" * 32_767 in data
    assert b"z" * 32_768 not in data


@pytest.mark.parametrize("looks", ["1234567890123456", "12345678e1234567", "2.026"])
def test_in_csv_for_excel_a_text_that_looks_like_a_number_is_given_as_it_is(db, folder, looks):
    ArticleStore("").store(db, article("/looks", "Some text.", headline=looks))
    export(db, folder / "a.csv", names=("headline", "word_count"), for_excel=True)
    with (folder / "a.csv").open(encoding="utf-8-sig") as file:
        assert [f'="{looks}"', "2"] in list(csv.reader(file))


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers(db, folder):
    export(db, folder / "a.xlsx", names=("id", "headline", "word_count", "confidence", "authors"))
    sheet = load_workbook(folder / "a.xlsx").active
    head, *rows = sheet.iter_rows(values_only=True)
    assert head == ("id", "headline", "word_count", "confidence", "authors")
    known = stored(db)
    for key, headline, words, confidence, authors in rows:
        assert (headline, words, confidence) == tuple(
            known[key][name] for name in ("headline", "word_count", "confidence")
        )
        assert json.loads(authors) == known[key]["authors"]
    formulas = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == []


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_only_the_fields_asked_for_are_written(db, folder, name):
    export(db, folder / name, names=("headline", "word_count"))
    if name == "a.parquet":
        found = pq.read_schema(folder / name).names
    elif name == "a.csv":
        found = (folder / name).read_text().splitlines()[0].split(",")
    else:
        found = [*json.loads((folder / name).read_text().splitlines()[0])]
    assert found == ["headline", "word_count"]


@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.csv", "a.parquet", "a.xlsx", *BESIDE]
)
def test_the_same_data_gives_the_same_bytes(db, folder, name):
    again = folder.with_name("again")
    again.mkdir()
    for each in (folder, again):
        export(db, each / ("a.csv" if name in BESIDE else name))
    assert (folder / name).read_bytes() == (again / name).read_bytes()
