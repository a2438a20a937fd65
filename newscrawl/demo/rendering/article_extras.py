"""What stands around an article: share buttons, neighbours, author, related posts, comments."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from newscrawl.demo.content.taxonomy import SITE_NAME

if TYPE_CHECKING:
    from newscrawl.demo.content.story import Story
    from newscrawl.demo.rendering.markup import Layout


def share_bar(story: Story) -> str:
    return (
        '<div class="jeg_share_top_container"><div class="jeg_share_button clearfix">'
        '<div class="jeg_share_stats"><div class="jeg_share_count"><div class="counts">'
        f'{story.shares}</div><span class="sharetext">SHARES</span></div>'
        f'<div class="jeg_views_count"><div class="counts">{story.views}</div>'
        '<span class="sharetext">VIEWS</span></div></div><div class="jeg_sharelist"></div></div>'
        "</div>\n"
    )


def share_bottom(layout: Layout, story: Story) -> str:
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


def previous_next(layout: Layout, story: Story) -> str:
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


def author_box(layout: Layout, story: Story) -> str:
    if not story.signed:
        return '<div class="jnews_author_box_container "></div>\n'
    author = story.card.author
    return (
        '<div class="jnews_author_box_container "><div class="jeg_authorbox">'
        '<div class="jeg_author_content"><h3 class="jeg_author_name">'
        f'{layout.teasers.author_link(author)}</h3><p class="jeg_author_desc">{author.name} '
        f"writes for {SITE_NAME} from a desk above the fish market.</p></div></div></div>\n"
    )


def related_posts(layout: Layout, story: Story) -> str:
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


def next_post_popup(layout: Layout, story: Story) -> str:
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


def comments(layout: Layout, story: Story) -> str:
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


def popular(layout: Layout, story: Story) -> str:
    """A link whose session number differs from page to page."""
    card = layout.posts.card(layout.posts.newest[0])
    return (
        '<div class="widget widget_popular"><h3 class="jeg_block_title"><span>Popular</span></h3>'
        f'<a href="{layout.teasers.link(card)}?PHPSESSID={story.card.post_id * 7919:032x}">'
        f"{escape(card.headline)}</a></div>"
    )
