"""Candidates by MinHash LSH, as rensa and datasketch do it, beside the samples of the index."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Protocol

from newscrawl.dedup.shingles import MIN_SHARED, Shingled
from tests.dedup.corpus import Corpus, written

PERMUTATIONS = 128
BANDS = 64
"""Two rows a band: half of the pairs with a Jaccard index of .1 are candidates, at .2 93 %."""
BACKGROUND = 4000
KINDS = ("changed_15", "changed_30", "cut")


class Candidates(Protocol):
    """Finds the numbers of texts that may be near-duplicates of one."""

    def add(self, number: int, text: Shingled) -> None: ...

    def look_up(self, text: Shingled) -> Iterable[int]: ...


class Samples:
    """The method of the index, in memory."""

    def __init__(self) -> None:
        self._holders: dict[int, list[int]] = {}

    def add(self, number: int, text: Shingled) -> None:
        for value in text.sample:
            self._holders.setdefault(value, []).append(number)

    def look_up(self, text: Shingled) -> Iterable[int]:
        held = (self._holders.get(value, ()) for value in text.sample)
        counts = Counter(number for numbers in held for number in numbers)
        return [number for number, shared in counts.items() if shared >= MIN_SHARED]


class Lsh(ABC):
    """An index of a library, which takes and looks up signatures of its own."""

    _index: Any

    def add(self, number: int, text: Shingled) -> None:
        self._index.insert(number, self._signature(text))

    def look_up(self, text: Shingled) -> Iterable[int]:
        found: list[int] = self._index.query(self._signature(text))
        return found

    @abstractmethod
    def _signature(self, text: Shingled) -> object: ...


class Datasketch(Lsh):
    def __init__(self) -> None:
        from datasketch import MinHash, MinHashLSH

        self._hash = MinHash
        rows = PERMUTATIONS // BANDS
        self._index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, rows))

    def _signature(self, text: Shingled) -> object:
        signature = self._hash(num_perm=PERMUTATIONS)
        signature.update_batch([" ".join(shingle).encode() for shingle in text.shingles])
        return signature


class Rensa(Lsh):
    def __init__(self) -> None:
        from rensa import RMinHash, RMinHashLSH

        self._hash = RMinHash
        self._index = RMinHashLSH(threshold=0.2, num_perm=PERMUTATIONS, num_bands=BANDS)

    def _signature(self, text: Shingled) -> object:
        signature = self._hash(num_perm=PERMUTATIONS, seed=1)
        signature.update([" ".join(shingle) for shingle in text.shingles])
        return signature


class Found(NamedTuple):
    recall: dict[str, float]
    candidates: float
    """Of a look-up among unrelated texts, in the mean: each has to be read and compared."""
    milliseconds: float
    """Of CPU a text, signature, insertion and look-up."""


def measure(make: Callable[[], Candidates], pairs: int) -> Found:
    corpus, index = Corpus(3), make()
    spent, unrelated = 0.0, 0
    for number in range(BACKGROUND):
        text = Shingled(written(corpus.language.story()))
        began = time.process_time()
        unrelated += len([*index.look_up(text)])
        index.add(number, text)
        spent += time.process_time() - began
    recall = {}
    for at, kind in enumerate(KINDS):
        found = 0
        for number, pair in enumerate(corpus.pairs(kind, pairs), BACKGROUND + at * pairs):
            index.add(number, Shingled(pair.first))
            found += number in index.look_up(Shingled(pair.second))
        recall[kind] = found / pairs
    return Found(recall, unrelated / BACKGROUND, 1000 * spent / BACKGROUND)


def tell(pairs: int) -> None:
    for name, make in (("samples", Samples), ("datasketch", Datasketch), ("rensa", Rensa)):
        try:
            found = measure(make, pairs)
        except ImportError:
            print(f"{name}: not installed")
            continue
        for kind, recall in found.recall.items():
            print(f"{name}_recall_{kind}: {recall:.4f}")
        print(f"{name}_candidates: {found.candidates:.2f}")
        print(f"{name}_ms_per_article: {found.milliseconds:.3f}")
