"""The REST API of WordPress: all public posts, last modified first."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from newscrawl.discovery.entries import Entry, date_of
from newscrawl.discovery.records import unpacked
from newscrawl.discovery.written import json_of, resolved, text_of

PER_PAGE = 100
"""The most that WordPress gives at once."""
MAX_PAGES = 2000
_ROUTE = "/wp/v2/posts"
_FIELDS = "link,date_gmt,modified_gmt"
_WITH_TERMS = f"{_FIELDS},_links,_embedded"
_WHOLE = re.compile(r"[0-9]{1,9}")


class Posts(NamedTuple):
    """A page of posts; ``total`` and ``following`` as the headers say, where they are sent.

    At least so many posts as ``left_out`` are beyond a limit.
    """

    entries: list[Entry]
    total: int | None = None
    following: str | None = None
    left_out: int = 0


def posts_url(root: str, *, terms: bool = False) -> str | None:
    """Return the first page of posts below the ``root`` that a site offers.

    The root is a path (``/wp-json/``) or is the value of ``rest_route``. With ``terms`` each
    post comes with its categories and tags, which costs the server far more.

    ``orderby=modified`` brings what is new and what was edited on the first pages.
    """
    try:
        parts = urlsplit(root)
    except ValueError:
        return None
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if "rest_route" in query:
        query["rest_route"] = query["rest_route"].rstrip("/") + _ROUTE
        path = parts.path
    else:
        path = parts.path.rstrip("/") + _ROUTE
    query |= {
        "per_page": str(PER_PAGE),
        "page": "1",
        "orderby": "modified",
        "_fields": _WITH_TERMS if terms else _FIELDS,
    }
    if terms:
        query["_embed"] = "wp:term"
    return parts._replace(path=path, query=urlencode(query), fragment="").geturl()


def read_posts(
    body: bytes,
    url: str,
    *,
    total: str | None,
    pages: str | None,
    content_type: str | None = None,
) -> Posts | None:
    """Return a page of posts, ``None`` where the answer is none.

    ``total`` and ``pages`` are the headers ``X-WP-Total`` and ``X-WP-TotalPages``.
    """
    posts = json_of(text_of(unpacked(body)[0], content_type))
    if not isinstance(posts, list):
        return None
    found = (_entry(post, url) for post in posts[:PER_PAGE] if isinstance(post, dict))
    entries = [entry for entry in found if entry is not None]
    if posts and not entries:
        return None
    following = next_page(url, _number(pages)) if entries else None
    left_out = max(len(posts) - PER_PAGE, 0) + _beyond(url, _number(pages))
    return Posts(entries, _number(total), following, left_out)


def next_page(url: str, pages: int | None) -> str | None:
    """Return the page after ``url``, if it is one of ``pages``."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    page = _number(query.get("page", "1"))
    if page is None or page >= min(pages or 0, MAX_PAGES):
        return None
    query["page"] = str(page + 1)
    return parts._replace(query=urlencode(query)).geturl()


def _beyond(url: str, pages: int | None) -> int:
    """Return the least number of posts on pages after the last that is asked for."""
    query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    beyond = (pages or 0) - MAX_PAGES
    is_last = _number(query.get("page", "1")) == MAX_PAGES
    return (beyond - 1) * PER_PAGE + 1 if is_last and beyond > 0 else 0


def _entry(post: dict[str, Any], base: str) -> Entry | None:
    link = post.get("link")
    url = resolved(link.strip(), base) if isinstance(link, str) else None
    if url is None:
        return None
    return Entry(
        url,
        published=_date(post.get("date_gmt")),
        modified=_date(post.get("modified_gmt")),
        sections=tuple(_terms(post)),
    )


def _terms(post: dict[str, Any]) -> list[str]:
    """Return slug and name of each category, as far as the post embeds them."""
    embedded = post.get("_embedded")
    groups = embedded.get("wp:term") if isinstance(embedded, dict) else None
    terms = [
        term
        for group in (groups if isinstance(groups, list) else ())
        if isinstance(group, list)
        for term in group
        if isinstance(term, dict) and term.get("taxonomy") == "category"
    ]
    values = (term.get(name) for term in terms for name in ("slug", "name"))
    return [value for value in values if isinstance(value, str)]


def _date(value: object) -> datetime | None:
    return date_of(value) if isinstance(value, str) else None


def _number(text: str | None) -> int | None:
    return int(text) if text and _WHOLE.fullmatch(text) else None
