"""The body of an article's page: paragraphs, pictures, contents, parts, source and tags."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from newscrawl.demo.content.text import slugify

if TYPE_CHECKING:
    from newscrawl.demo.content.story import Block, Picture, Story
    from newscrawl.demo.rendering.markup import Layout

_FEWEST_HEADINGS = 2
_ADVERT_AFTER = 2
_AD = (
    '<div class="jeg_ad jeg_ad_article jnews_content_inline_ads  "><div class="ads-wrapper '
    'align-right "><ins class="adsbygoogle" data-ad-slot="3141592653"></ins><script>'
    "(adsbygoogle = window.adsbygoogle || []).push({});</script></div>"
    '<div class="ads-text">ADVERTISEMENT</div></div>\n'
)


def content_html(layout: Layout, story: Story) -> str:
    """The body as the feed and the API carry it: no theme, ads or counters."""
    return _blocks(layout, story, story.blocks) + _source_link(story)


def article_body(layout: Layout, story: Story, part: int) -> str:
    blocks = story.parts[part - 1]
    return "".join(
        [
            _table_of_contents(story, blocks, part),
            _blocks(layout, story, blocks, _AD),
            _source_link(story),
            _page_links(layout, story, part),
            _jnews_source(story),
            (
                f'<div class="post-views content-post post-{story.card.post_id} entry-meta '
                'load-static"><span class="post-views-icon dashicons dashicons-chart-bar"></span> '
                '<span class="post-views-label">Post Views:</span> '
                f'<span class="post-views-count">{story.views}</span></div>\n'
            ),
            _tags(layout, story),
        ]
    )


def _table_of_contents(story: Story, blocks: list[Block], part: int) -> str:
    headings = [block for block in blocks if block.kind in ("h2", "h3")]
    if not story.contents or part > 1 or len(headings) < _FEWEST_HEADINGS:
        return ""
    items = "".join(
        f'<li class="ez-toc-page-1 ez-toc-heading-level-{block.kind[1]}"><a class="ez-toc-link '
        f'ez-toc-heading-{place}" href="#{_anchor(block)}">{escape(block.text)}</a></li>'
        for place, block in enumerate(headings, 1)
    )
    return (
        '<div id="ez-toc-container" class="ez-toc-v2_0_65 counter-hierarchy ez-toc-counter">\n'
        '<div class="ez-toc-title-container">\n<p class="ez-toc-title">Table of Contents</p>\n'
        '<span class="ez-toc-title-toggle"><a href="#" class="ez-toc-toggle"><span '
        'class="ez-toc-js-icon-con"><span class="eztoc-hide" style="display:none;">Toggle</span>'
        f'</span></a></span></div>\n<nav><ul class="ez-toc-list">{items}</ul></nav></div>\n'
    )


def _anchor(block: Block) -> str:
    return slugify(block.text).replace("-", "_")


def _blocks(layout: Layout, story: Story, blocks: list[Block], advert: str = "") -> str:
    out = []
    for place, block in enumerate(blocks):
        if block.kind == "promo":
            out.append(_promo(layout, story) if advert else "")
        elif block.picture:
            out.append(_picture(layout, story, block.picture))
        elif block.kind in ("h2", "h3"):
            out.append(
                f'<{block.kind}><span class="ez-toc-section" id="{_anchor(block)}"></span>'
                f'{escape(block.text)}<span class="ez-toc-section-end"></span></{block.kind}>\n'
            )
        else:
            told = _stressed(layout, block, place)
            quoted = block.kind == "quote"
            out.append(
                f"<blockquote><p>{told}</p></blockquote>\n" if quoted else f"<p>{told}</p>\n"
            )
        if place == _ADVERT_AFTER:
            out.append(advert)
    return "".join(out)


def _stressed(layout: Layout, block: Block, place: int) -> str:
    told = escape(block.text, quote=False)
    if not block.stress:
        return told
    start, end = (
        ("<strong>", "</strong>"),
        ("<em>", "</em>"),
        ('<a href="https://archive.example/notes" target="_blank" rel="noopener">', "</a>"),
        (f'<a href="{layout.base}/category/local-news/">', "</a>"),
    )[place % 4]
    stress = escape(block.stress, quote=False)
    return told.replace(stress, f"{start}{stress}{end}", 1)


def _picture(layout: Layout, story: Story, picture: Picture) -> str:
    full = f"{layout.base}{picture.path}"
    empty = f"{layout.base}/wp-content/themes/jnews/assets/img/jeg-empty.png"
    caption, alt = escape(picture.caption or "", quote=False), escape(picture.alt or "")
    if picture.style == "agency":
        credit = escape(picture.credit or "", quote=False)
        return (
            '<div class="bucketwrap image large"><div class="imagewrap '
            f'has-source-dimensions"><picture><source data-srcset="{full}.jpg" />'
            f'<img class="img lazyload" src="{empty}" data-src="{full}.jpg" alt="{alt}" />'
            '</picture></div>\n<div class="credit-caption"><div class="caption-wrap">'
            f'<div class="caption" aria-label="Image caption"><p>{caption}\n'
            f'<b class="credit" aria-label="Image credit">{credit}</b>\n'
            '<b class="hide-caption"><b>hide caption</b></b></p></div>\n'
            '<b class="toggle-caption"><b>toggle caption</b></b></div>\n'
            f'<span class="credit" aria-label="Image credit">{credit}</span></div></div>\n'
        )
    name = picture.path.rpartition("/")[2]
    return (
        '<figure class="wp-caption aligncenter">'
        f'<a href="{layout.teasers.link(story.card)}attachment/{name}/" rel="attachment">'
        f'<img class="size-large lazyload" src="{empty}" data-src="{full}-1024x683.jpg" '
        f'alt="{alt}" width="1024" height="683" /></a>'
        f'<figcaption class="wp-caption-text">{caption}</figcaption></figure>\n'
    )


def _promo(layout: Layout, story: Story) -> str:
    other = next(iter(layout.posts.related(story.card.number, 1)), story.card.number)
    card = layout.posts.card(other)
    return (
        "<div class='jnews_inline_related_post_wrapper left half'>"
        "<div class='jnews_inline_related_post'><div class='jeg_postblock_28 jeg_postblock' "
        "data-unique='jnews_module_0_@uniqid@'><h3 class='jeg_block_title'>Read also</h3>"
        f"<h3 class='jeg_post_title'><a href='{layout.teasers.link(card)}'>"
        f"{escape(card.headline)}</a></h3></div></div></div>\n"
    )


def _source_link(story: Story) -> str:
    if story.credited or not story.source_url:
        return ""
    return (
        f'<p><br />\n<br /><a href="{story.source_url}" target="_blank" rel="noopener">'
        "Source link </a></p>\n"
    )


def _jnews_source(story: Story) -> str:
    if not story.credited or not story.source:
        return ""
    return (
        '<div class="jeg_post_source"><span>Source:</span> '
        f'<a href="{story.source_url}" rel="nofollow" target="_blank">{story.source.name}</a></div>\n'
    )


def _page_links(layout: Layout, story: Story, part: int) -> str:
    pages = len(story.parts)
    if pages == 1:
        return ""
    link = layout.teasers.link(story.card)
    addresses = [link, *(f"{link}{page}/" for page in range(2, pages + 1))]
    numbers = [
        f'<span class="page_number active">{page}</span>'
        if page == part
        else f'<a class="page_number" href="{address}">{page}</a>'
        for page, address in enumerate(addresses, 1)
    ]
    if part < pages:
        numbers.append(
            f'<a class="page_nav next" href="{addresses[part]}"><span class="navtext">Next</span></a>'
        )
    return (
        '<div class="jeg_pagelinks jeg_pagination jeg_pagenav_1 jeg_alignleft no_navtext">'
        f'<span class="page_info">Page {part} of {pages}</span>'
        f'<div class="nav_link">{"".join(numbers)}</div></div>\n'
    )


def _tags(layout: Layout, story: Story) -> str:
    links = "".join(
        f'<a href="{layout.base}/tag/{tag.lower()}/" rel="tag">{tag}</a>' for tag in story.tags
    )
    return f'<div class="jeg_post_tags"><span>Tags:</span> {links}</div>\n'
