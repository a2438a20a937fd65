"""Comments and posts of live blogs as JSON-LD declares them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.items import Comment, Post
from newscrawl.pages.documents.metadata import date_in, listed, strings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newscrawl.pages.documents.metadata import JsonObject

MOST = 1_000
"""Comments or posts of one page."""
MAX_TEXT = 20_000
"""Characters of one."""
MAX_NAME = 200
TEXTS = ("text", "articleBody", "description")
DATES = ("datePublished", "dateCreated", "uploadDate")


def comments_of(
    story: JsonObject, when: Callable[[str | None], str | None]
) -> list[Comment] | None:
    """The comments of an article with the answers to each; ``None`` where it declares no list.

    ``when`` makes ISO 8601 of a date.
    """
    if not isinstance(story.get("comment"), (list, dict)):
        return None
    found: list[Comment] = []
    waiting: list[tuple[Any, int | None]] = [(each, None) for each in _objects(story["comment"])]
    waiting.reverse()
    left = 2 * MOST
    while waiting and left and len(found) < MOST:
        left -= 1
        said, place = waiting.pop()
        text = text_in(said)
        if text:
            about = (author_of(said), when(date_in(said, DATES)), text, address_of(said))
            author, published, text, url = about
            made = Comment(author=author, published=published, text=text, url=url, reply_to=place)
            found.append(made)
            place = len(found) - 1
        answers = [(each, place) for each in _objects(said.get("comment"))]
        waiting += reversed(answers[:left])
    return found


def posts_of(story: JsonObject, when: Callable[[str | None], str | None]) -> list[Post] | None:
    """The entries of a live blog; ``None`` where no list of them is declared."""
    if not isinstance(story.get("liveBlogUpdate"), (list, dict)):
        return None
    found: list[Post] = []
    for said in _objects(story["liveBlogUpdate"]):
        title = next(iter(strings(said.get("headline")) or strings(said.get("name"))), None)
        text = text_in(said)
        if text or title:
            published = when(date_in(said, DATES))
            author, url = author_of(said), address_of(said)
            found.append(
                Post(headline=title, author=author, published=published, text=text, url=url)
            )
    return found[:MOST]


def _objects(value: Any) -> list[JsonObject]:
    return [each for each in listed(value) if isinstance(each, dict)][:MOST]


def text_in(said: JsonObject) -> str:
    for name in TEXTS:
        if isinstance(text := said.get(name), str) and text.strip():
            return text.strip()[:MAX_TEXT]
    return ""


def author_of(said: JsonObject) -> str | None:
    names: Iterator[str] = (
        name for key in ("author", "creator") for name in strings(said.get(key))
    )
    name = next(names, "")
    return name if 0 < len(name) <= MAX_NAME else None


def address_of(said: JsonObject) -> str | None:
    urls = (*strings(said.get("url"), "@id"), *strings(said.get("@id")))
    return next((each for each in urls if each.startswith(("https://", "http://"))), None)
