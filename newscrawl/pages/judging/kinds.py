"""What a page is, apart from what became of its visit: evidence in, the first rule that fits out."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from newscrawl.pages.judging.evidence import (
    ARTICLE_WORDS,
    ENOUGH_TEASERS,
    FEW_LINKS,
    HARDLY_WORDS,
    PLAIN_ARTICLE_WORDS,
    Evidence,
    Facts,
    Template,
)
from newscrawl.pages.judging.locks import Lock
from newscrawl.pages.judging.voices import weigh
from newscrawl.pages.judging.wordings import Wording


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


GUIDE_WORDS = 500
"""From here on what WordPress calls a page, and no post, may be an article: about us is shorter."""


def is_article(seen: Evidence) -> bool:
    if seen.typed and (seen.has_text or not seen.listed):
        return True
    if seen.template is Template.PAGE and seen.words < GUIDE_WORDS:
        return False
    return seen.has_text and weigh(seen).total >= 0


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
WEIGHED = frozenset({"body", "teasers", "neither"})
"""Rules that decide by ``weigh``; below 0 it is no article, the nearer to 0 the less sure."""


def judge(seen: Evidence) -> Judgement:
    rule = next(rule for rule in RULES if rule.fits(seen))
    found: Facts = {"rule": rule.name, **seen.facts()}
    if rule.name in WEIGHED and seen.has_text:
        total, told_by = weigh(seen)
        found |= {"weight": total, "told_by": told_by}
    return Judgement(rule.kind, found)
