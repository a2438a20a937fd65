"""Elements of a body that are skipped whole: what is no text, and what themes and plugins add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.pages.bodies.boilerplate import HIDDEN, names

if TYPE_CHECKING:
    from newscrawl.pages.documents.document import Element

NO_TEXT = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed"}
    | {"applet", "video", "audio", "canvas", "form", "button", "input", "select", "textarea"}
    | {"nav", "head", "map", "dialog", "link", "meta", "title"}
)
BOILERPLATE_CLASSES = names(
    """
    jeg_post_tags jeg_post_source jeg_post_via jeg_ad jeg_pagelinks jeg_share_button
    jnews_inline_related_post jnews_inline_related_post_wrapper ads-wrapper ads-text adsbygoogle
    post-views kk-star-ratings kksr-shortcode ez-toc-container lwptoc toc_container toc
    rank-math-toc wp-block-table-of-contents wp-block-rank-math-toc-block
    wp-block-yoast-seo-table-of-contents hide-caption toggle-caption sharedaddy jp-relatedposts
    yarpp yarpp-related related-posts related related-articles addtoany_share_save_container
    heateor_sss_sharing_container social-share share-buttons sharing share post-share
    entry-share post-tags tags-links tagcloud page-links post-nav-links post-page-numbers
    post-navigation nav-links comments comments-area comment-respond author-box authorbox
    author-bio about-author newsletter newsletter-signup newsletter-form mc4wp-form subscribe
    subscription-form advertisement advert ad ads ad-container adsense google-auto-placed promo
    promobox breadcrumb breadcrumbs entry-footer entry-meta post-meta screen-reader-text sr-only
    visually-hidden skip-link edit-link printfriendly wp-block-buttons wpulike ratings rating
    post-ratings code-block wp-embedded-content
    """
)
BOILERPLATE_IDS = frozenset({"ez-toc-container", "toc_container", "toc", "jp-relatedposts"})
BOILERPLATE_PREFIXES = ("jnews_content_inline_", "ez-toc", "taboola", "outbrain", "google_ads")


def is_boilerplate(element: Element) -> bool:
    """By exact class names and ids, or because no reader sees it."""
    tokens = (element.get("class") or "").split()
    if element.get("id") in BOILERPLATE_IDS or not BOILERPLATE_CLASSES.isdisjoint(tokens):
        return True
    if any(token.startswith(BOILERPLATE_PREFIXES) for token in tokens):
        return not any(token.startswith("ez-toc-section") for token in tokens)
    return element.get("hidden") is not None or bool(HIDDEN.search(element.get("style") or ""))
