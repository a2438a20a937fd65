"""What was seen of a page that tells its kind, apart from what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum

from newscrawl.pages.judging.locks import Lock
from newscrawl.pages.judging.marks import Marks
from newscrawl.pages.judging.shapes import Shape

ENOUGH_TEASERS = 3
"""Links to own articles that make a page without a body a listing."""
ARTICLE_WORDS = 50
"""Words of a body that make a page with an article's metadata an article."""
PLAIN_ARTICLE_WORDS = 150
"""The same for a page that says nothing about itself; less is enough where it looks like one."""
WALL_WORDS = 250
"""Words that a page without its own content may have; a list of vendors may be longer."""
HARDLY_WORDS = 30
"""Words of a page that says no more than "Loading" or "Sorry"."""
FEW_LINKS = 10
"""Own links of a page without menus."""
LINK_LIST = 0.5
"""Share of a body's text in links from which it is a list."""


class Template(StrEnum):
    """What a content management system says of its own page."""

    UNKNOWN = ""
    SINGLE = "single"
    ARCHIVE = "archive"
    PAGE = "page"
    OTHER = "other"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """``words`` are those of the body, ``density`` the share of its letters in links."""

    status: int = 0
    """0 is unknown."""
    feed: bool = False
    front: bool = False
    template: Template = Template.UNKNOWN
    typed: bool = False
    """JSON-LD has an object of one article, or of two."""
    shared: bool = False
    """``typed``, or OpenGraph says so."""
    listed: bool = False
    """JSON-LD has an object of a list."""
    dated: bool = False
    static: str = ""
    """The word of the path or the JSON-LD type that is a static page's."""
    words: int = 0
    declared: int = 0
    """Words of JSON-LD's ``articleBody``."""
    density: float = 0.0
    teasers: int = 0
    whole: int = 0
    """Articles that stand on the page with their text, each under a link to its own page."""
    part: int = 1
    lock: Lock = Lock.NONE
    """What asks for a password where hardly a text stands."""
    marks: Marks = field(default_factory=Marks)
    shape: Shape = field(default_factory=Shape)

    @property
    def is_short(self) -> bool:
        """Whether there is too little text for what the page says of itself."""
        enough = ARTICLE_WORDS if self.shared else PLAIN_ARTICLE_WORDS
        return max(self.words, self.declared) < enough

    @property
    def has_text(self) -> bool:
        """Whether there is more to read than a notice, and it is no list of links.

        A short text needs some sign of a story, a page of WordPress a headline.
        """
        if max(self.words, self.declared) < HARDLY_WORDS:
            return False
        if self.is_short and not self.shape.is_story:
            return False
        if self.template is Template.PAGE and not self.shape.headed:
            return False
        return self.shared or self.density <= LINK_LIST

    @property
    def is_bare(self) -> bool:
        """Whether little is on the page, and hardly a way to another."""
        marks = self.marks
        return marks.seen < WALL_WORDS and marks.own_links < FEW_LINKS and not marks.fields

    @property
    def is_lonely(self) -> bool:
        """Whether hardly anything is on the page but what asks for a password."""
        marks = self.marks
        few = marks.seen < WALL_WORDS and marks.own_links < FEW_LINKS
        return self.template is Template.UNKNOWN and few

    @property
    def says_article(self) -> bool:
        return self.shared and not self.is_short

    def facts(self) -> Facts:
        """What differs from an empty page, flat and short, for the ledger."""
        found: Facts = {}
        for part, defaults in zip((self, self.marks, self.shape), FACTS, strict=True):
            for name, default in defaults:
                if (value := getattr(part, name)) != default:
                    found[name] = value
        return found


Facts = dict[str, str | int | float | bool]

PARTS = frozenset({"marks", "shape"})
FACTS = tuple(
    [(each.name, each.default) for each in fields(part) if each.name not in PARTS]
    for part in (Evidence, Marks, Shape)
)
"""The fields of the evidence and of its parts, and what they are of an empty page."""
