"""Forms that ask for a password where the text of a page should stand."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import islice, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.pages.documents.document import Document, Element

MAX_INPUTS = 500
MAX_ANCESTORS = 400
POST_PASSWORD = "post_password"  # noqa: S105 - the name of WordPress's field
MAIN = frozenset({"main", "article"})
ELSEWHERE = frozenset({"header", "nav", "footer", "aside", "dialog", "template", "noscript"})
ELSEWHERE_NAMES = re.compile(
    r"(?<![a-z])(?:comments?|respond|reply|dropdown|drawer|footer|header|hide|hidden|lightbox|mfp"
    r"|menu|modal|nav|navbar|offcanvas|overlay|popover|popup|sidebar|subscribe|toolbar|topbar"
    r"|widgets?)(?![a-z])",
    re.IGNORECASE,
)
"""Of regions that are beside the text, above it or out of sight."""


class Lock(StrEnum):
    """What asks for a password."""

    NONE = ""
    POST = "post"
    """WordPress's own form, which is there in place of a protected post."""
    LOGIN = "login"
    """A form with one password, and a name at most."""


def lock_of(document: Document) -> tuple[Lock, Element | None]:
    """Return the first lock that stands where the text should, with its form."""
    for field in islice(document.tagged("input"), MAX_INPUTS):
        if field.get("name") != POST_PASSWORD and _kind(field) != "password":
            continue
        form = next(field.iterancestors("form"), None)
        if form is not None and (lock := _lock(field, form)) and not _is_elsewhere(form):
            return lock, form
    return Lock.NONE, None


def _lock(field: Element, form: Element) -> Lock:
    if field.get("name") == POST_PASSWORD:
        return Lock.POST
    kinds = [_kind(each) for each in islice(form.iter("input"), MAX_INPUTS)]
    asks = kinds.count("text") + kinds.count("email") + kinds.count("tel")
    return Lock.LOGIN if kinds.count("password") == 1 and asks <= 1 else Lock.NONE


def _kind(field: Element) -> str:
    return (field.get("type") or "text").lower()


def _is_elsewhere(form: Element) -> bool:
    """Whether a form stands in a region that is not the one of the text."""
    return any(
        each.tag in ELSEWHERE
        or each.get("hidden") is not None
        or each.get("aria-hidden") == "true"
        or ELSEWHERE_NAMES.search(f"{each.get('class') or ''} {each.get('id') or ''}")
        for each in _regions(form)
    )


def _regions(form: Element) -> Iterator[Element]:
    yield form
    yield from takewhile(lambda each: each.tag != "body" and not _is_main(each), _around(form))


def main_part(form: Element) -> Element | None:
    """Return the outermost main part or article that a form stands in."""
    found = [each for each in _around(form) if _is_main(each)]
    return found[-1] if found else None


def stands_in(element: Element | None, region: Element | None) -> bool:
    return element is not None and any(each is region for each in (element, *_around(element)))


def _is_main(element: Element) -> bool:
    return element.tag in MAIN or element.get("role") == "main"


def _around(element: Element) -> Iterator[Element]:
    return islice(element.iterancestors(), MAX_ANCESTORS)
