"""Article pages in JNews markup."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from newscrawl.demo.content.posts import LOCAL, MALFORMED, MISDECLARED
from newscrawl.demo.content.taxonomy import CATEGORIES, SITE_NAME
from newscrawl.demo.rendering.article_body import article_body
from newscrawl.demo.rendering.article_extras import (
    author_box,
    comments,
    next_post_popup,
    popular,
    previous_next,
    related_posts,
    share_bar,
    share_bottom,
)
from newscrawl.demo.rendering.article_head import article_head, theme_json_ld
from newscrawl.demo.rendering.markup import day_text

if TYPE_CHECKING:
    from newscrawl.demo.content.story import Picture, Story
    from newscrawl.demo.rendering.markup import Layout


@dataclass(frozen=True, slots=True)
class Theme:
    """The classes a relaunch of the site renames."""

    headline: str = "jeg_post_title"
    author: str = "jeg_meta_author"


THEMES = {"jnews": Theme(), "changed": Theme(headline="hl_story_title", author="hl_byline")}


def article_page(layout: Layout, theme: Theme, story: Story, part: int = 1) -> bytes:
    """Page ``part`` of the article, from 1."""
    link = layout.teasers.link(story.card)
    title = f"{story.card.headline} - {SITE_NAME}"
    if part > 1:
        title = f"{story.card.headline} - Page {part} of {len(story.parts)} - {SITE_NAME}"
    body = layout.page(
        path=link,
        title=title,
        head=article_head(layout, story, part),
        body_class=(
            "wp-singular post-template-default single single-post "
            f"postid-{story.card.post_id} single-format-standard jeg_single_tpl_1"
        ),
        main=_main(layout, theme, story, part),
        sidebar=popular(layout, story),
    )
    if story.card.number == MALFORMED:
        return _broken(body)
    if story.card.number == MISDECLARED:
        return b"\xef\xbb\xbf" + body.replace(b'charset="UTF-8"', b'charset="ISO-8859-1"', 1)
    return body


def _broken(body: bytes) -> bytes:
    """What browsers repair alike: end tags left out, quotes left off, tags in capitals."""
    inner = body.index(b'<div class="content-inner')
    end = body.index(b'<div class="jeg_post_tags"')
    broken = body[inner:end].replace(b"<p>", b"<P CLASS=lead>")
    broken = broken.replace(b"</p>\n<P", b"\n<P").replace(b"</p>\n<h", b"\n<h")
    broken = broken.replace(b"<strong>", b"<B><I>").replace(b"</strong>", b"</B></I>")
    whole = body[:inner] + broken + body[end:]
    return whole.replace(b"</body>\n</html>\n", b"").replace(
        b' class="meta_text"', b" class=meta_text"
    )


def _main(layout: Layout, theme: Theme, story: Story, part: int) -> str:
    featured = _featured(layout, story.lead_picture) if story.lead_picture else ""
    return "".join(
        [
            '<div class="post-wrapper"><div class="post-wrap">\n',
            layout.frame(
                '<div class="jeg_main_content col-md-8"><div class="jeg_inner_content">\n',
                "jeg_content jeg_singlepage",
            ),
            _crumbs(layout, story),
            _entry_header(layout, theme, story),
            featured,
            share_bar(story),
            (
                '<div class="jeg_ad jeg_article jnews_content_top_ads "><div class="ads-wrapper  ">'
                "</div></div>\n"
            ),
            (
                '<div class="entry-content no-share"><div class="jeg_share_button share-float '
                'jeg_sticky_share clearfix share-monocrhome"><div class="jeg_share_float_container">'
                '</div></div>\n<div class="content-inner ">\n'
            ),
            article_body(layout, story, part),
            "</div>\n",
            share_bottom(layout, story),
            "</div>\n",
            '<div class="jeg_ad jeg_article jnews_content_bottom_ads "></div>\n',
            previous_next(layout, story),
            author_box(layout, story),
            related_posts(layout, story),
            next_post_popup(layout, story),
            comments(layout, story),
            "</div></div>\n",
            theme_json_ld(layout, story),
        ]
    )


def _crumbs(layout: Layout, story: Story) -> str:
    if not story.crumbs:
        return ""
    paths = {category.name: category.path for category in CATEGORIES.values()}
    last = len(story.crumbs) - 1
    spans = [
        f'<span class="{"breadcrumb_last_link" if place == last else ""}">\n'
        f'<a href="{layout.base}{paths.get(name, "/")}">{escape(name)}</a>\n</span>'
        for place, name in enumerate(story.crumbs)
    ]
    trail = '<i class="fa fa-angle-right"></i>'.join(spans)
    return (
        '<div class="jeg_breadcrumbs jeg_breadcrumb_container">'
        f'<div id="breadcrumbs">{trail}</div></div>\n'
    )


def _entry_header(layout: Layout, theme: Theme, story: Story) -> str:
    card = story.card
    link = layout.teasers.link(card)
    subtitle = (
        f'<h2 class="jeg_post_subtitle">{escape(story.subtitle)}</h2>\n' if story.subtitle else ""
    )
    links = '<span class="category-separator">, </span>'.join(
        layout.teasers.category_link(CATEGORIES[slug], ' rel="category tag"')
        for slug in card.sections
    )
    unit = "min" if story.reading_minutes == 1 else "mins"
    return (
        f'<div class="entry-header">\n<h1 class="{theme.headline}">{escape(card.headline)}</h1>\n'
        f'{subtitle}<div class="jeg_meta_container"><div class="jeg_post_meta jeg_post_meta_1">\n'
        f'<div class="meta_left">\n{_byline(layout, theme, story)}<div class="jeg_meta_category"><span>'
        f'<span class="meta_text">in</span>\n{links}</span></div>\n'
        f'<div class="jeg_meta_reading_time"><span>Reading Time: {story.reading_minutes} {unit} '
        f'read</span></div>\n</div>\n<div class="meta_right"><div class="jeg_meta_comment">'
        f'<a href="{link}#respond"><i class="fa fa-comment-o"></i> {len(story.comments)}</a></div>'
        "</div>\n</div></div>\n</div>\n"
    )


def _byline(layout: Layout, theme: Theme, story: Story) -> str:
    card = story.card
    author = date = ""
    if story.signed:
        author = (
            f'<div class="{theme.author}">\n<img alt="{card.author.name}" '
            f'src="{layout.base}/wp-content/uploads/avatars/{card.author.slug}.jpg" '
            'class="avatar avatar-80 photo" height="80" width="80" />'
            f'<span class="meta_text">by</span>\n{layout.teasers.author_link(card.author)}</div>\n'
        )
    if story.published:
        date = (
            f'<div class="jeg_meta_date"><a href="{layout.teasers.link(card)}">{day_text(story.published + LOCAL)}</a>'
            "</div>\n"
        )
    return author + date


def _featured(layout: Layout, picture: Picture) -> str:
    full = f"{layout.base}{picture.path}"
    caption = f'<p class="wp-caption-text">{escape(picture.caption)}</p>' if picture.caption else ""
    return (
        f'<div class="jeg_featured featured_image"><a href="{full}.jpg">'
        '<div class="thumbnail-container animate-lazy" style="padding-bottom:50%">'
        f'<img width="750" height="375" src="{layout.base}/wp-content/themes/jnews/assets/img/'
        'jeg-empty.png" class="attachment-jnews-750x375 lazyload wp-post-image" '
        f'alt="{escape(picture.alt or "")}" data-src="{full}-750x375.jpg" '
        f'data-srcset="{full}-750x375.jpg 750w, {full}-1140x570.jpg 1140w" data-sizes="auto" '
        f'data-expand="700" /></div>{caption}</a></div>\n'
    )
