"""The words of a text as the index of the search has them: one form for text, query and snippet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from unicodedata import normalize

from newscrawl.normal_forms import without_typography

LABEL = "\ue000"
"""What labels begin with; words never do: it separates them."""
STRIPPED = (
    r"\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
)
"""Accents, vowel points, soft hyphens and marks without width."""
UNSPACED = (
    r"\u0e01-\u0e2e\u0e30-\u0e4e\u0e80-\u0eff\u1000-\u1049\u1050-\u109f\u1780-\u17d3"
    r"\u2e80-\u2fdf\u3005\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Scripts whose words no spaces part: each character is a word, and a run of them a phrase."""
SEPARATORS = (
    r"\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf"
    r"\u00d7\u00f7\u02c2-\u02c5\u02d2-\u02df\u037e\u0387\u055a-\u055f\u0589\u058a\u05be\u05c0\u05c3"
    r"\u05f3\u05f4\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965\u0e2f\u0e4f\u0e5a\u0e5b"
    r"\u104a-\u104f\u17d4-\u17da\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e7f"
    r"\u3000-\u3004\u3008-\u3020\u3030\u303d\u30a0\u30fb\ue000-\uf8ff\ufe10-\ufe1f\ufe30-\ufe6f"
    r"\ufff9-\uffff\U0001f000-\U0001faff"
)
"""Named one by one, not as a class: PostgreSQL's classes depend on its locale."""
LONGEST_LABEL = 200
_STRIPPED = re.compile(f"[{STRIPPED}]")
_UNSPACED = re.compile(f"([{UNSPACED}])")
_SEPARATORS = re.compile(f"[\0{SEPARATORS}]+")
_PARTING = {code: " " for code in range(128) if not chr(code).isalnum()}
_SPACES = re.compile("  +")
_PLAIN_WORD = re.compile("[a-z0-9]+")
_LOWER = str.maketrans({upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)})


def folded(text: str) -> str:
    """Return a text without case, accents and punctuation; ASCII keeps its punctuation.

    What parts words in it is whatever ASCII character is neither letter nor digit.
    """
    if text.isascii():
        return text.lower()
    plain = without_typography(text)
    if plain.isascii():
        return _SPACES.sub(" ", plain.lower().translate(_PARTING))
    bare = normalize("NFC", _STRIPPED.sub("", normalize("NFKD", text).lower()))
    return _SEPARATORS.sub(" ", _UNSPACED.sub(r" \1 ", bare))


def words(text: str) -> list[str]:
    """Return the words of a text in their order."""
    found = folded(text)
    return _PLAIN_WORD.findall(found) if found.isascii() else _SEPARATORS.sub(" ", found).split()


@cache
def _in_text() -> re.Pattern[str]:
    """Only a search asks for it, and sets of many characters are dear to compile."""
    return re.compile(f"[{UNSPACED}][{STRIPPED}]*|[^\0{SEPARATORS}{UNSPACED}]+")


def places(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where each word of a text begins and ends, and the word."""
    for found in _in_text().finditer(text):
        for word in words(found.group())[:1]:
            yield found.start(), found.end(), word


def label(kind: str, value: str) -> str:
    """Return the word that stands for a value of a field, such as a site or a month.

    Only ASCII letters lose their case, as both databases have it.
    """
    short = value[:LONGEST_LABEL].translate(_LOWER)
    return f"{LABEL}{kind}{short.encode('utf-8', 'replace').hex()}"


def moment(published: str | None) -> int | None:
    """Return a date of publication in seconds since 1970; ``None`` where there is none."""
    try:
        return None if published is None else int(datetime.fromisoformat(published).timestamp())
    except (ValueError, OverflowError):
        return None


def indexed(  # noqa: PLR0913, PLR0917 - the columns of the index, as SQLite passes them
    headline: str,
    subtitle: str | None,
    text: str,
    site: str,
    language: str | None,
    sections: str,
    authors: str,
    published: str | None,
    duplicate_of: str | None,
) -> str:
    """Return all that the index has of an article; lists are JSON."""
    said = folded(f"{headline}\n{subtitle or ''}\n{text}")
    own = [label("site", site), label("copy", "no" if duplicate_of is None else "yes")]
    own += _languages(language)
    own += [label("section", each) for each in _names(sections)]
    own += [label("author", each) for each in _names(authors)]
    own += dated(moment(published))
    return f"{said} {' '.join(own)}"


def dated(at: int | None) -> list[str]:
    """Return the labels of the year and the month of a moment, in UTC."""
    if at is None:
        return [label("year", "none")]
    day = datetime.fromtimestamp(at, UTC)
    return [label("year", f"{day.year:04}"), label("month", f"{day.year:04}-{day.month:02}")]


def _languages(language: str | None) -> list[str]:
    """A language and, for ``en-US``, the one that it is a form of."""
    return (
        [label("language", each) for each in {language, language.split("-")[0]}] if language else []
    )


def _names(listed: str) -> Iterable[str]:
    return [each for each in json.loads(listed or "[]") if isinstance(each, str)]


FUNCTIONS = {"newscrawl_indexed": (9, indexed), "newscrawl_moment": (1, moment)}
"""What triggers of SQLite call, with the number of arguments."""
