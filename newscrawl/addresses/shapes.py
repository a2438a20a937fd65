"""Shapes of URLs that multiply without leading to an article, told by what came of them.

Calendars, facets, session ids and endless pages have few shapes and any number of URLs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from newscrawl.addresses.shape import shape_of

ENOUGH = 40
"""Barren pages of a shape that never led to an article, after which it is closed."""
TIMES = 9
"""So many barren pages must come on one that listed something new: categories overlap."""
MAX_REMEMBERED = 50_000
"""Pages whose first link is awaited, shapes, and articles that pages of a shape listed."""


class Shapes:
    """What became of the pages of each shape in one run.

    A page that is no article is barren if it lists none that pages of its shape did not list
    before, or if the first page visited that was found on it is no article either: so a page
    that only promises articles, on pages of another shape, gains nothing by it. A shape is closed
    when nearly all of its pages are barren; one that led to an article stays open.
    """

    def __init__(self, enough: int = ENOUGH) -> None:
        self._enough = enough
        self._open: set[str] = set()
        self._barren: Counter[str] = Counter()
        self._fresh: Counter[str] = Counter()
        self._waiting: dict[int, str] = {}
        self._listed: defaultdict[str, set[int]] = defaultdict(set)
        self._remembered = 0
        self.closed: set[str] = set()

    def lists_new(self, url: str, articles: Iterable[str]) -> bool:
        """Note what a page lists; return whether that is of another shape and new to its own."""
        shape = shape_of(url)
        if self._remembered >= MAX_REMEMBERED:
            self._listed.clear()
            self._remembered = 0
        listed = self._listed[shape]
        before = len(listed)
        listed.update(hash(each) for each in articles if shape_of(each) != shape)
        self._remembered += len(listed) - before
        return len(listed) > before

    def saw_article(self, url: str, parent: int | None) -> None:
        """Note an article and the page it was found on."""
        self._open.add(shape_of(url))
        found_on = self._waiting.pop(parent, None) if parent is not None else None
        if found_on is not None:
            self._open.add(found_on)

    def saw_other(self, page: int, url: str, parent: int | None, *, promises: bool) -> str | None:
        """Note a page that is no article; return the shape that this closes, if any.

        ``promises`` says that the page lists what is new, as :meth:`lists_new` tells.
        """
        shape = shape_of(url)
        barren = [] if promises else [shape]
        found_on = self._waiting.pop(parent, None) if parent is not None else None
        if found_on is not None:
            barren.append(found_on)
            self._fresh[found_on] -= 1
        if promises:
            self._remember(page, shape)
            self._fresh[shape] += 1
        closed = None
        for each in barren:
            self._barren[each] += 1
            if self._is_barren(each):
                self.closed.add(each)
                closed = each
        return closed

    def _is_barren(self, shape: str) -> bool:
        barren = self._barren[shape]
        if barren < self._enough or barren < TIMES * self._fresh[shape]:
            return False
        return shape not in self._open and shape not in self.closed

    def _remember(self, page: int, shape: str) -> None:
        if max(len(self._waiting), len(self._barren)) >= MAX_REMEMBERED:
            self._waiting.clear()
            self._barren.clear()
            self._fresh.clear()
        self._waiting[page] = shape

    def is_closed(self, url: str) -> bool:
        return bool(self.closed) and shape_of(url) in self.closed
