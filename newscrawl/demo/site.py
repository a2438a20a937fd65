"""The generated news site: pages on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.demo.content.posts import Posts
from newscrawl.demo.rendering.article_page import THEMES
from newscrawl.demo.rendering.markup import Layout
from newscrawl.demo.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newscrawl.demo.responses import DemoResponse


class DemoSite:
    """A news site that is a function of its arguments: same arguments, same bytes.

    ``articles`` counts the originals of generation 0. ``page_kb`` is the least
    size of a page in KiB. Each ``generation`` adds posts, edits some and deletes
    others. The theme ``changed`` renames the classes of headline and author.
    """

    def __init__(
        self,
        articles: int = 300,
        seed: int = 1,
        base_url: str = "http://127.0.0.1:8017",
        page_kb: int | None = None,
        *,
        generation: int = 0,
        theme: str = "jnews",
    ) -> None:
        if articles < 1 or generation < 0 or theme not in THEMES:
            raise ValueError("a site has articles >= 1, generation >= 0 and a known theme")
        self.base_url = base_url.rstrip("/")
        self._posts = Posts(articles, seed, generation)
        self._layout = Layout(self._posts, self.base_url, page_kb)
        self._routes = Routes(self._layout, THEMES[theme])

    def respond(self, path_and_query: str, headers: Mapping[str, str]) -> DemoResponse:
        return self._routes.respond(path_and_query, headers)

    def first_response(self, path: str) -> DemoResponse | None:
        """What a server answers only to its first request for ``path``."""
        return self._routes.first_response(path)

    def prepare(self) -> None:
        """Does now what the first request would wait for: some 2 s for 20,000 articles."""
        _ = self._posts.index, self._posts.by_category
