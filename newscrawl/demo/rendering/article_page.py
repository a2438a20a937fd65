"""Article pages in JNews markup."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from newscrawl.demo.content.posts import LOCAL, MALFORMED, MISDECLARED
from newscrawl.demo.content.story import plain_text
from newscrawl.demo.content.taxonomy import CATEGORIES, FOOTER_NAME, SITE_NAME
from newscrawl.demo.content.text import slugify
from newscrawl.demo.rendering.markup import day_text, meta

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


@dataclass(frozen=True, slots=True)
class Theme:
    """The classes a relaunch of the site renames."""

    headline: str = "jeg_post_title"
    author: str = "jeg_meta_author"


THEMES = {"jnews": Theme(), "changed": Theme(headline="hl_story_title", author="hl_byline")}


def canonical_url(layout: Layout, story: Story) -> str:
    if story.foreign_canonical and story.source_url:
        return story.source_url
    return layout.teasers.link(story.card)


def article_page(layout: Layout, theme: Theme, story: Story, part: int = 1) -> bytes:
    """Page ``part`` of the article, from 1."""
    link = layout.teasers.link(story.card)
    title = f"{story.card.headline} - {SITE_NAME}"
    if part > 1:
        title = f"{story.card.headline} - Page {part} of {len(story.parts)} - {SITE_NAME}"
    body = layout.page(
        path=link,
        title=title,
        head=_head(layout, story, part),
        body_class=(
            "wp-singular post-template-default single single-post "
            f"postid-{story.card.post_id} single-format-standard jeg_single_tpl_1"
        ),
        main=_main(layout, theme, story, part),
        sidebar=_popular(layout, story),
    )
    if story.card.number == MALFORMED:
        return _broken(body)
    if story.card.number == MISDECLARED:
        return b"\xef\xbb\xbf" + body.replace(b'charset="UTF-8"', b'charset="ISO-8859-1"', 1)
    return body


def content_html(layout: Layout, story: Story) -> str:
    """The body as the feed and the API carry it: no theme, ads or counters."""
    return _blocks(layout, story, story.blocks) + _source_link(story)


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


def _head(layout: Layout, story: Story, part: int) -> str:
    link = layout.teasers.link(story.card)
    pages = len(story.parts)
    own = canonical_url(layout, story) if part == 1 else f"{link}{part}/"
    head = [
        f'<link rel="canonical" href="{own}" />\n',
        meta("og:locale", "en_US"),
        meta("og:type", "article"),
        meta("og:title", story.card.headline),
        meta("og:description", story.card.excerpt),
        meta("og:url", link),
        meta("og:site_name", SITE_NAME),
    ]
    if part > 1:
        back = f"{link}{part - 1}/" if part - 1 > 1 else link
        head.append(f'<link rel="prev" href="{back}" />\n')
    if part < pages:
        head.append(f'<link rel="next" href="{link}{part + 1}/" />\n')
    if story.published:
        head.append(meta("article:published_time", story.published.isoformat()))
    if story.modified:
        head.append(meta("article:modified_time", story.modified.isoformat()))
    if story.lead_picture:
        head.append(meta("og:image", f"{layout.base}{story.lead_picture.path}.jpg"))
    if story.signed:
        head.append(meta("author", story.card.author.name, "name"))
    post_id = story.card.post_id
    head += [
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
    return "".join(head)


def _script_json(value: object) -> str:
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/")


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


def _theme_json_ld(layout: Layout, story: Story) -> str:
    """The theme's own JSON-LD: published in local time, modified in UTC, neither with a zone."""
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
    hentry: dict[str, object] = {
        "@context": "http://schema.org",
        "@type": "hentry",
        "entry-title": story.card.headline,
    }
    if story.published:
        shown = f"{story.published + LOCAL:%Y-%m-%d %H:%M:%S}"
        changed = f"{story.modified or story.published:%Y-%m-%d %H:%M:%S}"
        entry |= {"dateCreated": shown, "datePublished": shown, "dateModified": changed}
        hentry |= {"published": shown, "updated": changed}
    if story.signed:
        author = story.card.author
        entry["author"] = {
            "@type": "Person",
            "name": author.name,
            "url": f"{layout.base}/author/{author.slug}/",
        }
    return "".join(
        f"<script type='application/ld+json'>{_script_json(node)}</script>\n"
        for node in (entry, hentry)
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
            _share_bar(story),
            (
                '<div class="jeg_ad jeg_article jnews_content_top_ads "><div class="ads-wrapper  ">'
                "</div></div>\n"
            ),
            (
                '<div class="entry-content no-share"><div class="jeg_share_button share-float '
                'jeg_sticky_share clearfix share-monocrhome"><div class="jeg_share_float_container">'
                '</div></div>\n<div class="content-inner ">\n'
            ),
            _content(layout, story, part),
            "</div>\n",
            _share_bottom(layout, story),
            "</div>\n",
            '<div class="jeg_ad jeg_article jnews_content_bottom_ads "></div>\n',
            _previous_next(layout, story),
            _author_box(layout, story),
            _related(layout, story),
            _popup(layout, story),
            _comments(layout, story),
            "</div></div>\n",
            _theme_json_ld(layout, story),
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
            f'<div class="jeg_meta_date"><a href="{link}">{day_text(story.published + LOCAL)}</a>'
            "</div>\n"
        )
    links = '<span class="category-separator">, </span>'.join(
        layout.teasers.category_link(CATEGORIES[slug], ' rel="category tag"')
        for slug in card.sections
    )
    unit = "min" if story.reading_minutes == 1 else "mins"
    return (
        f'<div class="entry-header">\n<h1 class="{theme.headline}">{escape(card.headline)}</h1>\n'
        f'{subtitle}<div class="jeg_meta_container"><div class="jeg_post_meta jeg_post_meta_1">\n'
        f'<div class="meta_left">\n{author}{date}<div class="jeg_meta_category"><span>'
        f'<span class="meta_text">in</span>\n{links}</span></div>\n'
        f'<div class="jeg_meta_reading_time"><span>Reading Time: {story.reading_minutes} {unit} '
        f'read</span></div>\n</div>\n<div class="meta_right"><div class="jeg_meta_comment">'
        f'<a href="{link}#respond"><i class="fa fa-comment-o"></i> {len(story.comments)}</a></div>'
        "</div>\n</div></div>\n</div>\n"
    )


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


def _share_bar(story: Story) -> str:
    return (
        '<div class="jeg_share_top_container"><div class="jeg_share_button clearfix">'
        '<div class="jeg_share_stats"><div class="jeg_share_count"><div class="counts">'
        f'{story.shares}</div><span class="sharetext">SHARES</span></div>'
        f'<div class="jeg_views_count"><div class="counts">{story.views}</div>'
        '<span class="sharetext">VIEWS</span></div></div><div class="jeg_sharelist"></div></div>'
        "</div>\n"
    )


def _share_bottom(layout: Layout, story: Story) -> str:
    link = layout.teasers.link(story.card)
    quoted = quote(link, safe="")
    return (
        '<div class="jeg_share_bottom_container"><div class="jeg_share_button share-bottom '
        'clearfix"><div class="jeg_sharelist"><a href="http://www.facebook.com/sharer.php?u='
        f'{quoted}" rel="nofollow" class="jeg_btn-facebook expanded"></a>'
        f'<a href="https://twitter.com/intent/tweet?url={quoted}" rel="nofollow" '
        f'class="jeg_btn-twitter"></a><a href="{link}?share=facebook" class="share-facebook" '
        f'rel="nofollow">Share</a><a href="{link}?print=1" rel="nofollow">Print</a></div></div>'
        "</div>\n"
    )


def _content(layout: Layout, story: Story, part: int) -> str:
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


def _previous_next(layout: Layout, story: Story) -> str:
    sides = (
        ("prev-post", "Previous Post", layout.posts.older(story.card.number)),
        ("next-post", "Next Post", layout.posts.newer(story.card.number)),
    )
    links = []
    for name, label, number in sides:
        if number is not None:
            card = layout.posts.card(number)
            links.append(
                f'<a href="{layout.teasers.link(card)}" class="post {name}">'
                f'<span class="caption">{label}</span>'
                f'<h3 class="post-title">{escape(card.headline)}</h3></a>'
            )
    return (
        '<div class="jnews_prev_next_container"><div class="jeg_prevnext_post">'
        f"{''.join(links)}</div></div>\n"
    )


def _author_box(layout: Layout, story: Story) -> str:
    if not story.signed:
        return '<div class="jnews_author_box_container "></div>\n'
    author = story.card.author
    return (
        '<div class="jnews_author_box_container "><div class="jeg_authorbox">'
        '<div class="jeg_author_content"><h3 class="jeg_author_name">'
        f'{layout.teasers.author_link(author)}</h3><p class="jeg_author_desc">{author.name} '
        f"writes for {SITE_NAME} from a desk above the fish market.</p></div></div></div>\n"
    )


def _related(layout: Layout, story: Story) -> str:
    teasers = "".join(
        layout.teasers.block(number) for number in layout.posts.related(story.card.number)
    )
    unique = f"jnews_module_{story.card.post_id}_0_@uniqid@"
    return (
        '<div class="jnews_related_post_container"><div class="jeg_postblock_9 jeg_postblock '
        f'jeg_module_hook jeg_pagination_nextprev jeg_col_2o3 {unique}" data-unique="{unique}">'
        '<div class="jeg_block_heading"><h3 class="jeg_block_title"><span>Related<strong> Posts'
        '</strong></span></h3></div><div class="jeg_block_container"><div class="jeg_posts '
        f'jeg_load_more_flag">{teasers}</div></div><div class="jeg_block_navigation">'
        '<div class="jeg_block_nav"><a href="#" class="prev disabled">Prev</a>'
        '<a href="#" class="next">Next</a></div></div>'
        f'<script>var {unique} = {{"paged":1,"class":"jnews_block_9"}};</script></div></div>\n'
    )


def _popup(layout: Layout, story: Story) -> str:
    number = layout.posts.newer(story.card.number)
    if number is None:
        return '<div class="jnews_popup_post_container"></div>\n'
    card = layout.posts.card(number)
    link = layout.teasers.link(card)
    return (
        '<div class="jnews_popup_post_container"><section class="jeg_popup_post">'
        '<span class="caption">Next Post</span><div class="jeg_popup_content">'
        f'<div class="jeg_thumb"><a href="{link}">{layout.teasers.image(card, 75, 75)}</a></div>'
        f'<h3 class="post-title"><a href="{link}">{escape(card.headline)}</a></h3></div>'
        '<a href="#" class="jeg_popup_close"><i class="fa fa-close"></i></a></section></div>\n'
    )


def _comments(layout: Layout, story: Story) -> str:
    link, post_id = layout.teasers.link(story.card), story.card.post_id
    entries = "".join(
        f'<li class="comment depth-1" id="comment-{post_id}{place}"><div class="comment-body">'
        f'<cite class="fn">{escape(comment.name)}</cite> says:<div class="comment-content"><p>'
        f'{escape(comment.text, quote=False)}</p></div><a rel="nofollow" '
        f'class="comment-reply-link" href="{link}?replytocom={post_id}{place}#respond">Reply</a>'
        "</div></li>"
        for place, comment in enumerate(story.comments)
    )
    listed = f'<ol class="commentlist">{entries}</ol>' if entries else ""
    return (
        f'<div class="jnews_comment_container">{listed}<div id="respond" class="comment-respond">'
        '<h3 id="reply-title" class="comment-reply-title">Leave a Reply</h3>'
        f'<form action="{layout.base}/wp-comments-post.php" method="post" id="commentform">'
        '<p class="comment-notes">Your email address will not be published.</p>'
        f'<input type="hidden" name="comment_post_ID" value="{post_id}" /></form></div></div>\n'
    )


def _popular(layout: Layout, story: Story) -> str:
    """A link whose session number differs from page to page."""
    card = layout.posts.card(layout.posts.newest[0])
    return (
        '<div class="widget widget_popular"><h3 class="jeg_block_title"><span>Popular</span></h3>'
        f'<a href="{layout.teasers.link(card)}?PHPSESSID={story.card.post_id * 7919:032x}">'
        f"{escape(card.headline)}</a></div>"
    )
