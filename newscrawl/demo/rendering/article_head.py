"""What an article's page says to machines: links, Open Graph, JSON-LD."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from newscrawl.demo.content.posts import LOCAL
from newscrawl.demo.content.story import plain_text
from newscrawl.demo.content.taxonomy import FOOTER_NAME, SITE_NAME
from newscrawl.demo.rendering.markup import meta

if TYPE_CHECKING:
    from datetime import datetime

    from newscrawl.demo.content.story import Story
    from newscrawl.demo.rendering.markup import Layout


def _canonical_url(layout: Layout, story: Story) -> str:
    if story.foreign_canonical and story.source_url:
        return story.source_url
    return layout.teasers.link(story.card)


def article_head(layout: Layout, story: Story, part: int) -> str:
    return "".join(
        [
            *_open_graph(layout, story, part),
            *_neighbouring_parts(layout, story, part),
            *_of_the_story(layout, story),
            *_alternates(layout, story),
        ]
    )


def _open_graph(layout: Layout, story: Story, part: int) -> list[str]:
    link = layout.teasers.link(story.card)
    own = _canonical_url(layout, story) if part == 1 else f"{link}{part}/"
    return [
        f'<link rel="canonical" href="{own}" />\n',
        meta("og:locale", "en_US"),
        meta("og:type", "article"),
        meta("og:title", story.card.headline),
        meta("og:description", story.card.excerpt),
        meta("og:url", link),
        meta("og:site_name", SITE_NAME),
    ]


def _neighbouring_parts(layout: Layout, story: Story, part: int) -> list[str]:
    link = layout.teasers.link(story.card)
    links = []
    if part > 1:
        back = f"{link}{part - 1}/" if part - 1 > 1 else link
        links.append(f'<link rel="prev" href="{back}" />\n')
    if part < len(story.parts):
        links.append(f'<link rel="next" href="{link}{part + 1}/" />\n')
    return links


def _of_the_story(layout: Layout, story: Story) -> list[str]:
    """What only some stories have."""
    told = []
    if story.published:
        told.append(meta("article:published_time", story.published.isoformat()))
    if story.modified:
        told.append(meta("article:modified_time", story.modified.isoformat()))
    if story.lead_picture:
        told.append(meta("og:image", f"{layout.base}{story.lead_picture.path}.jpg"))
    if story.signed:
        told.append(meta("author", story.card.author.name, "name"))
    return told


def _alternates(layout: Layout, story: Story) -> list[str]:
    """The card for Twitter, Yoast's JSON-LD, and other addresses of the story."""
    link, post_id = layout.teasers.link(story.card), story.card.post_id
    return [
        meta("twitter:card", "summary_large_image", "name"),
        (
            f'<script type="application/ld+json" class="yoast-schema-graph">{_graph(layout, story)}'
            "</script>\n"
        ),
        (
            f'<link rel="alternate" type="application/rss+xml" title="{SITE_NAME} &raquo; '
            f'{escape(story.card.headline)} Comments Feed" href="{link}feed/" />\n'
        ),
        (
            f'<link rel="alternate" title="JSON" type="application/json" '
            f'href="{layout.base}/wp-json/wp/v2/posts/{post_id}" />\n'
        ),
        f'<link rel="shortlink" href="{layout.base}/?p={post_id}" />\n',
        (
            f'<link rel="alternate" title="oEmbed (JSON)" type="application/json+oembed" '
            f'href="{layout.base}/wp-json/oembed/1.0/embed?url={quote(link, safe="")}" />\n'
        ),
    ]


def _graph(layout: Layout, story: Story) -> str:
    """As an older Yoast writes it: a WebPage and no article node."""
    link = layout.teasers.link(story.card)
    page: dict[str, object] = {
        "@type": "WebPage",
        "@id": link,
        "url": link,
        "name": f"{story.card.headline} - {SITE_NAME}",
        "isPartOf": {"@id": f"{layout.base}/#website"},
        "inLanguage": "en-US",
        "potentialAction": [{"@type": "ReadAction", "target": [link]}],
    }
    graph: list[dict[str, object]] = [page]
    if story.published:
        page["datePublished"] = story.published.isoformat()
        page["dateModified"] = (story.modified or story.published).isoformat()
    if story.signed:
        person = f"{layout.base}/#/schema/person/{story.card.author.slug}"
        page["author"] = {"@id": person}
        graph.append({"@type": ["Person"], "@id": person, "name": story.card.author.name})
    return json.dumps({"@context": "https://schema.org", "@graph": graph})


def theme_json_ld(layout: Layout, story: Story) -> str:
    """The theme's own JSON-LD: published in local time, modified in UTC, neither with a zone."""
    return "".join(
        f"<script type='application/ld+json'>{_script_json(node)}</script>\n"
        for node in (_theme_article(layout, story), _theme_hentry(story))
    )


def _theme_article(layout: Layout, story: Story) -> dict[str, object]:
    link = layout.teasers.link(story.card)
    entry: dict[str, object] = {
        "@context": "http://schema.org",
        "@type": "article",
        "mainEntityOfPage": {"@type": "WebPage", "@id": link},
        "url": link,
        "headline": story.card.headline,
        "name": story.card.headline,
        "articleBody": f"<!-- wp:paragraph -->\n{plain_text(story.blocks)[:600]}",
        "publisher": {"@type": "Organization", "name": FOOTER_NAME, "url": f"{layout.base}/"},
    }
    if story.published:
        shown = _local_time(story.published)
        changed = _utc_time(story.modified or story.published)
        entry |= {"dateCreated": shown, "datePublished": shown, "dateModified": changed}
    if story.signed:
        author = story.card.author
        entry["author"] = {
            "@type": "Person",
            "name": author.name,
            "url": f"{layout.base}/author/{author.slug}/",
        }
    return entry


def _theme_hentry(story: Story) -> dict[str, object]:
    hentry: dict[str, object] = {
        "@context": "http://schema.org",
        "@type": "hentry",
        "entry-title": story.card.headline,
    }
    if story.published:
        hentry |= {
            "published": _local_time(story.published),
            "updated": _utc_time(story.modified or story.published),
        }
    return hentry


def _local_time(moment: datetime) -> str:
    return _utc_time(moment + LOCAL)


def _utc_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _script_json(value: object) -> str:
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/")
