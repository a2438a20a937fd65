"""What of a body is skipped: what is no text, what themes and plugins add, marks of footnotes."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from newscrawl.pages.bodies.boilerplate import HIDDEN, PANEL, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    molongui-author-box m-a-box m-a-box-container saboxplugin-wrap saboxplugin-tabs abh_box
    pp-multiple-authors-boxes-wrapper pp-multiple-authors-wrapper awpa-wrap wp-post-author-wrap
    jeg_authorbox jnews_author_box_container wp-block-post-author-biography guest-author-box
    author-info-box author-bio-box post-author-box entry-author-box disclaimer site-disclaimer
    post-disclaimer entry-disclaimer content-disclaimer article-disclaimer
    post-ratings code-block wp-embedded-content wp-block-footnotes
    """
)
BOILERPLATE_IDS = frozenset({"ez-toc-container", "toc_container", "toc", "jp-relatedposts"})
BOILERPLATE_PREFIXES = (
    "jnews_content_inline_",
    "ez-toc",
    "molongui-",
    "m-a-box-",
    "taboola",
    "outbrain",
    "google_ads",
)

MAX_CLOSING = 10
MAX_TEXTS = 100

NOTE_NAME = re.compile(
    r"(?:^|[^a-z])(?:m?fn|ftn|(?:foot|end)?notes?|cite|noteref|references?)(?![a-z])", re.IGNORECASE
)
"""Of what a note's mark is called, and of where it leads."""
NOTE_NUMBER = re.compile(r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,9}|[*†‡§¶]{1,3}")
NOTE_MARK = re.compile(
    rf"\(?(?:{NOTE_NUMBER.pattern}|[a-z]|[ivx]{{1,5}})\)?|\[[^\[\]]{{1,40}}\]", re.IGNORECASE
)
WORD_BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_]{3,30})$|[^\W\d_]{31}$|[.,;:!?%'\"’”»…。，]$")
UNITS = names("mol sec inch rad log sin cos tan exp rpm")
"""Words that bear an exponent."""
RETURN = re.compile("[↩↑⤴⬆^\ufe0e\ufe0f\\s]{1,9}")
"""What leads from a footnote back to its mark."""


def is_note_mark(element: Element, text: str, before: str) -> bool:
    """Whether a ``sup`` or a link with this text, behind some other, is the mark of a footnote."""
    links = [each.get("href") or "" for each in element.iter("a")]
    inner = [link.partition("#")[2] for link in links if "#" in link]
    if element.tag == "a":
        if not inner:
            return False
        named = element.get("role") == "doc-noteref" or NOTE_NAME.search(inner[0]) is not None
        return bool(RETURN.fullmatch(text) or (named and NOTE_MARK.fullmatch(text)))
    if not NOTE_MARK.fullmatch(text):
        return False
    if inner or text[0] == "[" or NOTE_NAME.search((element.get("class") or "").lower()):
        return True
    if not NOTE_NUMBER.fullmatch(text) or (links and text[0].isdecimal()):
        return bool(links) and text[0].isdecimal()
    after = WORD_BEFORE.search(before)
    return after is not None and (after[1] or "").lower() not in UNITS


def is_boilerplate(element: Element) -> bool:
    """By exact class names and ids, or because no reader sees it."""
    tokens = (element.get("class") or "").split()
    if element.get("id") in BOILERPLATE_IDS or not BOILERPLATE_CLASSES.isdisjoint(tokens):
        return "code-block" not in tokens or next(element.iter("pre", "code"), None) is None
    if any(token.startswith(BOILERPLATE_PREFIXES) for token in tokens):
        return not any(token.startswith("ez-toc-section") for token in tokens)
    if element.get("role") == PANEL:
        return False
    return element.get("hidden") is not None or bool(HIDDEN.search(element.get("style") or ""))


def closing_links(body: Element, is_own: Callable[[str], bool]) -> Iterator[Element]:
    """Paragraphs behind the text that are nothing but links to the site's own pages."""
    for element in islice(body.iterchildren(reversed=True), MAX_CLOSING):
        if not isinstance(element.tag, str) or element.tag in NO_TEXT or is_boilerplate(element):
            continue
        if element.tag != "p":
            return
        if text := letters_in(element):
            links = list(islice(element.iter("a"), MAX_CLOSING))
            if "".join(map(letters_in, links)) != text:
                return
            if not all(is_own(link.get("href") or "") for link in links):
                return
            yield element


def letters_in(element: Element) -> str:
    return "".join(filter(str.isalnum, "".join(islice(element.itertext(), MAX_TEXTS))))
