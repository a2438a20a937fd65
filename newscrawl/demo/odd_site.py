"""The Ternholm Courier: a newspaper of forty articles with markup of its own, for the guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.demo.odd import pages
from newscrawl.demo.odd.stories import ESSAYS, SIZES, stories
from newscrawl.demo.responses import DemoResponse, content

if TYPE_CHECKING:
    from collections.abc import Mapping


class OddSite:
    """Answers like ``DemoSite``; always the same, whatever was asked for before."""

    def __init__(self, base_url: str = "http://127.0.0.1:8019") -> None:
        self.base_url = base_url.rstrip("/")
        self._stories = {story.path: story for story in stories()}

    def respond(self, path_and_query: str, headers: Mapping[str, str]) -> DemoResponse:
        del headers
        path = path_and_query.partition("?")[0]
        if path == "/robots.txt":
            return content(b"User-agent: *\nDisallow:\n", "text/plain")
        shown = self._shown(path)
        if shown is None:
            return _html(pages.page("Nothing here", "<p>No such sheet.</p>"), 404)
        return _html(shown)

    def _shown(self, path: str) -> str | None:
        if path in self._stories:
            return pages.article(self._stories[path], self.base_url)
        match path.strip("/").split("/"):
            case [""]:
                return pages.front()
            case [name] if name == ESSAYS:
                return pages.tiles()
            case [name] if name in SIZES:
                return pages.section(name)
            case [name, "stream", "2"] if name in SIZES and name != ESSAYS:
                return pages.stream(name)
        return None

    def first_response(self, path: str) -> DemoResponse | None:
        del path
        return None

    def prepare(self) -> None:
        """There is nothing to wait for."""


def _html(text: str, status: int = 200) -> DemoResponse:
    return content(text.encode(), status=status)
