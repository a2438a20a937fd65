"""Where a page shows when the story was published: in its own part, not in that of another."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.dates import read_date
from newscrawl.pages.documents.document import STRING, text_of
from newscrawl.pages.documents.elements import called_by, may_have
from newscrawl.pages.documents.lines import Line, lines_after, lines_before, lines_in, told
from newscrawl.pages.documents.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newscrawl.pages.documents.document import Document, Element

NAMESPACE = re.compile("[/#:]")
NO_NAMES: frozenset[str] = frozenset()
PUBLISHED = ("datepublished", "datecreated", "published_time", "issued", "created", "uploaddate")
MODIFIED = ("datemodified", "modified_time", "modified")
NAMES = frozenset({*PUBLISHED, *MODIFIED})
OTHER_THINGS = frozenset(
    {"answer", "comment", "event", "imageobject", "mediaobject", "person", "product", "review"}
    | {"usercomments", "videoobject", "audioobject", "organization"}
)
"""Types whose dates are not those of the story they stand in."""
DATED = re.compile(r"date|time|publi[sc]|posted|meta|datum|fecha|byline|info", re.IGNORECASE)
DATED_BY = ("date", "time", "publi", "posted", "meta", "datum", "fecha", "byline", "info")
VALUES = ("content", "datetime", "title")
STAMPS = ("data-published", "data-publish-date", "data-datetime", "data-timestamp")
DATED_VALUES = (*VALUES, *STAMPS)
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
PUBLISHED_WORDS = frozenset(
    {"published", "publish", "posted", "pubdate", "created", "published_time", *PUBLISHED}
)
MODIFIED_WORDS = frozenset(
    {"updated", "update", "modified", "lastmod", "edited", "revised", *MODIFIED}
)
BESIDE = re.compile(
    r"(?<!no[-_])(?<!has[-_])(?<!with[-_])(?<![^\W_])"
    r"(?:sidebar|related\w*|recommend\w*|popular|trending|most-?read|read-?next|latest|recents?"
    r"|more-(?:posts|stories|news)|teasers?|comments?|respond|ticker|newsfeed|yarpp\w*"
    r"|wp-block-(?:query|post-template))(?![^\W_])|(?:^|\s)widget",
    re.IGNORECASE,
)
"""Class names and ids of what leads to other stories."""
APART = frozenset({"article", "aside", "blockquote", "figure", "nav"})
REGIONS = frozenset({"article", "main"})
TITLES = ("h1", "h2", "h3", "h4")
"""What a teaser may be headed by."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
UPDATED = (
    r"updated?|modified|edited|revised|aktualisiert|geändert|mise? à jour|modifié|actualizad[oa]"
    r"|actualización|modificado|aggiornat[oa]|aggiornamento|atualizad[oa]|bijgewerkt|gewijzigd"
    r"|zaktualizowano|aktualizacja|обновлено|изменено|uppdaterad|oppdatert|opdateret|päivitetty"
    r"|güncellen?me|güncellendi|更新|تحديث"
)
OTHERWISE = (
    r"published|posted|created|first|veröffentlicht|erstellt|publiée?|publicad[oa]|pubblicat[oa]"
    r"|gepubliceerd|opublikowano|опубликовано|publicerad|publisert|julkaistu|yayınlan\w*|发布|發布"
)
LABEL = re.compile(rf"(?<!\w)(?:(?P<updated>{UPDATED})|{OTHERWISE})(?!\w)", re.IGNORECASE)
PARTS = re.compile(r"[|·•;]")
AUTHOR = re.compile(r"author|byline|profile", re.IGNORECASE)
AUTHORS = ("author", "byline", "profile")
MAX_ELEMENTS = 100
MAX_LINE = 200
"""Characters of the text of an element with its date."""
MAX_LABEL = 60
MAX_WORDS = 25
"""Of a paragraph that tells a date; one with more tells a story."""
PROSE = 160
"""Characters; a line with more is one of the story's paragraphs."""
FEW_WORDS = 8
"""Beside its date in a line that is about the story."""
LINES_BELOW, LINES_ABOVE, LINES_BEHIND, LAST_LINES = 25, 8, 6, 8
"""How many lines are looked at: below and above the headline, behind the text, at its end."""
STORY = 3
"""Long paragraphs; no teaser has as many."""
PARAGRAPHS = 2
"""The standfirst and the first of the text; no date of the story stands below them."""
NEAR = 4
"""Elements around a headline; what stands in them is near it."""
WORDS = re.compile(r"[^\W\d_]{2,}")
DATELINE = re.compile(r"\s[-–—|]+\s|[):]|//")
MAX_DATELINE = 80


class Region(NamedTuple):
    """How far up from the headline the nearest element around it is; whether a main part is around."""

    distance: int | None
    inside: bool


class Times:
    """The dates in the part of a page that is the story's own, the nearest to its headline first."""

    def __init__(self, document: Document, heading: Element | None, body: Element | None) -> None:
        self._document = document
        self._body = body
        anchor = body if heading is None else heading
        self._around = (
            {} if anchor is None else dict(_numbered(chain([anchor], anchor.iterancestors())))
        )
        self._home = set(self._around)
        if body is not None:
            self._home |= {body, *body.iterancestors()}
        self._heading = heading
        self._regions = {each for each in self._home if each.tag in REGIONS}
        own = self._regions.intersection(self._around)
        self._is_headless = heading is not None and not own
        self._beside: dict[Element, bool] = {}
        self._teasers: dict[Element, bool] = {}
        self._known: dict[Element, Region | None] = {}

    def declared(self, names: tuple[str, ...] = PUBLISHED) -> str | None:
        """What microdata or RDFa calls so, or a ``meta`` of that name."""
        for name in names:
            named = [each for each, own in self._named if name in own]
            if not named:
                continue
            head = [each for each in named if in_head(each)]
            for each in (*head, *self._own(named)):
                if not of_another(each) and (text := value_of(each)):
                    return text
        return None

    @cached_property
    def _named(self) -> list[tuple[Element, frozenset[str]]]:
        """The elements that microdata or RDFa gives the name of a date."""
        return self._document.index.naming(PLAIN_NAMES, NAMES)  # type: ignore[no-any-return]

    def first(self, *, modified: bool = False) -> str | None:
        """What the nearest ``time`` element says that tells of a publication, or of a change."""
        for each in self._own(self._document.tagged("time")):
            if is_change(each, self._home) is modified and (text := value_of(each)):
                return text
        return None

    def dated(self) -> str | None:
        """The date in what a class name calls one, or the line with it."""
        found = self._document.by_classes(DATED, *DATED_BY)
        for each in self._own(each for each in found if each.tag not in {"body", "html"}):
            if is_change(each, self._home):
                continue
            if text := value_of(each, DATED_VALUES):
                return text
        return None

    def told(self) -> str | None:
        """The date in a line next to the headline, else at the start or the end of the text."""
        for line in self._lines():
            text = unchanged(line.text)
            if text and read_date(text) and not is_change(line.element, self._home):
                return text
        return None

    def _lines(self) -> Iterator[Line]:
        """Short lines about the story, and datelines: the nearest to its headline first."""
        anchor = self._body if self._heading is None else self._heading
        if anchor is not None:
            below = self._short(lines_after(anchor) if anchor is self._heading else ())
            above = self._short(lines_before(anchor), LINES_ABOVE)
            for pair in zip_longest(below, above):
                yield from filter(None, pair)
        if self._body is not None:
            yield from filter(None, self._short(lines_in(self._body)))
            last = self._short(lines_in(self._body, back=True), LAST_LINES)
            behind = self._short(until_heading(lines_after(self._body)), LINES_BEHIND)
            yield from filter(None, chain(last, behind))

    def _short(self, lines: Iterable[Line], most: int = LINES_BELOW) -> Iterator[Line | None]:
        """Each that may tell a date, ``None`` for the others, up to the first paragraphs."""
        left = PARAGRAPHS
        for line in islice(lines, most):
            is_own = not self._is_anothers(line.element)
            is_prose = len(line.text) > PROSE or len(line.text.split()) > MAX_WORDS
            text = dateline(line.text) if is_prose else line.text
            left -= is_prose and is_own
            yield line._replace(text=text) if text and is_brief(text) and is_own else None
            if not left:
                return

    def _is_anothers(self, element: Element) -> bool:
        """Whether a line is a heading, or stands in what tells of something else."""
        for each in chain([element], element.iterancestors()):
            if each in self._home:
                return False
            if each.tag in TITLES or (each.tag != "p" and self._is_beside(each)):
                return True
        return False

    def _own(self, elements: Iterable[Element]) -> list[Element]:
        """Those that stand in no list, no sidebar and no other story."""
        placed = []
        for element in [*elements][:MAX_ELEMENTS]:
            distance = self._distance(element)
            if distance is not None:
                placed.append((distance, element))
        return [element for _, element in sorted(placed, key=lambda each: each[0])]

    def _distance(self, element: Element) -> int | None:
        parent = element.getparent()
        if parent is None or (region := self._region(parent)) is None:
            return None
        distance, inside = region
        inside |= not self._regions
        inside |= self._is_headless and distance is not None and distance < NEAR
        return distance if inside else None

    def _region(self, element: Element) -> Region | None:
        """``None`` for what stands beside the story, be it by what is around it."""
        path: list[Element] = []
        node: Element | None = element
        while node is not None and node not in self._known:
            path.append(node)
            if node not in self._home and self._is_beside(node):
                found = None
                break
            node = node.getparent()
        else:
            found = Region(None, inside=False) if node is None else self._known[node]
            for up in reversed(path):
                if found is not None and (up in self._around or up in self._regions):
                    inside = found.inside or up in self._regions
                    found = Region(self._around.get(up, found.distance), inside=inside)
                self._known[up] = found
            return found
        self._known.update(dict.fromkeys(path))
        return found

    def _is_beside(self, element: Element) -> bool:
        """Whether an element without the headline and the body tells of something else."""
        if element not in self._beside:
            self._beside[element] = (
                (element.tag in APART and not self._is_note(element))
                or (element.tag in {"header", "footer"} and not belongs(element))
                or LEADS_AWAY[element.get("class") or ""]
                or LEADS_AWAY[element.get("id") or ""]
                or self._is_headed(element)
                or (element.tag == "p" and is_told(element))
                or self._is_repeated(element)
            )
        return self._beside[element]

    def _is_note(self, element: Element) -> bool:
        """Whether an ``aside`` is a few words about the story, and no teaser of another."""
        headed = next(element.iter(*TITLES), None) is not None
        return element.tag == "aside" and not headed and not is_told(element)

    def _is_headed(self, element: Element) -> bool:
        """Whether it has a headline of its own: that of a teaser, or a section of the text."""
        if next(element.iter(*TITLES), None) is None or self._is_most(element):
            return False
        return self._leads(element) or any(up is self._body for up in element.iterancestors())

    def _is_most(self, element: Element) -> bool:
        """Whether it holds half of what the body says, or paragraphs of a story."""
        told = islice(filter(is_told, islice(element.iter("p"), MAX_ELEMENTS)), STORY)
        return 0 < self._whole < 2 * len(STRING(element)) or len([*told]) == STORY

    @cached_property
    def _whole(self) -> int:
        """Characters of the body."""
        return 0 if self._body is None else len(STRING(self._body))

    def _is_repeated(self, element: Element) -> bool:
        """Whether it is one of several of the same make that each lead elsewhere and have a date."""
        if not self._leads(element):
            return False
        make = element.tag, element.get("class")
        others = (each for side in (False, True) for each in element.itersiblings(preceding=side))
        near = islice(others, MAX_ELEMENTS)
        alike = (each for each in near if (each.tag, each.get("class")) == make)
        return any(map(self._is_dated_teaser, alike))

    def _is_dated_teaser(self, element: Element) -> bool:
        if element not in self._teasers:
            self._teasers[element] = self._leads(element) and has_date(element)
        return self._teasers[element]

    def _leads(self, element: Element) -> bool:
        """Whether it links to another page, other than one about who wrote the story."""
        document = self._document
        for each in element.iter("a"):
            href = each.get("href") or ""
            url = document.absolute(href)
            if url is None or url == document.url:
                continue
            names = each.get("class") or "", each.get("rel") or ""
            if not (is_authors(href) or any(map(IS_AUTHORS.__getitem__, names))):
                return True
        return False


def _numbered(elements: Iterable[Element]) -> Iterator[tuple[Element, int]]:
    return ((element, place) for place, element in enumerate(elements))


def names_of(element: Element) -> frozenset[str]:
    """What microdata and RDFa call an element, without prefixes."""
    told = called_by(element)
    return PLAIN_NAMES[told] if told else NO_NAMES


def _plain_names(told: str) -> frozenset[str]:
    return frozenset(NAMESPACE.split(name)[-1] for name in told.lower().split())


def _words_of(name: str) -> frozenset[str]:
    return frozenset(map(str.lower, WORD.findall(name)))


def _leads_away(name: str) -> bool:
    return BESIDE.search(name) is not None


def _is_dated(name: str) -> bool:
    return DATED.search(name) is not None


def is_authors(told: str) -> bool:
    """Whether an address, a class name or a ``rel`` is that of who wrote the story."""
    return may_have(told, AUTHORS) and AUTHOR.search(told) is not None


PLAIN_NAMES = Remembered(_plain_names)
WORDS_OF = Remembered(_words_of)
LEADS_AWAY = Remembered(_leads_away)
IS_DATED = Remembered(_is_dated)
IS_AUTHORS = Remembered(is_authors)


def in_head(element: Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "head"


def of_another(element: Element) -> bool:
    """Whether the thing that a date is said of is a comment, a picture or a person."""
    for up in element.iterancestors():
        if up.get("itemscope") is not None or up.get("typeof"):
            kind = up.get("itemtype") or up.get("typeof") or ""
            return re.split("[/#:]", kind.strip().lower())[-1] in OTHER_THINGS
    return False


def value_of(element: Element, attributes: tuple[str, ...] = VALUES) -> str | None:
    """The first of the attributes for machines that is a date, else the text if it is one."""
    for name in attributes:
        if read_date(text := element.get(name)):
            return text
    text = unchanged(told(element, MAX_LINE))
    return text if read_date(text) else None


def is_change(element: Element, home: set[Element]) -> bool:
    """Whether the marks of an element, or the words before it, call it the date of a change."""
    node: Element | None = element
    while node is not None and node not in home:
        words = names_of(node) | WORDS_OF[node.get("class") or ""]
        if not words.isdisjoint(PUBLISHED_WORDS) or node.get("pubdate") is not None:
            return False
        if not words.isdisjoint(MODIFIED_WORDS):
            return True
        if label := label_before(node):
            return label["updated"] is not None
        node = node.getparent()
    return False


def label_before(element: Element) -> re.Match[str] | None:
    """The last word before an element that says what its date is of."""
    text, before = "", element.getprevious()
    while before is not None and not text.strip():
        text = before.tail or ""
        if before.tag == "time" and not text.strip():
            return None
        if not text.strip() and isinstance(before.tag, str):
            text = told(before, MAX_LINE)
            if before.tag in HEADINGS or len(text) > MAX_LABEL or (not text and says(before)):
                return None
        before = before.getprevious()
    parent = element.getparent()
    if not text.strip() and before is None and parent is not None:
        text = parent.text or ""
    found = [*LABEL.finditer(text[-MAX_LABEL:])]
    return found[-1] if found else None


def says(element: Element) -> bool:
    return bool(STRING(element).strip())


def unchanged(text: str) -> str:
    """A line without the dates that it calls those of a change."""
    kept = []
    for part in PARTS.split(text) if LABEL.search(text) else ():
        begin, drops = 0, False
        for label in LABEL.finditer(part):
            kept.append("" if drops else part[begin : label.start()])
            begin, drops = label.end(), label["updated"] is not None
        kept.append("" if drops else part[begin:])
    return " ".join("".join(f"{each} " for each in kept).split()) if kept else text


def belongs(edge: Element) -> bool:
    """Whether a header or footer is that of a story: many themes keep its date there."""
    parent = edge.getparent()
    return (parent is not None and parent.tag in REGIONS) or any(
        word in (edge.get("class") or "") for word in ("entry", "post", "article", "story")
    )


def is_told(paragraph: Element) -> bool:
    return len(text_of(paragraph).split()) > MAX_WORDS


def has_date(element: Element) -> bool:
    return next(element.iter("time"), None) is not None or bool(
        any(IS_DATED[each.get("class") or ""] for each in element.iter("*"))
    )


def is_brief(text: str) -> bool:
    """Whether a line has a digit or more, and few words."""
    return any(map(str.isdigit, text)) and len(WORDS.findall(text)) <= FEW_WORDS


def dateline(paragraph: str) -> str:
    """What a paragraph begins with before a dash or bracket, if that ends with a number."""
    mark = DATELINE.search(paragraph, 0, MAX_DATELINE)
    begin = paragraph[: mark.start()] if mark else ""
    for text in (begin, begin.rpartition("(")[0]):
        if (bare := text.strip(" .,("))[-1:].isdigit():
            return bare
    return ""


def until_heading(lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        if any(each.tag in TITLES for each in chain([line.element], line.element.iterancestors())):
            return
        yield line
