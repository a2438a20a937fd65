"""Text from the command line into a value of the type that an annotation names."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin
from uuid import UUID

_WHOLE = re.compile(r"[+-]?[0-9]+")
_TRUTH = dict.fromkeys(("true", "yes", "on", "1"), True) | dict.fromkeys(
    ("false", "no", "off", "0"), False
)


class Unfit(ValueError):  # noqa: N818 - named as what it says of the text
    """A text that is no such value; the argument says what is wanted."""


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text.strip()):
        raise ValueError
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def _object(text: str) -> Any:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError  # noqa: TRY004 - as what json raises
    return found


_READERS: Mapping[Any, tuple[Callable[[str], Any], str]] = {
    str: (str, "text"),
    int: (_whole, "a whole number"),
    float: (_number, "a number"),
    Decimal: (Decimal, "a number"),
    bool: (lambda text: _TRUTH[text.strip().lower()], "true or false"),
    datetime: (
        lambda text: datetime.fromisoformat(text.strip()),
        "an ISO 8601 time, such as 2025-10-09T06:00",
    ),
    date: (lambda text: date.fromisoformat(text.strip()), "an ISO 8601 date, such as 2025-10-09"),
    time: (lambda text: time.fromisoformat(text.strip()), "an ISO 8601 time of day, such as 06:00"),
    Path: (Path, "a path"),
    UUID: (UUID, "a UUID"),
    dict: (_object, "a JSON object"),
}
_LISTS: tuple[type, ...] = (list, tuple, set, frozenset)


def is_readable(hint: Any) -> bool:
    """Whether a text can become a value of this type; of other types it stays text."""
    hint = _bare(hint)
    if hint in _READERS or hint in _LISTS or get_origin(hint) is Literal:
        return True
    if _options(hint):
        return any(map(is_readable, _options(hint)))
    if _collection(hint) is not None or get_origin(hint) is dict:
        return True
    return isinstance(hint, type) and issubclass(hint, Enum)


def read(text: str, hint: Any) -> Any:
    """Return the value of type ``hint`` that ``text`` writes; a list is comma-separated.

    Raises:
        Unfit: it writes none.
    """
    if get_origin(hint) is Annotated and (adapter := _adapter(hint)) is not None:
        return adapter(text)
    hint = _bare(hint)
    if options := _options(hint):
        return _one_of(text, options)
    if get_origin(hint) is Literal:
        return _choice(text, {str(each): each for each in get_args(hint)})
    if isinstance(hint, type) and issubclass(hint, Enum):
        named = {each.name: each for each in hint}
        return _choice(text, {str(each.value): each for each in hint}, named)
    if (kind := _collection(hint)) is not None:
        inner = next((each for each in get_args(hint) if each is not Ellipsis), str)
        return _several(text, kind, inner)
    return _read_plain(text, hint)


def _read_plain(text: str, hint: Any) -> Any:
    reader = _READERS.get(get_origin(hint) or hint)
    if reader is None:
        adapter = _adapter(hint)
        return text if adapter is None else adapter(text)
    try:
        return reader[0](text)
    except (ValueError, KeyError, InvalidOperation):
        raise Unfit(reader[1]) from None


def _several(text: str, kind: type, inner: Any) -> Any:
    try:
        return kind(read(each.strip(), inner) for each in text.split(",") if each.strip())
    except Unfit as error:
        raise Unfit(f"{error}, or several with commas between them") from None


def _bare(hint: Any) -> Any:
    while isinstance(hint, NewType) or get_origin(hint) is Annotated:
        hint = hint.__supertype__ if isinstance(hint, NewType) else get_args(hint)[0]
    return hint


def _options(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in {Union, UnionType} else ()


def _collection(hint: Any) -> type | None:
    """Return what makes a collection; abstract ones are lists."""
    origin = get_origin(hint) or hint
    if origin in _LISTS:
        return origin  # type: ignore[no-any-return] # a class
    abstract = isinstance(origin, type) and origin.__module__ == "collections.abc"
    return list if abstract and not issubclass(origin, Mapping) and get_args(hint) else None


def _one_of(text: str, options: tuple[Any, ...]) -> Any:
    if NoneType in options and text.strip().lower() in {"", "none", "null"}:
        return None
    wanted: list[str] = []
    for option in sorted((each for each in options if each is not NoneType), key=_is_text):
        try:
            return read(text, option)
        except Unfit as error:
            wanted.append(str(error))
    raise Unfit(" or ".join(wanted))


def _is_text(hint: Any) -> bool:
    return _bare(hint) is str


def _choice(text: str, *options: Mapping[str, Any]) -> Any:
    for each in options:
        if text.strip() in each:
            return each[text.strip()]
    raise Unfit(f"one of {', '.join(options[0])}")


def _adapter(hint: Any) -> Callable[[str], Any] | None:
    """Return pydantic's reader, where the user's spider uses pydantic."""
    pydantic = sys.modules.get("pydantic")
    if pydantic is None:
        return None

    def adapt(text: str) -> Any:
        try:
            return pydantic.TypeAdapter(hint).validate_python(text)
        except pydantic.ValidationError as error:
            raise Unfit(error.errors()[0]["msg"]) from None
        except pydantic.PydanticUserError:
            return text

    return adapt
