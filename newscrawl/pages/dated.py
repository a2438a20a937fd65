"""When a story was published and changed: the rules for both, and the choice between what they say."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from newscrawl.dates import Locale, read_date
from newscrawl.pages.documents import metadata
from newscrawl.pages.documents.remembered import MOST_REMEMBERED
from newscrawl.pages.fields.dates import (
    LOOSE_METAS,
    MODIFIED_METAS,
    PUBLISHED_METAS,
    in_metas,
    in_url,
    months_first,
    ranked,
)
from newscrawl.pages.fields.times import MODIFIED, Times
from newscrawl.pages.judged import JudgedPage
from newscrawl.zones import countries_of

if TYPE_CHECKING:
    from newscrawl.dates import Moment
    from newscrawl.pages.fields.dates import Found, Rule

DATE_KEYS = ("datePublished", "dateCreated", "uploadDate")


class DatedPage(JudgedPage):
    """The dates of a page; a theme or a site may replace the rules."""

    markup: ClassVar[str] = "html"
    """The rule's name for what is read off the theme's own markup."""

    @cached_property
    def moments(self) -> dict[str, Found | None]:
        """The dates, also those that can't be true, each with its rule."""
        return {
            "published": self._published(),
            "modified": ranked(self.modified_rules(), (), self.locale),
        }

    def _published(self) -> Found | None:
        """By all rules; the costly ones only where no other gives a date that can be true."""
        found = ranked(self.published_rules(), self.shown_rules(), self.locale)
        if found is None or found[1].doubt:
            return ranked(self.told_rules(), (), self.locale) or found
        return found

    def moment(self, raw: str | None, *forms: str) -> Moment | None:
        """A date as this page writes it, for a rule of ``published_rules``; ``None`` for no date.

        ``forms`` are those of ``strptime``; without any the usual ways to write a date are tried.
        What names no offset is in ``zone``, else UTC.

        Raises:
            ValueError: a form is none.
        """
        return read_date(raw, self.locale, *forms)

    @cached_property
    def locale(self) -> Locale:
        document = self.document
        tags = [
            document.root.get("lang"),
            *document.metas("og:locale"),
            *document.metas("content-language"),
        ]
        told = [at for at in (self.fetched, document.sent) if at is not None]
        # By the later: to a clock that is behind, what is new would be still to come.
        first, countries = _written_so(tuple(tags), urlsplit(document.url).hostname or "")
        return Locale(first, countries, self.zone, max(told, default=None))

    @cached_property
    def times(self) -> Times:
        return Times(self.document, self.heading_element, self.body_element)

    def published_rules(self) -> list[Rule]:
        """The rules for ``published``, the surest first; a site adds its own before or after them.

        A rule is a name and a function without arguments that gives a text, a ``datetime``, what
        ``moment`` gives, or ``None``. The first date counts; a later rule that agrees with it may
        add its time of day and its offset.
        """
        meta = self.document.meta
        return [
            ("json-ld", lambda: metadata.date_in(self.json_ld, DATE_KEYS)),
            ("opengraph", lambda: meta("article:published_time", "og:article:published_time")),
            ("microdata", self.times.declared),
            ("meta", lambda: meta(*PUBLISHED_METAS)),
            ("json-ld:page", lambda: metadata.date_in(self.page_object, DATE_KEYS)),
        ]

    def shown_rules(self) -> list[Rule]:
        """What a reader sees of the date: rules for ``published`` behind all others."""
        return [
            ("html", self.times.first),
            ("url", lambda: in_url(self.document.url)),
            (self.markup, self.times.dated),
            ("meta", lambda: self.document.meta(*LOOSE_METAS)),
            ("meta", lambda: in_metas(self.document.head.metas)),
            ("json-ld:only", self._sole_date),
        ]

    def _sole_date(self) -> str | None:
        return metadata.sole_date(self.document.json_ld, self._addresses, DATE_KEYS)

    def told_rules(self) -> list[Rule]:
        """What the lines next to the headline and the text say, where nothing else tells the date."""
        return [("html:line", self.times.told)]

    def modified_rules(self) -> list[Rule]:
        """The rules for ``modified``, as those for ``published``."""
        meta = self.document.meta
        return [
            ("json-ld", lambda: metadata.date_in(self.json_ld, ("dateModified",))),
            ("opengraph", lambda: meta("article:modified_time", "og:updated_time")),
            ("microdata", lambda: self.times.declared(MODIFIED)),
            ("meta", lambda: meta(*MODIFIED_METAS)),
            ("html", lambda: self.times.first(modified=True)),
        ]

    def visible_date(self) -> str | None:
        """The date as the theme shows it, for ``published_raw`` where none could be read."""
        return None


@lru_cache(maxsize=MOST_REMEMBERED)
def _written_so(tags: tuple[str | None, ...], host: str) -> tuple[bool, tuple[str, ...]]:
    """Whether pages in these languages have the month first, and the countries they may be of."""
    return months_first(tags), countries_of(tags, host)
