"""Taking articles and every trace of them out of the database and the logs.

One transaction removes the rows and names the rewritten logs, as a compaction does.
What stays is a tombstone: the row of each of their pages, in a state that nothing leaves.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    delete,
    func,
    insert,
    select,
    update,
)

from newscrawl.addresses.address import identity
from newscrawl.dataset.articles import ArticleStore, article_from
from newscrawl.dataset.jsonl import line
from newscrawl.dataset.last_lines import Part, is_moved_away, lines_of, parsed
from newscrawl.dedup.phrases import Phrases
from newscrawl.discovery.links import LinkKind, Way
from newscrawl.frontier.lease import SiteLocked
from newscrawl.search.index import merge
from newscrawl.store.drafts import PartDrafts
from newscrawl.store.replacing import clear, sync
from newscrawl.store.schema import (
    CLAIMED,
    ERASED,
    aliases,
    articles,
    logs,
    pages,
    revisions,
    runs,
    visits,
)
from newscrawl.upkeep.retention import give_back_space

AT_ONCE = 500
"""Keys that go into one statement."""
_COLUMNS = (
    articles.c.id,
    articles.c.site,
    articles.c.url,
    articles.c.canonical_url,
    articles.c.content_hash,
    articles.c.duplicate_of,
)
_SAID = (articles.c.headline, articles.c.subtitle, articles.c.text)
_EMPTY = {
    "state": ERASED,
    **dict.fromkeys(
        ("outcome", "reason", "article_id", "etag", "last_modified", "lastmod", "interval", "due")
    ),
    "claims": 0,
    "failures": 0,
}


class ErasureRequest(NamedTuple):
    """What is to be erased: one of the first three; ``copies`` on other sites as well."""

    identity: str | None = None
    site: str | None = None
    author: str | None = None
    copies: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """The articles that go, by id, and the identities of their pages."""

    ids: tuple[str, ...]
    copies: int
    """Articles among them that only tell what another one of them does."""
    elsewhere: tuple[str, ...]
    """URLs of copies on other sites, which stay."""
    identities: frozenset[str]
    orphans: tuple[str, ...]
    """Articles that stay and lose their original."""
    sites: tuple[str, ...]
    is_done: bool
    """Whether nothing is left of them in the database."""


def choose(connection: Connection, request: ErasureRequest) -> Chosen:
    """Find what a request names; copies are of the same text, or share the original."""
    wanted = list(_by(connection, select(*_COLUMNS), articles.c.id, _wanted(connection, request)))
    own_sites = {row.site for row in wanted}
    family = _family(connection, wanted)
    taken = [row for row in family if request.copies or row.site in own_sites]
    own = {row.id for row in taken}
    ids = sorted(own)
    orphans = [
        row
        for row in _by(connection, select(*_COLUMNS), articles.c.duplicate_of, ids)
        if row.id not in own
    ]
    identities = {identity(url) for row in taken for url in (row.url, row.canonical_url)}
    for table in (aliases, pages):
        found = _by(connection, select(table.c.identity), table.c.article_id, ids)
        identities.update(row.identity for row in found)
    known = _pages(connection, request)
    identities.update(row.identity for row in known)
    return Chosen(
        ids=tuple(ids),
        copies=len(taken) - len(wanted),
        elsewhere=tuple(sorted(row.url for row in family if row.id not in own)),
        identities=frozenset(identities),
        orphans=tuple(sorted(row.id for row in orphans)),
        sites=tuple(sorted({row.site for row in (*taken, *orphans, *known)})),
        is_done=not ids and all(row.state == ERASED for row in known),
    )


def phrases_of(connection: Connection, chosen: Chosen) -> Phrases:
    """Return the sentences of articles and of their earlier revisions that no other one has.

    What an article of the same sites says that stays is its own.
    """
    said: list[str] = []
    earlier = (revisions.c.headline, revisions.c.subtitle, revisions.c.text)
    for columns, key in ((_SAID, articles.c.id), (earlier, revisions.c.article_id)):
        for row in _by(connection, select(*columns), key, chosen.ids):
            said += filter(None, row)
    phrases = Phrases(said)
    gone = set(chosen.ids)
    query = select(articles.c.id, *_SAID).where(articles.c.site.in_(chosen.sites))
    if phrases:
        for key, *others in connection.execute(query.execution_options(yield_per=AT_ONCE)):
            if key not in gone:
                phrases.leave_out("\n".join(filter(None, others)))
    return phrases


def pictures_of(connection: Connection, chosen: Chosen) -> list[str]:
    """Return the paths of kept pictures that no other article has."""
    own: set[str] = set()
    others: set[str] = set()
    gone = set(chosen.ids)
    for key, images in connection.execute(select(articles.c.id, articles.c.images)):
        paths = {image["path"] for image in images if image.get("path")}
        (own if key in gone else others).update(paths)
    return sorted(own - others)


def count_revisions(connection: Connection, chosen: Chosen) -> int:
    query = select(revisions.c.revision)
    return sum(1 for _ in _by(connection, query, revisions.c.article_id, chosen.ids))


class ErasedLog:
    """The log of a site without the lines that go; lines may be added until it is committed."""

    def __init__(
        self,
        parts: Sequence[Part],
        chosen: Chosen,
        phrases: Phrases,
        drafts: PartDrafts,
        *,
        grows: bool,
    ) -> None:
        self.lines = 0
        self._ids = frozenset(chosen.ids)
        self._identities = chosen.identities
        self._phrases = phrases
        self._drafts = drafts
        self._written: dict[str, tuple[Path, int]] = {}
        self._open: str | None = None
        for number, part in enumerate(parts):
            if not is_moved_away(part):
                self._write(number, part, keep=grows and not part.sealed)

    def append(self, added: bytes) -> None:
        if self._open is not None:
            hidden, length = self._written[self._open]
            with hidden.open("ab") as file:
                file.write(added)
            self._written[self._open] = (hidden, length + len(added))

    def commit(self, connection: Connection) -> None:
        for path, (hidden, length) in self._written.items():
            sync(hidden)
            connection.execute(
                update(logs).where(logs.c.path == path).values(path=str(hidden), length=length)
            )

    def _write(self, number: int, part: Part, *, keep: bool) -> None:
        path = Path(part.path)
        clear(path)
        hidden = self._drafts.begin(path)
        length = 0
        with hidden.open("wb") as file:
            for each in lines_of(number, path, part.length):
                if self._goes(parsed(each, path)):
                    self.lines += 1
                else:
                    length += file.write(each.text)
        if length == part.length and not keep:
            self._drafts.discard(hidden)
            return
        if path.exists():
            shutil.copymode(path, hidden)
        self._written[part.path] = (hidden, length)
        if keep:
            self._open = part.path

    def _goes(self, record: dict[str, Any]) -> bool:
        if record["id"] in self._ids or identity(record["url"]) in self._identities:
            return True
        said = (record.get(name) or "" for name in ("headline", "subtitle", "text"))
        return self._phrases.is_in("\n".join(said))


def erase(
    connection: Connection, chosen: Chosen, store: ArticleStore, log: Callable[[str, bytes], None]
) -> None:
    """Remove the rows, leave tombstones, decide again about copies that lost their original.

    Their new lines go to ``log``, with their sites.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    latest = connection.execute(select(func.max(runs.c.id))).scalar() or 0
    store.run = latest + 1
    texts = select(articles.c.site, articles.c.content_hash, articles.c.text)
    removed = [*_by(connection, texts, articles.c.id, chosen.ids)]
    _bury(connection, chosen, latest)
    for table, column in (
        (revisions, revisions.c.article_id),
        (aliases, aliases.c.article_id),
        (articles, articles.c.id),
    ):
        for some in _chunks(chosen.ids):
            connection.execute(delete(table).where(column.in_(some)))
    for row in removed:
        store.originals.lock(connection, row.site)
        store.originals.take_out(connection, row.site, row.content_hash, row.text)
    before = _lines(connection, chosen.orphans)
    store.decide_anew(connection, chosen.orphans)
    for key, (site, told) in _lines(connection, chosen.orphans).items():
        if before[key][1] != told:
            log(site, told)


def scrub(engine: Engine) -> None:
    """Let no byte of what was removed stay in a SQLite file or beside it.

    PostgreSQL frees the space, and writes over it as it needs it.

    Raises:
        SiteLocked: another process has the database open.
    """
    try:
        merge(engine)
        give_back_space(engine)
        if engine.dialect.name != "sqlite":
            return
        with closing(engine.raw_connection()) as raw:
            busy = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        raise SiteLocked(f"another process uses the database ({error})") from None
    if busy:
        raise SiteLocked("another process reads the database")


def _bury(connection: Connection, chosen: Chosen, run: int) -> None:
    """Make tombstones of the pages; an alias that is no page yet gets one."""
    known: set[str] = set()
    names = sorted(chosen.identities)
    columns = (pages.c.id, pages.c.identity, pages.c.state, pages.c.last_run)
    for row in _by(connection, select(*columns), pages.c.identity, names):
        known.add(row.identity)
        if row.state == CLAIMED:  # by a run that died: the claim came to nothing
            of_run = update(runs).where(runs.c.id == row.last_run)
            connection.execute(of_run.values(released=runs.c.released + 1))
        own = visits.c.page == row.id
        connection.execute(update(visits).where(own).values(evidence=None, reason=None))
        connection.execute(update(pages).where(pages.c.id == row.id).values(**_EMPTY))
    of_site = dict(_aliases(connection, chosen))
    for name in names:
        if name not in known:
            values = {"site": of_site[name], "identity": name, "url": name, "found_run": run}
            connection.execute(
                insert(pages).values(
                    **values, **_EMPTY, kind=LinkKind.ARTICLE, ways=Way.RELATED, depth=0, priority=0
                )
            )


def _aliases(connection: Connection, chosen: Chosen) -> Iterator[tuple[str, str]]:
    for row in _by(connection, select(*_COLUMNS), articles.c.id, chosen.ids):
        yield identity(row.url), row.site
        yield identity(row.canonical_url), row.site
    query = select(aliases.c.identity, articles.c.site).join(
        articles, articles.c.id == aliases.c.article_id
    )
    for row in _by(connection, query, aliases.c.article_id, chosen.ids):
        yield row.identity, row.site


def _lines(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, bytes]]:
    rows = _by(connection, select(articles), articles.c.id, ids)
    return {row.id: (row.site, line(article_from(row._mapping))) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name


def _wanted(connection: Connection, request: ErasureRequest) -> list[str]:
    if request.identity is not None:
        return _at(connection, request.identity)
    if request.site is not None:
        own = select(articles.c.id).where(articles.c.site == request.site)
        return list(connection.execute(own).scalars())
    name = (request.author or "").casefold()
    query = select(articles.c.id, articles.c.authors)
    return [
        key
        for key, authors in connection.execute(query)
        if name in {author.casefold() for author in authors}
    ]


def _at(connection: Connection, page_identity: str) -> list[str]:
    """Return the article of a page, or of one of its parts."""
    for query in (
        select(aliases.c.article_id).where(aliases.c.identity == page_identity),
        select(pages.c.article_id).where(
            pages.c.identity == page_identity, pages.c.article_id.is_not(None)
        ),
    ):
        if (key := connection.execute(query).scalar()) is not None:
            return [key]
    return []


def _pages(connection: Connection, request: ErasureRequest) -> list[Row[Any]]:
    """Return the page that was named, or the tombstones of the site that was."""
    query = select(pages.c.identity, pages.c.site, pages.c.state)
    if request.identity is not None:
        return list(connection.execute(query.where(pages.c.identity == request.identity)))
    if request.site is not None:
        stones = query.where(pages.c.site == request.site, pages.c.state == ERASED)
        return list(connection.execute(stones))
    return []


def _family(connection: Connection, wanted: Sequence[Row[Any]]) -> list[Row[Any]]:
    originals = {row.duplicate_of or row.id for row in wanted}
    found = {row.id: row for row in wanted}
    for column, keys in (
        (articles.c.id, originals),
        (articles.c.duplicate_of, originals | found.keys()),
        (articles.c.content_hash, {row.content_hash for row in wanted}),
    ):
        for row in _by(connection, select(*_COLUMNS), column, sorted(keys)):
            found[row.id] = row
    return [found[key] for key in sorted(found)]


def _by(
    connection: Connection, query: Select[Any], column: ColumnElement[Any], keys: Sequence[str]
) -> Iterator[Row[Any]]:
    for some in _chunks(keys):
        yield from connection.execute(query.where(column.in_(some))).all()


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[begin : begin + AT_ONCE] for begin in range(0, len(keys), AT_ONCE))


def remove_pictures(folder: Path, paths: Iterable[str]) -> int:
    """Remove kept pictures; return how many were there."""
    removed = 0
    for path in paths:
        with suppress(FileNotFoundError):
            (folder / path).unlink()
            removed += 1
    return removed
