"""What a person asks for: words, phrases and filters, and how both databases are asked for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from newscrawl.store.folding import label, words

LONGEST = 500
"""Characters of what is asked that are looked at."""
SHORTEST_START = 2
"""Characters that the beginning of a word has at least; fewer are taken for a word."""
_PART = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')


class Term(NamedTuple):
    """Words that stand beside each other; of the last one perhaps only the beginning is given."""

    words: tuple[str, ...]
    is_start: bool = False
    is_left_out: bool = False

    @property
    def needs_text(self) -> bool:
        """Whether only the text itself can say; the index does not know what stands beside what."""
        return len(self.words) > 1

    def is_in(self, said: str) -> bool:
        """Whether it is in a text, given as its words with a space before, after and between."""
        return f" {' '.join(self.words)}{'' if self.is_start else ' '}" in said


@dataclass(frozen=True, slots=True)
class Query:
    """``since`` is inclusive, ``until`` exclusive; both leave out what has no date.

    ``copies`` lets copies through too. Names of sections, authors and languages are whole.
    """

    terms: Sequence[Term] = ()
    site: str = ""
    section: str = ""
    author: str = ""
    language: str = ""
    since: datetime | None = None
    until: datetime | None = None
    copies: bool = False

    @property
    def wanted(self) -> list[Term]:
        return [term for term in self.terms if not term.is_left_out]

    @property
    def texts(self) -> list[Term]:
        return [term for term in self.terms if term.needs_text]

    def labels(self) -> Iterator[list[str]]:
        """Yield what an article must have one of each."""
        yield [label("copy", "no"), *([label("copy", "yes")] if self.copies else [])]
        if self.site:
            yield [label("site", self.site)]
        for kind in ("section", "author", "language"):
            if value := getattr(self, kind).strip():
                yield sorted({label(kind, each) for each in _cases(value)})


def terms_of(asked: str) -> list[Term]:
    """Read words, ``"phrases"``, ``beginnings*`` and ``-left-out`` ones; all else is punctuation.

    No text is a mistake: what has neither letter nor digit asks for nothing.
    """
    found = []
    for minus, phrase, bare in _PART.findall(asked[:LONGEST]):
        own = tuple(words(phrase or bare))
        is_start = bare.endswith("*") and bool(own) and len(own[-1]) >= SHORTEST_START
        if own:
            found.append(Term(own, is_start, bool(minus)))
    return found


def for_sqlite(query: Query, more: Iterable[str] = ()) -> str:
    """Return a query of FTS5; ``more`` are labels that an article must have."""
    wanted = [f'"{word}"{"*" if start else ""}' for word, start in _words(query.wanted)]
    wanted += [f"({' OR '.join(_quoted(each))})" for each in query.labels()]
    wanted += _quoted(more)
    left_out = [f'"{word}"{"*" if start else ""}' for word, start in _words(_left_out(query))]
    return f"({' AND '.join(wanted)})" + "".join(f" NOT {each}" for each in left_out)


def for_postgres(query: Query, more: Iterable[str] = ()) -> str:
    """Return a ``tsquery``; ``more`` are labels that an article must have."""
    wanted = [f"'{word}'{':*' if start else ''}" for word, start in _words(query.wanted)]
    wanted += [f"({' | '.join(_literal(each))})" for each in query.labels()]
    wanted += _literal(more)
    left_out = [f"!'{word}'{':*' if start else ''}" for word, start in _words(_left_out(query))]
    return " & ".join([*wanted, *left_out])


def _words(terms: Iterable[Term]) -> Iterator[tuple[str, bool]]:
    for term in terms:
        yield from ((word, False) for word in term.words[:-1])
        yield term.words[-1], term.is_start


def _left_out(query: Query) -> list[Term]:
    """Return the words that no article may have; phrases are looked for in the texts."""
    return [term for term in query.terms if term.is_left_out and not term.needs_text]


def _quoted(found: Iterable[str]) -> list[str]:
    return [f'"{each}"' for each in found]


def _literal(found: Iterable[str]) -> list[str]:
    return [f"'{each}'" for each in found]


def _cases(value: str) -> set[str]:
    """Return the ways to write a name whose case only ASCII letters lose."""
    return {value, value.lower(), value.upper(), value.capitalize(), value.title()}
