from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from newscrawl.dataset.articles import ArticleStore
from newscrawl.exporters.export import Export
from newscrawl.exporters.selection import Selection
from newscrawl.items import FIELDS, Article, Heading, Image
from newscrawl.pipelines.clean import clean
from newscrawl.pipelines.dedupe import DedupePipeline

EAST = timezone(timedelta(hours=2))
STORIES = (
    "The ferry to the northern islands leaves an hour later from Monday, the harbour master said.",
    "Two orchards outside the town were sold to a cooperative that wants to keep the old trees.",
    "The council closed the swimming baths for repairs that will take until the end of winter.",
    "A choir of ninety pupils opened the festival with songs about the weather and the sea.",
)


def article(path: str, text: str, site: str = "daily.example", **fields: Any) -> Article:
    made = Article(url=f"https://www.{site}{path}", text=text, **{"headline": "A story", **fields})
    signed: Article = DedupePipeline().process_item(clean(made))
    return signed


def stored_articles() -> list[Article]:
    return [
        article(
            "/ferry",
            STORIES[0],
            published=datetime(2025, 3, 1, 1, 30, tzinfo=EAST),
            published_raw="1 March 2025",
            authors=["Ada Quill", "Béla Øst"],
            sections=["Local News"],
            tags=["harbour", "Ferry"],
            language="en-GB",
            paywalled=False,
            headings=[Heading(level=2, text="What changes")],
            images=[Image(url="https://www.daily.example/f.jpg", caption="The ferry", alt=None)],
            comment_count=0,
            provenance={"headline": "json-ld", "text": "html"},
            extra={"rating": 4.5, "tested": ["bread", "Brötchen"], "none": None},
        ),
        article(
            "/orchards",
            STORIES[1],
            published=datetime(2025, 4, 2, 12, tzinfo=UTC),
            language="de",
            headline="=1+1, or: the orchards",
        ),
        article(
            "/baths",
            STORIES[2],
            tags=["ferry"],
            language="sv",
            confidence=0.4,
            doubts=["few words", "far from the headline"],
        ),
        article(
            "/choir",
            STORIES[3],
            "weekly.example",
            language="sv",
            confidence=0.99,
            published=datetime(2025, 3, 9, tzinfo=UTC),
        ),
        article(
            "/ferry-again",
            STORIES[0],
            published=datetime(2025, 3, 5, tzinfo=UTC),
            headline="The ferry, again",
            language="en-GB",
        ),
    ]


@pytest.fixture
def engine(engine):
    store = ArticleStore("")
    store.run = 1
    with engine.begin() as connection:
        for each in stored_articles():
            store.store(connection, each)
    return engine


@pytest.fixture
def db(engine):
    with engine.begin() as connection:
        yield connection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def export(
    connection: Connection,
    *targets: Path | str,
    names: Sequence[str] = FIELDS,
    for_excel: bool = False,
    **filters: Any,
) -> int:
    """Export with these filters; the card says them as they are."""
    selection = Selection(names=names, **filters)
    return Export([*map(str, targets)], selection, filters, for_excel=for_excel).run(connection)
