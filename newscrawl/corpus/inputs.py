"""What the inputs of a corpus name: files, folders, patterns, lists, and URLs of object stores."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from glob import glob, has_magic
from pathlib import Path
from typing import Any

ENDINGS = tuple(f".{kind}{packed}" for kind in ("warc", "arc") for packed in ("", ".gz", ".zst"))
"""Of files that are taken from a folder; one that a crawl still writes ends otherwise."""
LISTS = (".paths", ".paths.gz")
"""Of files that name others, a line each."""
REMOTE = "://"
HTTP = ("http://", "https://")


def expanded(inputs: Sequence[str]) -> list[str]:
    """Return the addresses of the WARC files that inputs name, each once, in the order of the inputs.

    A local address is an absolute path. Lines of a list are taken as they are; relative ones begin
    at the folder of the list, or at its URL.

    Raises:
        ValueError: an input names nothing that there is.
        OSError: a list or a store cannot be read.
    """
    found: dict[str, None] = {}
    for given in inputs:
        before = len(found)
        named = False
        for address in _named(given):
            named = True
            found.setdefault(address)
        if not named and len(found) == before:
            raise ValueError(f"{given}: there is no WARC file")
    return list(found)


def _named(given: str) -> Iterator[str]:
    if given.endswith(LISTS):
        yield from _listed(given)
    elif REMOTE in given:
        yield from _in_store(given)
    elif has_magic(given) and not Path(given).exists():
        for path in sorted(glob(given, recursive=True)):  # noqa: PTH207 - a pattern may be absolute
            yield from _local(Path(path))
    else:
        yield from _local(Path(given))


def _local(path: Path) -> Iterator[str]:
    if path.is_dir():
        yield from (
            str(each.resolve())
            for each in sorted(path.rglob("*"))
            if each.name.endswith(ENDINGS) and each.is_file()
        )
    elif path.name.endswith(LISTS):
        yield from _listed(str(path))
    elif path.exists():
        yield str(path.resolve())
    else:
        raise ValueError(f"{path}: there is no such file")


def _listed(given: str) -> Iterator[str]:
    """Yield what a list names; Common Crawl's begin at the root of the store."""
    data = read_bytes(given)
    text = (gzip.decompress(data) if given.endswith(".gz") else data).decode()
    for line in filter(None, map(str.strip, text.splitlines())):
        if REMOTE in line or line.startswith("/"):
            yield line
        elif REMOTE in given:
            yield f"{given.rpartition('/')[0]}/{line}"
        else:
            yield from _local(Path(given).parent / line)


def _in_store(url: str) -> Iterator[str]:
    if url.startswith(HTTP) and not has_magic(url):
        yield url
        return
    store, path = store_of(url)
    if has_magic(path):
        found = store.glob(path)
    elif store.isdir(path):
        found = [each for each in store.find(path) if each.endswith(ENDINGS)]
    else:
        found = [path]
    yield from (store.unstrip_protocol(each) for each in sorted(found))


def store_of(url: str) -> tuple[Any, str]:
    """Return the file system of a URL, and the path in it.

    Raises:
        ValueError: there is no such protocol, or its package is missing.
    """
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - of an extra
    except ImportError:
        raise ValueError(f"{url} needs the extra: pip install 'newscrawl[remote]'") from None
    try:
        store, path = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise ValueError(f"{url}: {error}") from None
    return store, path


def read_bytes(address: str) -> bytes:
    """Return all that is in a small file.

    Raises:
        ValueError: as :func:`store_of`.
        OSError: it cannot be read.
    """
    if REMOTE not in address:
        return Path(address).read_bytes()
    store, path = store_of(address)
    data: bytes = store.cat_file(path)
    return data
