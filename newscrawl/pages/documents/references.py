"""What one object of a page says of another by its ``@id``, in whatever script that one stands."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Any

from newscrawl.pages.documents.metadata import listed
from newscrawl.url_parts import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.pages.documents.metadata import JsonObject

REFERRING = ("author", "creator", "image", "thumbnail", "publisher", "interactionStatistic")
MAX_NODES = 10_000
"""Values that are looked at, nested ones among them."""
MAX_REFERENCES = 100
WHOLE = re.compile(r"https?://[a-z0-9.-]+(?:/[\w~%-]+)*/?(?:#[\w/~%-]+)?", re.ASCII)
"""What nothing is to be joined to; most identities are."""


def resolved(story: JsonObject, objects: Iterable[JsonObject], base: str = "") -> JsonObject:
    """The story with the people and pictures it refers to in their places."""
    wanted = {key: story[key] for key in REFERRING if any(map(refers, listed(story.get(key))))}
    if not wanted:
        return story
    nodes = nodes_by_id(objects, base)
    found = {key: wholes(listed(value), nodes, base) for key, value in wanted.items()}
    return {**story, **found}


def refers(value: Any) -> bool:
    return "@id" in value if isinstance(value, dict) else isinstance(value, str) and is_id(value)


def is_id(text: str) -> bool:
    return text.startswith(("#", "_:", "http://", "https://"))


def wholes(values: Sequence[Any], nodes: dict[str, JsonObject], base: str) -> list[Any]:
    """The first of the values, each node in the first of its places only: it may be large."""
    left = dict(nodes)
    found: list[Any] = []
    for value in values[:MAX_REFERENCES]:
        found.append(whole(value, left, base))
        declared = value.get("@id") if isinstance(value, dict) else value
        if isinstance(declared, str):
            left.pop(full_id(declared, base), None)
    return found


def whole(value: Any, nodes: dict[str, JsonObject], base: str) -> Any:
    """What is said of a node in all places; a reference to nothing stays as it is."""
    declared = value.get("@id") if isinstance(value, dict) else value
    node = nodes.get(full_id(declared, base)) if isinstance(declared, str) else None
    if node is None:
        return value
    return {**node, **value} if isinstance(value, dict) else node


def nodes_by_id(objects: Iterable[JsonObject], base: str) -> dict[str, JsonObject]:
    """All objects that say more than their ``@id``; of two claims the first counts."""
    found: dict[str, JsonObject] = {}
    pending: deque[Any] = deque(objects)
    left = MAX_NODES
    while pending and left:
        value = pending.popleft()
        left -= 1
        inner = value.values() if isinstance(value, dict) else value
        pending.extend(each for each in inner if isinstance(each, dict | list))
        declared = value.get("@id") if isinstance(value, dict) else None
        if isinstance(declared, str) and len(value) > 1:
            node = found.setdefault(full_id(declared, base), {})
            for name, said in value.items():
                node.setdefault(name, said)
    return found


def full_id(declared: str, base: str) -> str:
    if declared.startswith("_:") or WHOLE.fullmatch(declared):
        return declared
    try:
        return resolve(base, declared.strip())
    except ValueError:
        return declared
