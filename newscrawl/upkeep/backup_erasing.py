"""Taking articles out of backups of a SQLite database, whatever their schema.

A backup is copied, what goes is taken out of the copy, and that takes its place whole.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from newscrawl.addresses.address import identity
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.dedup.phrases import Phrases
from newscrawl.store.database import add_functions
from newscrawl.store.replacing import replacing
from newscrawl.store.schema import ERASED

_OURS = {"alembic_version", "articles", "revisions", "aliases", "pages", "visits"}
_JOURNALS = ("-wal", "-journal")
_EMPTIED = (
    *("outcome", "reason", "article_id", "etag", "last_modified", "lastmod", "interval", "due"),
)
_LEFT_ALONE = """
UPDATE articles SET duplicate_of = NULL, duplicate_kind = NULL, similarity = NULL
WHERE duplicate_of NOT IN (SELECT id FROM articles);
"""
_UNINDEXED = """
DELETE FROM contents WHERE content_hash NOT IN (SELECT content_hash FROM articles);
DELETE FROM shingles WHERE content > 0 AND content NOT IN (SELECT id FROM contents);
"""


class NotErased(OSError):  # noqa: N818 - a state of the backup
    """A backup is as it was, and may hold what was to be erased."""


class Gone(NamedTuple):
    """What goes: articles by id, the pages of some identities, and what says a sentence.

    Only of these sites: a copy on another one is not touched.
    """

    ids: Collection[str]
    identities: frozenset[str]
    sites: Collection[str]
    phrases: Phrases

    def has(self, key: str, url: str, *said: str | None) -> bool:
        return key in self.ids or self._has_page(url) or self.says(*said)

    def says(self, *said: str | None) -> bool:
        return self.phrases.is_in("\n".join(each for each in said if each))

    def _has_page(self, url: str) -> bool:
        try:
            return identity(url) in self.identities
        except UnfetchableURL:
            return False


def erase_in(backup: Path, gone: Gone) -> int:
    """Take what is gone out of a backup; return how many articles that were.

    Raises:
        NotErased: it is none of ours, in use, damaged, or cannot be written.
    """
    try:
        if any(backup.with_name(backup.name + end).exists() for end in _JOURNALS):
            raise NotErased(f"{backup} is in use")
        with closing(sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)) as old:
            if not _tables(old) >= _OURS:
                raise NotErased(f"{backup} is no backup of a SQLite database")
            keys = sorted({*_articles(old, gone)})
            pages = list(_pages(old, gone))
        if keys or pages:
            with replacing(backup) as beside:
                shutil.copy2(backup, beside)
                _rewrite(beside, keys, pages)
    except (sqlite3.Error, OSError) as error:
        raise NotErased(str(error)) from error
    return len(keys)


def _tables(database: sqlite3.Connection) -> set[str]:
    return {name for (name,) in database.execute("SELECT name FROM sqlite_master")}


def _articles(database: sqlite3.Connection, gone: Gone) -> Iterator[str]:
    of_site: set[str] = set()
    query = "SELECT site, id, url, headline, subtitle, text FROM articles"
    for site, key, *told in database.execute(query):
        if site in gone.sites or key in gone.ids:
            of_site.add(key)
            if gone.has(key, *told):
                yield key
    for key, *said in database.execute(
        "SELECT article_id, headline, subtitle, text FROM revisions"
    ):
        if key in of_site and gone.says(*said):
            yield key


def _pages(database: sqlite3.Connection, gone: Gone) -> Iterator[int]:
    query = "SELECT id, identity, state FROM pages"
    for key, name, state in database.execute(query):
        if name in gone.identities and state != ERASED:
            yield key


def _rewrite(path: Path, keys: list[str], pages: list[int]) -> None:
    with closing(sqlite3.connect(path)) as database:
        add_functions(database)
        tables = _tables(database)
        database.execute("PRAGMA secure_delete=ON")
        _each(database, "DELETE FROM revisions WHERE article_id = ?", keys)
        _each(database, "DELETE FROM aliases WHERE article_id = ?", keys)
        _each(database, "DELETE FROM articles WHERE id = ?", keys)
        known = {row[1] for row in database.execute("PRAGMA table_info(pages)")}
        empty = ", ".join(f'"{name}" = NULL' for name in _EMPTIED if name in known)
        _each(database, f"UPDATE pages SET state = '{ERASED}', {empty} WHERE id = ?", pages)  # noqa: S608 - ours
        _each(database, "UPDATE visits SET reason = NULL, evidence = NULL WHERE page = ?", pages)
        database.commit()
        database.executescript(_LEFT_ALONE + (_UNINDEXED if "contents" in tables else ""))
        database.commit()
        database.execute("VACUUM")


def _each(database: sqlite3.Connection, statement: str, keys: Collection[str | int]) -> None:
    database.executemany(statement, [(key,) for key in keys])
