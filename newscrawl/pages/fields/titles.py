"""Headlines and names without what a site adds to them."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from newscrawl.pages.documents.document import text_of
from newscrawl.pages.documents.headings import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from newscrawl.pages.documents.document import Document, Element

SEPARATORS = "-–—|·•»:：｜"
MARKS = "*~/<>‹›=+_@†▪■★"
SUFFIX = re.compile(
    rf"(?=\s*[{SEPARATORS}{MARKS}ㅣ])"  # at most places this is all that is looked at
    rf"(?:\s*[{SEPARATORS}]+\s+|\s+[{SEPARATORS}]+\s*|\s*[|»：｜]\s*|\s(?:[{MARKS}]{{1,2}}|ㅣ)\s)"
)
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
SHOWN = 3.0
"""The weight of what a reader sees as the headline: more than all that others can say."""
FOUND = 1.5
"""Of a part of the title that the page shows by itself: more than one voice, less than two."""
SHORTEST = 8
"""Letters below which a headline's part is found elsewhere by chance."""
SOFT_HYPHEN = "\N{SOFT HYPHEN}"
BETWEEN = re.compile(r"[\s_/-]+")
LONG_WORD = 4
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")
PART = re.compile(
    r"\s+(?:[^\w\s]{1,3}(?:\s+[^\w\s]{1,3})?|ㅣ)\s+|\s*(?:--|::|//|[|｜»«_–—:：›>•·])+\s*|(?<=\w)- "
)
MAX_HEADINGS = 30
MAX_PARTS = 8
MAX_TITLE = 500
MAX_PART = 400
NOT_SHOWN = frozenset({"title", "script", "style", "option", "a", "noscript", "textarea", "button"})
HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4"})
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
    """A headline, the rule that read it, how much its word counts, and whose word it is.

    What one voice says twice counts once; a claim of no voice speaks for itself.
    """

    rule: str
    text: str
    weight: float = 1.0
    voice: str = ""


def agreed(claims: Iterable[Claim]) -> Claim | None:
    """The headline that most of the page's voices share; ties go to the earlier claim.

    What only one claim adds behind a separator is cut off, unless a reader sees it, and a claim
    that was cut short does not count. Claims that differ in punctuation only are one headline, in
    the spelling of the weightiest, then the commonest.
    """
    claims = list(claims)
    spelt = {text: letters(text) for text in {claim.text for claim in claims}}
    found = [claim for claim in claims if spelt[claim.text]]
    texts = {claim.text: spelt[claim.text] for claim in found}
    whole = [
        claim
        if claim.weight >= SHOWN
        else claim._replace(text=without_tail(claim.text, texts.values()))
        for claim in found
        if not cut_short(claim.text, texts)
    ]
    keys = {text: spelt.get(text) or letters(text) for text in {claim.text for claim in whole}}
    votes = _votes(whole, keys)
    most = max(votes, key=votes.__getitem__, default="")
    best = [claim for claim in whole if keys[claim.text] == most]
    spellings = [claim.text for claim in best]
    return max(best, key=lambda each: (each.weight, spellings.count(each.text)), default=None)


def _votes(claims: Iterable[Claim], keys: Mapping[str, str]) -> dict[str, float]:
    """The weight of each headline: of each voice's claims the weightiest."""
    said: dict[str, dict[str, float]] = {}
    for place, claim in enumerate(claims):
        voices = said.setdefault(keys[claim.text], {})
        voice = claim.voice or str(place)
        voices[voice] = max(claim.weight, voices.get(voice, 0.0))
    return {key: sum(voices.values()) for key, voices in said.items()}


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


def borne_out(heading: Element, shown: str, shared: Sequence[str], declared: str) -> str:
    """The words of a heading as far as others bear them out, in its own spelling or theirs.

    ``shared`` is what the head says, ``declared`` what the story's own data does. What they leave
    out at its beginning is a kicker; at its end it has to be an element of its own. A kicker that
    both have and the heading has not belongs to the headline.
    """
    key, others = letters(shown), [declared, *shared]
    keys = {other: letters(other) for other in others if other}
    same = [other for other in others if other and keys[other] == key]
    bounds: set[int] | None = None
    for other, part in keys.items():
        left = len(key) - len(part)
        if len(part) < SHORTEST or left <= 0:
            continue
        behind, before = key.endswith(part), key.startswith(part)
        if bounds is None and (behind or before):
            bounds = _bounds(heading)
        if bounds and ((behind and left in bounds) or (before and len(part) in bounds)):
            return other
    if same:
        return _spelt(heading, shown, same)
    first = next(filter(None, shared), "")
    if first and key in keys[first] and keys[first] == keys.get(declared):
        return first
    return without_kicker(heading) if len(heading) else shown


def _spelt(heading: Element, shown: str, same: list[str]) -> str:
    """A heading is set in capitals, hyphenated or broken into lines as its place asks for."""
    if shown.isupper():
        return next((other for other in same if not other.isupper()), shown)
    if SOFT_HYPHEN in shown:
        return next((other for other in same if SOFT_HYPHEN not in other), shown)
    if len(heading) and len(same) > 1 and same[0] == same[1]:
        return same[0]
    return shown


def _bounds(heading: Element) -> set[int]:
    """After how many letters of a heading an element begins or ends."""
    found, at = set(), 0
    for text in islice(heading.itertext(), MAX_INLINE):
        found.add(at := at + len(letters(str(text))))
    return found


def is_echoed(heading: str, others: Sequence[str]) -> bool:
    """Whether a heading shares a word with anything else that the page is called.

    One that shares none names a section, an advertisement or a part of the story.
    """
    words = _words(heading)
    if words and heading in others:
        return True
    told = _words(" ".join(others))
    return not told or not told.isdisjoint(words)


def _words(text: str) -> set[str]:
    """Words that are long enough to mean something; of scripts without spaces each two letters."""
    words = {letters(word) for word in BETWEEN.split(text)}
    pairs = {run[at : at + 2] for run in UNSPACED.findall(text) for at in range(len(run) - 1)}
    return {word for word in words if len(word) >= LONG_WORD and not word.isdigit()} | pairs


def shown_part(document: Document, titles: Iterable[str]) -> str:
    """The longest part of a title between separators that the page shows by itself.

    So sites that have no heading show their headlines, and what else they put into the title.
    """
    parts = {letters(part): part for title in titles for part in _parts(title[:MAX_TITLE])}
    whole = "\n".join(parts.values())
    found = {}
    for heading in islice(document.tagged(*HEADING_TAGS), MAX_HEADINGS):
        if (key := letters(folded := text_of(heading))) in parts:
            found[key] = folded
    for element in document.every:
        text = element.text
        if not text or len(text) > MAX_PART or element.tag in NOT_SHOWN:
            continue
        folded = " ".join(text.split())
        if len(folded) == 1 or folded not in whole or (key := letters(folded)) not in parts:
            continue
        if len(key) >= SHORTEST or UNSPACED.search(folded):
            found[key] = folded
    return max(found.items(), key=lambda each: len(each[0]), default=("", ""))[1]


def _parts(title: str) -> set[str]:
    """All runs of what stands between separators."""
    ends = [0]
    for match in islice(PART.finditer(title), MAX_PARTS):
        ends += match.span()
    ends.append(len(title))
    starts, stops = ends[::2], ends[1::2]
    runs = {title[start:stop].strip() for start in starts for stop in stops if start < stop}
    return {run for run in runs if run}


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


def slug(url: str) -> str:
    """The last words of an address, which mostly are those of a headline."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return unquote(path.rstrip("/").rpartition("/")[2])


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
