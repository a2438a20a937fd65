"""Who wrote a story, as its metadata say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.pages.documents import metadata
from newscrawl.pages.fields.people import people, surname_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.pages.documents.document import Document
    from newscrawl.pages.documents.metadata import JsonObject

AUTHOR_METAS = (
    "author",
    "parsely-author",
    "sailthru.author",
    "cxenseparse:author",
    "article:author",
    "byl",
)
CREATOR_METAS = ("dc.creator", "dcterms.creator", "citation_author")
"""Of libraries, which write the surname first."""


def declared_authors(story: JsonObject, objects: Sequence[JsonObject]) -> list[str]:
    """Authors in JSON-LD: by name, or by reference to another object of the page."""
    found: list[str] = []
    author = story.get("author") or story.get("creator")
    for each in metadata.listed(author):
        names = metadata.strings(each)
        if not names and isinstance(each, dict):
            same = (other for other in objects if other.get("@id") == each["@id"])
            names = next(filter(None, map(metadata.strings, same)), []) if "@id" in each else []
        found += names
    return found


def meta_authors(document: Document, newsroom: Iterable[str]) -> list[str]:
    """Authors in the first meta elements that name more than the newsroom."""
    for name in AUTHOR_METAS:
        if (found := document.metas(name)) and people(found, newsroom):
            return found
    return [surname_first(name) for key in CREATOR_METAS for name in document.metas(key)]
