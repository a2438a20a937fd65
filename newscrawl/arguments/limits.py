"""Settings of Scrapy's that bound or order a crawl, as a spider of ours takes them."""

from __future__ import annotations

from scrapy.settings import BaseSettings

from newscrawl.mistakes import BadInput

UNHEEDED = {
    "DEPTH_PRIORITY": "pages are visited in the order of the ledger",
    "CONCURRENT_REQUESTS_PER_IP": "Scrapy gives it up; use CONCURRENT_REQUESTS_PER_DOMAIN",
}
"""What cannot be heeded here, and why."""


def check_limits(settings: BaseSettings) -> None:
    """See that no setting bounds or orders a crawl in a way that is not heeded.

    Raises:
        BadInput: some do; each is named.
    """
    wrong = [
        f"{name}={settings[name]} does not count here: {why}; set it to 0 for this spider"
        for name, why in UNHEEDED.items()
        if settings.getfloat(name)
    ]
    if settings.getint("DEPTH_LIMIT") < 0:
        wrong.append(f"DEPTH_LIMIT is not a whole number from 0: {settings['DEPTH_LIMIT']}")
    if wrong:
        raise BadInput(wrong)


def depth_of(settings: BaseSettings, max_depth: int | None) -> int | None:
    """Return how many links a run goes from its start URLs: the least that was asked for.

    ``DEPTH_LIMIT`` is without a limit where it is 0, as Scrapy has it.
    """
    asked = [
        each for each in (settings.getint("DEPTH_LIMIT") or None, max_depth) if each is not None
    ]
    return min(asked, default=None)
