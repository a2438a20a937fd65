"""Joining and splitting the addresses that strangers wrote, in a bounded time.

Python compares the normal form of a host when it splits one, which long rows of marks make slow.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

from newscrawl.normal_forms import stream_safe

MAX_REFERENCE = 8_192
"""Characters; with a fragment that nobody asks for, and four times the longest address."""


def resolve(base: str, reference: str) -> str:
    """Return the address that a reference means in the document ``base``.

    Raises:
        ValueError: it means none, or is longer than any that is asked for.
    """
    return urljoin(base, _bounded(reference))


def split(url: str) -> SplitResult:
    """Split an address as it was found.

    Raises:
        ValueError: as in :func:`resolve`.
    """
    return urlsplit(_bounded(url))


def _bounded(reference: str) -> str:
    if len(reference) > MAX_REFERENCE:
        raise ValueError(f"longer than {MAX_REFERENCE} characters")
    return stream_safe(reference)
