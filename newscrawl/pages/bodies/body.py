"""The body of an article: one walk over its tree gives text, HTML, headings and images."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from lxml import etree

from newscrawl.items import Heading, Image
from newscrawl.pages.bodies.main_text import MainText
from newscrawl.pages.documents.document import Element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Resolve = Callable[[str], str | None]

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
CONTAINERS = frozenset(
    {"ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tfoot", "tr", "td", "th"}
    | {"dl", "dt", "dd"}
)
CELLS = frozenset({"td", "th"})
INLINE = frozenset({"strong", "em", "b", "i", "code", "sub", "sup"})
BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "address", "center", "details"}
    | {"summary", "figure", "figcaption", "pre", "hr", "body", "html", "form", "fieldset", "aside"}
)
DROPPED = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed"}
    | {"applet", "video", "audio", "canvas", "form", "button", "input", "select", "textarea"}
    | {"nav", "head", "map", "dialog", "link", "meta", "title"}
)
BOILERPLATE_CLASSES = frozenset(
    [
        "jeg_post_tags",
        "jeg_post_source",
        "jeg_post_via",
        "jeg_ad",
        "jeg_pagelinks",
        "jeg_share_button",
        "jnews_inline_related_post",
        "jnews_inline_related_post_wrapper",
        "ads-wrapper",
        "ads-text",
        "adsbygoogle",
        "post-views",
        "kk-star-ratings",
        "kksr-shortcode",
        "ez-toc-container",
        "lwptoc",
        "toc_container",
        "toc",
        "rank-math-toc",
        "wp-block-table-of-contents",
        "wp-block-rank-math-toc-block",
        "wp-block-yoast-seo-table-of-contents",
        "hide-caption",
        "toggle-caption",
        "sharedaddy",
        "jp-relatedposts",
        "yarpp",
        "yarpp-related",
        "related-posts",
        "related",
        "related-articles",
        "addtoany_share_save_container",
        "heateor_sss_sharing_container",
        "social-share",
        "share-buttons",
        "sharing",
        "share",
        "post-share",
        "entry-share",
        "post-tags",
        "tags-links",
        "tagcloud",
        "page-links",
        "post-nav-links",
        "post-page-numbers",
        "post-navigation",
        "nav-links",
        "comments",
        "comments-area",
        "comment-respond",
        "author-box",
        "authorbox",
        "author-bio",
        "about-author",
        "newsletter",
        "newsletter-signup",
        "newsletter-form",
        "mc4wp-form",
        "subscribe",
        "subscription-form",
        "advertisement",
        "advert",
        "ad",
        "ads",
        "ad-container",
        "adsense",
        "google-auto-placed",
        "promo",
        "promobox",
        "breadcrumb",
        "breadcrumbs",
        "entry-footer",
        "entry-meta",
        "post-meta",
        "screen-reader-text",
        "sr-only",
        "visually-hidden",
        "skip-link",
        "edit-link",
        "printfriendly",
        "wp-block-buttons",
        "wpulike",
        "ratings",
        "rating",
        "post-ratings",
        "code-block",
        "wp-embedded-content",
    ]
)
BOILERPLATE_IDS = frozenset({"ez-toc-container", "toc_container", "toc", "jp-relatedposts"})
BOILERPLATE_PREFIXES = ("jnews_content_inline_", "ez-toc", "taboola", "outbrain", "google_ads")
CAPTION_CLASSES = frozenset({"wp-caption-text", "caption", "wp-element-caption", "image-caption"})
CREDIT_CLASSES = frozenset({"credit", "image-credit", "photo-credit", "caption-credit"})
FRAME_CLASSES = frozenset({"wp-caption", "wp-block-image", "bucketwrap", "jeg_featured"})
NO_PICTURES = frozenset({"avatar", "gravatar", "wp-smiley", "emoji", "tracking-pixel"})

LABELS = frozenset({"hide caption", "toggle caption"})
"""Button texts of NPR's picture markup, which importers keep while dropping its classes."""
LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "data-large-file")
SIZE_SUFFIX = re.compile(r"-\d{1,4}x\d{1,4}(?=\.\w{3,4}$)")
PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.IGNORECASE)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
SPACE = re.compile(r"\s+")
SOURCE_LINK = "source link"
EVERYTHING = MainText()
MAX_DEPTH = 200
"""Of elements; what stands deeper keeps its text and loses its markup."""
LOOK_BACK = 3
"""Blocks before an NPR label that may be its caption and credit: caption, caption, credit."""


@dataclass(slots=True)
class Body:
    """What one body says; ``source_link`` is the address of its closing "Source link"."""

    text: str = ""
    html: str = ""
    headings: list[Heading] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    source_link: str | None = None


@dataclass(slots=True, eq=False)
class _Block:
    """A paragraph in the making: ``tag`` is empty inside a list item or a cell."""

    tag: str
    role: str = "text"
    frame: int = 0
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    bolds: list[str] = field(default_factory=list)
    labelled: bool = False
    image: Image | None = None
    dropped: bool = False
    text: str = ""

    def close(self) -> None:
        raw = "".join(self.texts)
        if self.tag == "pre":
            self.text = raw.strip("\n").rstrip()
        else:
            lines = (" ".join(line.split()) for line in raw.split("\n"))
            self.text = "\n".join(filter(None, lines))
        if self.text.lower() in LABELS:
            self.text, self.labelled = "", True

    def cut(self, texts: int, htmls: int) -> None:
        del self.texts[texts:], self.htmls[htmls:]

    @property
    def folded(self) -> str:
        return self.text.casefold()


@dataclass(slots=True, eq=False)
class _Inline:
    """An open inline element; the counts say where it began in its block."""

    tag: str
    opening: str
    href: str | None
    block: _Block | None = None
    texts: int = 0
    htmls: int = 0


class _Context(NamedTuple):
    """What a block that begins here will be."""

    tag: str = "p"
    role: str = "text"
    frame: int = 0


class _Mark(NamedTuple):
    """The opening or closing of a list, a quotation or a table."""

    tag: str
    opens: bool


def read_body(
    root: Element | None,
    resolve: Resolve,
    lead: Image | None = None,
    headline: str = "",
    main: MainText = EVERYTHING,
) -> Body:
    """Read a body; ``lead`` is a picture and ``headline`` a title that the page shows before it.

    ``main`` says what of it is not the article, and what stands before it and is.
    """
    if root is None:
        return Body(images=[lead] if lead else [])
    walk = _Walk(resolve, main)
    for element in (*main.leads, root):
        walk.read(element)
    blocks = [item for item in walk.items if isinstance(item, _Block)]
    _settle_labels(blocks)
    _settle_captions(blocks)
    images = _images(blocks, lead)
    _drop_repeats(blocks, images, headline)
    return Body(
        text=_text(walk.items),
        html=_html(walk.items),
        headings=[
            Heading(level=HEADINGS[block.tag], text=block.text)
            for block in blocks
            if block.tag in HEADINGS and not block.dropped
        ],
        images=images,
        source_link=walk.source_link,
    )


def picture(img: Element, resolve: Resolve, full: str | None = None) -> Image | None:
    """The full-size file behind an ``img``: ``full``, then lazy attributes, no placeholder."""
    tokens = (img.get("class") or "").split()
    if not NO_PICTURES.isdisjoint(tokens) or "1" in {img.get("width"), img.get("height")}:
        return None
    candidates = [full if full and PICTURE_FILE.search(full) else None, *map(img.get, LAZY)]
    candidates += [_largest(img.get("data-srcset")), img.get("src"), _largest(img.get("srcset"))]
    for candidate in candidates:
        if candidate and (url := picture_url(candidate, resolve)):
            return Image(url=url, alt=" ".join((img.get("alt") or "").split()) or None)
    return None


def picture_url(address: str, resolve: Resolve) -> str | None:
    """WordPress keeps the original beside its ``-750x375`` copies, under the name without it."""
    if address.lstrip()[:5].lower() == "data:" or "jeg-empty.png" in address:
        return None
    url = resolve(address)
    return SIZE_SUFFIX.sub("", url) if url and "/uploads/" in url else url


def _largest(srcset: str | None) -> str | None:
    """The candidate with the largest descriptor; a bare address counts as ``1x``."""
    best, size = None, -1.0
    for part in (srcset or "").split(", ")[:20]:
        address, _, descriptor = part.strip().rstrip(",").partition(" ")
        try:
            value = float(descriptor.strip().rstrip("wx") or 1)
        except ValueError:
            value = 0.0
        if address and value > size:
            best, size = address, value
    return best


def _is_block(tag: str) -> bool:
    return tag in BLOCKS or tag in CONTAINERS or tag in HEADINGS or tag == "p"


def _boilerplate(element: Element, tokens: list[str]) -> bool:
    if element.get("id") in BOILERPLATE_IDS or not BOILERPLATE_CLASSES.isdisjoint(tokens):
        return True
    if any(token.startswith(BOILERPLATE_PREFIXES) for token in tokens):
        return not any(token.startswith("ez-toc-section") for token in tokens)
    return element.get("hidden") is not None or bool(HIDDEN.search(element.get("style") or ""))


def _role(tag: str, tokens: list[str], label: str | None) -> str | None:
    if label == "Image credit" or not CREDIT_CLASSES.isdisjoint(tokens):
        return "credit"
    if tag == "figcaption" or not CAPTION_CLASSES.isdisjoint(tokens):
        return "caption"
    return None


class _Walk:
    """Collects blocks and marks in the order of the page, in one iterative pass."""

    def __init__(self, resolve: Resolve, main: MainText) -> None:
        self.resolve = resolve
        self.main = main
        self.items: list[_Block | _Mark] = []
        self.source_link: str | None = None
        self._block: _Block | None = None
        self._contexts = [_Context()]
        self._inline: list[_Inline] = []
        self._waiting: list[_Block] = []
        self._frames = 0

    def read(self, root: Element) -> None:
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        closers: list[Callable[[], None] | None] = []
        muted: list[bool] = [False]
        skipped: Element | None = None
        for event, node in cast("Iterator[tuple[str, Element]]", walk):
            if event == "start":
                if node is not root and self._skips(node):
                    skipped = node
                    walk.skip_subtree()
                    continue
                closers.append(self._open(node) if len(closers) < MAX_DEPTH else None)
                muted.append(node in self.main.mute or (muted[-1] and not _is_block(str(node.tag))))
                self._say(None if muted[-1] else node.text)
                continue
            if node is skipped:
                skipped = None
            elif event == "end":
                muted.pop()
                if closer := closers.pop():
                    closer()
            if node is not root:
                self._say(None if muted[-1] else node.tail)
        self._flush()

    def _skips(self, element: Element) -> bool:
        if element in self.main.opened:
            return False
        if element.tag in DROPPED or element in self.main.dropped:
            return True
        return bool(element.attrib) and _boilerplate(element, (element.get("class") or "").split())

    def _open(self, element: Element) -> Callable[[], None] | None:
        tag: Any = element.tag
        if tag == "img":
            self._picture(element)
        elif tag == "br":
            self._break()
        elif tag == "hr":
            self._flush()
        else:
            tokens = (element.get("class") or "").split() if element.attrib else []
            context = self._context(tag, tokens, element.get("aria-label"))
            if element in self.main.captions:
                self._frames += 1
                context = _Context(self._contexts[-1].tag, "legend", self._frames)
            if context is not None:
                return self._open_block(tag, context)
            if tag in INLINE or tag == "a":
                return self._open_inline(tag, element)
        return None

    def _context(self, tag: str, tokens: list[str], label: str | None) -> _Context | None:
        now = self._contexts[-1]
        legend = now.role == "legend"
        if role := _role(tag, tokens, label):
            return now if legend and role == "caption" else now._replace(role=role)
        if tag == "figure" or not FRAME_CLASSES.isdisjoint(tokens):
            self._frames += 1
            return _Context(now.tag, "legend" if legend else "text", self._frames)
        if tag == "p" or tag in HEADINGS or tag == "pre":
            return now._replace(tag=tag)
        if tag in CONTAINERS:
            return now._replace(tag="p" if tag == "blockquote" else "")
        return now if tag in BLOCKS else None

    def _open_block(self, tag: str, context: _Context) -> Callable[[], None]:
        self._flush()
        self._contexts.append(context)
        if tag not in CONTAINERS:
            return self._close_block
        self.items.append(_Mark(tag, opens=True))
        return lambda: self._close_container(tag)

    def _close_block(self) -> None:
        self._flush()
        self._contexts.pop()

    def _close_container(self, tag: str) -> None:
        self._close_block()
        self.items.append(_Mark(tag, opens=False))

    def _open_inline(self, tag: str, element: Element) -> Callable[[], None]:
        opening, href = f"<{tag}>", None
        if tag == "a":
            href = element.get("href")
            url = self.resolve(href) if href else None
            opening = f'<a href="{escape(url)}">' if url else ""
        inline = _Inline(tag, opening, href)
        self._inline.append(inline)
        if self._block is not None:
            self._begin(inline, self._block)
        return self._close_inline

    def _begin(self, inline: _Inline, block: _Block) -> None:
        inline.block, inline.texts, inline.htmls = block, len(block.texts), len(block.htmls)
        if inline.opening:
            block.htmls.append(inline.opening)

    def _close_inline(self) -> None:
        inline = self._inline.pop()
        block = inline.block
        if block is None or block is not self._block:
            return
        text = " ".join("".join(block.texts[inline.texts :]).split())
        if not text:
            del block.htmls[inline.htmls :]
        elif inline.tag == "a" and text.lower() == SOURCE_LINK:
            self.source_link = self.resolve(inline.href or "") or self.source_link
            block.cut(inline.texts, inline.htmls)
        elif text.lower() in LABELS:
            block.cut(inline.texts, inline.htmls)
            block.labelled = True
        else:
            if inline.tag in {"b", "strong"}:
                block.bolds.append(text)
            if inline.opening:
                block.htmls.append(f"</{inline.tag}>")

    def _say(self, text: str | None) -> None:
        if not text:
            return
        block = self._block
        if block is None:
            if text.isspace():
                return
            block = self._new_block()
        if block.tag != "pre" and ("  " in text or not text.isprintable()):
            text = SPACE.sub(" ", text)  # of other text a space is the only white space
        block.texts.append(text)
        block.htmls.append(escape(text, quote=False))

    def _new_block(self) -> _Block:
        block = self._block = _Block(*self._contexts[-1])
        for inline in self._inline:
            self._begin(inline, block)
        return block

    def _break(self) -> None:
        block = self._block
        if block is None:
            return
        said = next((text for text in reversed(block.texts) if text != " "), "")
        if said == "\n" and block.tag != "pre":
            self._flush()
        else:
            block.texts.append("\n")
            block.htmls.append("<br>" if block.tag != "pre" else "\n")

    def _picture(self, element: Element) -> None:
        if not {"emoji", "wp-smiley"}.isdisjoint((element.get("class") or "").split()):
            self._say(element.get("alt"))
            return
        href = next((inline.href for inline in self._inline if inline.tag == "a"), None)
        image = picture(element, self.resolve, href)
        if image is None:
            return
        block = _Block("", "image", self._contexts[-1].frame, image=image)
        if self._block is None:
            self.items.append(block)
        else:
            self._waiting.append(block)

    def _flush(self) -> None:
        block, self._block = self._block, None
        if block is not None:
            while block.htmls and block.htmls[-1] in {" ", "<br>"}:
                block.htmls.pop()
            block.htmls += [
                f"</{inline.tag}>" for inline in reversed(self._inline) if inline.opening
            ]
            block.close()
            if block.text or block.labelled:
                self.items.append(block)
        self.items += self._waiting
        self._waiting.clear()


def _settle_labels(blocks: list[_Block]) -> None:
    """The text before NPR's "hide caption" is a caption; its last bold run is the credit."""
    for at, block in enumerate(blocks):
        if not block.labelled or block.role == "credit":
            continue
        if block.text:
            block.role = "caption"
            credit = block.bolds[-1] if block.bolds else ""
            if credit and block.text.endswith(credit) and block.text != credit:
                block.text = block.text.removesuffix(credit).rstrip()
                block.bolds = [credit]
            else:
                block.bolds = []
        else:
            _settle_bare_label(blocks, at)


def _settle_bare_label(blocks: list[_Block], at: int) -> None:
    """A label in a block of its own: caption and credit are the blocks back to the picture."""
    before: list[_Block] = []
    for block in reversed(blocks[max(0, at - LOOK_BACK - 1) : at]):
        if block.role != "text" or block.tag in HEADINGS or block.labelled:
            pictured = block.role == "image"
            break
        before.insert(0, block)
    else:
        pictured = False
    after = next((block.folded for block in blocks[at + 1 : at + 3] if block.text), "")
    if before and len(before) <= LOOK_BACK and (pictured or before[-1].folded == after):
        for block in before if pictured else before[-2:]:
            block.role = "caption"
        if len(before) > 1 or before[-1].folded == after:
            before[-1].role = "credit"


def _settle_captions(blocks: list[_Block]) -> None:
    """Give each caption and credit to its picture; a caption without one is a paragraph."""
    for at, block in enumerate(blocks):
        if block.role not in {"caption", "credit", "legend"}:
            continue
        image = _image_of(blocks, at)
        if image is None:
            block.role, block.dropped = "text", block.role != "caption"
            continue
        block.dropped = True
        if block.role == "credit":
            image.credit = image.credit or block.text or None
            continue
        if block.labelled and block.bolds:
            image.credit = image.credit or block.bolds[0]
        if block.text and block.text not in (image.caption or ""):
            said = image.caption if image.caption != image.alt else None
            image.caption = " ".join(filter(None, (said, block.text)))


def _image_of(blocks: list[_Block], at: int) -> Image | None:
    frame = blocks[at].frame
    if frame:
        framed = [
            (place, block.image)
            for place, block in enumerate(blocks[max(0, at - 50) : at + 50], max(0, at - 50))
            if block.frame == frame and block.image is not None
        ]
        before = [image for place, image in framed if place < at]
        return before[-1] if before else framed[0][1] if framed else None
    for direction in (reversed(blocks[max(0, at - 5) : at]), iter(blocks[at + 1 : at + 3])):
        for block in direction:
            if block.image is not None:
                return block.image
            if block.role == "text" and block.text and block.folded != blocks[at].folded:
                break
    return None


def _images(blocks: list[_Block], lead: Image | None) -> list[Image]:
    """Each picture once; what a later copy knows more is kept."""
    images = {lead.url: lead} if lead else {}
    for block in blocks:
        if block.image is None:
            continue
        known = images.setdefault(block.image.url, block.image)
        if known is not block.image:
            block.dropped = True
            known.caption = known.caption or block.image.caption
            known.credit = known.credit or block.image.credit
            known.alt = known.alt or block.image.alt
    return list(images.values())


def _drop_repeats(blocks: Iterable[_Block], images: Iterable[Image], headline: str) -> None:
    said = {
        text.casefold()
        for image in images
        for text in (image.alt, image.caption, image.credit)
        if text
    }
    for block in blocks:
        if block.role == "text":
            repeats = block.folded in ({headline.casefold()} if block.tag == "h1" else said)
            block.dropped |= not block.text or (repeats and block.tag in {"", "p", "h1"})


def _text(items: Iterable[_Block | _Mark]) -> str:
    paragraphs: list[str] = []
    row: int | None = None
    for item in items:
        if isinstance(item, _Block):
            if item.role == "text" and not item.dropped:
                paragraphs.append(item.text)
        elif item.tag == "tr" and item.opens:
            row = len(paragraphs)
        elif item.tag == "tr" and row is not None:
            cells = paragraphs[row:]
            if cells and all(len(cell) < 200 for cell in cells):  # noqa: PLR2004 - else it is layout
                paragraphs[row:] = [" | ".join(cells)]
            row = None
    return "\n\n".join(paragraphs)


def _html(items: Iterable[_Block | _Mark]) -> str:
    levels: list[list[str]] = [[]]
    for item in items:
        if isinstance(item, _Block):
            if not item.dropped:
                levels[-1].append(_block_html(item, follows=levels[-1]))
        elif item.opens:
            levels.append([])
        elif inner := "".join(levels.pop()):
            levels[-1].append(f"<{item.tag}>{inner}</{item.tag}>")
    return "\n".join(levels[0])


def _block_html(block: _Block, follows: list[str]) -> str:
    if block.image is not None:
        return _figure(block.image)
    inner = "".join(block.htmls).strip()
    if block.tag:
        return f"<{block.tag}>{inner}</{block.tag}>"
    return f"<br>{inner}" if follows and not follows[-1].endswith(">") else inner


def _figure(image: Image) -> str:
    about = " ".join(filter(None, (image.caption, image.credit)))
    caption = f"<figcaption>{escape(about, quote=False)}</figcaption>" if about else ""
    alt = f' alt="{escape(image.alt)}"' if image.alt else ""
    return f'<figure><img src="{escape(image.url)}"{alt}>{caption}</figure>'
