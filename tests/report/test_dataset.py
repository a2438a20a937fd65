from __future__ import annotations

from pathlib import Path

from rich.console import Console

from newscrawl.dataset.articles import ArticleStore
from newscrawl.items import Article
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline
from newscrawl.report.dataset import dataset_table
from newscrawl.store.database import connect, migrate


def fill(url: str, *pages: tuple[str, str]) -> None:
    engine, store, sign = connect(url), ArticleStore(""), DedupePipeline().process_item
    migrate(engine)
    with engine.begin() as connection:
        for path, text in pages:
            article = Article(url=f"https://daily.example{path}", headline="Harbour", text=text)
            store.store(connection, sign(clean(article)))
    engine.dispose()


def shown(url: str) -> dict[str, str]:
    console = Console(width=300, color_system=None)
    with console.capture() as capture:
        console.print(dataset_table(url, Path("daily.jsonl")))
    rows = (line.strip("│ ").split("│") for line in capture.get().splitlines() if "│" in line)
    return {row[0].strip(): row[1].strip() for row in rows}


def test_originals_copies_and_revisions_are_counted_apart(database):
    fill(database, ("/a", "One story."), ("/b", "One story."), ("/c", "First."), ("/c", "Second."))
    told = shown(database)
    assert (told["articles"], told["copies of them"], told["earlier revisions"]) == ("2", "1", "1")


def test_the_table_tells_where_the_data_lie(tmp_path):
    url = f"sqlite:///{tmp_path}/newscrawl.db"
    fill(url)
    told = shown(url)
    assert told["database"] == f"{tmp_path}/newscrawl.db"
    assert told["JSON Lines"] == "daily.jsonl"


def test_the_password_of_a_database_is_not_shown(postgresql):
    with postgresql.database() as url:
        told = shown(url.replace("postgres:@", "postgres:secret@"))
    assert told["database"].startswith("postgresql+psycopg://postgres:***@/")


def test_an_empty_dataset_has_no_articles(database):
    fill(database)
    assert shown(database)["articles"] == "0"
