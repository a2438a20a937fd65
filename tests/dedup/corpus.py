"""Pairs of texts of which it is known whether they tell one story: every class of edit, and look-alikes.

The language is invented, but its words and stock phrases come as often as in real ones (Zipf), so
that unrelated texts share phrases too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple

WORDS = 30_000
PHRASES = 4_000
COMMON_PHRASES = 0.3
"""Share of sentences with a stock phrase of three to five words."""
FIRST_RANK = 2.7
"""Of Zipf and Mandelbrot's law: a word of rank r comes as often as 1 / (r + 2.7)."""


class Pair(NamedTuple):
    """Two articles; ``source_url`` is where the second says that it comes from."""

    kind: str
    first: str
    second: str
    source_url: str | None = None


class Language:
    """Sentences, paragraphs and articles of one invented language, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._words = [self._word() for _ in range(WORDS)]
        self._of_word = _ranks(WORDS)
        self._phrases = [" ".join(self.words(self.random.randint(3, 5))) for _ in range(PHRASES)]
        self._of_phrase = _ranks(PHRASES)

    def _word(self) -> str:
        letters = self.random.choices("abcdefghijklmnoprstuvwyz", k=self.random.randint(2, 9))
        return "".join(letters)

    def words(self, number: int) -> list[str]:
        return self.random.choices(self._words, cum_weights=self._of_word, k=number)

    def name(self) -> str:
        return f"{self._word().title()} {self._word().title()}son"

    def figure(self) -> str:
        return str(self.random.randint(2, 9999))

    def sentence(self, names: Sequence[str] = ()) -> str:
        parts = self.words(self.random.randint(7, 22))
        if self.random.random() < COMMON_PHRASES:
            phrase = self.random.choices(self._phrases, cum_weights=self._of_phrase)
            parts[len(parts) // 2 : len(parts) // 2] = phrase
        if self.random.random() < 0.3:
            parts.insert(self.random.randrange(len(parts)), self.figure())
        if names and self.random.random() < 0.5:
            parts.insert(self.random.randrange(len(parts)), self.random.choice(names))
        sentence = " ".join(parts)
        return f"{sentence[0].upper()}{sentence[1:]}."

    def sentences(self, words: int, names: Sequence[str] = ()) -> list[str]:
        found: list[str] = []
        while words > 0:
            found.append(self.sentence(names))
            words -= found[-1].count(" ") + 1
        return found

    def story(self) -> list[str]:
        """Sentences of about 120 to 1,400 words, 430 in the mean, on people of their own."""
        words = min(1400, max(120, int(self.random.lognormvariate(5.93, 0.5))))
        return self.sentences(words, [self.name() for _ in range(3)])


def _ranks(number: int) -> list[float]:
    return list(accumulate(1 / (rank + FIRST_RANK) for rank in range(1, number + 1)))


def written(sentences: Sequence[str]) -> str:
    """Three sentences a paragraph."""
    return "\n\n".join(" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3))


class Corpus:
    """Makes pairs of any class; ``boilerplate`` is what one site puts around its stories."""

    def __init__(self, seed: int) -> None:
        self.language = Language(seed)
        self._random = self.language.random
        self._boilerplate = self.language.sentences(45)
        self._templates = [self._template() for _ in range(4)]

    def pairs(self, kind: str, number: int) -> Iterator[Pair]:
        """Make pairs of a class, each a story of its own."""
        make = (COPIES | LOOK_ALIKES | RESPUN)[kind]
        for at in range(number):
            first, second = make(self, self.language.story())
            source = f"https://origin.example/{at}" if kind in RESPUN else None
            yield Pair(kind, first, second, source)

    def exact(self, story: list[str]) -> tuple[str, str]:
        return written(story), written(story)

    def case_and_punctuation(self, story: list[str]) -> tuple[str, str]:
        """Paragraphs run together, full stops lost, words in capitals, dashes and quotes put in."""
        words = [word for sentence in story for word in sentence.rstrip(".").split()]
        return written(story), " ".join(map(self._set_otherwise, words))

    def changed(self, story: list[str], share: float) -> tuple[str, str]:
        """Of the words changed eight of ten are others, one is gone, and one is put in."""
        text = written(story)
        tokens = text.split(" ")
        for at in self._random.sample(range(len(tokens)), int(share * len(tokens))):
            (word,) = self.language.words(1)
            roll = self._random.random()
            tokens[at] = "" if roll < 0.1 else f"{tokens[at]} {word}" if roll < 0.2 else word
        return text, re.sub(" +", " ", " ".join(tokens))

    def reordered(self, story: list[str]) -> tuple[str, str]:
        return written(story), written(self._random.sample(story, len(story)))

    def cut(self, story: list[str]) -> tuple[str, str]:
        """Three tenths of the words in a row, half of the times the first ones."""
        words = written(story).split(" ")
        length = int(0.3 * len(words))
        at = self._random.choice((0, self._random.randrange(len(words) - length)))
        return written(story), " ".join(words[at : at + length])

    def wrapped(self, story: list[str]) -> tuple[str, str]:
        intro, outro = self.language.sentences(40), self.language.sentences(40)
        return written(story), written([*intro, *story, *outro])

    def in_boilerplate(self, story: list[str]) -> tuple[str, str]:
        return written(story), self._with_boilerplate(story)

    def event(self) -> tuple[str, str]:
        """Two reporters on one event: the names, the figures and two quotes are the same."""
        names = [self.language.name() for _ in range(5)]
        said = [f"“{self.language.sentence()}” {self._random.choice(names)}" for _ in range(2)]
        figures = [f"{self.language.figure()} {self.language.words(1)[0]}" for _ in range(4)]
        of_event = [*names, *figures]
        reports = []
        for words in (self._length(), self._length()):
            report = self.language.sentences(words, of_event)
            for quote in said:
                report.insert(self._random.randrange(len(report)), quote)
            reports.append(written(report))
        return reports[0], reports[1]

    def template(self) -> tuple[str, str]:
        """Two reports on weather or markets, day by day the same text with other figures."""
        frame = self._random.choice(self._templates)
        return self._filled(frame), self._filled(frame)

    def boilerplate_alone(self, story: list[str]) -> tuple[str, str]:
        other = self.language.story()
        return self._with_boilerplate(story), self._with_boilerplate(other)

    def quote(self, story: list[str]) -> tuple[str, str]:
        """A story of its own that quotes a passage of another one, a tenth of it at most."""
        other = self.language.story()
        passage = story[: max(1, len(story) // 10)]
        other[len(other) // 2 : len(other) // 2] = passage
        return written(story), written(other)

    def respun(self, story: list[str]) -> tuple[str, str]:
        return self.changed(story, 0.7)

    def _with_boilerplate(self, story: list[str]) -> str:
        return written([*self._boilerplate[:1], *story, *self._boilerplate[1:]])

    def _template(self) -> list[str]:
        """Sentences with places for figures, about one in nine words."""
        frame = []
        for sentence in self.language.sentences(180):
            words = sentence.split(" ")
            for at in range(4, len(words) - 2, 9):
                words[at] = "{figure}"
            frame.append(" ".join(words))
        return frame

    def _filled(self, frame: list[str]) -> str:
        return re.sub(r"\{figure\}", lambda _: self.language.figure(), written(frame))

    def _length(self) -> int:
        return self._random.randint(250, 600)

    def _set_otherwise(self, word: str) -> str:
        if self._random.random() < 0.7:
            return word
        return self._random.choice((word.upper(), f"“{word}”", f"{word} –", f"{word},"))


_Make = Callable[[Corpus, list[str]], tuple[str, str]]

COPIES: dict[str, _Make] = {
    "exact": Corpus.exact,
    "case_and_punctuation": Corpus.case_and_punctuation,
    "changed_5": lambda corpus, story: corpus.changed(story, 0.05),
    "changed_15": lambda corpus, story: corpus.changed(story, 0.15),
    "changed_30": lambda corpus, story: corpus.changed(story, 0.3),
    "reordered": Corpus.reordered,
    "cut": Corpus.cut,
    "wrapped": Corpus.wrapped,
    "in_boilerplate": Corpus.in_boilerplate,
}
LOOK_ALIKES: dict[str, _Make] = {
    "event": lambda corpus, _: corpus.event(),
    "template": lambda corpus, _: corpus.template(),
    "boilerplate_alone": Corpus.boilerplate_alone,
    "quote": Corpus.quote,
}
RESPUN: dict[str, _Make] = {"respun": Corpus.respun}
"""Told to be one story by what they name as their source alone."""
