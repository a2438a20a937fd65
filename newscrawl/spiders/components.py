"""Components that a spider's ``custom_settings`` add to those of its project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy.settings import BaseSettings

COMPONENTS = (
    "ADDONS",
    "DOWNLOAD_HANDLERS",
    "DOWNLOADER_MIDDLEWARES",
    "EXTENSIONS",
    "ITEM_PIPELINES",
    "SPIDER_MIDDLEWARES",
)
"""Settings of Scrapy that are dictionaries of components, or of what handles a scheme."""


def components_of(settings: BaseSettings) -> dict[str, dict[Any, Any]]:
    """Return the components that are named by now."""
    return {name: settings.getdict(name) for name in COMPONENTS}


def keep(settings: BaseSettings, before: Mapping[str, Mapping[Any, Any]]) -> None:
    """Put components that were named before beside those that took their place.

    What is named in both counts as it is named now, also where it is switched off by ``None``.
    """
    for name, components in before.items():
        now = settings.getdict(name)
        named = {_path(each) for each in now}
        kept = {each: value for each, value in components.items() if _path(each) not in named}
        if kept:
            settings.set(name, {**kept, **now}, settings.getpriority(name) or 0)


def _path(component: Any) -> str:
    """Return the path of a component that may be named by it, or be there itself."""
    if isinstance(component, str):
        return component
    return f"{component.__module__}.{component.__qualname__}"
