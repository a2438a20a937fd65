"""What describes an export to programs."""

from __future__ import annotations

import csv
import hashlib
import json

import pytest

from newscrawl.items import FIELDS
from tests.exporters.conftest import export


def described(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"))


def test_a_data_package_has_each_file_with_its_hash(db, folder):
    export(db, folder / "a.csv", folder / "a.jsonl.gz", folder / "a.parquet")
    found = {each["path"]: each for each in described(folder, "datapackage.json")["resources"]}
    assert {path: (each["format"], each["type"]) for path, each in found.items()} == {
        "a.csv": ("csv", "table"),
        "a.jsonl.gz": ("jsonl", "table"),
        "a.parquet": ("parquet", "file"),
    }
    for path, each in found.items():
        data = (folder / path).read_bytes()
        assert each["bytes"] == len(data)
        assert each["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert found["a.jsonl.gz"]["compression"] == "gz"


def test_a_data_package_has_the_columns_of_a_table_in_their_order(db, folder):
    export(db, folder / "a.csv")
    (resource,) = described(folder, "datapackage.json")["resources"]
    fields = {each["name"]: each["type"] for each in resource["schema"]["fields"]}
    with (folder / "a.csv").open(newline="", encoding="utf-8") as file:
        assert [*fields] == next(csv.reader(file)) == [*FIELDS]
    assert fields["headline"] == "string"
    assert fields["word_count"] == "integer"
    assert fields["confidence"] == "number"
    assert fields["paywalled"] == "boolean"
    assert fields["published"] == "datetime"
    assert fields["authors"] == fields["images"] == "array"
    assert fields["provenance"] == "object"


@pytest.mark.parametrize("name", ["a.parquet", "a.csv"])
def test_croissant_has_a_field_for_each_column(db, folder, name):
    export(db, folder / name, folder / "a.jsonl")
    found = described(folder, "croissant.json")
    (records,) = found["recordSet"]
    fields = {each["name"]: each for each in records["field"]}
    assert [*fields] == [*FIELDS]
    assert fields["published"]["dataType"] == "sc:DateTime"
    assert fields["authors"].get("repeated", False) is (name == "a.parquet")
    assert fields["url"]["source"] == {
        "fileObject": {"@id": name},
        "extract": {"column": "url"},
    }


def test_croissant_names_the_parts_of_what_is_in_a_list(db, folder):
    export(db, folder / "a.parquet")
    (records,) = described(folder, "croissant.json")["recordSet"]
    (headings,) = [each for each in records["field"] if each["name"] == "headings"]
    assert headings["repeated"] is True
    parts = {each["name"]: each["dataType"] for each in headings["subField"]}
    assert parts == {"level": "sc:Integer", "text": "sc:Text"}


def test_a_folder_is_described_by_its_files_alone(db, folder):
    export(db, f"{folder}/parts/")
    found = described(folder, "croissant.json")
    assert "recordSet" not in found
    assert [each["contentUrl"] for each in found["distribution"]] == [
        "parts/daily.example/2025-03.parquet",
        "parts/daily.example/2025-04.parquet",
        "parts/daily.example/undated.parquet",
        "parts/weekly.example/2025-03.parquet",
    ]


def test_files_without_rows_are_described_by_the_card_alone(db, folder):
    export(db, f"{folder}/news.md/", names=(*FIELDS, "markdown"))
    assert not (folder / "news.md" / "croissant.json").exists()
    assert not (folder / "croissant.json").exists()
