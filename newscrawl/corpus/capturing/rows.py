"""Lines of CDX in the forms in which tools and servers write them, as rows with one set of names.

Forms: CDX with a header line of letters, or without one by its number of fields; CDXJ (a key, a
timestamp, a JSON object); a JSON object a line; JSON arrays a line, the first of which names the
fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Row = Mapping[str, str]
"""Fields of a capture as text: ``url``, ``timestamp``, ``mime``, ``status``, ``digest``,
``length``, ``offset``, ``filename``; those that a form does not have are missing."""

MAX_LINE = 64 * 1024
"""Bytes of a line; the longest URL that is asked for has 2,083 characters."""
COMMENT = "!"
"""How a line of CDXJ begins that says something of the file."""
_HEADER = re.compile(r"(\W)CDX((?:\1[A-Za-z])+)")
_LETTERS = {
    "a": "url",
    "b": "timestamp",
    "g": "filename",
    "k": "digest",
    "m": "mime",
    "s": "status",
    "S": "length",
    "V": "offset",
}
"""What the letters of a header stand for; others are passed over."""
_UNNAMED = {7: "N b a m s k S", 9: "N b a m s k r V g", 10: "N b a m s k r M V g"} | {
    11: "N b a m s k r M S V g"
}
"""The letters of lines without a header, by their number."""
_OTHER_NAMES = {"original": "url", "mimetype": "mime", "statuscode": "status"}


class NoRow(ValueError):  # noqa: N818 - named as what it says of the line
    """A line that is in none of the forms."""


class Rows:
    """Reads line after line; ``resume`` is the key with which a server says that there is more."""

    def __init__(self) -> None:
        self.resume = ""
        self._fields: Sequence[str] = ()
        self._delimiter = " "
        self._is_array = False
        self._is_key_next = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing at the end, as far as the form shows that."""
        return not self._is_array

    def read(self, line: str) -> Iterator[Row]:
        """Yield the rows of a line: mostly one, none of a header.

        Raises:
            NoRow: it is in none of the forms.
        """
        text = line.strip("\r\n")
        first = text.lstrip()[:1]
        if not first:
            self._is_key_next = True
        elif first == "{":
            yield _named(_json(text))
        elif first == "[" or self._is_array:
            yield from self._array(text.strip())
        elif self._is_key_next and " " not in text:
            self.resume = text
        elif first != COMMENT:
            yield from self._text(text)

    def _text(self, text: str) -> Iterator[Row]:
        header = _HEADER.fullmatch(text.rstrip())
        if header:
            self._delimiter = header[1]
            self._fields = [_LETTERS.get(each, "") for each in header[2].split(header[1])[1:]]
            return
        key, _, rest = text.partition(" ")
        timestamp, _, told = rest.partition(" ")
        if told.startswith("{"):
            yield {"timestamp": timestamp, **_named(_json(told)), "urlkey": key}
            return
        values = text.split(self._delimiter)
        letters = _UNNAMED.get(len(values), "").split()
        fields = self._fields or [_LETTERS.get(each, "") for each in letters]
        if len(fields) != len(values):
            raise NoRow(text)
        yield dict(zip(fields, values, strict=True))

    def _array(self, text: str) -> Iterator[Row]:
        """Read a line of an array of arrays, each of which mostly has its own."""
        self._is_array = self._is_array or text == "[" or text.startswith("[[")
        if text == "]" or text.endswith("]]"):
            self._is_array = False
        for each in _arrays(text) if text not in {"[", "]"} else ():
            yield from self._values(each)

    def _values(self, values: Sequence[Any]) -> Iterator[Row]:
        if not values:
            self._is_key_next = True
        elif self._is_key_next and len(values) == 1:
            self.resume = str(values[0])
        elif "timestamp" in values:
            self._fields = [_OTHER_NAMES.get(str(each), str(each)) for each in values]
        elif len(values) == len(self._fields):
            yield {name: str(value) for name, value in zip(self._fields, values, strict=True)}
        else:
            raise NoRow(str(values))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise NoRow(text) from None


def _named(told: Any) -> dict[str, str]:
    if not isinstance(told, dict):
        raise NoRow(str(told))
    plain = {name: each for name, each in told.items() if isinstance(each, str | int)}
    return {_OTHER_NAMES.get(name, name): str(each) for name, each in plain.items()}


def _arrays(text: str) -> Sequence[Sequence[Any]]:
    """Return the inner arrays of a line of an outer one, which may begin before or end after it."""
    bare = text.rstrip(",")
    for whole in (bare, f"{bare}]", f"[{bare}"):
        try:
            found = _json(whole)
        except NoRow:
            continue
        if not isinstance(found, list):
            break
        return found if found and all(isinstance(each, list) for each in found) else [found]
    raise NoRow(text)
