"""Who wrote a story, as its metadata say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.pages.documents import metadata
from newscrawl.pages.documents.headings import letters
from newscrawl.pages.documents.references import resolved
from newscrawl.pages.fields.people import cased, full_name, people, surname_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.pages.documents.document import Document
    from newscrawl.pages.documents.metadata import JsonObject

AUTHOR_METAS = (
    "dc:creator",
    "author",
    "parsely-author",
    "sailthru.author",
    "cxenseparse:author",
    "article:author",
    "byl",
)
CREATOR_METAS = ("dc.creator", "dcterms.creator", "citation_author")
"""Of libraries, which write the surname first."""
CARD = "twitter:data1"
"""What plugins show with a shared link: the author, or the minutes that the text takes."""
GIVEN, FAMILY = ("givenName", "firstName"), ("familyName", "lastName")
MAX_NESTING = 4


def declared_authors(story: JsonObject, objects: Sequence[JsonObject]) -> list[str]:
    """The names of the people in JSON-LD, by reference too; organizations where nobody is named."""
    story = resolved(story, objects)
    authors = metadata.listed(story.get("author") or story.get("creator"))
    persons = [each for each in authors if not is_organization(each)]
    return names_of(persons) or names_of(authors)


def is_organization(author: Any) -> bool:
    kinds = metadata.types(author) if isinstance(author, dict) else frozenset()
    return any(kind.endswith("organization") for kind in kinds) and "person" not in kinds


def names_of(author: Any, depth: int = 0) -> list[str]:
    """The name as it stands, in an object of its own, or in its two parts."""
    if depth > MAX_NESTING:
        return []
    if isinstance(author, list):
        return [name for each in author for name in names_of(each, depth + 1)]
    if not isinstance(author, dict):
        return metadata.strings(author)
    return metadata.strings(author) or names_of(author.get("name"), depth + 1) or in_parts(author)


def in_parts(author: JsonObject) -> list[str]:
    given, family = (
        next((text for key in keys for text in metadata.strings(author.get(key))), "")
        for keys in (GIVEN, FAMILY)
    )
    if given and family and not cased(given + family):
        return [family + given]
    return list(filter(None, [f"{given} {family}".strip()]))


def meta_authors(document: Document, newsroom: Iterable[str]) -> list[str]:
    """Authors in the first meta elements that name more than the newsroom."""
    for name in AUTHOR_METAS:
        if (found := document.metas(name)) and people(found, newsroom):
            return found
    creators = [surname_first(name) for key in CREATOR_METAS for name in document.metas(key)]
    return creators or people(document.metas(CARD), newsroom, strict=True)


def confirmed(claims: Iterable[list[str]]) -> list[str]:
    """A site that signs its pages: by a full name, or by one that two ways of saying it share."""
    known: set[str] = set()
    for names in claims:
        found = [name for name in names if full_name(name) or letters(name) in known]
        if found:
            return found
        known |= set(map(letters, names))
    return []
