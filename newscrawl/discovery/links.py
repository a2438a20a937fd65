"""Links of a page, each with the role it plays there."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class LinkKind(StrEnum):
    """What a link is for, judged by where it stands on its page."""

    CATEGORY = "category"
    PAGINATION = "pagination"
    ARTICLE = "article"
    RELATED = "related"
    PREVNEXT = "prevnext"
    TAG = "tag"
    AUTHOR = "author"
    PART = "part"


class Link(NamedTuple):
    """An absolute URL, as written on the page apart from its base, and its role."""

    url: str
    kind: LinkKind
    text: str = ""
