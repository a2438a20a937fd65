"""What a story is about: its sections, its tags, and the breadcrumbs above it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newscrawl.pages.documents import metadata
from newscrawl.pages.documents.headings import letters
from newscrawl.pages.fields.bylines import nearest
from newscrawl.pages.fields.titles import unique

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.pages.documents.document import Element
    from newscrawl.pages.documents.metadata import JsonObject
    from newscrawl.pages.documents.places import Placed

AND = re.compile(r"\s(?:&|\+|and|und|et|y|e|i|og|och|en)\s", re.IGNORECASE)
HOMES = ("Home", "Homepage", "Startseite", "Accueil", "Inicio", "Início", "Strona główna", "トップ")


def sections_between(crumbs: Iterable[str], ends: Iterable[str]) -> list[str]:
    """The breadcrumbs between the front page and the story; ``ends`` are names of both."""
    barred = {letters(name) for name in (*ends, *HOMES)}
    return [crumb for crumb in crumbs if letters(crumb) not in barred]


def sections(declared: Any) -> list[str]:
    """The names of sections, also where a plugin strings them together with commas.

    "Food, Drink & Travel" is one name.
    """
    names = unique(metadata.strings(declared))
    if len(names) != 1 or AND.search(names[0].rpartition(",")[2]):
        return names
    return unique(part.strip() for part in names[0].split(",")) or names


def declared_crumbs(objects: Iterable[JsonObject]) -> list[str]:
    """The names of the first list of breadcrumbs in JSON-LD."""
    names: list[str] = []
    lists = metadata.of_type(objects, frozenset({"breadcrumblist"}))
    for item in next(lists, {}).get("itemListElement") or []:
        if isinstance(item, dict):
            names += metadata.strings(item) or metadata.strings(item.get("item"))
    return unique(names)


def linked_tags(
    links: Sequence[Placed], keywords: Iterable[Iterable[str]], heading: Element | None
) -> list[str]:
    """The links to tags, unless they are the site's topics of the day.

    Those of the story are among its declared ``keywords``; else they stand near its headline.
    """
    tags = metadata.keywords([each.text for each in links])
    declared = {letters(word) for words in keywords for word in metadata.keywords(words)}
    if len(declared) > 1:
        return tags if sum(letters(tag) in declared for tag in tags) * 2 >= len(tags) else []
    near = nearest([each.anchor for each in links], heading)
    return metadata.keywords([each.text for each in links if each.anchor in near])
