"""Is the dataset complete, fresh and clean, and what is to be done?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from newscrawl.report.audit import ANY, MISSING, percent
from newscrawl.report.figures import Figures, Walk
from newscrawl.report.steps import Shell, Step, faults, steps
from newscrawl.verdict.summary import count

NOT_KNOWN = "not known"
_DAY = timedelta(days=1)
_UNITS = (("year", 365), ("month", 30), ("day", 1))
_EDGE = 2
"""An age is told in the largest unit of which it has so many."""


class Level(StrEnum):
    """How a dataset is as a whole, as a word on its report."""

    GOOD = "In order"
    LOOK = "Needs a look"
    BAD = "Something went wrong"
    EMPTY = "Nothing is stored"


class Answer(NamedTuple):
    """The answer to one question: a number, what it means, and how the verdict puts it."""

    question: str
    number: str
    means: str
    says: str
    share: float | None = None
    """The number as a share from 0 to 1, where it is one."""


class Assessment(NamedTuple):
    """What the first screen of a report says."""

    level: Level
    sentence: str
    answers: Sequence[Answer]
    steps: Sequence[Step]


def assessment(figures: Figures, shell: Shell) -> Assessment:
    """Answer what somebody wants to know of a dataset first."""
    to_do = steps(figures, shell)
    answers = [complete(figures), fresh(figures), clean(figures)]
    needed = sum(step.is_needed for step in to_do)
    answers.append(_to_do(needed, len(to_do) - needed))
    level = _level(figures, needed)
    said = _and([each.says for each in answers[:-1]]) if level is not Level.EMPTY else ""
    sentence = " ".join(filter(None, (f"{said[:1].upper()}{said[1:]}.", answers[-1].says)))
    if level is Level.EMPTY:
        sentence = f"There are no articles. {answers[-1].says}"
    return Assessment(level, sentence, answers, to_do)


def _level(figures: Figures, needed: int) -> Level:
    if any(map(faults, figures.walks)):
        return Level.BAD
    if not figures.articles.originals:
        return Level.EMPTY
    return Level.LOOK if needed else Level.GOOD


def complete(figures: Figures) -> Answer:
    """Say how much of what the sites list is stored."""
    question, sites = "Complete", figures.sites
    the_site = "the site lists" if len(sites) == 1 else "the sites list"
    known = [each for each in sites if each.no_recall is None]
    if not known:
        return _incomplete(question, figures)
    stored = sum(each.sources[ANY].stored for each in known)
    missing: Counter[str] = Counter()
    for each in known:
        for why, number in each.sources[ANY].missing.items():
            missing[why.outcome] += number
    share = stored / (stored + missing.total())
    means = f"{stored:,} of {count(stored + missing.total(), 'page')} that {the_site} and that may be articles are stored"
    if missing:
        means += f"; {', '.join(f'{number:,} {name}' for name, number in missing.most_common())}"
    if len(known) < len(sites):
        means += f". Not known of {len(sites) - len(known):,} of {len(sites):,} sites"
        the_site += " where that is known"
    says = f"{'all that' if share == 1 else f'{percent(share)} of what'} {the_site} is stored"
    return Answer(question, percent(share), f"{means}.", says, share)


def _incomplete(question: str, figures: Figures) -> Answer:
    """Say why it is not known, and what is."""
    sites = figures.sites
    reasons = dict.fromkeys(each.no_recall for each in sites if each.no_recall)
    why = "; ".join(reasons) or "no site was crawled"
    missing = [f"{figures.done[name]:,} {name}" for name in sorted(MISSING) if figures.done[name]]
    missing += [f"{figures.queued:,} queued"] if figures.queued else []
    means = f"{why[:1].upper()}{why[1:]}. Stored: {count(figures.articles.originals, 'article')}"
    means += f"; known and not stored: {', '.join(missing)}." if missing else "."
    at_most = sites[0].sources[ANY].at_most if len(sites) == 1 else None
    if at_most is None:
        return Answer(question, NOT_KNOWN, means, "it is not known how complete it is")
    says = f"at most {percent(at_most)} of what the site lists is stored"
    return Answer(question, f"≤ {percent(at_most)}", means, says)


def fresh(figures: Figures) -> Answer:
    """Say how old the newest article is, and when the sites were crawled last."""
    question = "Fresh"
    runs = _last_run(figures.walks)
    if figures.newest is None:
        return Answer(
            question, NOT_KNOWN, f"No article has a date. {runs}", "no article has a date"
        )
    old = age(figures.made - figures.newest)
    means = f"The newest article is of {_when(figures.newest)}. {runs}"
    return Answer(question, f"{old} old", means.strip(), f"the newest article is {old} old")


def _last_run(walks: Sequence[Walk]) -> str:
    ended = [walk.run for walk in walks if walk.run.finished is not None]
    if not ended:
        return "No run has ended." if walks else "No run is known."
    last = max(ended, key=lambda run: run.id)
    assert last.finished is not None
    said = f"The last run ended on {_when(last.finished)} as {last.reason}"
    first = min(ended, key=lambda run: run.id)
    if first.finished is not None and last.finished - first.finished > _DAY:
        said += f"; {first.sites[0]} was crawled last on {first.finished:%Y-%m-%d}"
    return f"{said}."


def clean(figures: Figures) -> Answer:
    """Say how many texts are not doubtful, and what is missing beside them."""
    question, articles = "Clean", figures.articles
    without = _without(figures)
    weighed = articles.originals - articles.unweighed
    if not weighed:
        means = "No text was weighed: a site's own code took them, or they are of an older version"
        if not articles.originals:
            means = "There are no texts"
        says = "it is not known how sure the texts are"
        return Answer(question, NOT_KNOWN, f"{means}. {without}".strip(), says)
    share = 1 - articles.doubtful / weighed
    means = f"{articles.doubtful:,} of {count(weighed, 'text')} {'is' if weighed == 1 else 'are'} doubtful"
    if articles.unweighed:
        means += f"; {articles.unweighed:,} more were never weighed"
    some = f"{articles.doubtful:,} of {count(weighed, 'text')} are doubtful"
    says = some if articles.doubtful else "no text is doubtful"
    return Answer(question, f"{percent(share)} sure", f"{means}. {without}".strip(), says, share)


def _without(figures: Figures) -> str:
    """Say how many articles lack a date or an author."""
    total = sum(each.articles for each in figures.filled)
    lacking = {
        words: total - sum(each.fields[name] for each in figures.filled)
        for name, words in (("published", "no date"), ("authors", "no author"))
    }
    parts = [f"{number:,} with {words}" for words, number in lacking.items() if number]
    if parts:
        return f"Articles: {', '.join(parts)}."
    return "Every article has a date and an author." if total else ""


def _to_do(needed: int, others: int) -> Answer:
    may = (
        f"{count(others, 'other step')} may help."
        if needed
        else f"{count(others, 'step')} may help."
    )
    if needed:
        says = f"{count(needed, 'thing')} {'has' if needed == 1 else 'have'} to be done."
        number = f"{needed:,} to do"
    else:
        says, number = "Nothing has to be done.", "nothing"
    return Answer("What to do", number, may if others else "", says)


def age(time: timedelta) -> str:
    """Return how long ago something was, in one unit; what lies ahead was just now."""
    days = time / _DAY
    for name, length in _UNITS:
        if days >= _EDGE * length:
            return count(int(days // length), name)
    hours = int(max(days, 0) * 24)
    return count(hours, "hour") if hours else "less than an hour"


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _and(parts: Sequence[str]) -> str:
    *others, last = parts
    return f"{', '.join(others)}, and {last}" if others else last
