"""The settings of newscrawl, laid under those of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OURS = "newscrawl.settings"
COMMANDS = "newscrawl.commands"
OWN = "NEWSCRAWL_"
OF_A_PROJECT = frozenset({"BOT_NAME", "COMMANDS_MODULE", "NEWSPIDER_MODULE", "SPIDER_MODULES"})
"""What says where the code of a project lies: that of another is elsewhere."""
OF_A_PROCESS = frozenset({"TWISTED_DNS_RESOLVER"})
"""What Scrapy reads before there is a crawler."""


def our_settings() -> BaseSettings:
    settings = BaseSettings()
    settings.setmodule(OURS, priority="addon")
    return settings


def lay_under_process(settings: BaseSettings) -> None:
    """Lay what no spider of the project can notice under the settings of a process."""
    for name, value in our_settings().items():
        if name.startswith(OWN) or name in OF_A_PROCESS:
            settings.set(name, value, priority="addon")


def lay_under(settings: BaseSettings) -> None:
    """Lay all of ours under the settings of a crawler; what the user has set is left as it is.

    Dictionaries and lists are merged, but for what Scrapy has itself (``…_BASE``): an entry of the user's, ``None`` too, wins over ours. A
    component of the user's that is no part of Scrapy, and that one of ours does the work of,
    being a subclass, makes room for it: both would do it twice.
    """
    for name, value in our_settings().items():
        if isinstance(value, dict) and not name.endswith("_BASE"):
            _merge(settings, name, value)
        elif isinstance(value, list) and name not in OF_A_PROJECT:
            for each in value:
                settings.add_to_list(name, each)
        elif name not in OF_A_PROJECT:
            settings.set(name, value, priority="addon")


def _merge(settings: BaseSettings, name: str, ours: Mapping[str, Any]) -> None:
    components = {key: value for key, value in ours.items() if "." in key}
    for path, place in components.items():
        component = load_object(path)
        if place is not None:
            for other in _replaced(settings.getdict(name), component):
                settings.set_in_component_priority_dict(name, other, None)
        settings.setdefault_in_component_priority_dict(name, component, place)
    rest = {key: value for key, value in ours.items() if key not in components}
    if rest:
        merged = {**rest, **settings.getdict(name)}
        settings.set(name, merged, priority=settings.getpriority(name) or 0)


def _replaced(theirs: Mapping[Any, Any], component: Any) -> Iterator[type]:
    for key, place in theirs.items():
        other = load_object(key)
        is_base = (
            isinstance(other, type) and other is not component and issubclass(component, other)
        )
        if place is not None and is_base and not other.__module__.startswith("scrapy."):
            yield other
