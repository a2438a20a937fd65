"""Unicode's normal forms of a stranger's text, in a time that grows with its length only.

Marks behind a letter are sorted by their classes, and what sorts them takes a time that grows with
the square of their number: 100 seconds for 200 KB, in one call that nothing interrupts.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

MAX_MARKS = 30
"""In a row; Unicode's Stream-Safe Text Format allows as many (UAX #15, 13)."""
JOINER = "\u034f"
"""The combining grapheme joiner, which shows nothing and ends a row of marks."""
_COMPOSED = ("\u0344", "\u0f73", "\u0f75", "\u0f81")
"""The marks that every normal form takes apart into two."""
_TYPOGRAPHIC = "‘’“”–—…"
"""Often all of an English text that is not of ASCII, or not of Latin-1, which has no marks."""
_SMALL_LETTERS = (("İ", "i"), ("ı", "i"), ("ſ", "s"))
"""Letters that an expression which ignores case has for another one."""
_ROW = re.compile(rf"(?:[^\w\s!-~]|[\uff9e\uff9f]){{{MAX_MARKS + 1}}}")
"""What can be a long row of marks: none of them is of ``\\w``, but the two of half width."""


def normalized(form: Literal["NFC", "NFKC"], text: str) -> str:
    """Return a normal form of ``text``, a joiner behind each thirtieth mark of a row.

    No word of any language has so many.
    """
    return unicodedata.normalize(form, stream_safe(text))


def stream_safe(text: str) -> str:
    """Return ``text`` in Unicode's Stream-Safe Text Format."""
    if text.isascii() or _is_latin(text):
        return text
    for mark in _COMPOSED:
        text = text.replace(mark, unicodedata.normalize("NFD", mark))
    marks = "".join(sorted(filter(_is_mark, set(text))))
    if not marks or _ROW.search(text) is None:
        return text
    return re.sub(f"([{marks}]{{{MAX_MARKS}}})(?=[{marks}])", rf"\1{JOINER}", text)


def without_typography(text: str) -> str:
    """Return ``text`` with a space in place of each quotation mark, dash and ellipsis that is not ASCII."""
    if not text.isascii():
        for sign in _TYPOGRAPHIC:
            text = text.replace(sign, " ")
    return text


def in_small_letters(text: str) -> str:
    """Return ``text`` in small letters, each at its place, as an expression that ignores case has them."""
    if not text.isascii():
        for letter, small in _SMALL_LETTERS:
            text = text.replace(letter, small)
    return text.lower()


def _is_latin(text: str) -> bool:
    try:
        without_typography(text).encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _is_mark(character: str) -> bool:
    """Whether a character comes apart into such as are sorted, also one that is not itself."""
    return unicodedata.combining(unicodedata.normalize("NFKD", character)[0]) > 0
