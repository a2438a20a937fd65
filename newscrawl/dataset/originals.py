"""Which article of a story is its original, and which are copies of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, CursorResult, Text, bindparam, literal_column, select

from newscrawl.dataset.near import EVERYWHERE, NearIndex, Scope
from newscrawl.dedup.shingles import Shingled, Similarity, shingled
from newscrawl.items import Article
from newscrawl.outcomes import EXACT, NEAR
from newscrawl.store.database import take_turn
from newscrawl.store.prepared import prepared
from newscrawl.store.schema import articles

_NEVER = datetime.max.replace(tzinfo=UTC)

_COLUMNS = (
    articles.c.id,
    articles.c.site,
    articles.c.published,
    articles.c.canonical_url,
    articles.c.content_hash,
    articles.c.duplicate_of,
    articles.c.duplicate_kind,
    articles.c.similarity,
)
_EVERYWHERE = literal_column(f"'{EVERYWHERE}'", Text)  # the driver is given no parameter for it
_IN_SCOPE = (articles.c.site == bindparam("site")) | (bindparam("site") == _EVERYWHERE)
_MEMBERS = select(*_COLUMNS).where(
    articles.c.content_hash.in_(bindparam("hashes", expanding=True)), _IN_SCOPE
)
_MEMBERS_OF_ONE = select(*_COLUMNS).where(
    articles.c.content_hash == bindparam("content_hash"), _IN_SCOPE
)
_ONE_ASKED = ("content_hash", "site", "site")
_BY_IDS = select(*_COLUMNS).where(articles.c.id.in_(bindparam("ids", expanding=True)))
_COPIES_OF = select(*_COLUMNS).where(articles.c.duplicate_of == bindparam("key"))
_NEAR_COPIES = _MEMBERS.where(articles.c.duplicate_kind == NEAR)
_TEXT = select(articles.c.text).where(articles.c.id == bindparam("key"))


class Marks(NamedTuple):
    """What makes an article a copy; ``similarity`` is the containment, see ``Similarity``."""

    duplicate_of: str | None = None
    duplicate_kind: str | None = None
    similarity: float | None = None


ORIGINAL = Marks()


def rank_of(
    published: datetime | None, canonical_url: str, key: str
) -> tuple[bool, datetime, str, str]:
    """The earliest published comes first; ties and unknown dates by canonical URL."""
    return published is None, published or _NEVER, canonical_url, key


class Member(NamedTuple):
    """An article as far as it matters here."""

    id: str
    site: str
    published: datetime | None
    canonical_url: str
    content_hash: str
    duplicate_of: str | None
    duplicate_kind: str | None
    similarity: float | None

    @property
    def rank(self) -> tuple[bool, datetime, str, str]:
        return rank_of(self.published, self.canonical_url, self.id)

    @property
    def marks(self) -> Marks:
        return Marks(self.duplicate_of, self.duplicate_kind, self.similarity)


class Changed(NamedTuple):
    """New marks of an article."""

    id: str
    before: Marks
    marks: Marks


class Originals:
    """Marks copies: of each article the earliest published among its direct matches.

    Matches are articles in scope of the same content hash and near-duplicates. What
    is returned has still to be written; until then the rows have their old marks.
    """

    def __init__(self, scope: Scope = Scope.SITE) -> None:
        self.index = NearIndex(scope)

    def lock(self, connection: Connection, site: str) -> None:
        """Keep other writers from storing articles of the same scope until the transaction ends.

        Two could each take the same story for the first.
        """
        take_turn(connection, self.index.name(site))

    def place(self, connection: Connection, article: Article) -> list[Changed]:
        """Index an article whose row is written, and mark it and the copies it takes over."""
        text = shingled(article.text)
        entry = self.index.look_up(connection, article.site, article.content_hash, text)
        near = self.index.near(connection, article.site, entry, text)
        apart = self.index.add(connection, entry, article.content_hash, text, near)
        members = self._members(connection, article.site, {article.content_hash, *near})
        changed = self._taken_over(connection, article.id, members, near)
        own = next(member for member in members if member.id == article.id)
        changed += _differing([(own, _marks(own, members, near))])
        if apart:
            values = {"hashes": apart, "site": self.index.name(article.site)}
            losers = _read(connection.execute(_NEAR_COPIES, values))
            changed += self._decide(connection, losers)
        return changed

    def take_out(self, connection: Connection, site: str, content_hash: str, text: str) -> None:
        """Forget a text if no article of the scope has it any more."""
        if not self._members(connection, site, {content_hash}):
            self.index.remove(connection, site, content_hash, Shingled(text))

    def copies_of(self, connection: Connection, key: str) -> list[Changed]:
        """Decide again about the copies of an article that has changed."""
        return self._decide(connection, _read(connection.execute(_COPIES_OF, {"key": key})))

    def index_again(self, connection: Connection, site: str, content_hash: str, text: str) -> None:
        """Index a stored text and decide nothing."""
        told = Shingled(text)
        entry = self.index.look_up(connection, site, content_hash, told)
        near = self.index.near(connection, site, entry, told)
        self.index.add(connection, entry, content_hash, told, near)

    def decide_anew(self, connection: Connection, ids: Sequence[str]) -> list[Changed]:
        """Decide about articles whose texts are indexed, whatever their marks are."""
        return self._decide(connection, _read(connection.execute(_BY_IDS, {"ids": ids})))

    def _decide(self, connection: Connection, copies: Iterable[Member]) -> list[Changed]:
        by_content: dict[tuple[str, str], list[Member]] = {}
        for copy in copies:
            scope = self.index.name(copy.site)
            by_content.setdefault((scope, copy.content_hash), []).append(copy)
        changed = []
        for (_, content_hash), same in by_content.items():
            site = same[0].site
            text = Shingled(connection.execute(_TEXT, {"key": same[0].id}).scalar_one())
            entry = self.index.look_up(connection, site, content_hash, text)
            near = self.index.near(connection, site, entry, text)
            members = self._members(connection, site, {content_hash, *near})
            changed += _differing((copy, _marks(copy, members, near)) for copy in same)
        return changed

    def _members(self, connection: Connection, site: str, hashes: set[str]) -> list[Member]:
        name = self.index.name(site)
        if len(hashes) == 1:
            asked = prepared(_MEMBERS_OF_ONE, _ONE_ASKED, connection.dialect, converts=True)
            rows = asked.fetch(connection, (*hashes, name, name))
            return [Member(*row) for row in rows]
        return _read(connection.execute(_MEMBERS, {"hashes": sorted(hashes), "site": name}))

    def _taken_over(
        self,
        connection: Connection,
        key: str,
        members: list[Member],
        near: Mapping[str, Similarity],
    ) -> list[Changed]:
        """Mark the members of which the article ``key`` comes before their present original."""
        known = {member.id: member for member in members}
        absent = {member.duplicate_of for member in members} - known.keys() - {None}
        if absent:
            found = _read(connection.execute(_BY_IDS, {"ids": list(absent)}))
            known.update((member.id, member) for member in found)
        own = known[key]
        taken = []
        for member in members:
            present = known.get(member.duplicate_of or member.id, member)
            if member.id != key and own.rank < present.rank:
                taken.append((member, _copy_of(own, member, near)))
        return _differing(taken)


def _read(rows: CursorResult[*tuple[Any, ...]]) -> list[Member]:
    return [Member(*row) for row in rows.all()]


def _marks(member: Member, members: list[Member], near: Mapping[str, Similarity]) -> Marks:
    best = min(members, key=lambda other: other.rank)
    return ORIGINAL if best.id == member.id else _copy_of(best, member, near)


def _copy_of(original: Member, copy: Member, near: Mapping[str, Similarity]) -> Marks:
    """``near`` are the similarities to one of the two, by content hash."""
    if original.content_hash == copy.content_hash:
        return Marks(original.id, EXACT, 1.0)
    of_other = near.get(original.content_hash) or near[copy.content_hash]
    return Marks(original.id, NEAR, round(of_other.containment, 3))


def _differing(marked: Iterable[tuple[Member, Marks]]) -> list[Changed]:
    return [
        Changed(member.id, member.marks, marks) for member, marks in marked if member.marks != marks
    ]
