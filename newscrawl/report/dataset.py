"""What a database and its log hold, at a glance."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table
from rich.text import Text

from newscrawl.history.queries import count_articles
from newscrawl.store.database import connect


def dataset_table(database_url: str, jsonl: Path) -> Table:
    """Return a table of originals, copies and revisions, and where they lie."""
    engine = connect(database_url)
    with engine.begin() as connection:
        originals, copies, earlier = count_articles(connection)
    engine.dispose()
    table = Table(title="The dataset", title_justify="left", show_header=False)
    table.add_column()
    table.add_column()
    table.add_row("articles", f"{originals:,}")
    table.add_row("copies of them", f"{copies:,}")
    table.add_row("earlier revisions", f"{earlier:,}")
    database = engine.url.render_as_string().removeprefix("sqlite:///")
    table.add_row("database", Text(database))
    table.add_row("JSON Lines", Text(str(jsonl)))
    return table
