"""What a page is, apart from what became of its visit: evidence in, the first rule that fits out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import NamedTuple

from newscrawl.pages.judging.locks import Lock
from newscrawl.pages.judging.marks import Marks
from newscrawl.pages.judging.wordings import Wording

ENOUGH_TEASERS = 3
"""Links to own articles that make a page without a body a listing."""
ARTICLE_WORDS = 50
"""Words of a body that make a page with an article's metadata an article."""
PLAIN_ARTICLE_WORDS = 150
"""The same for a page that says nothing about itself."""
WALL_WORDS = 250
"""Words that a page without its own content may have; a list of vendors may be longer."""
HARDLY_WORDS = 30
"""Words of a page that says no more than "Loading" or "Sorry"."""
FEW_LINKS = 10
"""Own links of a page without menus."""
LINK_LIST = 0.5
"""Share of a body's text in links from which it is a list."""


class PageKind(StrEnum):
    """What a page is; what becomes of a visit to it is its outcome."""

    ARTICLE = "article"
    """One story with its text: it is stored."""
    LISTING = "listing"
    """A list of stories: its links are followed, and it is visited again."""
    PAGE = "page"
    """Neither (contact, cart): its links are followed."""
    PART = "part"
    """A further page of a split article, which is read with the first."""
    CONSENT_WALL = "consent wall"
    """A question about cookies in place of the page."""
    BOT_WALL = "bot wall"
    """A check whether a person is there, in place of the page."""
    PASSWORD_WALL = "password wall"  # noqa: S105 - a kind of page
    """A form for a password, in place of the text."""
    NOT_FOUND = "not found"
    """A page that says that there is none, with status 200."""
    SHELL = "shell"
    """Nothing to read until a script has run."""


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

    @property
    def has_text(self) -> bool:
        """Whether there is enough text for what the page says of itself."""
        enough = ARTICLE_WORDS if self.shared else PLAIN_ARTICLE_WORDS
        return max(self.words, self.declared) >= enough

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
        return self.shared and self.has_text

    def facts(self) -> Facts:
        """What differs from an empty page, flat and short, for the ledger."""
        found: Facts = {}
        for part in (self, self.marks):
            for each in fields(part):
                value = getattr(part, each.name)
                if value != each.default and each.name != "marks":
                    found[each.name] = value
        return found


Facts = dict[str, str | int | float | bool]


class Judgement(NamedTuple):
    """A kind and what decided it."""

    kind: PageKind
    evidence: Facts


class Rule(NamedTuple):
    name: str
    kind: PageKind
    fits: Callable[[Evidence], bool]


def is_challenge(seen: Evidence) -> bool:
    return bool(seen.marks.challenge) and seen.is_bare and not seen.says_article


def is_bot_wall(seen: Evidence) -> bool:
    marks = seen.marks
    lonely = marks.noindex or marks.refresh or marks.own_links == 0
    return marks.says is Wording.BOT and lonely and seen.is_bare and not seen.says_article


def is_consent_region(seen: Evidence) -> bool:
    """An overlay above a page leaves that page's own paragraphs."""
    marks = seen.marks
    alone = marks.prose < ARTICLE_WORDS and not lists(seen)
    return marks.consent >= 0.5 and marks.buttons > 0 and alone  # noqa: PLR2004 - the most of it


def is_consent_wall(seen: Evidence) -> bool:
    marks = seen.marks
    asked = marks.says is Wording.CONSENT and marks.buttons > 0 and not seen.static
    return asked and seen.is_bare and not seen.shared


def is_password_wall(seen: Evidence) -> bool:
    """A form to log in may be a page of its own, or one of many things on a page."""
    if seen.lock is not Lock.LOGIN:
        return seen.lock is Lock.POST
    claims = seen.template is Template.SINGLE or (seen.shared and not seen.front)
    return not seen.static and (claims or (seen.is_lonely and not lists(seen)))


def is_not_found(seen: Evidence) -> bool:
    """A 200 whose title says 404, with nothing of an article; a 404 has an outcome of its own."""
    if seen.status != 200:  # noqa: PLR2004 - HTTP's own number
        return False
    if seen.template is Template.ERROR:
        return True
    if seen.typed or seen.dated:
        return False
    if seen.marks.says is Wording.MISSING:
        return not seen.shared and seen.words < HARDLY_WORDS
    return seen.marks.says is Wording.NOT_FOUND and seen.words < PLAIN_ARTICLE_WORDS


def is_shell(seen: Evidence) -> bool:
    marks = seen.marks
    if not marks.scripts or max(seen.words, seen.declared) >= ARTICLE_WORDS or seen.teasers:
        return False
    if marks.seen >= HARDLY_WORDS or marks.own_links >= FEW_LINKS:
        return marks.mount
    return marks.mount or marks.hollow or marks.asks_for_script or not marks.seen


def lists(seen: Evidence) -> bool:
    return seen.teasers >= ENOUGH_TEASERS


def is_static(seen: Evidence) -> bool:
    return bool(seen.static) and not (seen.typed or seen.dated)


def is_article(seen: Evidence) -> bool:
    list_of_links = not seen.shared and seen.density > LINK_LIST
    return (seen.has_text and not list_of_links) or (seen.typed and not seen.listed)


RULES: tuple[Rule, ...] = (
    Rule("status", PageKind.PAGE, lambda seen: seen.status >= 400),  # noqa: PLR2004 - HTTP's own
    Rule("feed", PageKind.PAGE, lambda seen: seen.feed),
    Rule("not found", PageKind.NOT_FOUND, is_not_found),
    Rule("template", PageKind.PAGE, lambda seen: seen.template in {Template.OTHER, Template.ERROR}),
    Rule("template", PageKind.LISTING, lambda seen: seen.template is Template.ARCHIVE),
    Rule("password", PageKind.PASSWORD_WALL, is_password_wall),
    Rule(
        "template", PageKind.PART, lambda seen: seen.template is Template.SINGLE and seen.part > 1
    ),
    Rule("template", PageKind.ARTICLE, lambda seen: seen.template is Template.SINGLE),
    Rule("challenge", PageKind.BOT_WALL, is_challenge),
    Rule("bot wall", PageKind.BOT_WALL, is_bot_wall),
    Rule("consent region", PageKind.CONSENT_WALL, is_consent_region),
    Rule("consent wall", PageKind.CONSENT_WALL, is_consent_wall),
    Rule("shell", PageKind.SHELL, is_shell),
    Rule("front page", PageKind.LISTING, lambda seen: seen.front),
    Rule(
        "template",
        PageKind.PAGE,
        lambda seen: seen.template is Template.PAGE and not lists(seen),
    ),
    Rule("template", PageKind.LISTING, lambda seen: seen.template is Template.PAGE),
    Rule("whole articles", PageKind.LISTING, lambda seen: seen.whole > 1 and not seen.shared),
    Rule(
        "json-ld",
        PageKind.LISTING,
        lambda seen: seen.listed and not seen.typed and lists(seen),
    ),
    Rule("static", PageKind.LISTING, lambda seen: is_static(seen) and lists(seen)),
    Rule("static", PageKind.PAGE, is_static),
    Rule("part", PageKind.PART, lambda seen: seen.part > 1 and is_article(seen)),
    Rule("json-ld", PageKind.ARTICLE, lambda seen: seen.typed and is_article(seen)),
    Rule("body", PageKind.ARTICLE, is_article),
    Rule("teasers", PageKind.LISTING, lists),
    Rule("neither", PageKind.PAGE, lambda _: True),
)
"""In this order. What a system says of its own page comes before what can only be guessed."""


def judge(seen: Evidence) -> Judgement:
    rule = next(rule for rule in RULES if rule.fits(seen))
    return Judgement(rule.kind, {"rule": rule.name, **seen.facts()})
