"""Timers that do not hear of it when the clock is set."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self

from scrapy.utils.reactor import is_reactor_installed

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class TimersExtension:
    """Lets Twisted's reactor go by the clock that nobody sets.

    It counts in the time of day. Set back within a run, that left what was under way without a
    timeout: a download from a host that says nothing never ended.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:  # noqa: ARG003 - the signature is Scrapy's
        if is_reactor_installed():
            _go_on()
        return cls()


def _go_on() -> None:
    from twisted.internet import reactor as installed  # noqa: PLC0415 - importing it installs one

    reactor: Any = installed
    if not reactor.getDelayedCalls():  # those are in the time of day
        reactor.seconds = time.monotonic
