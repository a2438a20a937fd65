"""WARC files of many sites, made here: copies across files, edits, broken records, other types."""

from __future__ import annotations

import gzip
import random
import re
import sys
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

from newscrawl.answer import Answer
from newscrawl.archive.warc import Records, digest_of
from newscrawl.demo.responses import DemoResponse
from tests.demo.truth import KnownSite

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BEGUN = datetime(2026, 3, 1, tzinfo=UTC)
COPIED = 0.05
"""Share of articles that another site has too, word for word; twice as many it has edited."""
EDITED_WORDS = 0.04
OTHER = 0.12
"""Share of records that are no articles."""
WORD = re.compile(r"\b[a-z]{4,}\b")
PARAGRAPH = re.compile(r"<p>[^<]{80,}</p>")


class Capture(NamedTuple):
    """An answer as it stands in a file."""

    url: str
    at: datetime
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    is_article: bool
    is_part: bool = False
    """Stands in the file of the capture before it."""


class Copy(NamedTuple):
    """What was planted: ``url`` tells what ``original`` tells; ``kind`` is exact or near."""

    url: str
    original: str
    kind: str


class Made(NamedTuple):
    """What was written: ``captures`` of articles by URL and moment that can be read."""

    files: list[Path]
    captures: set[tuple[str, datetime]]
    copies: list[Copy]
    records: int
    broken: int


class Maker:
    """Makes the captures of sites, in an order that a seed decides."""

    def __init__(self, sites: int, pages: int, seed: int) -> None:
        self.copies: list[Copy] = []
        self._random = random.Random(seed)
        self._each = max(1, int(pages / sites * (1 - OTHER) / (1 + 3 * COPIED)))
        self._sites = [
            KnownSite(self._each, seed + at, f"https://site-{at:02}.example", generation=1)
            for at in range(sites)
        ]
        self._at = BEGUN

    def captures(self) -> Iterator[Capture]:
        for place, site in enumerate(self._sites):
            other = self._sites[(place + 1) % len(self._sites)]
            yield from self._of_site(site, other)

    def _of_site(self, site: KnownSite, other: KnownSite) -> Iterator[Capture]:
        for article in site.truth():
            path = article.url.removeprefix(site.base_url)
            page = site.respond(path, {})
            yield self._capture(article.url, page)
            rest = list(self._rest(site, path, page))
            yield from rest
            chance = self._random.random()
            if chance < 3 * COPIED and len(article.text) > 900 and not rest:
                kind = "exact" if chance < COPIED else "near"
                yield self._copied(article.url, page, site, other, kind)
            if self._random.random() < OTHER:
                yield self._odd(site)

    def _rest(self, site: KnownSite, path: str, page: DemoResponse) -> Iterator[Capture]:
        """Yield the further pages of an article that is split."""
        for number in count(2):
            url = f"{site.base_url}{path}{number}/"
            if url.encode() not in page.body:
                return
            page = site.respond(f"{path}{number}/", {})
            part = self._capture(url, page, is_article=False)
            yield part._replace(is_part=True)

    def _copied(
        self, url: str, page: DemoResponse, site: KnownSite, other: KnownSite, kind: str
    ) -> Capture:
        """Let another site have a story under an address of its own, a day later or more."""
        theirs = f"{other.base_url}/wire{url.removeprefix(site.base_url)}"
        text = page.body.decode().replace(url, theirs).replace(site.base_url, other.base_url)
        if kind == "near":
            text = PARAGRAPH.sub(lambda found: self._edited(found[0]), text)
        self.copies.append(Copy(theirs, url, kind))
        return self._capture(theirs, page._replace(body=text.encode()))

    def _edited(self, paragraph: str) -> str:
        def word(found: re.Match[str]) -> str:
            return found[0][::-1] if self._random.random() < EDITED_WORDS else found[0]

        return WORD.sub(word, paragraph)

    def _odd(self, site: KnownSite) -> Capture:
        number = self._random.randrange(1_000_000)
        url = f"{site.base_url}/other/{number}"
        kind = self._random.choice(("image", "missing", "moved", "front"))
        if kind == "image":
            return self._other(f"{url}.bin", 200, b"image/png", b"\x89PNG\r\n\x1a\n" + bytes(2_000))
        if kind == "missing":
            return self._other(url, 404, b"text/html", b"<h1>Nothing here</h1>")
        if kind == "moved":
            return self._other(url, 301, b"text/html", b"")
        return self._capture(f"{site.base_url}/", site.respond("/", {}), is_article=False)

    def _other(self, url: str, status: int, kind: bytes, body: bytes) -> Capture:
        return Capture(url, self._moment(), status, ((b"Content-Type", kind),), body, False)

    def _capture(self, url: str, page: DemoResponse, *, is_article: bool = True) -> Capture:
        headers = tuple((name.encode(), value.encode()) for name, value in page.headers.items())
        is_html = "html" in page.headers["Content-Type"]  # a slug may end as the address of a feed
        return Capture(url, self._moment(), page.status, headers, page.body, is_article and is_html)

    def _moment(self) -> datetime:
        self._at += timedelta(seconds=self._random.randrange(1, 60))
        return self._at


def write_files(folder: Path, *, files: int, pages: int, sites: int = 20, seed: int = 1) -> Made:
    """Write so many files of about so many pages; the same arguments make the same captures."""
    maker = Maker(sites, files * pages, seed)
    chance = random.Random(seed)
    shards: list[list[bytes]] = [[] for _ in range(files)]
    records = Records()
    captures: set[tuple[str, datetime]] = set()
    number = broken = 0
    shard = shards[0]
    for capture in maker.captures():
        member = _member(records, capture)
        number += 1
        if chance.random() < 0.002 and not capture.is_part:  # that would take the article with it
            member = _spoilt(member, chance)
            broken += 1
        elif capture.is_article:
            captures.add((capture.url, capture.at))
        shard = shard if capture.is_part else chance.choice(shards)
        shard.append(member)
    folder.mkdir(parents=True, exist_ok=True)
    made = [_written(folder, at, members, records) for at, members in enumerate(shards)]
    return Made(made, captures, maker.copies, number + files, broken)


def _member(records: Records, capture: Capture) -> bytes:
    answer = Answer(
        url=capture.url,
        status=capture.status,
        headers=capture.headers,
        body=capture.body,
        at=capture.at,
    )
    return records.answer(answer, digest_of(capture.body), {})


def _spoilt(member: bytes, chance: random.Random) -> bytes:
    """Return a record whose middle is lost."""
    at = len(member) // 2
    return member[:at] + chance.randbytes(40) + member[at + 40 :]


def _written(folder: Path, at: int, members: list[bytes], records: Records) -> Path:
    """Write a file, one of eight in another form than gzip by record."""
    name = f"shard-{at:03}.warc"
    data = records.info(name) + b"".join(members)
    form = at % 8
    if form in {5, 6, 7} and not _is_whole(data):
        form = 0
    path = folder / (f"{name}.zst" if form == 6 else name if form == 5 else f"{name}.gz")
    if form in {5, 6, 7}:
        data = gzip.decompress(data)
    if form == 6:
        data = zstd.compress(data)
    if form == 7:
        data = gzip.compress(data, 6, mtime=0)
    path.write_bytes(data)
    return path


def _is_whole(data: bytes) -> bool:
    try:
        gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return False
    return True
