"""What is no address on the web."""

from __future__ import annotations


class UnfetchableURL(ValueError):  # noqa: N818 - the name says what the URL is
    """No request may be made of this URL; the message says why."""
