"""What a URL is, in sentences: the first lines of ``explain``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import RowMapping

from newscrawl import outcomes
from newscrawl.addresses.address import identity
from newscrawl.discovery.entries import SOURCES
from newscrawl.history.explaining import Explanation
from newscrawl.outcomes import Outcome
from newscrawl.pages.doubts import DOUBTFUL
from newscrawl.store.schema import CLAIMED, ERASED

NEVER = "never discovered"
MEANING = {
    Outcome.LISTING: "It links to articles and has none of its own",
    Outcome.PAGE: "It is neither article nor listing",
    Outcome.GONE: "The server says that there is nothing",
    Outcome.REFUSED: "It was not fetched or not read, by rule",
    Outcome.REJECTED: "It looked like an article and is not stored",
    Outcome.FAILED: "It could not be fetched or read",
}
OF_ARTICLES = frozenset(
    {Outcome.ARTICLE, Outcome.REVISION, Outcome.UNCHANGED, Outcome.DUPLICATE, Outcome.PART}
)


class UrlReport(NamedTuple):
    """What a URL is; ``points_to`` is the original, the target or the article that it leads to."""

    kind: str
    sentences: list[str]
    points_to: str | None = None


def url_report(found: Explanation) -> UrlReport:
    """Say what a URL is."""
    page, article = found.page, found.article
    if page is None and found.captures:
        report = _captured(found, article)
    elif page is None:
        report = _never(found) if article is None else _only_named(found, article)
    elif page["state"] == ERASED:
        report = UrlReport(ERASED, ["It was erased, for good: it is not crawled again."])
    elif page["outcome"] == Outcome.REDIRECTED:
        report = _redirected(found, page)
    elif article is None:
        report = _without_article(page)
    else:
        report = _with_article(found, page, article)
    spelled = [] if page is None or page["url"] == found.asked else [_spelling(found.asked, page)]
    return report._replace(sentences=[*spelled, *report.sentences])


def _spelling(asked: str, page: RowMapping) -> str:
    return (
        f"{asked} is another spelling of {page['url']}: with http or https, www., a slash at the "
        "end or tracking parameters it is the same page, with one row and one text."
    )


def _never(found: Explanation) -> UrlReport:
    site = (
        f"Its site {found.site} is known, with {found.of_site:,} other URLs."
        if found.of_site
        else f"Nothing of its site {found.site} is known."
    )
    near = [f"Of the same name: {url}" for url in found.nearest]
    return UrlReport(NEVER, [f"{found.asked} was never discovered", site, *near])


def _captured(found: Explanation, article: RowMapping | None) -> UrlReport:
    number = len(found.captures)
    captures = "one capture" if number == 1 else f"{number:,} captures"
    said = f"{found.asked} was not asked for where it is: an archive has {captures} of it."
    if article is None:
        return UrlReport("captured", [said, "None of them is stored as an article."])
    if not found.is_own:
        return UrlReport("captured", [said, f"They name {article['url']}."], article["url"])
    if article["duplicate_of"] is not None:
        copy = _copy(found, article)
        return copy._replace(sentences=[said, *copy.sentences])
    return UrlReport("article", [said, _article(found), *_doubt(article)])


def _only_named(found: Explanation, article: RowMapping) -> UrlReport:
    said = (
        f"{found.asked} was never discovered, but {article['url']} names it as its own address: "
        "what follows is the article of that page."
    )
    return UrlReport("named as canonical", [said], article["url"])


def _redirected(found: Explanation, page: RowMapping) -> UrlReport:
    hops = [page, *found.leads_to]
    steps = [f"It redirects to {page['reason']}."]
    for hop in hops[1:]:
        if hop["outcome"] == Outcome.REDIRECTED:
            steps.append(f"That redirects to {hop['reason']}.")
        else:
            steps.append(f"What became of that: {outcome_of(hop)}.")
    if hops[-1]["outcome"] == Outcome.REDIRECTED:
        is_loop = identity(hops[-1]["reason"]) in {hop["identity"] for hop in hops}
        steps.append(
            "So the redirects form a circle." if is_loop else "Nothing more is known of that."
        )
    kept = "what follows is of visits before" if found.article is not None else "no text"
    steps.append(f"Its row and visits are kept, {kept}.")
    return UrlReport(Outcome.REDIRECTED, steps, hops[-1]["url"])


def _without_article(page: RowMapping) -> UrlReport:
    if page["outcome"] is None:
        return UrlReport(page["state"], [_waits(page)])
    if page["kind"] in SOURCES and page["outcome"] in {Outcome.LISTING, Outcome.UNCHANGED}:
        return UrlReport(page["kind"], [f"It is a list that the site gives ({page['kind']})."])
    said = f"The last visit ended as {outcome_of(page)}. {meaning_of(page)}."
    kept = "Nothing is stored of it but its row and visits."
    return UrlReport(page["outcome"], [said, kept])


def _waits(page: RowMapping) -> str:
    if page["state"] == CLAIMED:
        return "A run has taken it, and has not said what became of it."
    return "It waits to be crawled."


def _with_article(found: Explanation, page: RowMapping, article: RowMapping) -> UrlReport:
    if page["article_id"] is None:
        report = _without_article(page)
        named = f"{article['url']} names it as its own address: what follows is of that page."
        return report._replace(sentences=[report.sentences[0], named], points_to=article["url"])
    if page["outcome"] == Outcome.PART:
        report = _elsewhere("part", "a part", "its text is within that of the article", article)
    elif not found.is_own:
        report = _elsewhere("other address", "a copy (canonical)", "its text is not", article)
    elif article["duplicate_of"] is not None:
        report = _copy(found, article)
    else:
        report = UrlReport("article", [_article(found), *_doubt(article)])
    if page["outcome"] in OF_ARTICLES:
        return report
    ended = f"The last visit ended as {outcome_of(page)}. {meaning_of(page)}."
    return report._replace(
        sentences=[*report.sentences, ended, "What is stored is of visits before."]
    )


def _elsewhere(kind: str, what: str, text: str, article: RowMapping) -> UrlReport:
    said = (
        f"It is {what} of {article['url']}. Its row, its visits and its address are kept, {text}: "
        "what follows is the article of that page."
    )
    return UrlReport(kind, [said], article["url"])


def _copy(found: Explanation, article: RowMapping) -> UrlReport:
    original = found.original
    url = article["duplicate_of"] if original is None else original["url"]
    said = (
        f"It is a copy ({article['duplicate_kind']}) of {url}, kept as a record of its own, which "
        "follows; exports leave it out unless they are asked for copies."
    )
    return UrlReport("copy", [said], url)


def _article(found: Explanation) -> str:
    number = len(found.copies)
    if not number:
        return "It is an article."
    return f"It is an article, of which {number:,} {'copy is' if number == 1 else 'copies are'} stored."


def _doubt(article: RowMapping) -> Iterator[str]:
    """Say of a text that hardly anything of it is sure, and why."""
    confidence = article["confidence"]
    if confidence is not None and confidence < DOUBTFUL:
        why = "; ".join(article["doubts"]) or "nothing alone"
        yield f"Its text is doubtful ({confidence:.2f}): {why}."


def outcome_of(row: RowMapping) -> str:
    """Return the last outcome of a page, or that of a visit, with its reason."""
    reason = f" ({row['reason']})" if row["reason"] else ""
    return f"{row['outcome'] or row['state']}{reason}"


def meaning_of(row: RowMapping) -> str:
    """Return what the reason of a visit means, else what its outcome means."""
    return meaning_of_reason(row["reason"], row["outcome"])


def meaning_of_reason(reason: str | None, outcome: Outcome) -> str:
    """Return what a reason means, in the words of its class; else what its outcome means."""
    found = vars(outcomes).get((reason or "").partition(":")[0])
    said = (found.__doc__ or "").partition("\n\n")[0] if isinstance(found, type) else ""
    words = " ".join(said.replace("``", "").split()).rstrip(".")
    return words or MEANING.get(outcome, outcome)
