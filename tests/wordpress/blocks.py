"""A site of block themes and plugins: plain permalinks, several authors, excerpts, footnotes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from newscrawl.demo.content import lexicon, text
from tests.wordpress.spec import AUTHORS, Block, Post, Site

ST_JOHNS = ZoneInfo("America/St_Johns")
FIRST_ID = 10_000
APART = 20
"""Between the numbers of two posts: edits take some of their own."""
NOTE = "The figure is that of the harbour office, and was not checked."
SHORT = ("{} sings", "low tide, slow tide", "nobody at the rail", "one lamp for the tram", "home")
"""Lines of a poem: paragraphs of a few words."""


@dataclass(frozen=True)
class BlockSite(Site):
    """Half an hour off whole hours, each post at ``/?p=`` and its number."""

    count: int = 120
    zone: ZoneInfo = ST_JOHNS
    permalinks: str = ""

    def _story(self, number: int) -> Post:
        post = super()._story(number)
        rnd = self._random(number)
        cast = text.make_cast(text.place_name(number), min(lexicon.TOPICS), rnd)
        at = AUTHORS.index(post.author)
        others = tuple(AUTHORS[(at + step) % len(AUTHORS)] for step in (1, 2)[: number % 4])
        poem = number % 9 == 4 and len(post.parts) == 1
        return replace(
            post,
            id=FIRST_ID + APART * number,
            old_slug=None,
            others=others,
            parts=(self._poem(post),) if poem else post.parts,
            excerpt=text.subtitle(cast, rnd) if number % 4 == 1 else None,
            note=NOTE if number % 5 == 0 and not post.classic else None,
        )

    @staticmethod
    def _poem(post: Post) -> tuple[Block, ...]:
        """A poem of sixty words in short paragraphs."""
        words = post.headline.split()
        lines = [line.format(words[at % len(words)]) for at in range(3) for line in SHORT]
        return tuple(Block("p", (f"{line}, {at}",)) for at, line in enumerate(lines, 1))
