"""One result in place of another, by one rename: nobody sees some of each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newscrawl.corpus.layout import Layout
from newscrawl.store.replacing import sync, take_place

NEXT = "next"
"""The link that takes the place of the one to the former result."""


@contextmanager
def switching(layout: Layout) -> Iterator[Path]:
    """Give an empty folder that is the dataset once all in it is on the disk.

    The dataset is a link, which is renamed over the former one; what that led to is removed then.
    An error in the block leaves all as it was. Nobody else may work on the corpus.

    Raises:
        OSError: it cannot be written.
    """
    layout.results.mkdir(exist_ok=True)
    _clear(layout)
    folder = layout.results / str(_next_number(layout))
    folder.mkdir()
    try:
        yield folder
        sync(layout.results)
        _link(layout, folder)
    finally:
        _clear(layout)


def _link(layout: Layout, folder: Path) -> None:
    link = layout.results / NEXT
    link.symlink_to(folder.relative_to(layout.folder))
    if layout.dataset.is_dir() and not layout.dataset.is_symlink():  # copied without links
        layout.dataset.rename(layout.results / "former")
    take_place(link, layout.dataset)


def _next_number(layout: Layout) -> int:
    """Return a number that no result has had of which anything is left."""
    return max((int(each.name) for each in _numbered(layout)), default=0) + 1


def _numbered(layout: Layout) -> Iterator[Path]:
    return (each for each in layout.results.iterdir() if each.name.isdecimal())


def _clear(layout: Layout) -> None:
    """Remove what the dataset does not lead to: former results, and those of killed runs."""
    current = layout.dataset.resolve()
    for each in layout.results.iterdir():
        if each.is_symlink():
            each.unlink()
        elif each.resolve() != current:
            shutil.rmtree(each)
