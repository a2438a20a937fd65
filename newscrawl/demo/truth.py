"""The values a crawl of the generated site should end with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.demo.content.story import plain_text
from newscrawl.demo.content.taxonomy import CATEGORIES
from newscrawl.items import Article, Heading, Image

if TYPE_CHECKING:
    from newscrawl.demo.content.story import Story
    from newscrawl.demo.rendering.markup import Layout

_WORD = re.compile(r"\w+")


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
        headings=[
            Heading(level=int(block.kind[1]), text=block.text)
            for block in story.blocks
            if block.kind in ("h2", "h3")
        ],
        images=[
            Image(
                url=f"{layout.base}{picture.path}.jpg",
                caption=picture.caption,
                credit=picture.credit,
                alt=picture.alt,
            )
            for picture in story.pictures
        ],
        source_url=story.source_url,
        source_name=story.source.name if story.source else None,
        reading_minutes=story.reading_minutes,
        comment_count=len(story.comments),
        share_count=story.shares or None,
        view_count=story.views or None,
        word_count=len(_WORD.findall(text)),
        previous_url=None if older is None else layout.teasers.link(posts.card(older)),
        next_url=None if newer is None else layout.teasers.link(posts.card(newer)),
        related_urls=[layout.teasers.link(posts.card(other)) for other in posts.related(number)],
    )
