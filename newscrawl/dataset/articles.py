"""Storing articles: identity, revisions, copies, and the JSON Lines log.

Functions of the writer thread; each takes the connection of the running group.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    RowMapping,
    bindparam,
    case,
    func,
    insert,
    select,
    true,
    update,
)

from newscrawl import __version__
from newscrawl.addresses.address import identity
from newscrawl.dataset.logs import LogPath, SiteLog
from newscrawl.dataset.marking import tell_ledger
from newscrawl.dataset.naming import Naming
from newscrawl.dataset.near import Scope
from newscrawl.dataset.originals import ORIGINAL, Changed, Marks, Originals
from newscrawl.dedup.diff import FIELDS
from newscrawl.dedup.signatures import article_id, revision_hash, tells_the_same
from newscrawl.discovery.links import Way
from newscrawl.items import Article, Comment, Heading, Image, Post, record
from newscrawl.outcomes import CANONICAL, Erased, Older, Outcome
from newscrawl.own_items import rules_renewed
from newscrawl.store.inserting import prepared_insert
from newscrawl.store.schema import aliases, articles, pages, revisions

_BY_ID = select(articles).where(articles.c.id == bindparam("key"))
_ROW = tuple(column.name for column in articles.c)
_BY_IDS = (
    select(articles)
    .where(articles.c.id.in_(bindparam("keys", expanding=True)))
    .order_by(articles.c.id)
)
_CHANGE_WAY = (
    update(articles)
    .where(articles.c.id == bindparam("key"))
    .values(found_via=bindparam("way"), changed_run=bindparam("run"))
)
_ALIAS = select(aliases.c.article_id).where(aliases.c.identity == bindparam("key"))
_STRONGEST = func.min(pages.c.ways.bitwise_and(-pages.c.ways))
_FOUND_OTHERWISE = (
    select(articles.c.id, _STRONGEST)
    .join(pages, pages.c.article_id == articles.c.id)
    .where(
        pages.c.site.in_(bindparam("sites", expanding=True)),
        pages.c.outcome != Outcome.PART.value,
    )
    .group_by(articles.c.id)
    .having(
        func.min(pages.c.found_run) >= bindparam("since"),
        case({way.label: way.value for way in Way}, value=articles.c.found_via) != _STRONGEST,
    )
    .order_by(articles.c.id)
)

TOLD_AT_ONCE = 100
"""Articles of which the whole rows are in memory."""
_REVISION_FIELDS = (*FIELDS, "text", "revision_hash")


class Stored(NamedTuple):
    """What storing an article came to; ``kind`` says which kind of duplicate, or why it was rejected."""

    outcome: Outcome
    article_id: str
    kind: str | None = None
    demoted: int = 0
    """Articles stored before that turned out to be copies of this one."""
    grown: int = 0
    """How many more articles there are now; copies do not count."""


def article_from(row: Mapping[Any, Any]) -> Article:
    """Return the article of a row of ``articles``."""
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(Article)}
    values["headings"] = [Heading(**heading) for heading in values["headings"]]
    values["images"] = [Image(**image) for image in values["images"]]
    for name, part in (("comments", Comment), ("posts", Post)):
        values[name] = values[name] and [part(**each) for each in values[name]]
    return Article(**values)


class ArticleStore:
    """The dataset of a run: the database's articles and one log a site.

    ``log_path`` is a template, see :class:`~newscrawl.dataset.logs.LogPath`; empty
    writes no log. Copies are looked for in ``scope``. ``run`` is the run that changes are
    put down to.
    """

    def __init__(
        self,
        log_path: str,
        *,
        sync: bool = False,
        max_bytes: int = 0,
        scope: Scope = Scope.SITE,
    ) -> None:
        self.originals = Originals(scope)
        self.run = 0
        self._path = LogPath(log_path, max_bytes)
        self._sync = sync
        self._logs: dict[str, SiteLog] = {}
        self._naming = Naming()
        self._grown = 0

    def open_log(self, connection: Connection, site: str) -> None:
        """Open the log of ``site``, cut back to the committed length.

        Raises:
            ValueError: the file and the database disagree beyond that.
            OSError: the file cannot be written.
        """
        if self._path.template:
            self._path.check()
            self._logs[site] = SiteLog(connection, site, self._path, sync=self._sync)

    def check(self, connection: Connection) -> None:
        """See that copies can be told from what is stored.

        Raises:
            ValueError: ``scrapy dedupe`` has to be run first.
        """
        self.originals.index.check(connection)

    def before_commit(self, connection: Connection) -> None:
        for log in self._logs.values():
            log.before_commit(connection)

    def reopen(self, connection: Connection) -> None:
        """Go back to what the database has committed, after a transaction that was rolled back.

        Raises:
            OSError: a log cannot be opened any more.
        """
        self.close()
        self.originals.index.forget()
        for site in list(self._logs):
            self.open_log(connection, site)

    def mark(self) -> dict[str, int]:
        """Return how many lines wait for each log."""
        return {site: log.pending for site, log in self._logs.items()}

    def cut(self, mark: Mapping[str, int]) -> None:
        """Throw away the lines behind a mark."""
        for site, pending in mark.items():
            self._logs[site].drop_after(pending)

    def close(self) -> None:
        for log in self._logs.values():
            log.close()

    def store(
        self, connection: Connection, article: Article, *, seen: datetime | None = None
    ) -> Stored:
        """Store what a page says; decide whether it is new, changed, known or a copy.

        ``seen`` is when the page said it, if not just now. What was erased is rejected.
        """
        self.originals.lock(connection, article.site)
        names = self._naming.read(connection, article)
        if names.are_new and names.is_erased:
            return Stored(Outcome.REJECTED, article.id, Erased.__name__)
        article.id = names.known_id or article.id
        article.first_seen = article.last_seen = seen or datetime.now(UTC)
        self._grown, known = 0, None
        if names.is_known:
            known = connection.execute(_BY_ID, {"key": article.id}).mappings().first()
        is_older = known is not None and _take_times(article, known, seen)
        if known is None:
            stored = self._insert(connection, article)
        elif identity(known["url"]) == names.page:
            stored = self._revise(connection, article, known, is_older=is_older)
        else:
            stored = self._merge(
                connection, article, known, is_canonical=names.page == names.canonical
            )
        if names.are_new:
            self._naming.add(connection, names, article.id)
        return stored._replace(grown=self._grown)

    def seen_at(self, connection: Connection, page_identity: str) -> Article | None:
        """Return the article that was seen at a page, be it another page's."""
        key = connection.execute(_ALIAS, {"key": page_identity}).scalar()
        row = connection.execute(_BY_ID, {"key": key}).mappings().first()
        return None if row is None else article_from(row)

    def renew(self, connection: Connection, article: Article) -> None:
        """Replace a stored article by what newer rules read on the same page: no revision.

        What makes it a copy, or others copies of it, is decided again.
        """
        self.originals.lock(connection, article.site)
        known = connection.execute(_BY_ID, {"key": article.id}).mappings().one()
        for name in Marks._fields:
            setattr(article, name, None)
        article.first_seen = known["first_seen"]
        self._replace(connection, article, known)
        before = Marks(*(known[name] for name in Marks._fields))
        after = Marks(article.duplicate_of, article.duplicate_kind, article.similarity)
        tell_ledger(connection, Changed(article.id, before, after))

    def read_again(self, connection: Connection, ids: Sequence[str]) -> None:
        """Note of articles that newer rules read just as they are stored."""
        connection.execute(
            update(articles).where(articles.c.id.in_(ids)).values(extractor=__version__)
        )

    def tell_ways(self, connection: Connection, site: str, ways: Mapping[str, str]) -> None:
        """Say how the articles of a site were found, by URL."""
        query = select(articles.c.id, articles.c.url, articles.c.found_via)
        known = connection.execute(query.where(articles.c.site == site)).all()
        otherwise = {
            row.id: ways[row.url]
            for row in known
            if ways.get(row.url, row.found_via) != row.found_via
        }
        self._tell(connection, otherwise)

    def decide_anew(self, connection: Connection, ids: Sequence[str]) -> int:
        """Mark stored articles by what the index now says; returns how many changed."""
        changed = self.originals.decide_anew(connection, ids)
        self._mark(connection, changed)
        return len(changed)

    def tell_strongest_ways(self, connection: Connection, sites: Sequence[str], since: int) -> None:
        """Give each article first found by a run from ``since`` on the strongest way to its pages.

        Which way was found first depends on the order of crawling, the strongest
        one does not.
        """
        changed = connection.execute(_FOUND_OTHERWISE, {"sites": sites, "since": since})
        self._tell(connection, {key: Way(bit).label for key, bit in changed})

    def _tell(self, connection: Connection, ways: Mapping[str, str]) -> None:
        """Change how articles were found, by id, and write their lines again."""
        ids = sorted(ways)
        for first in range(0, len(ids), TOLD_AT_ONCE):
            some = ids[first : first + TOLD_AT_ONCE]
            values = [{"key": key, "way": ways[key], "run": self.run} for key in some]
            connection.execute(_CHANGE_WAY, values)
            for row in connection.execute(_BY_IDS, {"keys": some}).mappings():
                self._log(article_from(row))

    def _row(self, article: Article) -> dict[str, Any]:
        return {**record(article), "changed_run": self.run, "extractor": __version__}

    def _insert(self, connection: Connection, article: Article) -> Stored:
        self._add(connection, article)
        demoted = self._place(connection, article)
        if article.duplicate_of is not None:
            return Stored(Outcome.DUPLICATE, article.id, article.duplicate_kind)
        return Stored(Outcome.ARTICLE, article.id, demoted=demoted)

    def _add(self, connection: Connection, article: Article) -> None:
        self._grown += 1
        row = tuple(map(self._row(article).__getitem__, _ROW))
        prepared_insert(connection, articles, _ROW, converts=True).run(connection, [row])

    def _revise(
        self, connection: Connection, article: Article, known: RowMapping, *, is_older: bool
    ) -> Stored:
        if article.revision_hash in {known["revision_hash"], revision_hash(article_from(known))}:
            self._seen_again(connection, article, known, is_older=is_older)
            return Stored(Outcome.UNCHANGED, article.id)
        if is_older:
            return Stored(Outcome.REJECTED, article.id, Older.__name__)
        connection.execute(
            insert(revisions).values(
                article_id=article.id,
                revision=known["revision"],
                last_seen=known["last_seen"],
                **{name: known[name] for name in _REVISION_FIELDS},
            )
        )
        article.revision = known["revision"] + 1
        demoted = self._replace(connection, article, known)
        return Stored(Outcome.REVISION, article.id, demoted=demoted)

    def _seen_again(
        self, connection: Connection, article: Article, known: RowMapping, *, is_older: bool
    ) -> None:
        """Keep when an unchanged article was seen; its own fields are stored as they are now."""
        values: dict[str, Any] = {
            "first_seen": article.first_seen,
            "last_seen": article.last_seen,
            "revision_hash": article.revision_hash,
        }
        if not is_older and article.extra != known["extra"]:
            rules = rules_renewed(known["provenance"], known["extra"], article)
            values |= {"extra": article.extra, "provenance": rules}
        is_changed = "extra" in values or article.first_seen != known["first_seen"]
        if is_changed:
            values["changed_run"] = self.run
        connection.execute(update(articles).where(articles.c.id == article.id).values(**values))
        if is_changed:
            self._log(article_from({**known, **values}))

    def _merge(
        self,
        connection: Connection,
        article: Article,
        known: Mapping[Any, Any],
        *,
        is_canonical: bool,
    ) -> Stored:
        """Take a page that names an article already stored from another URL.

        The canonical page itself wins over one that only points to it, and of
        those the first by identity, so that any order of crawling stores the same
        text; what was stored before was a copy all along.
        """
        owner = identity(known["url"])
        owner_is_canonical = owner == identity(known["canonical_url"])
        wins = is_canonical or (not owner_is_canonical and identity(article.url) < owner)
        if not wins:
            return Stored(Outcome.DUPLICATE, article.id, CANONICAL)
        if not tells_the_same(known["text"], article.text):
            self._replace(connection, article, known)
            self._relocate(connection, article_from(known))
            return Stored(Outcome.ARTICLE, article.id)
        article.revision = known["revision"]
        demoted = self._replace(connection, article, known)
        connection.execute(
            update(pages)
            .where(pages.c.identity == owner, pages.c.article_id == article.id)
            .values(outcome=Outcome.DUPLICATE.value, reason=CANONICAL)
        )
        if article.duplicate_of is not None:
            return Stored(Outcome.DUPLICATE, article.id, article.duplicate_kind, demoted)
        return Stored(Outcome.ARTICLE, article.id, demoted=demoted + 1)

    def _relocate(self, connection: Connection, article: Article) -> None:
        """Give a story its own id that had taken the canonical URL of another one."""
        taken, owner = article.id, identity(article.url)
        article.id, article.canonical_url = article_id(article.url), article.url
        article.provenance["canonical_url"] = "url:other-text"
        self._add(connection, article)
        for table, column, own in (
            (aliases, aliases.c.article_id, aliases.c.identity == owner),
            (pages, pages.c.article_id, pages.c.identity == owner),
            (revisions, revisions.c.article_id, true()),
        ):
            connection.execute(
                update(table).where(column == taken, own).values(article_id=article.id)
            )
        self._place(connection, article)

    def _replace(self, connection: Connection, article: Article, known: Mapping[Any, Any]) -> int:
        article.found_via = known["found_via"]
        self._grown += known["duplicate_of"] is not None
        connection.execute(
            update(articles).where(articles.c.id == article.id).values(**self._row(article))
        )
        if known["content_hash"] != article.content_hash:
            self.originals.take_out(connection, known["site"], known["content_hash"], known["text"])
        self._mark(connection, self.originals.copies_of(connection, article.id))
        return self._place(connection, article)

    def _place(self, connection: Connection, article: Article) -> int:
        """Mark an article just written and those it makes copies; returns how many of these."""
        changed = self.originals.place(connection, article)
        others = [change for change in changed if change.id != article.id]
        for change in changed:
            if change.id == article.id:
                self._write(connection, change)
                for name, value in change.marks._asdict().items():
                    setattr(article, name, value)
        self._log(article)
        self._mark(connection, others)
        return sum(change.before == ORIGINAL and change.marks != ORIGINAL for change in others)

    def _mark(self, connection: Connection, changed: Iterable[Changed]) -> None:
        """Write marks that change on articles stored before: each is a new line of the log."""
        for change in changed:
            self._write(connection, change)
            row = connection.execute(_BY_ID, {"key": change.id}).mappings().one()
            self._log(article_from(row))
            tell_ledger(connection, change)

    def _write(self, connection: Connection, change: Changed) -> None:
        self._grown += (change.marks == ORIGINAL) - (change.before == ORIGINAL)
        connection.execute(
            update(articles)
            .where(articles.c.id == change.id)
            .values(**change.marks._asdict(), changed_run=self.run)
        )

    def _log(self, article: Article) -> None:
        log = self._logs.get(article.site)
        if log is not None:
            log.append(article)


def _take_times(article: Article, known: Mapping[Any, Any], seen: datetime | None) -> bool:
    """Let an article have been seen when it was; whether it was ``seen`` before the last time."""
    article.first_seen = known["first_seen"] if seen is None else min(seen, known["first_seen"])
    is_older: bool = seen is not None and seen < known["last_seen"]
    if is_older:
        article.last_seen = known["last_seen"]
    return is_older
