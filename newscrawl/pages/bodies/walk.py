"""One walk over the tree of a body: passages and boundaries in the order of the page."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from lxml import etree

from newscrawl.pages.bodies.passages import (
    HEADINGS,
    LABELS,
    Boundary,
    Context,
    Inline,
    Passage,
    attributes_of,
    language_of,
)
from newscrawl.pages.bodies.pictures import (
    IMAGE_TAGS,
    background,
    picture,
    shown_image,
    twins,
)
from newscrawl.pages.bodies.skipped import NO_TEXT, is_boilerplate, is_note_mark
from newscrawl.pages.core import CORE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from newscrawl.items import Image
    from newscrawl.pages.bodies.main_text import MainText
    from newscrawl.pages.bodies.pictures import Resolve
    from newscrawl.pages.documents.document import Element

CONTAINERS = frozenset(
    {"ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tfoot", "tr", "td", "th"}
    | {"dl", "dt", "dd", "caption"}
)
INLINE = frozenset(
    {"strong", "em", "b", "i", "code", "sub", "sup", "s", "del", "q", "kbd", "samp", "var", "mark"}
)
LINES = frozenset({"div", "ol", "ul", "li", "section", "address", "center", "details", "summary"})
"""In preformatted text only a new line."""
BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "address", "center", "details"}
    | {"summary", "figure", "figcaption", "pre", "hr", "body", "html", "form", "fieldset", "aside"}
)
CAPTION_CLASSES = frozenset({"wp-caption-text", "caption", "wp-element-caption", "image-caption"})
CREDIT_CLASSES = frozenset({"credit", "image-credit", "photo-credit", "caption-credit"})
FRAME_CLASSES = frozenset({"wp-caption", "wp-block-image", "bucketwrap", "jeg_featured"})
AS_A_WHOLE = frozenset({"picture", "amp-img", "amp-anim"})
"""Pictures with others inside, for who cannot show them."""
SPACE = re.compile(r"\s+")
SOURCE_LINK = "source link"
MAX_MARK = 42
"""Characters of the mark of a footnote."""
MAX_DEPTH = 200
"""Of elements; what stands deeper keeps its text and loses its markup."""


def _role(tag: str, tokens: list[str], label: str | None) -> str | None:
    if label == "Image credit" or not CREDIT_CLASSES.isdisjoint(tokens):
        return "credit"
    if tag == "figcaption" or not CAPTION_CLASSES.isdisjoint(tokens):
        return "caption"
    return None


def _is_block(tag: str) -> bool:
    return tag in BLOCKS or tag in CONTAINERS or tag in HEADINGS or tag == "p"


def _folded(text: str) -> str:
    return SPACE.sub(" ", text) if "  " in text or not text.isprintable() else text


def _is_shown_whole(element: Element) -> bool:
    return element.tag != "picture" or shown_image(element) is None


def _depends(classes: str) -> bool:
    """Whether more than the names of an element says that it is boilerplate."""
    return "code-block" in classes


class Walk:
    """Collects passages and boundaries in the order of the page, in one iterative pass."""

    def __init__(self, resolve: Resolve, main: MainText) -> None:
        self.resolve = resolve
        self.main = main
        self.items: list[Passage | Boundary] = []
        self.source_link: str | None = None
        self._passage: Passage | None = None
        self._contexts = [Context()]
        self._inline: list[Inline] = []
        self._waiting: list[Passage] = []
        self._frames = 0
        self._twins: dict[Element, Element] = {}
        self._shown: set[Element] = set()

    def read(self, root: Element) -> None:
        self._pair(root)
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        closers: list[Callable[[], None] | None] = []
        muted: list[bool] = [False]
        skipped: Element | None = None
        for event, node in cast("Iterator[tuple[str, Element]]", walk):
            if event == "start":
                if node is not root and self._skips(node):
                    skipped = node
                    self._show_skipped(node)
                    walk.skip_subtree()
                    continue
                closers.append(self._open(node) if len(closers) < MAX_DEPTH else None)
                muted.append(node in self.main.mute or (muted[-1] and not _is_block(str(node.tag))))
                text = node.text
            else:
                if node is skipped:
                    skipped = None
                elif event == "end":
                    muted.pop()
                    if closer := closers.pop():
                        closer()
                text = None if node is root else node.tail
            if text and not muted[-1]:
                self._say(text)
        self._flush()

    def _skips(self, element: Element) -> bool:
        if element in self.main.opened:
            return False
        if element.tag in NO_TEXT or element in self.main.dropped:
            return True
        if element.tag in AS_A_WHOLE:
            return _is_shown_whole(element)
        return bool(element.attrib) and is_boilerplate(element)

    def _pair(self, root: Element) -> None:
        """Find what each picture is for readers without scripts, the other way round too."""
        for parent in dict.fromkeys(each.getparent() for each in root.iter("noscript")):
            if parent is not None:
                paired = twins(parent)
                self._twins.update(paired)
                self._twins.update((plain, lazy) for lazy, plain in paired.items())

    def _show_skipped(self, element: Element) -> None:
        """Pictures of what is not read itself."""
        if element in self.main.dropped:
            return
        if element.tag in AS_A_WHOLE:
            self._picture(element)
        elif element.tag == "noscript":
            for image in element.iter(*IMAGE_TAGS):
                self._picture(self._twins.get(image, image))

    def _open(self, element: Element) -> Callable[[], None] | None:
        tag: Any = element.tag
        if tag in LINES and self._contexts[-1].tag == "pre":
            self._end_line()
            return self._end_line
        if tag in IMAGE_TAGS:
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
                context = Context(self._contexts[-1].tag, "legend", self._frames)
            if context is not None:
                closer = self._open_block(tag, context, element)
                if tag == "figure":
                    self._put(background(element, self.resolve))
                return closer
            if tag in INLINE or tag == "a":
                return self._open_inline(tag, element)
        return None

    def _context(self, tag: str, tokens: list[str], label: str | None) -> Context | None:
        now = self._contexts[-1]
        legend = now.role == "legend"
        if role := _role(tag, tokens, label):
            return now if legend and role == "caption" else now._replace(role=role)
        if tag == "figure" or not FRAME_CLASSES.isdisjoint(tokens):
            self._frames += 1
            return Context(now.tag, "legend" if legend else "text", self._frames)
        if tag == "p" or tag in HEADINGS or tag == "pre":
            return now._replace(tag=tag, language="")
        if tag in CONTAINERS:
            return now._replace(tag="p" if tag == "blockquote" else "")
        return now if tag in BLOCKS else None

    def _open_block(self, tag: str, context: Context, element: Element) -> Callable[[], None]:
        self._flush()
        if tag == "pre":
            context = context._replace(language=language_of(element))
        self._contexts.append(context)
        if tag not in CONTAINERS:
            return self._close_block
        self.items.append(Boundary(tag, opens=True, attributes=attributes_of(element)))
        return lambda: self._close_container(tag)

    def _close_block(self) -> None:
        self._flush()
        self._contexts.pop()

    def _close_container(self, tag: str) -> None:
        self._close_block()
        self.items.append(Boundary(tag, opens=False))

    def _open_inline(self, tag: str, element: Element) -> Callable[[], None]:
        opening = f"<{tag}>"
        if tag == "a":
            href = element.get("href")
            url = self.resolve(href) if href else None
            opening = f'<a href="{escape(url)}">' if url else ""
        inline = Inline(tag, opening, element)
        self._inline.append(inline)
        if self._passage is not None:
            self._begin(inline, self._passage)
        return self._close_inline

    def _begin(self, inline: Inline, passage: Passage) -> None:
        inline.passage, inline.texts, inline.htmls = passage, len(passage.texts), len(passage.htmls)
        if inline.opening:
            passage.htmls.append(inline.opening)

    def _close_inline(self) -> None:
        inline = self._inline.pop()
        passage = inline.passage
        if passage is None or passage is not self._passage:
            return
        text = " ".join("".join(passage.texts[inline.texts :]).split())
        if not text:
            passage.htmls[inline.htmls :] = [" "] if passage.texts[inline.texts :] else []
        elif inline.tag == "a" and text.lower() == SOURCE_LINK:
            self.source_link = self.resolve(inline.element.get("href") or "") or self.source_link
            passage.cut(inline.texts, inline.htmls)
        elif text.lower() in LABELS:
            passage.cut(inline.texts, inline.htmls)
            passage.labelled = True
        else:
            if inline.tag in {"b", "strong"}:
                passage.bolds.append(text)
            elif inline.tag == "a":
                passage.links.append((text, self.resolve(inline.element.get("href") or "")))
            if inline.opening:
                passage.htmls.append(f"</{inline.tag}>")
            self._leave_out_note(inline, passage, text)

    def _leave_out_note(self, inline: Inline, passage: Passage, text: str) -> None:
        """The mark of a footnote stays in the HTML."""
        if inline.tag not in {"sup", "a"} or len(text) > MAX_MARK:
            return
        before = "".join(passage.texts[max(0, inline.texts - 3) : inline.texts])
        if not any(each.tag == "sup" for each in self._inline) and is_note_mark(
            inline.element, text, before
        ):
            del passage.texts[inline.texts :]

    def _say(self, text: str) -> None:
        passage = self._passage
        if passage is None:
            if text.isspace():
                return
            passage = self._new_passage()
        if passage.tag != "pre":
            text = _folded(text)
        passage.texts.append(text)
        passage.htmls.append(escape(text, quote=False))

    def _new_passage(self) -> Passage:
        passage = self._passage = Passage(*self._contexts[-1])
        for inline in self._inline:
            self._begin(inline, passage)
        return passage

    def _end_line(self) -> None:
        passage = self._passage
        if passage is not None and not "".join(passage.texts[-1:]).endswith("\n"):
            passage.texts.append("\n")
            passage.htmls.append("\n")

    def _break(self) -> None:
        passage = self._passage
        if passage is None:
            return
        said = next((text for text in reversed(passage.texts) if text != " "), "")
        if said == "\n" and passage.tag != "pre":
            self._flush()
        else:
            passage.texts.append("\n")
            passage.htmls.append("<br>" if passage.tag != "pre" else "\n")

    def _picture(self, element: Element) -> None:
        if not {"emoji", "wp-smiley"}.isdisjoint((element.get("class") or "").split()):
            self._say(element.get("alt") or "")
            return
        if element in self._shown:
            return
        around = (inline.element for inline in self._inline if inline.tag == "a")
        href = next((each.get("href") for each in around), None)
        twin = self._twins.get(element)
        if element.tag == "picture":
            twin = next(element.iter(*IMAGE_TAGS), None)
        self._shown.update(each for each in (element, twin) if each is not None)
        self._put(picture(element, self.resolve, href, twin))

    def _put(self, image: Image | None) -> None:
        if image is None:
            return
        passage = Passage("", "image", self._contexts[-1].frame, image=image)
        if self._passage is None:
            self.items.append(passage)
        else:
            self._waiting.append(passage)

    def _flush(self) -> None:
        passage, self._passage = self._passage, None
        if passage is not None:
            while passage.htmls and passage.htmls[-1] in {" ", "<br>"}:
                passage.htmls.pop()
            passage.htmls += [
                f"</{inline.tag}>" for inline in reversed(self._inline) if inline.opening
            ]
            passage.close()
            if passage.text or passage.labelled:
                self.items.append(passage)
        self.items += self._waiting
        self._waiting.clear()


class Rules(NamedTuple):
    """What the compiled walk asks for, which itself knows no name."""

    blocks: frozenset[str] = BLOCKS
    containers: frozenset[str] = CONTAINERS
    inline: frozenset[str] = INLINE
    no_text: frozenset[str] = NO_TEXT
    as_a_whole: frozenset[str] = AS_A_WHOLE
    images: Collection[str] = IMAGE_TAGS
    headings: Collection[str] = HEADINGS
    lines: frozenset[str] = LINES
    credits: frozenset[str] = CREDIT_CLASSES
    captions: frozenset[str] = CAPTION_CLASSES
    frames: frozenset[str] = FRAME_CLASSES
    labels: frozenset[str] = LABELS
    source_link: str = SOURCE_LINK
    most_depth: int = MAX_DEPTH
    context: Any = Context
    passage: Any = Passage
    boundary: Any = Boundary
    attributes_of: Any = attributes_of
    escape: Any = escape
    folded: Any = _folded
    is_boilerplate: Any = is_boilerplate
    depends: Any = _depends
    is_shown_whole: Any = _is_shown_whole
    language_of: Any = language_of
    background: Any = background


RULES = Rules()

if CORE.compiled is not None:

    class CompiledWalk(CORE.compiled.Walk):  # type: ignore[misc,name-defined] # untyped
        """As ``Walk``, with its frequent half in C; the seldom one is the same."""

        _pair, _show_skipped = Walk._pair, Walk._show_skipped  # noqa: SLF001 - of the same file
        _picture, _put = Walk._picture, Walk._put  # noqa: SLF001 - the same
        _leave_out_note, _end_line = Walk._leave_out_note, Walk._end_line  # noqa: SLF001 - the same


def walk_of(resolve: Resolve, main: MainText) -> Walk:
    if CORE.compiled is None:
        return Walk(resolve, main)
    return cast("Walk", CompiledWalk(resolve, main, RULES))
