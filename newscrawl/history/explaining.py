"""Everything known of one URL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from sqlalchemy import Connection, RowMapping, func, or_, select

from newscrawl.addresses.address import fetch_url, identity, site_of
from newscrawl.addresses.captures import CAPTURE, capture_identity
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import QUEUED, aliases, articles, pages, revisions, runs, visits

MAX_HOPS = 10
NEAREST = 3
LEAST_NAME = 4
"""Characters of a name by which pages are found that have it too."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything known of ``asked``, which is the URL as it is fetched.

    ``page`` is ``None`` where it was never discovered; another page may have named it as its
    canonical address even so, and then there is an ``article``. ``leads_to`` are the pages
    behind a redirect, one after the other; ``held_back`` is why the last run of the site did
    not visit a page that waits; ``captures`` are its rows of an archive, in the order of time;
    ``of_site`` is how many pages of the site are known, ``nearest`` a few whose name is that of a URL never discovered.
    """

    asked: str
    identity: str
    site: str
    page: RowMapping | None = None
    found_on: str | None = None
    visits: Sequence[RowMapping] = ()
    leads_to: Sequence[RowMapping] = ()
    article: RowMapping | None = None
    copies: Sequence[RowMapping] = ()
    revisions: Sequence[RowMapping] = ()
    of_site: int = 0
    held_back: str | None = None
    nearest: Sequence[str] = ()
    captures: Sequence[RowMapping] = ()

    @property
    def original(self) -> RowMapping | None:
        """The article that this one is a copy of."""
        article = self.article
        return next(
            (c for c in self.copies if article and c["id"] == article["duplicate_of"]), None
        )

    @property
    def is_own(self) -> bool:
        """Whether the article is the one at this very URL."""
        return self.article is not None and identity(self.article["url"]) == self.identity


def explain(connection: Connection, url: str) -> Explanation:
    """Return what is known of a URL.

    Raises:
        UnfetchableURL: it is no web address.
    """
    asked, key, site = fetch_url(url), identity(url), site_of(url)
    page = _page(connection, key)
    article = _article(connection, key, page)
    found = Explanation(
        asked,
        key,
        site,
        article=article,
        copies=() if article is None else _copies(connection, article),
        revisions=() if article is None else _revisions(connection, article),
        captures=_captures(connection, key, site),
    )
    if page is None:
        known = select(func.count()).select_from(pages).where(pages.c.site == site)
        of_site = connection.execute(known).scalar_one()
        return replace(found, of_site=of_site, nearest=_nearest(connection, key, site))
    found_on = select(pages.c.url).where(pages.c.id == page["found_on"])
    of_page = select(visits).where(visits.c.page == page["id"]).order_by(visits.c.id)
    return replace(
        found,
        page=page,
        found_on=connection.execute(found_on).scalar(),
        visits=connection.execute(of_page).mappings().all(),
        leads_to=list(_leads_to(connection, page)),
        held_back=_held_back(connection, page) if page["state"] == QUEUED else None,
    )


def _page(connection: Connection, key: str) -> RowMapping | None:
    return connection.execute(select(pages).where(pages.c.identity == key)).mappings().first()


def _captures(connection: Connection, key: str, site: str) -> Sequence[RowMapping]:
    of_page = pages.c.identity.startswith(capture_identity(key, ""), autoescape=True)
    query = select(pages).where(pages.c.site == site, pages.c.kind == CAPTURE, of_page)
    return connection.execute(query.order_by(pages.c.identity)).mappings().all()


def _article(connection: Connection, key: str, page: RowMapping | None) -> RowMapping | None:
    by_alias = select(aliases.c.article_id).where(aliases.c.identity == key)
    own = None if page is None else page["article_id"]
    query = select(articles).where(articles.c.id == (own or connection.execute(by_alias).scalar()))
    return connection.execute(query).mappings().first()


def _copies(connection: Connection, article: RowMapping) -> Sequence[RowMapping]:
    """Return its copies, or the original of a copy with the others."""
    original = article["duplicate_of"] or article["id"]
    query = (
        select(articles.c.id, articles.c.url, articles.c.duplicate_of, articles.c.duplicate_kind)
        .where(or_(articles.c.id == original, articles.c.duplicate_of == original))
        .where(articles.c.id != article["id"])
        .order_by(articles.c.url)
    )
    return connection.execute(query).mappings().all()


def _revisions(connection: Connection, article: RowMapping) -> Sequence[RowMapping]:
    own = revisions.c.article_id == article["id"]
    query = select(revisions).where(own).order_by(revisions.c.revision)
    return connection.execute(query).mappings().all()


def _leads_to(connection: Connection, page: RowMapping) -> Iterator[RowMapping]:
    """Yield the pages that a redirect leads to, as far as they are known."""
    passed, found = {page["identity"]}, page
    while found["outcome"] == Outcome.REDIRECTED and found["reason"] and len(passed) <= MAX_HOPS:
        key = identity(found["reason"])
        after = None if key in passed else _page(connection, key)
        if after is None:
            return
        yield after
        passed.add(key)
        found = after


def _held_back(connection: Connection, page: RowMapping) -> str | None:
    """Return what the last run of a page's site says of it, or of its site as a whole."""
    query = select(runs.c.id, runs.c.sites, runs.c.account).order_by(runs.c.id.desc())
    for run in connection.execute(query):
        if page["site"] in run.sites:
            account = run.account or {}
            why = account.get("unread", {}).get(page["url"]) or account.get("detail")
            return f"run {run.id}: {why}" if why else None
    return None


def _nearest(connection: Connection, key: str, site: str) -> Sequence[str]:
    """Return pages of the site whose path ends in the same name."""
    name = urlsplit(key).path.rpartition("/")[2]
    if len(name) < LEAST_NAME:
        return ()
    query = (
        select(pages.c.url)
        .where(pages.c.site == site, pages.c.identity.contains(f"/{name}", autoescape=True))
        .order_by(func.length(pages.c.url), pages.c.url)
        .limit(NEAREST)
    )
    return connection.execute(query).scalars().all()
