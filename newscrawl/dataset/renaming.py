"""The articles of a site that has moved: their addresses, the names they are known by, and the log.

Functions of one transaction, which holds the leases of both sites; ``begin_log`` goes before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from newscrawl.addresses.moves import Move
from newscrawl.dataset.articles import article_from
from newscrawl.dataset.logs import LogPath, SiteLog, has_content, next_number, put_in_place
from newscrawl.items import Article
from newscrawl.store.inserting import insert_ignoring
from newscrawl.store.schema import aliases, articles, contents, logs, scopes, shingles

AT_ONCE = 200
_ADDRESSES = ("url", "canonical_url", "previous_url", "next_url", "source_url")
_CHANGED = ("site", *_ADDRESSES, "related_urls")
_CHANGE = (
    update(articles)
    .where(articles.c.id == bindparam("key"))
    .values({name: bindparam(f"to_{name}") for name in (*_CHANGED, "changed_run")})
)


class Target(NamedTuple):
    """The part in which the log of a site that has moved goes on."""

    path: str
    day: date
    part: int


def move_articles(
    connection: Connection, move: Move, run: int, tell: Callable[[Article], None]
) -> Iterator[int]:
    """Give the articles of the old site their new addresses; yields how many at a time.

    Their ids stay. Addresses of other sites stay, and so does what the text says.

    Raises:
        NoPlaceError: a subdomain cannot be there.
    """
    query = (
        select(articles).where(articles.c.site == move.old).order_by(articles.c.id).limit(AT_ONCE)
    )
    after = ""
    while rows := connection.execute(query.where(articles.c.id > after)).mappings().all():
        values = []
        for row in rows:
            article = article_from(row)
            move_article(article, move)
            tell(article)
            changed = {f"to_{name}": getattr(article, name) for name in _CHANGED}
            values.append({"key": article.id, "to_changed_run": run, **changed})
        connection.execute(_CHANGE, values)
        after = rows[-1]["id"]
        yield len(rows)


def move_article(article: Article, move: Move) -> None:
    """Let an article be of the new site; its id stays."""
    article.site = move.site
    for name in _ADDRESSES:
        url = getattr(article, name)
        setattr(article, name, url and move.url(url))
    article.related_urls = [move.url(url) for url in article.related_urls]


def add_aliases(connection: Connection, move: Move) -> int:
    """Let articles be known by their new identities beside the old ones; return how many these are."""
    count = select(func.count()).select_from(aliases)
    before = connection.execute(count).scalar_one()
    own = select(aliases).join(articles, articles.c.id == aliases.c.article_id)
    query = own.where(articles.c.site == move.site).order_by(aliases.c.identity).limit(AT_ONCE)
    after = ""
    while rows := connection.execute(query.where(aliases.c.identity > after)).all():
        connection.execute(
            insert_ignoring(connection, aliases),
            [
                {"identity": move.identity(row.identity), "article_id": row.article_id}
                for row in rows
            ],
        )
        after = rows[-1].identity
    return connection.execute(count).scalar_one() - before


def move_index(connection: Connection, move: Move) -> None:
    """Let the index of near-duplicates of the old site be that of the new one."""
    old, new = (
        connection.execute(select(scopes.c.id).where(scopes.c.name == name)).scalar()
        for name in (move.old, move.site)
    )
    if old is None:
        return
    if new is not None:  # of articles that were erased
        for table in (shingles, contents):
            connection.execute(delete(table).where(table.c.scope == new))
        connection.execute(delete(scopes).where(scopes.c.id == new))
    connection.execute(update(scopes).where(scopes.c.id == old).values(name=move.site))


def begin_log(connection: Connection, move: Move, path: LogPath) -> Target | None:
    """Note the part in which the log is to go on, before its file is begun.

    ``None`` if that is the open part itself, or there is no log.

    Raises:
        ValueError: another file is in the way.
    """
    put_in_place(connection, move.old)
    put_in_place(connection, move.site)
    current = _open_part(connection, move.old)
    if current is None or not path.template:
        return None
    path.check()
    target = _target(connection, move, path)
    if target.path == current:
        return None
    owner = connection.execute(select(logs.c.site).where(logs.c.path == target.path)).scalar()
    if owner is None:
        if has_content(Path(target.path)):
            raise ValueError(f"{target.path} already exists: move it away")
        number = next_number(connection)
        connection.execute(
            insert(logs).values(**_values(target), site=move.site, length=0, number=number)
        )
    elif owner not in (move.old, move.site):
        raise ValueError(f"{target.path} is the log of {owner}; put {{site}} into NEWSCRAWL_JSONL")
    return target


def move_log(
    connection: Connection, move: Move, path: LogPath, target: Target | None, *, sync: bool
) -> SiteLog | None:
    """Let the parts of the log be of the new site, and open the one in which it goes on.

    Raises:
        ValueError: a file is not what the database committed.
    """
    current = _open_part(connection, move.old)
    if current is None:
        return None
    if target is not None:
        connection.execute(update(logs).where(logs.c.path == current).values(sealed=True))
        own = logs.c.path == target.path
        number = next_number(connection)
        connection.execute(update(logs).where(own).values(**_values(target), number=number))
    connection.execute(update(logs).where(logs.c.site == move.old).values(site=move.site))
    if not path.template:
        path = LogPath(current.replace("{", "{{").replace("}", "}}"))
    return SiteLog(connection, move.site, path, sync=sync)


def _values(target: Target) -> dict[str, str | int | bool]:
    return {
        "path": target.path,
        "day": target.day.isoformat(),
        "part": target.part,
        "sealed": False,
    }


def _open_part(connection: Connection, site: str) -> str | None:
    query = select(logs.c.path).where(logs.c.site == site, logs.c.sealed.is_(False))
    return connection.execute(query).scalar()


def _target(connection: Connection, move: Move, path: LogPath) -> Target:
    """Return the part after all that there are; a template without ``{site}`` keeps its file."""
    today = datetime.now(UTC).date()
    same = select(logs.c.path, logs.c.day, logs.c.part).where(
        logs.c.site == move.old, logs.c.sealed.is_(False)
    )
    current = connection.execute(same).one()
    here = path.at(move.site, date.fromisoformat(current.day), current.part).resolve()
    if str(here) == current.path:
        return Target(current.path, date.fromisoformat(current.day), current.part)
    latest = select(func.max(logs.c.part)).where(
        logs.c.site == move.old, logs.c.day == today.isoformat()
    )
    part = (connection.execute(latest).scalar() or 0) + 1
    while path.by_part and has_content(path.at(move.site, today, part)):
        part += 1
    return Target(str(path.at(move.site, today, part).resolve()), today, part)
