"""Headlines and names without what a site adds to them."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from newscrawl.pages.documents.document import text_of
from newscrawl.pages.documents.headings import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from newscrawl.pages.documents.document import Element

SEPARATORS = "-–—|·•»:：｜"
SUFFIX = re.compile(rf"\s*[{SEPARATORS}]+\s+|\s+[{SEPARATORS}]+\s*|\s*[|»：｜]\s*")
LIMIT = 100
"""Characters; from here on a headline may have been cut for search engines, which take 110."""
MAX_TAIL = 60
"""Characters that sites add to a headline: their name and that of a section."""
ORIGIN = re.compile(r"^(?P<title>.{8,}?)(?:\s*[:|]\s*|\s+[-–—]\s+)(?P<origin>[^:|–—]{2,30})$")
KICKER = re.compile(
    r"kicker|overline|eyebrow|topline|dachzeile|spitzmarke|pre-?title|over-?title|surtitle|volanta"
)
MAX_INLINE = 20
"""Elements of a heading that are looked at."""
ACRONYM = re.compile(r"[A-Z][A-Z0-9]{1,5}$")


def without_site(headline: str, names: Callable[[], Iterable[str]]) -> str:
    """Cut the names off the end, as long as something is left; asks for them only if need be."""
    if not SUFFIX.search(headline):
        return headline
    wanted = {letters(name) for name in names()} - {""}
    while wanted:
        cut = next(
            (
                match.start()
                for match in SUFFIX.finditer(headline)
                if match.start() and letters(headline[match.end() :]) in wanted
            ),
            0,
        )
        if not cut:
            break
        headline = headline[:cut].rstrip()
    return headline


def parted(title: str) -> tuple[str, str]:
    """What stands before the first separator, and behind it."""
    match = SUFFIX.search(title, 1)
    return (title[: match.start()], title[match.end() :]) if match else (title, "")


class Claim(NamedTuple):
    """A headline, the rule that read it, and how much its word counts."""

    rule: str
    text: str
    weight: float = 1.0


def agreed(claims: Iterable[Claim]) -> Claim | None:
    """The headline that most of the page's claims share; ties go to the earlier claim.

    What only one claim adds behind a separator is cut off, and a claim that was cut short does
    not count. Claims that differ in punctuation only are one headline, in the commonest spelling.
    """
    claims = list(claims)
    spelt = {text: letters(text) for text in {claim.text for claim in claims}}
    found = [claim for claim in claims if spelt[claim.text]]
    texts = {claim.text: spelt[claim.text] for claim in found}
    whole = [
        claim._replace(text=without_tail(claim.text, texts.values()))
        for claim in found
        if not cut_short(claim.text, texts)
    ]
    keys = {text: spelt.get(text) or letters(text) for text in {claim.text for claim in whole}}
    votes: dict[str, float] = {}
    for claim in whole:
        votes[keys[claim.text]] = votes.get(keys[claim.text], 0) + claim.weight
    spellings = [claim.text for claim in whole]
    best = max(
        whole,
        key=lambda claim: (votes[keys[claim.text]], spellings.count(claim.text)),
        default=None,
    )
    same = (claim for claim in whole if best and claim.text == best.text)
    return max(same, key=lambda claim: claim.weight, default=None)


def without_tail(text: str, wanted: Collection[str]) -> str:
    """``"Opinion | Headline | The Post"`` where another claim's letters say just ``"Headline"``."""
    section, bar, rest = text.partition(" | ")
    if bar and len(section) <= MAX_TAIL and letters(rest) in wanted:
        return rest
    for match in SUFFIX.finditer(text):
        head, tail = text[: match.start()], text[match.end() :]
        if len(tail) <= MAX_TAIL and letters(tail) and letters(head) in wanted:
            return head
    return text


def cut_short(text: str, others: Iterable[str]) -> bool:
    """Cut by an ellipsis, at search engines' limit, or by a quotation mark in its attribute."""
    start = text.rstrip(" .…")
    dots = len(start) < len(text) and not text.endswith(f"{start}.")
    for other in others:
        if len(other) > len(text) and other.startswith(start):
            rest = other[len(start) :].lstrip()
            if dots or len(text) >= LIMIT or rest.startswith(('"', "'")):
                return True
    return False


def without_kicker(heading: Element) -> str:
    """The words of a heading without the marked ones before them, unless a colon joins both."""
    whole = text_of(heading)
    for each in islice(heading.iterdescendants(), MAX_INLINE):
        marks = f"{each.get('class')} {each.get('data-ob')} {each.get('data-testid')}".lower()
        kicker = text_of(each) if KICKER.search(marks) else ""
        if kicker and whole.startswith(kicker):
            rest = whole[len(kicker) :].strip(" -–—|·•")
            return whole if not rest or kicker[-1] in ":?!" or rest[0] == ":" else rest
    return whole


def title_tail(title: str, headline: str) -> str:
    """What a ``<title>`` adds to the headline at its end: mostly the site's name."""
    if not headline or not title.startswith(headline):
        return ""
    return title[len(headline) :].strip(f" {SEPARATORS}")


def without_host(title: str, url: str) -> str:
    """A ``<title>`` without a tail that is spelt like the host."""
    for mark in (" | ", " - ", " – ", " — "):
        head, _, tail = title.rpartition(mark)
        if head and named_after(tail, url):
            return head.strip()
    return title


def named_after(tail: str, url: str) -> bool:
    """Whether a name and a host are spelt alike: "Buyer's Insight", ``buyersinsight.net``."""
    try:
        labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    except ValueError:
        return False
    name = letters(tail)
    return (
        len(name) > 1
        and any(
            name == label or (len(name) > 3 and name in label) or (len(label) > 3 and label in name)  # noqa: PLR2004 - shorter runs match by chance
            for label in map(letters, labels[:-1])
        )
    )


def host_names(url: str) -> list[str]:
    """``fenlandpost.example`` and ``fenlandpost``: how newsrooms sign that have no better name."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return []
    bare = host.removeprefix("www.")
    return [host, bare, *bare.split(".")[:-1]]


def split_origin(headline: str, source_url: str | None) -> tuple[str, str | None]:
    """``"…: NPR"`` and its name, if the source's host bears it or it is a plain acronym."""
    match = ORIGIN.match(headline) if source_url else None
    if not match or not source_url:
        return headline, None
    origin = match["origin"].strip()
    if named_after(origin, source_url) or (ACRONYM.match(origin) and ":" in headline):
        return match["title"].rstrip(), origin
    return headline, None


def unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, texts)))
