"""What a run came to, in a few plain sentences: the same on the screen, in ``runs`` and in the report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from newscrawl.frontier.runs import ENDLESS, NOTHING_READ, WAITING
from newscrawl.history.accounts import Account
from newscrawl.verdict.ending import TOO_LARGE
from newscrawl.verdict.reach import nothing_read, told

_STOPPED = {
    "max_articles": "It has the articles that max_articles asks for.",
    "shutdown": "It was stopped by a signal.",
    TOO_LARGE: "It outgrew MEMUSAGE_LIMIT_MB and ended in order.",
}


def summary(account: Account) -> str:
    """Return how complete a run is, what it stored, what was deferred and why, what is due when."""
    return " ".join([*_ending(account), *_stored(account), *_left(account), *_due(account)])


def _ending(account: Account) -> Iterator[str]:
    reason = account.reason
    if reason in NOTHING_READ:
        yield f"Nothing could be read: {nothing_read(account)}."
        return
    if reason == "finished":
        complete = not (account.queued["pages"] or account.queued["suspects"])
        what = "every page found was visited" + (
            ", but for those deferred" if _deferred(account) else ""
        )
        yield f"Complete: {what}." if complete else "Not complete."
    elif reason in {WAITING, ENDLESS}:
        yield f"Not complete: {account.detail}."
    elif reason.startswith("closespider_"):
        yield f"It has reached its limit {reason.upper()}."
    else:
        yield _STOPPED.get(reason, f"It ended as {reason}.")
    if account.endless and reason not in {WAITING, ENDLESS}:
        yield f"{'. '.join(account.endless.values())}."
    if account.unread:
        yield f"Start URLs without a page: {told(account.unread)}."


def _deferred(account: Account) -> int:
    return account.queued["tag_pages"] + account.queued["sources"]


def _stored(account: Account) -> Iterator[str]:
    new, stored = account.new, account.stored
    if any(new):
        parts = [count(new.articles, "new article"), count(new.copies, "copy", "copies")]
        parts += [count(new.revisions, "new revision")] if new.revisions else []
        yield f"Stored: {_and(parts)}."
    else:
        yield "Nothing new was stored."
    yield f"In all: {count(stored.articles, 'article')} and {count(stored.copies, 'copy', 'copies')}."


def _left(account: Account) -> Iterator[str]:
    queued = account.queued
    if queued["pages"]:
        yield f"Waiting for the next run: {count(queued['pages'], 'page')}."
    if queued["suspects"]:
        pages = count(queued["suspects"], "page")
        yield f"To be fetched alone, since runs were killed meanwhile: {pages}."
    if queued["tag_pages"]:
        pages = count(queued["tag_pages"], "tag and author page")
        yield (
            f"Deferred: {pages}, which mostly list articles that are known; each run visits "
            "NEWSCRAWL_MAX_TAG_PAGES of them, after all else."
        )
    if queued["sources"]:
        pages = count(queued["sources"], "page")
        yield f"Left out: {pages} of sitemaps, feeds or the API, which this run was not to read."


def _due(account: Account) -> Iterator[str]:
    later = "" if account.next_due is None else f"; the next one on {when(account.next_due)}"
    yield f"Due again: {count(account.due, 'known page')}{later}."


def when(moment: str) -> str:
    """Return a moment in ISO 8601 for people, in UTC."""
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M} UTC"


def count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _and(parts: list[str]) -> str:
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last
