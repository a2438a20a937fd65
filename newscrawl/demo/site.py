"""The generated news site: pages on demand, and what a crawl of them should find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.demo import traps
from newscrawl.demo.content.posts import Posts
from newscrawl.demo.content.story import tell
from newscrawl.demo.content.taxonomy import PAGES, SHOP_PAGES
from newscrawl.demo.rendering.article_page import THEMES
from newscrawl.demo.rendering.markup import Layout
from newscrawl.demo.rendering.specials import SPECIALS
from newscrawl.demo.routes import Routes
from newscrawl.demo.truth import expected_article

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newscrawl.demo.responses import DemoResponse
    from newscrawl.items import Article


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

    def truth(self) -> Iterator[Article]:
        """Every original article with the values its page shows, oldest first."""
        for number in self._posts.originals():
            yield expected_article(self._layout, tell(self._posts, number))

    def copies(self) -> Iterator[tuple[str, str, str]]:
        """The copy's URL, the original's URL, and ``exact`` or ``canonical``.

        ``exact`` repeats the text under another slug and a later date;
        ``canonical`` is a second URL whose ``rel=canonical`` names the original.
        """
        for number, original in self._posts.copies():
            if number in self._posts:
                yield self._link(number), self._link(original), "exact"
        for number in self._posts.originals():
            variant = self._posts.variant(number)
            link = self._link(number)
            if variant == "edition":
                yield f"{self.base_url}/edition{link[len(self.base_url) :]}", link, "canonical"
            elif variant == "query":
                yield f"{link}?from=listing", link, "canonical"

    def specials(self) -> dict[str, str]:
        """URL to the outcome a crawl should record for it, if it finds it."""
        odd = {path: special.outcome for path, special in SPECIALS.items()}
        plain = {path: "page" for path in PAGES if path not in SHOP_PAGES}
        return {f"{self.base_url}{path}": outcome for path, outcome in (odd | plain).items()}

    def changes(self) -> dict[str, list[str]]:
        """URLs of originals that are ``new``, ``edited`` or ``deleted`` since generation 0."""
        posts, evolution = self._posts, self._posts.evolution
        new = (number for number in posts.originals() if number >= posts.first_count)
        return {
            "new": [self._link(number) for number in new],
            "edited": [self._link(number) for number in sorted(evolution.edited)],
            "deleted": [self._link(number) for number in sorted(evolution.deleted)],
        }

    def trap(self, path_and_query: str) -> str | None:
        return traps.trap(path_and_query)

    def _link(self, number: int) -> str:
        return self._layout.teasers.link(self._posts.card(number))
