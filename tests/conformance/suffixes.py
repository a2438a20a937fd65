"""The test vectors of the Public Suffix List: whose site a name is of."""

from __future__ import annotations

import re
from importlib.resources import files

from newscrawl.addresses.hosts import read_host
from newscrawl.addresses.unfetchable import UnfetchableURL

LINE = re.compile(r"^checkPublicSuffix\((null|'[^']*'), (null|'[^']*')\);", re.MULTILINE)


def cases() -> list[tuple[str, str | None]]:
    """Return names, each with its registered domain; ``None`` for a name that has none."""
    text = files("publicsuffixlist").joinpath("test_psl.txt").read_text(encoding="utf-8")
    found = [tuple(map(_value, match)) for match in LINE.findall(text)]
    return [(name, domain) for name, domain in found if name is not None]


def ours(name: str) -> str | None:
    """Return the registered domain as we have it, in the letters of the list."""
    try:
        return read_host(name).registered or None
    except UnfetchableURL:
        return None


def listed(domain: str | None) -> str | None:
    return None if domain is None else read_host(domain).name


def _value(text: str) -> str | None:
    return None if text == "null" else text.strip("'")
