"""A reference on a page, and the address that it means."""

from __future__ import annotations

import re

from newscrawl.url_parts import resolve

_SPACE = " \t\n\r\f\x00"
_RARE = re.compile(r"[\t\n\r\\]")
_HIGH = re.compile(rb"[\x80-\xff]")
_WITHIN = str.maketrans("", "", "\t\n\r")


def forward(reference: str) -> str:
    """Return a reference with slashes for backslashes, as browsers read it (WHATWG URL).

    Where it begins with two slashes or more, a host follows.

    Tabs and line ends within it do not count, nor does white space around it. What stands
    behind ``?`` or ``#`` keeps its backslashes.
    """
    reference = reference.strip(_SPACE)
    if not (_RARE.search(reference) or reference.startswith("///")):
        return reference
    reference = reference.translate(_WITHIN)
    end = min((at for mark in "?#" if (at := reference.find(mark)) >= 0), default=len(reference))
    path = reference[:end].replace("\\", "/")
    if path.startswith("///"):
        path = f"//{path.lstrip('/')}"
    return path + reference[end:]


def as_sent(value: bytes) -> str:
    """Return a reference of a header with its bytes as they stand, whatever their encoding.

    Browsers do so too. Only the name of a host is read as UTF-8.
    """
    return _HIGH.sub(lambda match: b"%%%02X" % match[0][0], value).decode("ascii")


def join(base: str, reference: str) -> str:
    """Return the address that a reference means on the page ``base``.

    Raises:
        ValueError: it means none.
    """
    return resolve(base, forward(reference))
