"""Is a corpus whole, and what is to be done about it?"""

from __future__ import annotations

from collections.abc import Iterator

from newscrawl.corpus.reporting.figures import Figures
from newscrawl.report.assessment import Answer, Assessment, Level
from newscrawl.report.audit import percent
from newscrawl.report.steps import Shell, Step
from newscrawl.verdict.summary import count

NAMED = 5
"""Files that the line to read them names."""


def assessment(figures: Figures, shell: Shell) -> Assessment:
    """Answer what somebody wants to know of a corpus first."""
    to_do = list(_steps(figures, shell))
    answers = [_read(figures), _articles(figures), _unreadable(figures), _to_do(len(to_do))]
    level = Level.LOOK if to_do else Level.GOOD
    if not figures.totals.articles:
        level = Level.EMPTY
    sentence = " ".join(each.says for each in answers)
    return Assessment(level, sentence, answers, to_do)


def _read(figures: Figures) -> Answer:
    read, asked = figures.asked - figures.left, figures.asked
    share = read / asked if asked else 0.0
    means = f"{read:,} of {count(asked, 'file')}, {count(figures.totals.records, 'record')}"
    says = f"{count(figures.left, 'file is', 'files are')} not read yet."
    if not figures.left:
        says = f"{count(asked, 'file is', 'files are')} read, which is all."
    return Answer("Read", percent(share), means, says, share)


def _articles(figures: Figures) -> Answer:
    dataset = figures.dataset
    if dataset is None:
        means = f"{count(figures.totals.articles, 'article')} as captured, copies too"
        return Answer("Dataset", "none", means, "There is no dataset yet.")
    balance = dataset.balance
    copies = count(balance.exact + balance.near, "copy", "copies")
    means = f"Beside {copies} of them and {count(balance.revisions, 'earlier text')}"
    says = f"The dataset has {count(balance.originals, 'article')} and {copies}"
    is_whole = balance.is_of(figures.totals)
    says += "." if is_whole else ", which is not of all that has been read."
    return Answer("Articles", f"{balance.originals:,}", means, says)


def _unreadable(figures: Figures) -> Answer:
    failed, records = figures.unreadable.total(), figures.totals.records
    if not records:
        return Answer("Unreadable", "not known", "No record was read", "")
    means = f"Of {count(records, 'record')}"
    says = f"{count(failed, 'record')} could not be read." if failed else "No record has failed."
    return Answer("Unreadable", f"{failed:,}", means, says, failed / records)


def _to_do(number: int) -> Answer:
    if not number:
        return Answer("What to do", "0", "Nothing is left to do", "Nothing has to be done.")
    says = f"{count(number, 'thing has', 'things have')} to be done."
    return Answer("What to do", f"{number:,}", "Each with the line to type.", says)


def _steps(figures: Figures, shell: Shell) -> Iterator[Step]:
    folder = str(figures.folder)
    if figures.left:
        what = count(figures.left, "file is", "files are")
        more = f"; the line names the first {NAMED}" if figures.left > NAMED else ""
        words = ("corpus", "build", folder, *figures.open[:NAMED], *figures.options)
        yield Step(f"{what} not read yet{more}.", shell.line(*words), is_needed=True)
    dataset, line = figures.dataset, shell.line("corpus", "dedupe", folder)
    if dataset is None and figures.totals.shards:
        yield Step("There is no dataset yet.", line, is_needed=True)
    if dataset is not None and not dataset.balance.is_of(figures.totals):
        yield Step("The dataset is not of all that has been read.", line, is_needed=True)
