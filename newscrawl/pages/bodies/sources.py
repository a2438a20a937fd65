"""Where a body says that it comes from: ``Source: Reuters`` in a paragraph of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.url_parts import split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.pages.bodies.passages import Passage

LABEL = re.compile(
    r"\W{0,3}(?:(?:(?:news |original |article )?sources?(?: link| article)?|via|credits?|h/t|hat tip"
    r"|original(?: article| story| post| link)?|quelle|fuente|fonte|fuentes|fonti|bron|källa|kilde|kilder"
    r"|źródło|zdroj|lähde|kaynak|forrás|sursa|izvor|vir|πηγή|источник|джерело|مصدر|المصدر|מקור"
    r"|来源|來源|出典|引用元|출처|nguồn|sumber)\s{0,2}[:：]"
    r"|(?:(?:this|the) (?:article|story|post|piece|report|content|text) )?(?:was |has been |is )?"
    r"(?:(?:originally|first) )?(?:published|appeared|posted|republished|reprinted)"
    r"(?: with permission)? (?:at|on|in|by|from)\b\s{0,2}:?"
    r"|(?:zuerst |ursprünglich )?erschienen (?:bei|auf|in)\b\s{0,2}:?"
    r"|publicado originalmente (?:en|em|por|no|na)\b\s{0,2}:?"
    r"|(?:publié|paru) (?:initialement|à l'origine) (?:sur|dans|par)\b\s{0,2}:?"
    r"|source(?: link| article)?$|original (?:article|source|story|post)$)\s{0,2}",
    re.IGNORECASE,
)
ENDS = 6
"""Passages at the end among which a source is named; those under a table are of the table."""
MAX_NAME = 80
"""Characters of the name of a source."""
MAX_PARAGRAPH = 160
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+(?:/\S*)?")


class Source(NamedTuple):
    """Where a story is from; a link of which only the label is a link has no name."""

    url: str | None = None
    name: str | None = None


def is_source(text: str) -> bool:
    """Whether a paragraph may be nothing but the name of a source."""
    return len(text) <= MAX_PARAGRAPH and LABEL.match(text) is not None


def read_source(passages: Sequence[Passage]) -> Source:
    """The last source that the ends of a body name in a passage of its own, which is left out."""
    told = [each for each in passages if each.role == "text" and each.text and not each.dropped]
    found = Source()
    for passage in [*told[:1], *told[-ENDS:]]:
        if passage.links and is_source(passage.text) and (source := _source(passage)):
            found, passage.dropped = source, True
    return found


def _source(passage: Passage) -> Source | None:
    """Nothing where the passage says more than a label and what is linked."""
    text, url = passage.links[0]
    label = LABEL.match(passage.text)
    rest = passage.text[label.end() :] if label else passage.text
    within = LABEL.match(text)
    name = text[within.end() :] if within else text
    beside = rest.replace(name, "", 1) if name else rest
    if len(passage.links) > 1 or sum(map(str.isalnum, beside)) > 0 or len(name) > MAX_NAME:
        return None
    return Source(url, _name(name))


def _name(text: str) -> str | None:
    """A link's text as a name: of an address its host."""
    text = text.strip(" \t.,;:()[]«»“”\"'")
    if not ADDRESS.fullmatch(text):
        return text or None
    try:
        host = split(text if "://" in text else f"//{text}").hostname
    except ValueError:
        return None
    return (host or "").removeprefix("www.") or None
