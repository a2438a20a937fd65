"""What may be done about a dataset: why, and the line to type."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from newscrawl.history.accounts import Account
from newscrawl.history.statistics import RunFacts
from newscrawl.report.figures import Figures, Walk
from newscrawl.verdict.ending import ending
from newscrawl.verdict.summary import count

SHOWN = 5
"""Runs of which is said what they leave to do; of more it is said how many there are."""
HIDDEN = "…"
"""In place of the value of an argument that may be a secret."""


class Shell(NamedTuple):
    """How commands are typed where the report was made.

    ``options`` say where the data lies, if that has to be said. Of the ``arguments`` of a crawl
    only those named here are written out: a spider's own may be passwords.
    """

    program: str = "newscrawl"
    options: Sequence[str] = ()
    arguments: Collection[str] = ("url",)

    def line(self, *words: str) -> str:
        return " ".join([self.program, *map(shlex.quote, [*words, *self.options])])

    def crawl(self, run: RunFacts) -> str:
        """Return the line that starts a crawl as a run was started."""
        given = [
            f"{name}={value if name in self.arguments and '@' not in str(value) else HIDDEN}"
            for name, value in run.arguments.items()
        ]
        return self.line("crawl", run.spider, *(word for each in given for word in ("-a", each)))


class Step(NamedTuple):
    """``is_needed`` says that without it the dataset stays incomplete, or wrong unnoticed."""

    why: str
    line: str
    is_needed: bool = False


def faults(walk: Walk) -> list[str]:
    """Return what went wrong in the last run over some sites, a sentence each."""
    run = walk.run
    if run.finished is None:
        return []
    account = run.account and Account.from_dict(run.account)
    balanced = {"newscrawl/balanced": account.ledger.holds} if account else {}
    return ending(run.reason, balanced, account or None)


def steps(figures: Figures, shell: Shell) -> list[Step]:
    """Return what may be done, the needed first."""
    found = [*_of_runs(figures, shell), *_of_texts(figures, shell), *_of_pages(figures, shell)]
    return sorted(found, key=lambda step: not step.is_needed)


def _of_runs(figures: Figures, shell: Shell) -> Iterator[Step]:
    if not figures.runs:
        yield Step(
            "Nothing was crawled into this database.",
            shell.line("https://www.example.com/"),
            is_needed=True,
        )
    unread = {each.site: len(each.unread) for each in figures.sites if each.unread}
    left = []
    for walk in sorted(figures.walks, key=_urgency):
        lists = sum(unread.get(site, 0) for site in walk.sites)
        if found := list(_of_walk(walk, lists, shell)):
            left.append(found)
    for found in left[:SHOWN]:
        yield from found
    more = sum(any(step.is_needed for step in found) for found in left[SHOWN:])
    if more:
        why = f"{count(more, 'more run leaves', 'more runs leave')} something to do."
        yield Step(why, shell.line("runs"), is_needed=True)
    alarms = sum(len(walk.run.alarms or ()) for walk in figures.walks)
    if alarms:
        why = f"The last runs raised {count(alarms, 'alarm')}, which stand under Runs."
        yield Step(why, shell.line("runs"), is_needed=True)


def _urgency(walk: Walk) -> tuple[bool, bool, int]:
    """What went wrong comes first, then what has not ended, then what leaves most."""
    return not faults(walk), walk.run.finished is not None, -(walk.ahead.pages + walk.due)


def _of_walk(walk: Walk, unread: int, shell: Shell) -> Iterator[Step]:
    run, sites = walk.run, _named(walk.sites)
    if run.finished is None:
        yield Step(
            f"Run {run.id} over {sites} has not ended: it is at work, or it was killed, and then "
            "the same line goes on with it.",
            shell.crawl(run),
            is_needed=True,
        )
        return
    yield from (
        Step(f"Run {run.id} over {sites}: {fault}.", shell.line("runs"), is_needed=True)
        for fault in faults(walk)
    )
    waiting = [count(walk.ahead.pages, "known page")] if walk.ahead.pages else []
    waiting += [count(unread, "list")] if unread else []
    if waiting:
        one = len(waiting) == 1 and (walk.ahead.pages or unread) == 1
        why = f"{' and '.join(waiting)} of {sites} {'is' if one else 'are'} not read yet."
        yield Step(why, shell.crawl(run), is_needed=True)
    elif walk.due:
        why = f"{count(walk.due, 'known page')} of {sites} may have changed and can be looked at again."
        yield Step(why, shell.crawl(run))


def _of_texts(figures: Figures, shell: Shell) -> Iterator[Step]:
    if number := figures.articles.doubtful:
        why = f"{count(number, 'text is', 'texts are')} doubtful: read them, the least sure first."
        chosen = ("--doubtful", "--fields", "confidence,doubts,url,headline")
        yield Step(why, shell.line("export", "doubtful.csv", *chosen))


def _of_pages(figures: Figures, shell: Shell) -> Iterator[Step]:
    if figures.failing:
        number = count(figures.failed, "page")
        why = f"{number} could not be fetched or read at the last visit. Of the first:"
        yield Step(why, shell.line("explain", figures.failing[0].url))
    if figures.articles.originals:
        yield Step("To work with the articles elsewhere:", shell.line("export", "articles.csv"))


def _named(sites: Sequence[str], most: int = 3) -> str:
    more = len(sites) - most
    return ", ".join([*sites[:most], *([f"{more:,} more"] if more > 0 else [])])
