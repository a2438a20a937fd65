"""Exports to other places than a disk: targets that are URLs, ``s3://bucket/articles.parquet``."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from newscrawl.exporters.card import MARK, NAME
from newscrawl.exporters.described import DESCRIPTIONS

LAST = (*DESCRIPTIONS, NAME)
"""Files that are there when all others of an export are."""


class Place(NamedTuple):
    """Where a target lies: a protocol with a bucket or a host, and a path in it."""

    root: str
    path: str


def is_remote(target: str) -> bool:
    return "://" in target


def place_of(target: str) -> Place:
    parts = urlsplit(target)
    return Place(f"{parts.scheme}://{parts.netloc}", parts.path)


@contextmanager
def staged(targets: Sequence[str], folder: Path) -> Iterator[list[str]]:
    """Provide local paths for targets; at the end what lies there is written to where it belongs.

    Targets that are no URLs are their own. All files of one store become visible together at the
    end, each of them whole: an export that fails or is killed before leaves what was there.

    Raises:
        ValueError: there is no such protocol, or its package is missing.
        OSError: a file cannot be written there.
    """
    stores = {target: _store(target) for target in targets if is_remote(target)}
    local = {target: _beside(folder, target) for target in stores}
    yield [local.get(target, target) for target in targets]
    for root in dict.fromkeys(place_of(target).root for target in stores):
        own = [target for target in stores if place_of(target).root == root]
        _write(stores[own[0]], {target: Path(local[target]) for target in own})


def _store(target: str) -> Any:
    try:
        import fsspec  # noqa: PLC0415 - of an extra
    except ImportError:
        raise ValueError(f"{target} needs the extra: pip install 'newscrawl[remote]'") from None
    try:
        return fsspec.filesystem(urlsplit(target).scheme)
    except (ImportError, ValueError) as error:
        raise ValueError(f"{target}: {error}") from None


def _beside(folder: Path, target: str) -> str:
    """Return a local path with the name of a target, in a folder that those of its own share."""
    root, path = place_of(target)
    inside = folder / f"{root} {Path(path).parent}".replace("/", "_")
    inside.mkdir(exist_ok=True)
    return f"{inside / Path(path).name}{'/' if path.endswith('/') else ''}"


def _write(store: Any, local: dict[str, Path]) -> None:
    """Write the targets of one store, with the cards beside them, and take away what they replace."""
    gone: list[str] = []
    for url in _files(local).values():
        _check_card(store, url)
    with store.transaction:
        for target, path in local.items():
            if path.is_dir():
                gone += _replaced(store, target, path)
        for source, url in sorted(_files(local).items(), key=_order):
            with source.open("rb") as file, store.open(url, "wb") as there:
                shutil.copyfileobj(file, there)
    if gone:
        store.rm(gone)


def _check_card(store: Any, url: str) -> None:
    """Refuse to write over what somebody else has written.

    Raises:
        ValueError: it is no card of ours.
    """
    if url.endswith(f"/{NAME}") and store.exists(url) and MARK.encode() not in store.cat_file(url):
        raise ValueError(
            f"{url} is no dataset card; export to another place, or without (--no-card)"
        )


def _files(local: dict[str, Path]) -> dict[Path, str]:
    """Return all local files, each with the URL it goes to."""
    found = {}
    for target, path in local.items():
        base = target.rstrip("/").rpartition("/")[0]
        beside = (path.parent / name for name in LAST)
        inside = path.rglob("*") if path.is_dir() else [path]
        for each in (*inside, *beside):
            if each.is_file():
                found[each] = f"{base}/{each.relative_to(path.parent).as_posix()}"
    return found


def _order(item: tuple[Path, str]) -> tuple[bool, str]:
    return item[0].name in LAST, item[1]


def _replaced(store: Any, target: str, path: Path) -> list[str]:
    """Return the files of an earlier export in a folder that this one has not.

    Raises:
        ValueError: others lie there too.
    """
    there = {store.unstrip_protocol(each) for each in store.find(target.rstrip("/"))}
    ours = {f"{target}{each.relative_to(path).as_posix()}" for each in path.rglob("*")}
    others = sorted(each for each in there if not each.endswith((".parquet", ".md")))
    if others:
        raise ValueError(f"{target} holds other files, e.g. {others[0]}; name another folder")
    return sorted(there - ours)
