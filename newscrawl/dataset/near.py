"""The index of near-duplicates: sampled shingles of every stored text, beside the articles.

It changes in the transaction of the article, so that it never drifts from the data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Dialect,
    Executable,
    Select,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    union_all,
)

from newscrawl.dedup.shingles import (
    EXCERPT,
    MIN_SAMPLED,
    MIN_SHARED,
    Shingled,
    Similarity,
    shingled,
)
from newscrawl.store.prepared import Keys, Prepared, fetch_among
from newscrawl.store.schema import articles, contents, rebuilds, scopes, shingles

COMMON = 100
"""Texts that hold a shingle before it says nothing of them: boilerplate, phrases."""
FAMILY = COMMON // 2
"""Texts in the index with at least half of a text's shingles: they find its copies in its place,
and their shingles do not become common."""
EVERYWHERE = "*"
_MARKER = 0
"""Stands in the index for all texts that hold a common shingle."""
_OWN = -1
"""Stands in the answer to a look-up for the text itself."""
_STEP = 8

_SCOPES = select(scopes.c.name, scopes.c.id)
_CONTENT = select(contents.c.id).where(
    contents.c.scope == bindparam("scope"), contents.c.content_hash == bindparam("content_hash")
)
_HASHES = select(contents.c.content_hash).where(contents.c.id.in_(bindparam("ids", expanding=True)))
_CONTENT_COLUMNS = ("scope", "content_hash", "sampled")
_SHINGLE_COLUMNS = ("scope", "hash", "content")
_INSERT_CONTENT = (
    insert(contents)
    .values({name: bindparam(name) for name in _CONTENT_COLUMNS})
    .returning(contents.c.id)
)
_EVERYWHERE = literal(EVERYWHERE)
_SPACE: Any = literal_column("' '")  # the driver is given no parameter for it
_REMOVE = delete(shingles).where(
    shingles.c.scope == bindparam("in_scope"),
    shingles.c.hash == bindparam("of_hash"),
    shingles.c.content == bindparam("of_content"),
)
_REMOVE_HASH = delete(shingles).where(
    shingles.c.scope == bindparam("in_scope"), shingles.c.hash == bindparam("of_hash")
)


def _texts(ids: Keys) -> Select[Any]:
    """The texts of these numbers: of each its number, its sample's size, its hash and itself."""
    text = (
        select(articles.c.text)
        .where(
            articles.c.content_hash == contents.c.content_hash,
            (articles.c.site == bindparam("site")) | (bindparam("scope") == _EVERYWHERE),
        )
        .limit(1)
        .scalar_subquery()
    )
    columns = contents.c.id, contents.c.sampled, contents.c.content_hash, text
    return select(*columns).where(contents.c.id.in_(ids))


class Scope(StrEnum):
    """Among which articles a story is told once."""

    SITE = "site"
    ALL = "all"


def scope_of(value: str) -> Scope:
    """Return the scope of the setting ``NEWSCRAWL_DEDUPE_SCOPE``.

    Raises:
        ValueError: there is no such scope.
    """
    try:
        return Scope(value)
    except ValueError:
        raise ValueError(
            f"NEWSCRAWL_DEDUPE_SCOPE is {value!r}; use one of {', '.join(Scope)}"
        ) from None


class _Statements:
    """What is asked for each article, prepared."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._look_ups: dict[int, Prepared] = {}
        self.add_content = Prepared(_INSERT_CONTENT, _CONTENT_COLUMNS, dialect)
        self.add = Prepared(insert(shingles), _SHINGLE_COLUMNS, dialect)

    def look_up(
        self, connection: Connection, scope: int, content_hash: str, sample: Sequence[int]
    ) -> list[tuple[Any, ...]]:
        """Ask for a sample, its last hash repeated up to one of few sizes."""
        padded = (*sample, *repeat(sample[-1], -len(sample) % _STEP))
        size = len(padded)
        if size not in self._look_ups:
            self._look_ups[size] = Prepared(*_look_up(size), self._dialect)
        return self._look_ups[size].fetch(connection, (scope, content_hash, scope, *padded))


def _look_up(number: int) -> tuple[Executable, list[str]]:
    """One row for the text itself and one a shingle: each row lets other threads take their turn."""
    names = [f"hash{at}" for at in range(number)]
    own: Select[*tuple[Any, ...]] = select(
        literal_column(str(_OWN)), cast(contents.c.id, Text)
    ).where(
        contents.c.scope == bindparam("scope"), contents.c.content_hash == bindparam("content_hash")
    )
    held = (
        select(shingles.c.hash, func.aggregate_strings(cast(shingles.c.content, Text), _SPACE))
        .where(shingles.c.scope == bindparam("in_scope"))
        .where(shingles.c.hash.in_([bindparam(name) for name in names]))
        .group_by(shingles.c.hash)
    )
    return union_all(own, held), ["scope", "content_hash", "in_scope", *names]


class Entry(NamedTuple):
    """What the index knows of one text."""

    scope: int
    own: int | None
    """The text's own number; ``None`` if it is not indexed."""
    holders: Mapping[int, Sequence[int]]
    """The texts that hold each of its sampled shingles."""


class NearIndex:
    """Finds the near-duplicates of a text among those stored in its scope.

    Texts of one content hash have one entry. A shingle that more than ``COMMON``
    of them hold is forgotten for good.
    """

    def __init__(self, scope: Scope = Scope.SITE) -> None:
        self.scope = scope
        self._scopes: dict[str, int] = {}
        self._statements: _Statements | None = None

    def name(self, site: str) -> str:
        return EVERYWHERE if self.scope is Scope.ALL else site

    def check(self, connection: Connection) -> None:
        """See that the index was made for this scope.

        Raises:
            ValueError: it was made for another one, or its making was interrupted.
        """
        if connection.execute(select(rebuilds.c.id)).first() is not None:
            raise ValueError("newscrawl dedupe was interrupted; run it again")
        for name in connection.execute(select(scopes.c.name)).scalars():
            if (name == EVERYWHERE) != (self.scope is Scope.ALL):
                raise ValueError(
                    f"NEWSCRAWL_DEDUPE_SCOPE is {str(self.scope)!r}, but what is stored was "
                    "deduplicated in the other scope; run newscrawl dedupe"
                )

    def clear(self, connection: Connection) -> None:
        for table in (shingles, contents, scopes):
            connection.execute(delete(table))
        self.forget()

    def forget(self) -> None:
        """Forget what was read from a transaction that did not last."""
        self._scopes.clear()

    def look_up(
        self, connection: Connection, site: str, content_hash: str, text: Shingled
    ) -> Entry:
        scope = self._scope(connection, self.name(site))
        if not text.sample:
            return Entry(scope, None, {})
        own: int | None = None
        holders: dict[int, Sequence[int]] = {}
        for value, held in self._on(connection).look_up(
            connection, scope, content_hash, text.sample
        ):
            if value == _OWN:
                own = int(held)
            else:
                holders[value] = [*map(int, held.split())]
        return Entry(scope, own, holders)

    def near(
        self, connection: Connection, site: str, entry: Entry, text: Shingled
    ) -> dict[str, Similarity]:
        """Return the texts that are near-duplicates of one, by content hash."""
        full = COMMON if entry.own is None else COMMON + 1
        counts = Counter(
            content for held in entry.holders.values() if len(held) < full for content in held
        )
        ids = [
            content
            for content, shared in counts.items()
            if shared >= MIN_SHARED and content not in (entry.own, _MARKER)
        ]
        if not ids:
            return {}
        name = self.name(site)
        texts = fetch_among(connection, _texts, ids, site=name, scope=name)
        found = {}
        for content, sampled, key, stored in texts:
            if counts[content] < MIN_SAMPLED * min(sampled, text.sampled):
                continue
            other = shingled(stored or "")
            similarity = text.compare(other)
            if text.is_copy_of(other, similarity):
                found[key] = similarity
        return found

    def add(
        self,
        connection: Connection,
        entry: Entry,
        content_hash: str,
        text: Shingled,
        near: Mapping[str, Similarity],
    ) -> list[str]:
        """Index a text that is not yet, unless enough of its near-duplicates are.

        Returns the content hashes of texts that may have lost near-duplicates, since a
        shingle of theirs is common now.
        """
        family = sum(similarity.containment >= EXCERPT for similarity in near.values())
        if entry.own is not None or not text.sample or family >= FAMILY:
            return []
        statements = self._on(connection)
        row = (entry.scope, content_hash, text.sampled)
        ((own,),) = statements.add_content.fetch(connection, row)
        common = [value for value, held in entry.holders.items() if len(held) >= COMMON]
        known = {value for value, held in entry.holders.items() if _MARKER in held}
        known.update(common)
        rows = [(entry.scope, value, own) for value in text.sample if value not in known]
        statements.add.run(connection, rows)
        return self._forget(connection, entry, common)

    def remove(self, connection: Connection, site: str, content_hash: str, text: Shingled) -> None:
        """Take a text out of the index that no article has any more."""
        scope = self._scope(connection, self.name(site))
        key = {"scope": scope, "content_hash": content_hash}
        own = connection.execute(_CONTENT, key).scalar()
        if own is None:
            return
        rows = [{"in_scope": scope, "of_hash": value, "of_content": own} for value in text.sample]
        if rows:
            connection.execute(_REMOVE, rows)
        connection.execute(delete(contents).where(contents.c.id == own))

    def _scope(self, connection: Connection, name: str) -> int:
        if name not in self._scopes:
            self._scopes.update((name, key) for name, key in connection.execute(_SCOPES))
        if name not in self._scopes:
            self._scopes[name] = connection.execute(
                insert(scopes).values(name=name).returning(scopes.c.id)
            ).scalar_one()
        return self._scopes[name]

    def _on(self, connection: Connection) -> _Statements:
        if self._statements is None:
            self._statements = _Statements(connection.dialect)
        return self._statements

    def _forget(self, connection: Connection, entry: Entry, common: Sequence[int]) -> list[str]:
        """Let one row stand for all texts that hold a common shingle."""
        if not common:
            return []
        connection.execute(
            _REMOVE_HASH, [{"in_scope": entry.scope, "of_hash": value} for value in common]
        )
        markers = [(entry.scope, value, _MARKER) for value in common]
        self._on(connection).add.run(connection, markers)
        ids = {content for value in common for content in entry.holders[value]}
        return list(connection.execute(_HASHES, {"ids": sorted(ids)}).scalars())
