"""What the Ternholm Courier's pages say, to be held against what was read of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from newscrawl.demo.odd.stories import stories

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from newscrawl.demo.odd.stories import Story

Fields = dict[str, Any]
UNSAID = [
    "subtitle",
    "modified",
    "breadcrumbs",
    "paywalled",
    "headings",
    "source_url",
    "source_name",
    "reading_minutes",
    "comment_count",
    "comments",
    "posts",
    "share_count",
    "view_count",
    "previous_url",
    "next_url",
    "related_urls",
]
"""Fields that no page says anything of."""


class Checked(NamedTuple):
    """``right`` counts the articles that have each field right, ``whole`` those with all right."""

    found: int
    of: int
    right: dict[str, int]
    whole: int


def truth(story: Story, url: str) -> Fields:
    """Every field that a page can say, as its article is exported; ``url`` is where it is."""
    picture = story.picture
    told: Fields = {
        "canonical_url": url,
        "headline": story.headline,
        "authors": [*story.writers],
        "published": story.published.isoformat(),
        "sections": [story.desk],
        "tags": [*story.marks],
        "language": "en-GB",
        "text": "\n\n".join(story.paragraphs),
        "images": [(urljoin(url, picture.path), picture.caption)] if picture else [],
    }
    return {**told, **dict.fromkeys(UNSAID)}


def check(articles: Iterable[Mapping[str, Any]]) -> Checked:
    """Hold articles against the pages they are of; one of no page counts as none."""
    paths = {story.path: story for story in stories()}
    latest = {urlsplit(each["url"]).path: each for each in articles}
    right: dict[str, int] = {}
    found = whole = 0
    for path, article in latest.items():
        if path not in paths:
            continue
        expected, said = truth(paths[path], article["url"]), _said(article)
        good = {name: said.get(name) == value for name, value in expected.items()}
        found, whole = found + 1, whole + all(good.values())
        for name, is_good in good.items():
            right[name] = right.get(name, 0) + is_good
    return Checked(found, len(paths), right, whole)


def _said(article: Mapping[str, Any]) -> Fields:
    images = [(each["url"], each.get("caption")) for each in article.get("images") or ()]
    said: Fields = {name: value or None for name, value in article.items()}
    return said | {"images": images}


def told(file: Path) -> str:
    """Say of a file of exported articles how many there are, and which fields are wrong.

    Raises:
        OSError: there is no such file.
        ValueError: it is no JSON Lines file of articles.
    """
    lines = file.read_text(encoding="utf-8").splitlines()
    try:
        checked = check([json.loads(line) for line in lines])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{file} is no JSON Lines file of articles ({error!r})") from None
    wrong = [
        f"  {name:<14}{count} of {checked.found} right\n"
        for name, count in checked.right.items()
        if count < checked.found
    ]
    return (
        f"articles: {checked.found} of {checked.of}\n{''.join(wrong)}"
        f"every field right: {checked.whole} of {checked.of}\n"
    )
