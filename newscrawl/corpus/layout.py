"""Where the files of a corpus lie."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import xxhash

FORMAT = 1
"""The version of the layout; it changes when files of an earlier one cannot be read any more."""
ARTICLES, REVISIONS, DEDUPED = "articles", "revisions", "dedupe.json"
"""In the folder of a result."""
MAX_NAME = 80
"""Characters of an input's own name in that of its shard."""
_ENDING = re.compile(r"(\.arc|\.warc)?(\.gz|\.zst)?$", re.IGNORECASE)
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Layout(NamedTuple):
    """The folders of a corpus."""

    folder: Path

    @property
    def about(self) -> Path:
        """What the corpus was built with."""
        return self.folder / "corpus.json"

    @property
    def inputs(self) -> Path:
        """The addresses of all inputs that were asked for, a line each."""
        return self.folder / "inputs.txt"

    @property
    def shards(self) -> Path:
        """One account a shard; a shard without one has not been read."""
        return self.folder / "shards"

    @property
    def parts(self) -> Path:
        return self.folder / "parts"

    @property
    def work(self) -> Path:
        """What is being made; nothing in it counts."""
        return self.folder / ".work"

    @property
    def lock(self) -> Path:
        return self.folder / ".lock"

    @property
    def results(self) -> Path:
        """The folder of the dataset under a number of its own, and of one that is being made."""
        return self.folder / ".datasets"

    @property
    def dataset(self) -> Path:
        """A link to the result that counts; whoever reads several files of it resolves it once."""
        return self.folder / "dataset"

    @property
    def articles(self) -> Path:
        """The clean dataset, a file a shard, each with a digest of its bytes in its name."""
        return self.dataset / ARTICLES

    @property
    def revisions(self) -> Path:
        """What its articles said before, as ``articles``."""
        return self.dataset / REVISIONS

    @property
    def deduped(self) -> Path:
        """What became of each row of the parts."""
        return self.dataset / DEDUPED

    def account(self, name: str) -> Path:
        return self.shards / f"{name}.json"


def name_of(address: str) -> str:
    """Return the name of an input's shard, from its address alone: two of one name are kept apart."""
    path = urlsplit(address).path if "://" in address else address
    own = _UNSAFE.sub("_", _ENDING.sub("", path.rpartition("/")[2])).strip("._")[:MAX_NAME]
    digest = xxhash.xxh3_64_hexdigest(address.encode())
    return f"{own}-{digest}" if own else digest
