"""Sentences that are looked for in any text, whatever its markup and its escapes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from newscrawl.dedup.diff import sentences
from newscrawl.normal_forms import normalized

SHORTEST = 40
"""Characters of a sentence that is looked for; shorter ones are in anybody's texts."""
KEY = 24
"""Characters by which a place is first compared."""
_TAG = re.compile(r"<[^<>]*>")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_WORD = re.compile(r"[\w/+%-]+")


class Phrases:
    """The sentences of some texts; those of one word order are the same.

    Spaces, case and punctuation do not count, save what joins words in URLs: a slug is no sentence.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_key: dict[str, set[str]] = {}
        for text in texts:
            for sentence in sentences(text):
                if len(sentence) >= SHORTEST:
                    self._add("".join(_words(sentence)))

    def __bool__(self) -> bool:
        return bool(self._by_key)

    def is_in(self, text: str) -> bool:
        """Whether one of them is in a text, seen with and without its tags."""
        return next(self._found(text), None) is not None

    def leave_out(self, text: str) -> None:
        """Look no longer for what is in a text too."""
        for found in [*self._found(text)]:
            same = self._by_key.get(found[:KEY], set())
            same.discard(found)
            if not same:
                self._by_key.pop(found[:KEY], None)

    def _add(self, form: str) -> None:
        if len(form) >= KEY:
            self._by_key.setdefault(form[:KEY], set()).add(form)

    def _found(self, text: str) -> Iterator[str]:
        if not self:
            return
        plain = _plain(text)
        for seen in (plain, _TAG.sub(" ", plain)) if "<" in plain else (plain,):
            words = _words(seen)
            joined = "".join(words)
            for start in accumulate(map(len, words), initial=0):
                for form in self._by_key.get(joined[start : start + KEY], ()):
                    if joined.startswith(form, start):
                        yield form


def _words(text: str) -> list[str]:
    return _WORD.findall(normalized("NFKC", text).casefold())


def _plain(text: str) -> str:
    """Undo the escapes of JSON, then those of HTML, which may be nested."""
    if "\\" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", text)
    return html.unescape(html.unescape(text)) if "&" in text else text
