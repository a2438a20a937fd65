"""Which article a page is: the identities under which it is known, and whether one was erased."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, exists, literal_column, select

from newscrawl.addresses.address import identity
from newscrawl.dedup.signatures import article_id, tells_the_same
from newscrawl.items import Article
from newscrawl.outcomes import Outcome
from newscrawl.store.inserting import prepared_insert
from newscrawl.store.prepared import prepared
from newscrawl.store.schema import ERASED, aliases, articles, pages

NO_ARTICLE = frozenset({Outcome.LISTING.value, Outcome.PAGE.value})
_NAMED = select(
    *(
        select(aliases.c.article_id).where(aliases.c.identity == bindparam(name)).scalar_subquery()
        for name in ("page", "canonical")
    ),
    exists().where(  # the driver is given no other parameters than these
        pages.c.identity.in_((bindparam("page"), bindparam("canonical"))),
        pages.c.state == literal_column(f"'{ERASED}'"),
    ),
    exists().where(articles.c.id == bindparam("new")),
)
_ASKED = ("page", "canonical", "page", "canonical", "new")
_ALIAS = ("identity", "article_id")
_OUTCOME_OF_PAGE = select(pages.c.outcome).where(pages.c.identity == bindparam("key"))
_TEXT_BY_ALIAS = (
    select(articles.c.text)
    .join(aliases, aliases.c.article_id == articles.c.id)
    .where(aliases.c.identity == bindparam("key"))
)
_OF_CANONICAL = _OUTCOME_OF_PAGE, _TEXT_BY_ALIAS
_KEY = ("key",)


class Names(NamedTuple):
    """The identities of an article's page and canonical URL, and what is known of them.

    ``known_id`` is that of the article which has one of them. ``is_known`` also where only its id
    is taken.
    """

    page: str
    canonical: str
    known_id: str | None
    is_erased: bool
    is_known: bool

    @property
    def are_new(self) -> bool:
        """Whether one of them may not be known yet."""
        return self.known_id is None or self.canonical != self.page


class Naming:
    """Reads the names of articles, and adds to those that are known."""

    def read(self, connection: Connection, article: Article) -> Names:
        """Return the names of an article whose canonical URL is believed where it can be.

        One that cannot be the same story is replaced by the page's own URL, and the id with it.
        """
        page, canonical = identity(article.url), identity(article.canonical_url)
        doubt = None if canonical == page else self._doubt(connection, article, canonical)
        if doubt is not None:
            article.canonical_url, canonical = article.url, page
            article.id = article_id(article.url)
            article.provenance["canonical_url"] = f"url:{doubt}"
        named = prepared(_NAMED, _ASKED, connection.dialect)
        values = (page, canonical, page, canonical, article.id)
        ((of_page, of_canonical, is_erased, is_there),) = named.fetch(connection, values)
        known_id = of_page or of_canonical
        return Names(page, canonical, known_id, bool(is_erased), bool(is_there or known_id))

    def _doubt(self, connection: Connection, article: Article, canonical: str) -> str | None:
        """Say why a declared canonical URL cannot be another address of this very story.

        It is known to be no article, or already stands for another text.
        """
        asked = (prepared(each, _KEY, connection.dialect) for each in _OF_CANONICAL)
        outcomes, texts = (each.fetch(connection, (canonical,)) for each in asked)
        if outcomes and outcomes[0][0] in NO_ARTICLE:
            return "listing"
        if texts and not tells_the_same(texts[0][0], article.text):
            return "other-text"
        return None

    def add(self, connection: Connection, names: Names, key: str) -> None:
        """Let an article be known by these names."""
        rows = [(name, key) for name in {names.page, names.canonical}]
        prepared_insert(connection, aliases, _ALIAS, ignoring=True).run(connection, rows)
