"""The queue of a site that goes on without new articles is put in another order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from newscrawl.addresses.shape import shape_of
from newscrawl.frontier.queueing import led_to_articles, reorder
from newscrawl.session.barren import LAST, LATER, LIFTED, SOONER, BarrenAnswers, Turn


class Ordering:
    """Lets queued pages come last whose shapes bring no articles, and no others.

    ``ask`` asks the writer, as :meth:`newscrawl.session.session.Session.ask` does; some rows at a
    time, so that nothing waits for all of them. ``is_open`` says whether there is one.
    """

    def __init__(
        self, barren: BarrenAnswers, ask: Callable[..., None], is_open: Callable[[], bool]
    ) -> None:
        self._barren = barren
        self._ask = ask
        self._is_open = is_open

    def change(self, site: str, turn: Turn) -> None:
        """Put the queue of a site in order; once it is doubted, by what earlier runs know as well."""

        def go(urls: list[str]) -> None:
            self._barren.known(site, urls)
            proven = self._barren.proven
            self._move(site, lambda url: shape_of(url) not in proven, of=SOONER, to=LAST)
            self._move(site, lambda url: shape_of(url) in proven, of=LATER, to=LIFTED)

        if turn is Turn.DOUBTED:
            self._ask(lambda db: led_to_articles(db, site), go)
        else:
            go([])

    def _move(self, site: str, chosen: Callable[[str], bool], **where: Any) -> None:
        def go_on(last: int | None) -> None:
            if last is not None:
                self._move(site, chosen, **{**where, "after": last})

        if self._is_open():
            self._ask(lambda db: reorder(db, site, chosen, **where), go_on)
