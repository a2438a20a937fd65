"""Whether the sites of a run could be read at all, from what became of their start URLs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from newscrawl.addresses.captures import CAPTURE
from newscrawl.discovery.entries import SOURCES
from newscrawl.frontier.runs import BLOCKED, FORBIDDEN, MOVED, NOTHING_FOUND, UNREACHABLE
from newscrawl.frontier.visits import Visit
from newscrawl.history.accounts import Account
from newscrawl.outcomes import (
    BotWall,
    ConsentWall,
    Erased,
    OptedOut,
    Outcome,
    OutOfScope,
    PasswordProtected,
    PublishedAfter,
    PublishedBefore,
    RobotsForbidden,
)

_ARTICLES = frozenset({Outcome.ARTICLE, Outcome.REVISION, Outcome.DUPLICATE, Outcome.PART})
_READ = _ARTICLES | {Outcome.UNCHANGED}
_NOT_WANTED = frozenset(
    each.__name__ for each in (PublishedBefore, PublishedAfter, Erased, OptedOut)
)
"""Reasons of articles that were read and are not stored."""
_WORDS = {
    RobotsForbidden.__name__: FORBIDDEN,
    OutOfScope.__name__: MOVED,
    BotWall.__name__: BLOCKED,
    ConsentWall.__name__: BLOCKED,
    PasswordProtected.__name__: BLOCKED,
    **dict.fromkeys(("Http401", "Http403", "Http407", "Http429", "Http451"), BLOCKED),
}
"""The word for a start URL by the reason of its outcome, where that alone says it."""
LEAST = 5
"""Pages that have to fail, and no other to be read, where a run has no start URLs to visit."""
_BY_OUTCOME = {Outcome.FAILED: UNREACHABLE, Outcome.GONE: UNREACHABLE}


@dataclass(slots=True)
class _Site:
    """What a run has come to on one site; ``known`` articles were stored before it began."""

    known: int
    starts: dict[str, str] = field(default_factory=dict)
    """Start URLs that gave no page, with the word for it."""
    told: dict[str, str] = field(default_factory=dict)
    """The same with what became of them."""
    read: set[str] = field(default_factory=set)
    """Start URLs that did."""
    pages: int = 0
    articles: int = 0
    leads_on: bool = False
    """Whether a start URL was read that leads to a page known from before."""
    words: Counter[str] = field(default_factory=Counter)
    """How other pages are that could not be read."""
    unlisted: str = ""
    """The word for an archive that did not say what it has of the site."""

    @property
    def start(self) -> str | None:
        """The word for the first start URL, where none of them gave a page."""
        return None if self.read else next(iter(self.starts.values()), None)


class Reach:
    """Hears of every visit of a run, and says whether it read anything.

    A site was not read if none of its start URLs gave a page, nor any other visit an article. A
    start URL gives a page if it is an article, is unchanged, or has a link that may be followed.
    A site of which no article was ever stored has to give one; where there are some, a start
    page has to lead to a page known from before, or a new article has to come: what is served in
    place of a site (a parked domain, a login) does neither. ``max_depth=0`` asks for start URLs
    alone, which need not lead to articles. The captures of an archive are as one start URL. A run that goes on with another one may have no start
    URLs to visit: then all of its pages tell, if there are a few.
    """

    def __init__(self, known: Mapping[str, int], *, starts_only: bool = False) -> None:
        self._sites = {site: _Site(number) for site, number in known.items()}
        self._starts_only = starts_only

    def heard(self, visit: Visit) -> None:
        """Take note of what became of a visit."""
        row, outcome = visit.row, visit.outcome
        site = self._sites.get(row.site)
        if site is None or outcome is None or row.kind in SOURCES:
            return
        if outcome is Outcome.REDIRECTED:
            return
        reason = (visit.reason or "").partition(":")[0]
        is_article = (
            outcome in _ARTICLES
            or reason in _NOT_WANTED
            or (outcome is Outcome.UNCHANGED and row.article_id is not None)
        )
        is_read = outcome in _READ or bool(visit.leads) or reason in _NOT_WANTED
        site.articles += is_article
        word = _WORDS.get(reason) or _BY_OUTCOME.get(outcome, NOTHING_FOUND)
        if row.kind == CAPTURE:
            self._heard_capture(site, visit, word, is_read=is_read or word == NOTHING_FOUND)
        elif row.depth == 0:
            if is_read:
                site.read.add(row.url)
                site.leads_on |= outcome is Outcome.UNCHANGED or is_article
            else:
                site.starts[row.url] = word
                site.told[row.url] = f"{outcome} ({visit.reason})" if visit.reason else outcome
        elif is_read or outcome is Outcome.GONE or word not in {UNREACHABLE, BLOCKED}:
            site.pages += 1
        else:
            site.words[word] += 1

    def _heard_capture(self, site: _Site, visit: Visit, word: str, *, is_read: bool) -> None:
        """Take all captures of a site for one start URL, of which the first that fails is told."""
        if is_read:
            site.read.add(CAPTURE)
            site.leads_on = True
        elif CAPTURE not in site.starts:
            site.starts[CAPTURE] = word
            site.told[visit.row.url] = f"{visit.outcome} ({visit.reason})"

    def not_listed(self, sites: Iterable[str], where: str, why: str, word: str) -> None:
        """Take note that an archive did not say what it has of sites: nothing else makes up for it."""
        for name in sites:
            self._sites[name].unlisted = word
            self._sites[name].told[where] = why

    def not_allowed(self, visit: Visit, why: str) -> None:
        """Take note of a page that may not be asked for, since nobody could say whether it may."""
        site = self._sites.get(visit.row.site)
        if site is not None and visit.row.depth == 0 and visit.row.kind not in SOURCES:
            site.starts[visit.row.url] = UNREACHABLE
            site.told[visit.row.url] = why

    def leads_on(self, site: str) -> None:
        """Take note that a start page leads to a page that was known before the run."""
        self._sites[site].leads_on = True

    @property
    def unread(self) -> dict[str, str]:
        """Start URLs that gave no page, each with what became of it."""
        return {url: told for site in self._sites.values() for url, told in site.told.items()}

    def dead(self, *, complete: bool) -> dict[str, str]:
        """Return the sites of which no start URL gave a page, each with the word for how it is.

        Only of a walk that is ``complete`` can be said that it found nothing.
        """
        words = (
            (name, self._word(site, complete=complete) or site.start)
            for name, site in self._sites.items()
        )
        return {name: word for name, word in words if word is not None}

    def reason(self, *, complete: bool) -> str | None:
        """Return the word for how all sites of the run are, ``None`` if one of them was read."""
        words = [self._word(site, complete=complete) for site in self._sites.values()]
        return words[0] if words and None not in words else None

    def _word(self, site: _Site, *, complete: bool) -> str | None:
        if site.unlisted:
            return site.unlisted
        if site.articles:
            return None
        if not site.read:
            failed = not site.pages and site.words.total() >= LEAST
            return site.start or (site.words.most_common(1)[0][0] if failed else None)
        is_found = site.leads_on if site.known else self._starts_only
        return NOTHING_FOUND if complete and not is_found else None


NOTHING_READ_AS = {
    UNREACHABLE: "no start URL could be fetched",
    BLOCKED: "the site does not let the crawl in",
    FORBIDDEN: "robots.txt forbids the start URLs",
    MOVED: "the start URLs lead to another site; if it is the right one, give its address as url",
    NOTHING_FOUND: "the start URLs can be fetched, but lead to no article",
}


def nothing_read(account: Account) -> str:
    """Return why a run could read nothing, as a sentence with its causes."""
    causes = told(account.unread) or account.detail
    return f"{NOTHING_READ_AS[account.reason]}{f' ({causes})' if causes else ''}"


def told(unread: Mapping[str, str], most: int = 3) -> str:
    """Return start URLs with what became of them as text, a few at most."""
    shown = [f"{url}: {what}" for url, what in unread.items()]
    more = len(shown) - most
    return "; ".join([*shown[:most], *([f"and {more} more"] if more > 0 else [])])
