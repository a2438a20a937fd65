"""A Scrapy project that turns a news site into a clean, deduplicated, exactly accounted dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.addon.addon import Addon as Addon

__version__ = "0.1.0"


def __getattr__(name: str) -> type:
    """Load the add-on when it is asked for: most of newscrawl works without Scrapy's engine."""
    if name != "Addon":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from newscrawl.addon.addon import Addon  # noqa: PLC0415 - as said above

    return Addon
