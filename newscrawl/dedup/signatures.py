"""Signatures of an article's content: what makes two texts the same, and two versions differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache

import xxhash

from newscrawl.addresses.address import identity
from newscrawl.dedup.counters import without_counters
from newscrawl.items import Article
from newscrawl.normal_forms import normalized, without_typography

SAME_STORY = 0.6
"""Share of the distinct words of the shorter text; unrelated news of one site share about a third."""
REMEMBERED = 32
"""Texts whose words are known for a while: an article is signed, then compared."""
MAX_REMEMBERED = 20_000
"""Characters of such a text."""
_KATAKANA = r"\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_IDEOGRAPHS = (
    r"\u3005-\u3007\u3041-\u3096\u309d-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U000323af"
)
"""Han and Hiragana."""
_UNSPACED = (
    r"\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u0edc-\u0edf\u1000-\u103f\u1050-\u108f\u1780-\u17d3"
)
"""Thai, Lao, Burmese and Khmer."""
_MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06ed\u0730-\u074a\u07a6-\u07b0\u0900-\u0963\u0966-\u0dff\u0f71-\u0fbc\u200c\u200d"
)
"""Accents, vowel signs and joiners, with the blocks of India, which Python's ``\\w`` leaves out."""
_LETTER = rf"[^\W{_KATAKANA}{_IDEOGRAPHS}{_UNSPACED}]"
_SPACED = rf"{_LETTER}+(?:[{_MARKS}]+{_LETTER}*)*"
_PLAIN_WORDS = re.compile(r"\w+")
_BLANKS = dict.fromkeys((code for code in range(128) if not re.match(r"\w", chr(code))), " ")
_NOT_PLAIN = re.compile(rf"[{_KATAKANA}{_IDEOGRAPHS}{_UNSPACED}{_MARKS}]")


@cache
def _words() -> re.Pattern[str]:
    """As the next two compiled by the first text that needs it: sets of many characters are dear."""
    return re.compile(rf"{_SPACED}|[{_IDEOGRAPHS}]|[{_KATAKANA}]+|[{_UNSPACED}]{{1,4}}")


@cache
def _spaced_words() -> re.Pattern[str]:
    return re.compile(_SPACED)


@cache
def _runs_by_size() -> dict[int, re.Pattern[str]]:
    return {
        2: re.compile(rf"[{_IDEOGRAPHS}{_KATAKANA}]+"),
        4: re.compile(rf"[{_UNSPACED}]+"),
    }


def words(text: str) -> list[str]:
    """Return the words, an apostrophe or a hyphen between two.

    Where no spaces part words, as Unicode does without a dictionary (UAX #29, default word
    boundaries): each ideograph and hiragana is one, so is a run of katakana. The same rules leave
    Thai, Lao, Burmese and Khmer to dictionaries; there four characters, about their mean, are one.
    """
    text = without_typography(text)
    if text.isascii():
        return text.translate(_BLANKS).split()  # a fifth of the time of the expression
    return (_PLAIN_WORDS if _is_plain(text) else _words()).findall(text)


def folded_words(text: str) -> Sequence[str]:
    """Return the words of ``text`` without differences of case, width and other such forms."""
    return _folded_words(text) if len(text) <= MAX_REMEMBERED else words(folded(text))


@lru_cache(maxsize=REMEMBERED)
def _folded_words(text: str) -> tuple[str, ...]:
    plain = without_typography(text)
    return tuple(words(plain.lower() if plain.isascii() else folded(text)))


def is_unspaced(found: Sequence[str]) -> bool:
    """Whether the words that :func:`words` found have fewer than two characters in the mean.

    Only single ideographs make them so short.
    """
    return len("".join(found)) < 2 * len(found)


def features(text: str) -> set[str]:
    """Return what is compared of two texts: words, and where no spaces part them runs of characters.

    These are pairs in Chinese and Japanese, as search engines index them (Lucene's CJKAnalyzer),
    else fours.
    """
    text = folded(text)
    if _is_plain(text):
        return set(_PLAIN_WORDS.findall(text))
    found = set(_spaced_words().findall(text))
    for size, runs in _runs_by_size().items():
        for run in runs.findall(text):
            found.update(run[at : at + size] for at in range(max(1, len(run) - size + 1)))
    return found


def _is_plain(text: str) -> bool:
    return text.isascii() or _NOT_PLAIN.search(text) is None


def folded(text: str) -> str:
    """Return ``text`` without differences of case, width and other compatibility forms (NFKC)."""
    return normalized("NFKC", text).casefold()


def article_id(canonical_url: str) -> str:
    """Return 16 hex digits: XXH3-64 of the identity of the canonical URL."""
    return xxhash.xxh3_64_hexdigest(identity(canonical_url).encode())


def tells_the_same(a: str, b: str) -> bool:
    """Whether one text holds most of the words of the other: an excerpt, an edit, a copy."""
    of_a, of_b = features(a), features(b)
    smaller = min(len(of_a), len(of_b))
    return smaller == 0 or len(of_a & of_b) >= SAME_STORY * smaller


def content_hash(text: str) -> str:
    """Return 32 hex digits that ignore case, punctuation, white space and compatibility forms."""
    return xxhash.xxh3_128_hexdigest(" ".join(folded_words(text)).encode())


def revision_hash(article: Article) -> str:
    """Return 32 hex digits over what a reader would call the article.

    Headline, subtitle, authors, publication and text; counters, related blocks,
    tags, images and ``modified`` never make a revision, nor does the same moment in another offset.
    """
    parts = (
        article.headline,
        without_counters(article.subtitle or ""),
        "\x1f".join(article.authors),
        _moment(article.published),
        without_counters(article.text),
    )
    return xxhash.xxh3_128_hexdigest("\x1e".join(parts).encode())


def _moment(date: datetime | None) -> str:
    if date is None:
        return ""
    return (date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)).isoformat()
