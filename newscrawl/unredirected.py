"""Requests outside a crawl that go where they were sent, and nowhere else."""

from __future__ import annotations

from typing import Any
from urllib.request import HTTPRedirectHandler


class NoRedirects(HTTPRedirectHandler):
    """Lets a redirect be the error that any other status is."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None
