"""The dataset card beside an export."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import update

from newscrawl.exporters.card import is_card
from newscrawl.items import FIELDS
from newscrawl.store.schema import articles
from tests.exporters.conftest import export


def lines(folder: Path) -> list[str]:
    return (folder / "README.md").read_text(encoding="utf-8").splitlines()


def test_it_counts_rows_dates_copies_and_fields(db, folder):
    export(db, folder / "a.csv", with_copies=True)
    text = lines(folder)
    assert (
        "5 rows, published 2025-03-01 to 2025-04-02; 1 of them (20.0%) are copies of another article."
        in text
    )
    assert "| daily.example | 4 |  | 0 |" in text
    assert "| en-GB | 2 |" in text
    assert "| `authors` | list of text | 20.0% |" in text
    assert "| `images` | list of (url, caption, credit, alt, path) | 20.0% |" in text


def test_each_file_stands_there_with_its_hash(db, folder):
    export(db, folder / "a.csv", folder / "a.parquet")
    for name in ("a.csv", "a.parquet"):
        data = (folder / name).read_bytes()
        row = f"| {name} | {len(data):,} | {hashlib.sha256(data).hexdigest()} |"
        assert row in lines(folder)


def test_the_head_is_yaml_as_dataset_hubs_read_it(db, folder):
    export(db, folder / "a.csv")
    head = lines(folder)[: lines(folder).index("---", 1)]
    assert 'language: ["de", "en", "sv"]' in head
    assert 'size_categories: ["n<1K"]' in head
    assert '  data_files: "a.csv"' in head


def test_the_card_of_a_folder_lies_beside_it_where_no_reader_takes_it_for_data(db, folder):
    export(db, f"{folder}/parts/")
    assert is_card(folder / "README.md")
    assert '  data_files: "parts/**/*.parquet"' in lines(folder)
    assert {each.suffix for each in (folder / "parts").rglob("*") if each.is_file()} == {".parquet"}


def test_the_card_of_a_folder_of_markdown_lies_in_it(db, folder):
    export(db, f"{folder}/news.md/", names=(*FIELDS, "markdown"))
    assert is_card(folder / "news.md" / "README.md")
    assert not (folder / "README.md").exists()


def test_of_several_formats_the_one_with_types_makes_up_the_dataset(db, folder):
    export(db, folder / "a.csv", folder / "a.jsonl", folder / "b.parquet")
    assert '  data_files: "b.parquet"' in lines(folder)


def test_a_folder_of_an_earlier_export_is_replaced(db, folder):
    export(db, f"{folder}/parts/")
    export(db, f"{folder}/parts/", sites=["weekly.example"])
    assert [each.name for each in (folder / "parts").iterdir()] == ["weekly.example"]


def test_filters_are_said(db, folder):
    export(db, folder / "a.csv", languages=["en"])
    assert "Filters: languages: en." in lines(folder)


def test_what_a_page_says_is_neither_markup_nor_a_row(db, folder):
    hostile = "x|y\n# <script>alert(1)</script> [a](http://evil.example)"
    db.execute(update(articles).values(language=hostile))
    export(db, folder / "a.csv")
    text = "\n".join(lines(folder)[lines(folder).index("---", 1) :])
    assert "<script>" not in text
    assert "\n# <" not in text
    assert r"x\|y \# &lt;script&gt;alert(1)&lt;/script&gt; \[a\](http://evil.example)" in text


def test_an_older_card_is_replaced(db, folder):
    export(db, folder / "a.csv")
    export(db, folder / "b.csv")
    assert [line for line in lines(folder) if line.startswith("| b.csv")]
    assert not [line for line in lines(folder) if line.startswith("| a.csv")]


@pytest.mark.parametrize("name", ["datapackage.json", "croissant.json"])
@pytest.mark.parametrize("target", ["a.csv", "parts/"])
def test_what_somebody_else_wrote_beside_it_is_never_replaced(db, folder, target, name):
    (folder / name).write_text("# Mine\n")
    with pytest.raises(ValueError, match="no dataset card"):
        export(db, f"{folder}/{target}")
    assert (folder / name).read_text() == "# Mine\n"
    assert [each.name for each in folder.iterdir() if each.name != ".newscrawl"] == [name]


def test_beside_a_readme_of_somebody_else_the_card_has_another_name(db, folder):
    (folder / "README.md").write_text("# Mine\n")
    export(db, folder / "a.csv")
    assert (folder / "README.md").read_text() == "# Mine\n"
    assert "a.csv" in (folder / "DATASET.md").read_text()


def test_where_both_names_are_taken_nothing_is_written(db, folder):
    for name in ("README.md", "DATASET.md"):
        (folder / name).write_text("# Mine\n")
    with pytest.raises(ValueError, match="no dataset card"):
        export(db, folder / "a.csv")
    assert (folder / "DATASET.md").read_text() == "# Mine\n"


@pytest.mark.parametrize("name", ["README.md", "a.parquet", "weekly.example/2025-03.parquet"])
def test_a_folder_with_files_of_somebody_else_is_never_replaced(db, folder, name):
    theirs = folder / "parts" / name
    theirs.parent.mkdir(parents=True)
    theirs.write_text("# Mine\n")
    with pytest.raises(ValueError, match="other files"):
        export(db, f"{folder}/parts/")
    assert theirs.read_text() == "# Mine\n"
