"""What a crawl of the generated site should find, and the values it should end with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.demo.content.story import plain_text, tell
from newscrawl.demo.content.taxonomy import CATEGORIES, PAGES, SHOP_PAGES
from newscrawl.demo.rendering.specials import SPECIALS
from newscrawl.demo.site import DemoSite
from newscrawl.items import Article, Comment, Heading, Image
from tests.demo import traps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.demo.content.story import Story
    from newscrawl.demo.rendering.markup import Layout

_WORD = re.compile(r"\w+")


class KnownSite(DemoSite):
    """A generated site that also tells what a crawl of it should find."""

    def truth(self) -> Iterator[Article]:
        """Every original article with the values its page shows, oldest first."""
        for number in self._originals():
            yield expected_article(self._layout, tell(self._posts, number))

    def copies(self) -> Iterator[tuple[str, str, str]]:
        """The copy's URL, the original's URL, and ``exact`` or ``canonical``.

        ``exact`` repeats the text under another slug and a later date;
        ``canonical`` is a second URL whose ``rel=canonical`` names the original.
        """
        for number in range(self._posts.count):
            original = self._posts.copy_of(number)
            if original is not None and number in self._posts:
                yield self._link(number), self._link(original), "exact"
        for number in self._originals():
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
        new = (number for number in self._originals() if number >= posts.first_count)
        return {
            "new": [self._link(number) for number in new],
            "edited": [self._link(number) for number in sorted(evolution.edited)],
            "deleted": [self._link(number) for number in sorted(evolution.deleted)],
        }

    def trap(self, path_and_query: str) -> str | None:
        return traps.trap(path_and_query)

    def _originals(self) -> Iterator[int]:
        posts = self._posts
        return (n for n in range(posts.count) if n in posts and posts.copy_of(n) is None)

    def _link(self, number: int) -> str:
        return self._layout.teasers.link(self._posts.card(number))


def expected_article(layout: Layout, story: Story) -> Article:
    link = layout.teasers.link(story.card)
    posts, number = layout.posts, story.card.number
    text = plain_text(story.blocks)
    older, newer = posts.older(number), posts.newer(number)
    return Article(
        url=link,
        canonical_url=link,
        headline=story.headline,
        subtitle=story.subtitle,
        authors=[story.card.author.name] if story.signed else [],
        published=story.published,
        published_raw=story.published.isoformat() if story.published else None,
        modified=story.modified,
        sections=[CATEGORIES[slug].name for slug in story.card.sections],
        tags=story.tags,
        breadcrumbs=story.crumbs,
        language="en-US",
        text=text,
        headings=_headings(story),
        images=_images(layout, story),
        source_url=story.source_url,
        source_name=story.source.name if story.source else None,
        reading_minutes=story.reading_minutes,
        comment_count=len(story.comments),
        comments=[
            Comment(
                author=comment.name,
                text=comment.text,
                url=f"{link}#comment-{story.card.post_id}{place}",
            )
            for place, comment in enumerate(story.comments)
        ],
        share_count=story.shares or None,
        view_count=story.views or None,
        word_count=len(_WORD.findall(text)),
        previous_url=None if older is None else layout.teasers.link(posts.card(older)),
        next_url=None if newer is None else layout.teasers.link(posts.card(newer)),
        related_urls=[layout.teasers.link(posts.card(other)) for other in posts.related(number)],
    )


def _headings(story: Story) -> list[Heading]:
    return [
        Heading(level=int(block.kind[1]), text=block.text)
        for block in story.blocks
        if block.kind in {"h2", "h3"}
    ]


def _images(layout: Layout, story: Story) -> list[Image]:
    return [
        Image(
            url=f"{layout.base}{picture.path}.jpg",
            caption=picture.caption,
            credit=picture.credit,
            alt=picture.alt,
        )
        for picture in story.pictures
    ]
