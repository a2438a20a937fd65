"""Items of a user's own: which of them are articles, and what they say beyond the schema."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date, datetime, time
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from itemadapter import ItemAdapter

from newscrawl.items import FIELDS, Article
from newscrawl.outcomes import BadField

ESSENTIAL = frozenset({"url", "headline"})
"""What an item of another kind must have to be an article."""
OF_THE_CRAWL = frozenset(
    {"id", "site", "word_count", "content_hash", "revision_hash", "duplicate_of"}
    | {"duplicate_kind", "similarity", "revision", "first_seen", "last_seen", "found_via"}
    | {"confidence", "doubts"}
)
"""Fields that no item brings: under these names it may have others of its own."""
MAX_DEPTH = 50
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_HINTS = get_type_hints(Article)


def article_of(item: Any) -> Any:
    """Return the article that an item of any kind is, else the item itself.

    Items are those of itemadapter: dictionaries, dataclasses, attrs, pydantic, Scrapy's own.
    An article has at least a ``url`` and a ``headline``; fields that the schema does not have are
    kept in ``extra``.

    Raises:
        BadField: a value is not of the type that its field has.
    """
    if isinstance(item, Article) or not ItemAdapter.is_item(item):
        return item
    adapter = ItemAdapter(item)
    if not ESSENTIAL.issubset(adapter.field_names()):
        return item
    values = {name: value for name, value in adapter.items() if value is not None}
    known = {field.name: field for field in fields(Article)}
    taken = {name: _typed(name, value) for name, value in values.items() if name in known}
    extra = {name: value for name, value in adapter.items() if name not in known}
    for name in OF_THE_CRAWL.intersection(taken):
        value = taken.pop(name)
        if value != _default(known[name]):
            extra[name] = value
    article = Article(**{"url": "", **taken})
    article.extra = {**extra, **article.extra}
    for name in (*taken, *extra):
        if values.get(name) not in _EMPTY and name not in {"provenance", "extra"}:
            article.provenance.setdefault(name, type(item).__name__)
    return article


def take_own_fields(article: Article) -> None:
    """Gather in ``extra`` what a subclass of ``Article`` has beyond it, as plain JSON.

    Raises:
        BadField: a value is nothing that JSON can hold.
    """
    own = {name: getattr(article, name) for name in _own_names(article)}
    extra = {**article.extra, **own}
    article.extra = {_text(name): _plain(name, value) for name, value in extra.items()}
    for name, value in article.extra.items():
        if value not in _EMPTY:
            article.provenance.setdefault(name, type(article).__name__)


def rules_renewed(
    rules: Mapping[str, str], extra: Collection[str], again: Article
) -> dict[str, str]:
    """Return ``rules`` with those of the own fields ``extra`` as they are in ``again``."""
    own = {*extra, *again.extra}.difference(FIELDS)
    return {
        **{name: rule for name, rule in rules.items() if name not in own},
        **{name: rule for name, rule in again.provenance.items() if name in own},
    }


def _own_names(article: Article) -> Iterator[str]:
    if type(article) is not Article:
        named = (field.name for field in fields(article))
        held = (name for name in getattr(article, "__dict__", ()) if not name.startswith("_"))
        yield from (name for name in dict.fromkeys((*named, *held)) if name not in FIELDS)


def _default(field: Field[Any]) -> Any:
    return None if field.default is MISSING else field.default


def _typed(name: str, value: Any) -> Any:
    hint = _HINTS[name]
    options = [each for each in get_args(hint) if each is not NoneType]
    if name in OF_THE_CRAWL:
        return value
    if get_origin(hint) is list:
        return _list(name, value, options[0])
    if get_origin(hint) is dict:
        return _object(name, value)
    wanted = options[0] if NoneType in get_args(hint) else hint
    if wanted is datetime:
        return _moment(name, value)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise BadField(name, value)
    return value


def _list(name: str, value: Any, kind: type) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise BadField(name, value)
    return [each if isinstance(each, kind) else _part(name, each, kind) for each in value]


def _part(name: str, value: Any, kind: type) -> Any:
    """Return a heading or a picture that is written as a dictionary or the like."""
    if kind is str or not ItemAdapter.is_item(value):
        raise BadField(name, value)
    try:
        return kind(**ItemAdapter(value).asdict())
    except TypeError:
        raise BadField(name, value) from None


def _object(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise BadField(name, value)
    return dict(value)


def _moment(name: str, value: Any) -> datetime:
    try:
        if isinstance(value, str):
            return datetime.fromisoformat(value.strip())
        if isinstance(value, date) and not isinstance(value, datetime):
            return datetime.combine(value, time())
    except ValueError:
        raise BadField(name, value) from None
    if not isinstance(value, datetime):
        raise BadField(name, value)
    return value


def _plain(name: str, value: Any, depth: int = 0) -> Any:
    """Return a value as JSON has it: dates are text in ISO 8601, items are objects."""
    if isinstance(value, Enum):
        value = value.value
    match value:
        case None | bool() | int():
            return value
        case float() if math.isfinite(value):
            return value
        case str():
            return _text(value)
        case date() | time():
            return value.isoformat()
        case list() | tuple() if depth < MAX_DEPTH:
            return [_plain(name, each, depth + 1) for each in value]
    if depth < MAX_DEPTH and ItemAdapter.is_item(value):
        named = ItemAdapter(value).items()
        if all(isinstance(key, str) for key, _ in named):
            return {_text(key): _plain(name, each, depth + 1) for key, each in named}
    raise BadField(name, value)


def _text(text: str) -> str:
    """Return what both databases take."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
