"""Packed pages that end early, at any place: none is stored, and each one says so."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import brotli
from backports import zstd

from newscrawl.addresses.address import identity
from tests.crawl.answering import HTML, Answer, answering, front, story
from tests.crawl.crawling import Crawl
from tests.truth.__main__ import Tell

WORDS = 10_000
LAST = 12
"""Bytes at the end of a body in which its checksum stands, and what marks its end."""
IN_ONE_CRAWL = 200
BLOCK = 4096


def _in_blocks(body: bytes) -> bytes:
    """As a server packs that sends a page while it makes it."""
    packer = zstd.ZstdCompressor()
    sent = (body[at : at + BLOCK] for at in range(0, len(body), BLOCK))
    return b"".join([*(packer.compress(each, packer.FLUSH_BLOCK) for each in sent), packer.flush()])


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": _in_blocks,
}


class Case(NamedTuple):
    """``cut`` is how many bytes are sent of ``size``."""

    path: str
    coding: str
    answer: Answer
    cut: int
    size: int

    @property
    def is_whole(self) -> bool:
        return self.cut == self.size


def measure(cases: int, tell: Tell) -> list[str]:
    chance = random.Random(21)
    codings = [*PACKERS] * (cases // len(PACKERS)) + [*PACKERS][: cases % len(PACKERS)]
    made = [_case(number, coding, chance, whole=False) for number, coding in enumerate(codings)]
    wrong: list[str] = []
    for start in range(0, cases, IN_ONE_CRAWL):
        some = made[start : start + IN_ONE_CRAWL]
        whole = [_case(cases + n, coding, chance, whole=True) for n, coding in enumerate(PACKERS)]
        tell(f"truncation: pages {start + 1} to {start + len(some)} of {cases}")
        wrong += _crawled([*some, *whole])
    return wrong


def _case(number: int, coding: str, chance: random.Random, *, whole: bool) -> Case:
    """Every fifth page of a coding is cut in its last bytes."""
    packed = PACKERS[coding](story(f"pier {number}", WORDS).encode())
    size = len(packed)
    is_late = number // len(PACKERS) % 5 == 0
    early = chance.randrange(1, size)
    cut = size if whole else size - chance.randint(1, LAST) if is_late else early
    answer = Answer(packed[:cut], headers=(HTML, ("Content-Encoding", coding)))
    return Case(f"/{number}/{coding}", coding, answer, cut, size)


def _crawled(cases: list[Case]) -> Iterator[str]:
    pages = {case.path: case.answer for case in cases}
    with TemporaryDirectory() as folder, answering({**pages, "/": front(*pages)}) as server:
        crawl = Crawl(Path(folder))
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links")
        stored, found = crawl.articles(), crawl.pages()
        for case in cases:
            key = identity(server.url + case.path)
            page = found.get(key)
            said = "nothing" if page is None else f"{page['outcome']}: {page['reason']}"
            if case.is_whole:
                is_right = key in stored
            else:
                is_right = key not in stored and said == "failed: Truncated"
            if not is_right:
                words = len(stored[key].text.split()) if key in stored else 0
                yield (
                    f"{case.coding}: {case.cut:,} of {case.size:,} bytes: {said}, "
                    f"{words:,} of {WORDS:,} words stored"
                )
