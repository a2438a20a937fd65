"""What the index has of each article, read out of either database, and what it should have."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Connection, select, text

from newscrawl.items import Article, compact_json
from newscrawl.store.folding import indexed, words
from newscrawl.store.schema import articles

WHEN = datetime.fromisoformat("2025-03-01T08:00:00+01:00")
Words = dict[str, set[str]]


def stored(connection: Connection) -> Words:
    """Return the words of each article as the index has them."""
    found: Words = defaultdict(set)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.said USING"
            " fts5vocab('main', 'search_words', 'instance')"
        )
        query = "SELECT article_id, term FROM said JOIN search_rows ON search_rows.id = said.doc"
    else:
        query = "SELECT article_id, unnest(tsvector_to_array(words)) FROM search_rows"
    for key, word in connection.execute(text(query)):
        found[key].add(word)
    return dict(found)


def expected(connection: Connection) -> Words:
    """Return the words of the articles, made from their rows anew."""
    rows = connection.execute(select(articles)).mappings()
    return {row["id"]: _words(row) for row in rows}


def _words(row) -> set[str]:
    told = indexed(
        row["headline"],
        row["subtitle"],
        row["text"],
        row["site"],
        row["language"],
        compact_json(row["sections"]),
        compact_json(row["authors"]),
        row["published"] and row["published"].isoformat(),
        row["duplicate_of"],
    )
    labels = {each for each in told.split() if each.startswith("\ue000")}
    said = "\n".join(filter(None, (row["headline"], row["subtitle"], row["text"])))
    return {*words(said), *labels}


def article(key: str, said: str, **fields) -> Article:
    url = f"https://daily.example/{key}/"
    given = {"headline": f"Story {key}", "site": "daily.example", "published": WHEN, **fields}
    return Article(
        **{"id": key, "url": url, "canonical_url": url, "text": said, **given},
        first_seen=WHEN,
        last_seen=WHEN,
    )
