"""The articles before and after a story."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.pages.documents.places import Placed


def neighbour(links: Iterable[Placed], side: str) -> str | None:
    """The link to the ``prev`` or ``next`` article: marked by ``rel`` or by class."""
    for each in links:
        around = each.anchor.getparent()
        marks = f"{each.anchor.get('rel') or ''} {each.anchor.get('class') or ''}"
        if around is not None and around.get("class"):
            marks += f" {around.get('class')}"
        if any(side in mark.replace("prevnext", "") for mark in marks.lower().split()):
            return each.url
    return None
