"""Comments and posts of live blogs as elements of a page mark them."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, cast

from lxml import etree

from newscrawl.items import Comment, Post
from newscrawl.pages.bodies.body import read_body
from newscrawl.pages.bodies.main_text import MainText
from newscrawl.pages.core import CORE
from newscrawl.pages.documents.document import text_of
from newscrawl.pages.threads.declared import MAX_NAME, MAX_TEXT, MOST

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from newscrawl.pages.documents.document import Document, Element

BOXES = frozenset({"li", "div", "article", "section", "dd"})
NAMES = re.compile(
    rb"omment(?:[-_]?\d|(?:[-_]{1,2}(?:item|entry))?[\"'\s>]"
    rb"|(?<=org/Comment)|(?<=org/UserComment))"
)
"""What the names of a comment's element hold; it begins with plain letters, which are found fast."""
PART = "omment"
MOST_NAMES = 500
LONGEST_TAG = 400
POST = "liveBlogUpdate"
ITEMTYPE = re.compile(r"schema\.org/(?:User)?Comments?/?$")
NUMBERED = re.compile(r"(?:li-|div-)?comment[-_]?(\d{1,12})$", re.IGNORECASE)
"""How WordPress and others call the element of one comment."""
NAMED = frozenset({"comment", "comment-item", "comment-entry", "single-comment", "comment__item"})
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
AUTHORS = frozenset({"author", "fn", "user", "username", "nick", "nickname"})
TIMES = frozenset({"date", "time", "datetime", "timestamp", "metadata", "meta"})
TEXTS = (frozenset({"content", "text", "message"}), frozenset({"body"}))
"""Last words of what themes call the text of a comment, the surest first."""
NO_NAME = frozenset({"says", "date", "time", "datetime", "badge", "avatar", "meta", "rank"})
MOST_TEXTS = 10
BESIDE = frozenset(
    {"reply", "meta", "metadata", "author", "actions", "avatar", "share", "vote", "votes"}
    | {"likes", "vcard", "date", "time", "header", "footer", "edit", "report", "says"}
)
"""What themes call what stands beside the text of a comment."""
BESIDE_TAGS = frozenset({"header", "footer", "form", "button", "time", "cite", "nav"})
DATED = ("datePublished", "dateCreated", "commentTime")
SAID = ("text", "commentText", "articleBody", "description")
WRITTEN_BY = ("author", "creator")
MAX_CLASS = 300
MAX_INNER = 400
"""Elements of one comment that are looked at."""
MAX_LOOKED = 5_000
HIGHEST = 200
"""Ancestors among which a comment that is answered is looked for."""
MOST_CALLED = 10


class Found(NamedTuple):
    """One comment or post: where it stands, and the one around it."""

    element: Element
    parent: int | None


def may_hold_comments(body: bytes) -> bool:
    """Whether a name of a comment's element stands in a tag; most pages are done with here."""
    for match in islice(NAMES.finditer(body), MOST_NAMES):
        at = match.start()
        if body.rfind(b"<", max(0, at - LONGEST_TAG), at) > body.rfind(
            b">", max(0, at - LONGEST_TAG), at
        ):
            return True
    return False


def comments_in(document: Document, body: bytes) -> list[Found]:
    """The comments of a page with these bytes, which are searched last where elements are found fast."""
    if CORE.compiled is None:
        return find_comments(document) if may_hold_comments(body) else []
    found = find_comments(document)
    return found if found and may_hold_comments(body) else []


def _called_so(document: Document) -> list[Element]:
    return cast("list[Element]", document.index.named(PART, *BOXES))


def find_comments(document: Document) -> list[Found]:
    """The outermost element of each comment, in the order of the page."""
    seen: set[str] = set()
    elements: dict[Element, int] = {}
    found: list[Found] = []
    candidates = _called_so(document)[:MAX_LOOKED]
    for each in candidates:
        name = NUMBERED.match(each.get("id") or "")
        if name is not None:
            if name[1] in seen:
                continue
            seen.add(name[1])
        elif not _is_comment(each):
            continue
        around = next(
            (elements[up] for up in islice(each.iterancestors(), HIGHEST) if up in elements), None
        )
        inside = around is not None and name is None and not _is_answer(each, found[around])
        if inside:
            continue
        elements[each] = len(found)
        found.append(Found(each, around))
        if len(found) == MOST:
            break
    return found


def _is_comment(element: Element) -> bool:
    if ITEMTYPE.search(element.get("itemtype") or ""):
        return True
    return not NAMED.isdisjoint((element.get("class") or "")[:MAX_CLASS].lower().split())


def _is_answer(element: Element, around: Found) -> bool:
    """Whether what stands in a comment is another one, not a part of it: it is made alike."""
    outer = around.element
    return (
        element.tag == outer.tag
        and (element.get("class") or "").split()[:1] == (outer.get("class") or "").split()[:1]
    )


def read_comments(
    document: Document, found: list[Found], when: Callable[[str | None], str | None]
) -> list[Comment]:
    """What each says; one that has no text, or neither author nor date, is none."""
    inner = {each.element for each in found}
    made: list[Comment] = []
    places: dict[int, int] = {}
    for at, each in enumerate(found):
        parts = _Parts(each.element, inner)
        text = parts.text(document)
        author, published = parts.author(), when(parts.date())
        above = each.parent
        reply_to = places.get(above) if above is not None else None
        if text and (author or published):
            places[at] = len(made)
            url = _address(document, each.element)
            made.append(
                Comment(author=author, published=published, text=text, url=url, reply_to=reply_to)
            )
        elif reply_to is not None:
            places[at] = reply_to
    return made


def find_posts(document: Document) -> list[Found]:
    """The elements that microdata calls entries of a live blog."""
    named = (each for each in document.described if POST in (each.get("itemprop") or ""))
    found = islice(named, MOST)
    return [Found(each, None) for each in found if each.get("itemscope") is not None]


def read_posts(
    document: Document, found: list[Found], when: Callable[[str | None], str | None]
) -> list[Post]:
    made: list[Post] = []
    for each in found:
        parts = _Parts(each.element, frozenset())
        text, headline = parts.text(document), parts.said(("headline", "name"))
        if text or headline:
            published, url = when(parts.date()), _address(document, each.element)
            made.append(
                Post(
                    headline=headline,
                    author=parts.author(),
                    published=published,
                    text=text,
                    url=url,
                )
            )
    return made


def _address(document: Document, element: Element) -> str | None:
    name = element.get("id") or ""
    return f"{document.url}#{name}" if re.fullmatch(r"[\w:.-]{1,80}", name) else None


class _Parts:
    """The elements within one comment, without those of the comments in it."""

    def __init__(self, element: Element, others: Collection[Element]) -> None:
        self.element = element
        self.comments = others
        self.others = list(islice(_within(element, others), MAX_INNER))
        self.inner = [each for each in self.others if each not in others]
        self.words: Mapping[Element, frozenset[str]] = {
            each: frozenset(map(str.lower, WORD.findall((each.get("class") or "")[:MAX_CLASS])))
            for each in self.inner
        }

    def said(self, names: tuple[str, ...]) -> str | None:
        """What the first element with one of these properties says."""
        element = self._property(names)
        if element is None:
            return None
        return (element.get("content") or text_of(element))[:MAX_TEXT] or None

    def _property(self, names: tuple[str, ...]) -> Element | None:
        wanted = set(names)
        return next(
            (each for each in self.inner if wanted & {*(each.get("itemprop") or "").split()}), None
        )

    def _called(self, words: frozenset[str]) -> Iterator[Element]:
        found = (each for each in self.inner if not words.isdisjoint(self.words[each]))
        return islice(found, MOST_CALLED)

    def author(self) -> str | None:
        """The innermost element that is called so: names stand with pictures and ranks."""
        marked = self._property(WRITTEN_BY)
        named = [marked] if marked is not None else []
        for each in (*named, *self._called(AUTHORS)):
            inner = (
                one
                for one in islice(each.iter("*"), 2 * MOST_CALLED)
                if "name" in (one.get("itemprop") or "").split()
                or "fn" in (one.get("class") or "").split()
                or one.tag in {"cite", "a", "b", "strong"}
            )
            for one in (*inner, each):
                name = one.get("content") or self._name(one)
                if 0 < len(name) <= MAX_NAME:
                    return name
        return None

    def _name(self, element: Element) -> str:
        """The text without what says when and "says"."""
        told: list[str] = []
        walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
        for event, each in cast("Iterator[tuple[str, Element]]", walk):
            if event == "start" and each is not element and self._is_no_name(each):
                walk.skip_subtree()
            elif event == "start":
                told.append(each.text or "")
            elif each is not element:
                told.append(each.tail or "")
        return " ".join("".join(told).split()).strip(",:;|· ")

    def _is_no_name(self, element: Element) -> bool:
        words = self.words.get(element, frozenset())
        return element.tag == "time" or not NO_NAME.isdisjoint(words)

    def date(self) -> str | None:
        if marked := self.said(DATED):
            element = self._property(DATED)
            told = element.get("datetime") if element is not None else None
            return told or marked
        for each in self.inner:
            if each.tag == "time":
                return each.get("datetime") or text_of(each)
        texts = map(text_of, self._called(TIMES))
        return next((text for text in texts if any(map(str.isdecimal, text))), None)

    def text(self, document: Document) -> str:
        root = self._property(SAID)
        if root is None:
            root = self._text_element()
        beside = (each for each in self.others if each is not root and self._is_beside(each))
        dropped = frozenset((*beside, *self.comments)) - {root}
        return read_body(root, document.absolute, main=MainText(root, dropped=dropped)).text[
            :MAX_TEXT
        ]

    def _text_element(self) -> Element:
        """The longest of those that are called so."""
        for words in TEXTS:
            found = [each for each in self.inner if self._ends(each, words)][:MOST_TEXTS]
            if found:
                return max(found, key=lambda each: len(text_of(each)))
        return self.element

    def _ends(self, element: Element, words: frozenset[str]) -> bool:
        """Whether a class ends with one of the words; a style's ``text-large`` does not."""
        if words.isdisjoint(self.words[element]):
            return False
        tokens = (element.get("class") or "")[:MAX_CLASS].split()
        ends = (WORD.findall(token)[-1:] for token in tokens if not token.startswith("text-"))
        return any(end[0].lower() in words for end in ends if end)

    def _is_beside(self, element: Element) -> bool:
        if element not in self.words or element.tag in BESIDE_TAGS:
            return True
        return not BESIDE.isdisjoint(self.words[element])


def _within(element: Element, others: Collection[Element]) -> Iterator[Element]:
    walk = etree.iterwalk(element, events=("start",))
    for _, each in cast("Iterator[tuple[str, Element]]", walk):
        if each is not element:
            yield each
            if each in others:
                walk.skip_subtree()
