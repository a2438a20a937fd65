"""A process that reads pages, by the core or without it, and says all that it found on each.

``python -m tests.core.reader [CORE]``: pickled pages in, pickled answers out. ``CORE`` is the file
of a core that is compiled elsewhere; which one reads is decided by the environment as ever.
"""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import pickle
import sys
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree
from web_poet import HttpResponse

from hatch_build import sources_of

CORE_MODULE = "newscrawl.pages._core"
ROOM = Path(__file__).parents[2] / "newscrawl" / "pages"
FETCHED = datetime(2026, 1, 15, 12, tzinfo=UTC)
"""A page may say "three hours ago"."""
ASKED = ("kind", "links", "evidence", "signals", "shortlinks", "offers_more", "part_urls")
INNER = frozenset({"Node", "Block", "Choice"})
"""What the choice of a body works with: of other classes in the core. What comes of it is compared."""
DEEPEST = 6
"""Of structures in one another."""
DEEP = 200
"""Of an article, whose comments answer each other."""
MOST_TEXTS = 300
"""Elements whose text is compared one by one; deep ones hold the same text again and again."""


class Page(NamedTuple):
    name: str
    url: str
    body: bytes
    headers: dict[str, str]


Said = dict[str, str]
"""What a page object says, each answer by its name as text that is equal only where all of it is."""


class Plain:
    """Values as what can be compared across processes: an element is its number on its page."""

    def __init__(self, root: etree._Element) -> None:
        self._numbers = {element: number for number, element in enumerate(root.iter())}

    def of(self, value: object, deep: int = DEEPEST) -> object:
        if value is None or isinstance(value, (str, bytes, int, float, datetime, type)):
            return value
        if isinstance(value, etree._Element):
            return f"<{value.tag!r} {self._numbers.get(value)}>"
        name = type(value).__name__
        deep = 0 if name in INNER else deep
        inner = partial(self.of, deep=deep - 1)
        if deep and is_dataclass(value):
            return name, [inner(getattr(value, field.name)) for field in fields(value)]
        if deep and isinstance(value, Mapping):
            return [(inner(key), inner(each)) for key, each in value.items()]
        if deep and isinstance(value, (list, tuple, AbstractSet)):
            found = [inner(each) for each in value]
            return name, sorted(found, key=repr) if isinstance(value, AbstractSet) else found
        return name

    def answer(self, ask: Callable[[], object], deep: int = DEEPEST) -> str:
        try:
            return repr(self.of(ask(), deep))
        except Exception as error:  # noqa: BLE001 - both have to fail in the same way
            return f"raised {error!r}"


def properties(page: object) -> Iterator[str]:
    for name in dir(type(page)):
        if not name.startswith("_") and isinstance(
            getattr(type(page), name), (property, cached_property)
        ):
            yield name


def read(page: Page, run: Callable[[Any], object]) -> Said:
    """Ask as a crawl does, then for everything else that the page object and the document can say."""
    from newscrawl.pages.documents.document import text_of
    from newscrawl.pages.news import NewsPage

    found = NewsPage(HttpResponse(page.url, page.body, status=200, headers=page.headers))
    found.fetched = FETCHED
    chosen = found.page
    document = chosen.document
    answer = Plain(document.root).answer
    said = {name: answer(partial(getattr, found, name)) for name in ASKED}
    said["item"] = answer(lambda: run(found.to_item()), DEEP)
    for what, asked in (("page", chosen), ("document", document)):
        for name in properties(asked):
            said[f"{what}.{name}"] = answer(partial(getattr, asked, name))
    elements = islice(document.root.iter("*"), MOST_TEXTS)
    said["texts"] = answer(lambda: [text_of(each) for each in elements])
    return said


def load(core: str) -> None:
    """Put the core of a file in the place of ours, whatever sources it was compiled from."""
    spec = importlib.util.spec_from_file_location(CORE_MODULE, core)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[CORE_MODULE] = module
    spec.loader.exec_module(module)
    module.BUILT_FROM = sources_of(ROOM)  # type: ignore[attr-defined] # as each core has it


def main() -> None:
    logging.disable()
    for core in sys.argv[1:]:
        load(core)
    from newscrawl.pages.core import CORE

    answers, pages = sys.stdout.buffer, sys.stdin.buffer
    sys.stdout = sys.stderr
    pickle.dump((CORE.compiled is not None, CORE.reason), answers)
    answers.flush()
    with asyncio.Runner() as runner:
        while (page := pickle.load(pages)) is not None:
            pickle.dump(read(page, runner.run), answers)
            answers.flush()


if __name__ == "__main__":
    main()
