"""The index in SQLite: FTS5 without a copy of the texts, kept by triggers.

``search_rows`` numbers the articles, in the order in which they came: numbers of rows that nobody
named are given anew by VACUUM. FTS5 has only which words are in which article (``detail=none``):
what stands beside what is seen in the texts.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from newscrawl.store.folding import FUNCTIONS

FORM = 1
"""One more with each change of :mod:`newscrawl.store.folding`: an older index is made anew."""
_INDEXED, _MOMENT = FUNCTIONS
_COLUMNS = (
    *("headline", "subtitle", "text", "site", "language"),
    *("sections", "authors", "published", "duplicate_of"),
)
_MAKE = (
    "CREATE TABLE search_rows (id INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE, at INTEGER)",
    "CREATE INDEX ix_search_rows_at ON search_rows (at)",
    """CREATE VIRTUAL TABLE search_words USING fts5(
    words, content='', detail=none, columnsize=0, tokenize='ascii')""",
    "CREATE TABLE search_build (after TEXT NOT NULL)",
)


def _words(row: str) -> str:
    return f"{_INDEXED}({', '.join(f'{row}.{name}' for name in _COLUMNS)})"


_TAKE_OUT = f"""
    INSERT INTO search_words (search_words, rowid, words)
        SELECT 'delete', id, {_words("OLD")} FROM search_rows WHERE article_id = OLD.id;"""
_PUT_IN = f"""
    INSERT INTO search_words (rowid, words)
        SELECT id, {_words("NEW")} FROM search_rows WHERE article_id = NEW.id;"""
_OF = ("id", *_COLUMNS)
_CHANGES = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _OF)
_TRIGGERS = {
    "search_insert": f"""CREATE TRIGGER search_insert AFTER INSERT ON articles BEGIN /* {FORM} */
    INSERT INTO search_rows (article_id, at) VALUES (NEW.id, {_MOMENT}(NEW.published));{_PUT_IN}
END""",
    "search_delete": f"""CREATE TRIGGER search_delete AFTER DELETE ON articles BEGIN /* {FORM} */{_TAKE_OUT}
    DELETE FROM search_rows WHERE article_id = OLD.id;
END""",
    "search_update": f"""CREATE TRIGGER search_update AFTER UPDATE OF {", ".join(_OF)} ON articles
WHEN {_CHANGES} BEGIN /* {FORM} */{_TAKE_OUT}
    DELETE FROM search_rows WHERE article_id = OLD.id;
    INSERT INTO search_rows (article_id, at) VALUES (NEW.id, {_MOMENT}(NEW.published));{_PUT_IN}
END""",
}
_REMOVE = (
    *(f"DROP TRIGGER IF EXISTS {name}" for name in _TRIGGERS),
    *(f"DROP TABLE IF EXISTS {name}" for name in ("search_words", "search_rows", "search_build")),
)
_MERGE = "INSERT INTO search_words (search_words) VALUES ('optimize')"
_NUMBER = f"""INSERT INTO search_rows (article_id, at)
    SELECT id, {_MOMENT}(published) FROM articles WHERE id > :after AND id <= :upto
    AND NOT EXISTS (SELECT 1 FROM search_rows WHERE article_id = articles.id) ORDER BY id"""
_FILL = f"""INSERT INTO search_words (rowid, words)
    SELECT search_rows.id, {_words("articles")} FROM search_rows
    JOIN articles ON articles.id = search_rows.article_id
    WHERE search_rows.id > :last ORDER BY search_rows.id"""
_HAS_FTS5 = "SELECT count(*) FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'"
_KNOWN = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search%'"


def is_possible(connection: Connection) -> bool:
    return bool(connection.scalar(text(_HAS_FTS5)))


def is_kept(connection: Connection) -> bool:
    """Whether triggers of this version keep an index."""
    return {row.name: row.sql for row in connection.execute(text(_KNOWN))} == _TRIGGERS


def make(connection: Connection) -> None:
    for statement in (*_MAKE, *_TRIGGERS.values()):
        connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    for statement in _REMOVE:
        connection.exec_driver_sql(statement)


def fill(connection: Connection, after: str, upto: str) -> None:
    """Put in the articles between two ids that are not in it, the second one too."""
    last = connection.scalar(text("SELECT coalesce(max(id), 0) FROM search_rows"))
    connection.execute(text(_NUMBER), {"after": after, "upto": upto})
    connection.execute(text(_FILL), {"last": last})


def merge(connection: Connection) -> None:
    """Merge the parts of the index: until then words that were taken out stay in the file."""
    connection.exec_driver_sql(_MERGE)
