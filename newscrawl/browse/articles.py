"""The pages of articles: search, and one article with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, select

from newscrawl.browse import asked
from newscrawl.browse.changes import changes
from newscrawl.browse.stored import sites
from newscrawl.history.explaining import explain
from newscrawl.search.finding import Place, search
from newscrawl.search.index import State, state_of
from newscrawl.search.query import Term, terms_of
from newscrawl.search.snippets import Part, marked, snippet
from newscrawl.store.schema import articles, revisions

PAGE = 20
LONGEST = 300_000
"""Characters of a text, or of its HTML, that are shown."""
MOST = 100
"""Copies, pictures, comments and other parts that are shown."""
SHOWN_APART = frozenset({"text", "html", "images", "headings", "comments", "posts", "provenance"})
"""Fields that do not stand in the table of fields."""


class Hit(NamedTuple):
    article: RowMapping
    headline: Sequence[Part]
    snippet: Sequence[Part]


class Field(NamedTuple):
    name: str
    value: Any
    rule: str


def searched(connection: Connection, given: Mapping[str, str]) -> dict[str, Any]:
    query = asked.query(given)
    state = state_of(connection)
    found = None
    if state in {State.WHOLE, State.UNFINISHED}:
        after = Place.read(given.get("after", ""))
        found = search(connection, query, limit=PAGE, after=after)
    return {
        "given": {name: given.get(name, "") for name in ("q", *asked.FILTERS, "copies")},
        "is_filtered": any(given.get(name) for name in (*asked.FILTERS, "copies")),
        "words_missing": bool(given.get("q", "").strip()) and not query.terms,
        "sites": sites(connection),
        "state": state.value,
        "found": found,
        "hits": [_hit(row, query.wanted) for row in (found.articles if found else ())],
    }


def _hit(row: RowMapping, terms: Sequence[Term]) -> Hit:
    return Hit(row, marked(row["headline"], terms), snippet(row["text"], terms))


def article(connection: Connection, key: str, given: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what there is of an article, ``None`` if it is not stored."""
    query = select(articles).where(articles.c.id == key)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    known = explain(connection, row["url"])
    own = select(revisions).where(revisions.c.article_id == key).order_by(revisions.c.revision)
    earlier = connection.execute(own).mappings().all()
    return {
        "article": row,
        "paragraphs": _paragraphs(row["text"][:LONGEST], terms_of(given.get("q", ""))),
        "is_cut": len(row["text"]) > LONGEST,
        "html": row["html"][:LONGEST],
        "fields": list(_fields(row)),
        "known": known,
        "original": _original(connection, row),
        "copies": [each for each in known.copies if each["id"] != row["duplicate_of"]][:MOST],
        "changes": changes(row, earlier),
        "most": MOST,
    }


def _original(connection: Connection, row: RowMapping) -> RowMapping | None:
    query = select(articles.c.id, articles.c.headline, articles.c.url)
    of = query.where(articles.c.id == row["duplicate_of"])
    return connection.execute(of).mappings().first() if row["duplicate_of"] else None


def _paragraphs(text: str, terms: Sequence[Term]) -> list[list[Part]]:
    return [marked(each, terms) for each in text.split("\n") if each.strip()]


def _fields(row: RowMapping) -> Iterator[Field]:
    """Yield what a record has, with the rule that gave it; own fields are behind all others."""
    rules = row["provenance"]
    for column in articles.c:
        if column.name not in SHOWN_APART and column.name != "extra":
            yield Field(column.name, row[column.name], rules.get(column.name, ""))
    for name in ("text", "images", "headings", "comments", "posts"):
        if name in rules:
            yield Field(name, _size(row[name]), rules[name])
    for name, value in row["extra"].items():
        yield Field(name, value, rules.get(name, ""))


def _size(value: Any) -> str:
    what = "characters" if isinstance(value, str) else "entries"
    return "unknown" if value is None else f"{len(value):,} {what}"


def picture(connection: Connection, key: str, place: int) -> str | None:
    """Return where a picture of an article is kept, below the folder of pictures."""
    query = select(articles.c.images).where(articles.c.id == key)
    images = connection.execute(query).scalar() or []
    path = images[place].get("path") if place < len(images) else None
    return path if isinstance(path, str) else None
