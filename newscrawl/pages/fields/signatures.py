"""Who signs a story where no class name tells it: a line by the headline, or one below the text."""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.normal_forms import in_small_letters
from newscrawl.pages.documents.document import first_texts
from newscrawl.pages.documents.headings import letters
from newscrawl.pages.fields.boxes import SILENT, Box, boxes, is_other_story
from newscrawl.pages.fields.credits import BEHIND, DATED, DIGIT, undated
from newscrawl.pages.fields.people import (
    AND,
    BY,
    COMMAS,
    EDGES,
    PARTS,
    SAYS,
    SAYS_OTHERWISE,
    cased,
    full_name,
    people,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newscrawl.pages.documents.document import Element

MAX_BOXES = 40
MAX_BEFORE = 8
MAX_UP = 8
MAX_LINE = 120
"""Characters of a line with a byline and its date."""
PROSE = 160
MAX_PROSE = 2
"""Long lines below the headline: a standfirst, then the text has begun."""
MAX_LAST = 4
MAX_BELOW = 12
MIN_PORTRAIT = 60
MAX_IMAGES = 10
MAX_TEXTS = 60
NEAR = 3
MAX_PLAIN = 12
"""Words of a line without "by"."""
MAX_NICK = 30
MAX_NICK_WORDS = 4
MOST = 0.6
"""Of a line without "by", which a name fills."""
AROUND = 4
PEOPLE = re.compile(
    r"/(?:authors?|autor(?:en|es|i)?|auteurs?|people|persons?|staff|team|contributors?|writers?"
    r"|journalists?|profiles?|profil|users?|u|by|experts?|editors?)/|/@|[?&](?:user|author)=",
    re.IGNORECASE,
)
"""In addresses of the pages about people."""
SENTENCE = re.compile(r"(?:[^\W\d_][\w’'-]*\s+){1,5}(?:by|von)\s+(?=[^\W\d_a-z])")
OTHERS = re.compile(
    r"photo|picture|image|illustrat|video|edit|review|check|updat|produc|present|power|sponsor"
    r"|provid|narrat|foto|bild|geprüft|gesponsert|bereitgestellt",
    re.IGNORECASE,
)
"""Of what others did."""
NUMBER = re.compile(r"\s+[#+]?\d")
ANYWHERE = re.compile(rf"(?<!\w){BY.pattern.removeprefix('^')}", re.IGNORECASE)
NO_WORDS = {at: " " for at in range(128) if not re.match(r"\w", chr(at))}
LABELS = re.compile(r"(?:\b(?:by|von|par|por|door|przez)|:|：)\s*$", re.IGNORECASE)
"""The end of what says whose name follows."""

SINGLE = frozenset({"by", "von"})
PREPOSITIONS = frozenset({"by", "von", "par", "por", "door", "af", "av", "przez", "di", "da"})
OWN, OTHER = "by", "other"
"""Who is named behind a label: the author, or who took the picture or reviewed the text."""
PROVEN, MARKED, SURE, LABELLED = 2, 3, 4, 5
"""Weights; 1 has a name with no more than a date beside it."""


class Signed(NamedTuple):
    """Names in a box, how sure it is that they wrote the story, and what the page says of them."""

    names: list[str]
    box: Box
    weight: int
    proof: int


def near(heading: Element) -> list[Box]:
    """The boxes around a headline where a byline may stand."""
    return [*after(heading), *before(heading)]


def by_headline(around: list[Box], headline: str, *, labelled: bool = False) -> list[str]:
    """The names that the surest line near the headline tells; ``labelled`` asks for a "by"."""
    if not labelled:
        return surest([*signed(around, headline)])
    sayings = said_by(around)
    found = [each for each in signed(sayings, headline, labelled=True) if each.weight == LABELLED]
    return people(surest(found), strict=True)


def said_by(around: list[Box]) -> list[Box]:
    """The lines with a word for "by", and those right behind one."""
    found: list[Box] = []
    text = ""
    says: bool | None = False  # of the line before; a long one is asked when a short one follows
    for each in around:
        is_short = len(each.text) <= MAX_LINE
        own = says_by(each.text) if is_short else None
        if own or (is_short and (says_by(text) if says is None else says)):
            found.append(each)
        text, says = each.text, own
    return found


def says_by(text: str) -> bool:
    """Whether a line has a word for "by": a look at its words mostly tells that it has none."""
    plain = in_small_letters(text)
    if not plain.isascii():
        if any(word in plain for word in SAYS_OTHERWISE):
            return ANYWHERE.search(text) is not None
        plain = plain.encode("ascii", "replace").decode("ascii")
    if SAYS.isdisjoint(plain.translate(NO_WORDS).split()):
        return False
    return ANYWHERE.search(text) is not None


def below(body: Element) -> list[str]:
    """The names in a line with "by" where the text ends, else of whom a box there tells."""
    last = [*boxes([body])][-MAX_LAST:]
    following = [*islice(boxes(siblings(body)), MAX_BELOW)]
    around = [*last, *following]
    for each in signed(around, labelled=True):
        if each.weight == LABELLED and people(each.names, strict=True):
            return each.names
    tail = around[-len(following) - 2 :]
    return next(filter(None, map(portrayed, tail, tail[1:])), [])


def portrayed(title: Box, text: Box) -> list[str]:
    """The name above a paragraph that begins with it: "Ann Lee", then "Ann Lee is a writer"."""
    name = title.text.strip(EDGES)
    told = len(text.text) > MIN_PORTRAIT and text.text.startswith(f"{name} ")
    return [name] if told and cased(name) and full_name(name) else []


def inside(marked: Element) -> list[str]:
    """The names in what a page calls the byline; what else stands in it is a role or a button."""
    return surest([*signed([*islice(boxes([marked]), MAX_BOXES)], least=MARKED)])


def surest(found: list[Signed]) -> list[str]:
    """The names that most speaks for, with those beside them in elements of the same make."""
    own = max(found, key=lambda each: each.weight, default=None)
    if own is None:
        return []
    rest = found[found.index(own) + 1 :]
    alike = [
        each
        for each in rest
        if each.box.make == own.box.make and each.proof == own.proof and beside(own.box, each.box)
    ]
    return people(name for each in (own, *alike) for name in each.names)


def beside(one: Box, other: Box) -> bool:
    """Whether two boxes are parts of one small part of the page."""
    around = [one.element, *islice(one.element.iterancestors(), AROUND)]
    return any(up in around for up in islice(other.element.iterancestors(), AROUND))


def after(heading: Element) -> list[Box]:
    """The boxes from the headline to where the text has begun."""
    found: list[Box] = []
    prose = 0
    for box in islice(boxes(siblings(heading)), MAX_BOXES):
        prose += len(box.text) > PROSE
        if prose == MAX_PROSE:
            break
        found.append(box)
    return found


def before(heading: Element) -> list[Box]:
    """The boxes right above it, the nearest last."""
    found: list[Box] = []
    for up in chain([heading], islice(heading.iterancestors(), 2)):
        if up.tag in {"main", "article", "body", "html"}:
            break
        above = [each for each in islice(up.itersiblings(preceding=True), 3) if readable(each)]
        for each in above:
            found = [*islice(boxes([each]), MAX_BEFORE), *found]
    return found[-MAX_BEFORE:]


def siblings(element: Element) -> Iterator[Element]:
    """What stands after an element, up to the edge of its region of the page."""
    for up in chain([element], islice(element.iterancestors(), MAX_UP)):
        if up.tag in {"body", "html"}:
            return
        yield from filter(readable, up.itersiblings())
        if up.tag in {"main", "article"}:
            return


def readable(element: Element) -> bool:
    return (
        isinstance(element.tag, str) and element.tag not in SILENT and not is_other_story(element)
    )


def signed(
    around: Iterable[Box], headline: str = "", least: int = 0, *, labelled: bool = False
) -> Iterator[Signed]:
    """The bylines among boxes: behind "by", or with a proof; ``least`` is what all of them have.

    ``labelled`` leaves out what has no "by".
    """
    label = ""
    for box in around:
        match = BY.match(box.text)
        if match and not box.text[match.end() :].strip(EDGES):
            label = OWN
        elif len(box.text) > MAX_LINE or AND.fullmatch(f" {box.text} "):
            continue
        elif LABELS.search(box.text):
            label = OTHER
        else:
            text = without_sentence(box.text)
            sure = least if text == box.text else SURE
            for place, part in enumerate(undated_parts(text)):
                said = OWN if BY.match(part) and sure == least else "" if place else label
                if said == OTHER or (labelled and said != OWN):
                    continue
                found = told(part, box, sure, labelled=said == OWN)
                if found and letters(found.names[0]) not in headline:
                    yield found
            label = ""


def without_sentence(text: str) -> str:
    """What begins with "by" in a sentence like "This post was written by Ann Lee"."""
    match = SENTENCE.match(text)
    if match is None or OTHERS.search(match[0]) or BY.match(text):
        return text
    rest = text[match.end() :]
    return f"by {rest}" if full_name(COMMAS.split(rest)[0].strip(EDGES)) else text


def undated_parts(text: str) -> Iterator[str]:
    """The parts of a line without dates before them, numbers and words for "on" behind them."""
    for each in PARTS.split(text):
        part = each
        while DIGIT.search(part) and (match := DATED.match(part)):
            part = part[match.end() :].strip(EDGES)
        if part := unnumbered(part.strip(EDGES)):
            yield part


def unnumbered(part: str) -> str:
    """What stands before a date or a number, without what that is called."""
    name = undated(part)
    number = NUMBER.search(name)
    cut = len(name) if number is None else number.start()
    name, rest = part[:cut], part[cut:]
    if name.endswith(":") or (number is None and rest.startswith(":")):
        name = name.rpartition(" ")[0]
    words = name.split()
    return (BEHIND.sub("", name) if words and words[-1].islower() else name).strip(EDGES)


def told(part: str, box: Box, least: int, *, labelled: bool) -> Signed | None:
    """Who is named in a part of a line, if it is a byline."""
    if not labelled and not least and not 1 < part.count(" ") + 1 <= MAX_PLAIN:
        return None
    names = people([part], strict=True)
    if labelled:
        names = names or nick(part)
    elif not least and (not cased(part) or sum(map(len, names)) < MOST * len(part)):
        return None
    key = letters(names[0]) if names else ""
    if not key:
        return None
    proof = evidence(key, box)
    weight = LABELLED if labelled else max(least, proof)
    return Signed(names, box, weight, proof) if weight else None


def nick(part: str) -> list[str]:
    """A name of one word or of a newsroom, which only "by" before it makes one."""
    match = BY.match(part)
    label = match[0].strip() if match else ":"
    if not label.endswith(":") and label.split()[-1].lower() not in PREPOSITIONS:
        return []
    name = COMMAS.split(part[match.end() :] if match else part)[0].strip(EDGES)
    words = name.split()
    if not 0 < len(words) <= MAX_NICK_WORDS or len(name) > MAX_NICK or name[-1] in ".?!:":
        return []
    titled = any(not word.islower() for word in words)
    if not name[0].isalnum() or not (titled or (len(words) == 1 and label.lower() in SINGLE)):
        return []
    return people([name])


def evidence(key: str, box: Box) -> int:
    """What speaks for a plain name: the page about the person, the portrait, the date beside it."""
    around = [box.element, *islice(box.element.iterancestors(), AROUND)]
    link = next((each for each in around[:NEAR] if each.tag == "a"), None)
    href = "" if link is None else link.get("href") or ""
    spelt = key in letters(href)
    about = PEOPLE.search(href) is not None
    images = islice(around[: NEAR + 1][-1].iter("img"), MAX_IMAGES)
    portrait = any(letters(image.get("alt") or "") == key for image in images)
    if spelt + about + portrait > 1:
        return SURE
    if not is_dated(around):
        return 0
    return PROVEN if portrait or about else int(link is None)


def is_dated(around: list[Element]) -> bool:
    """Whether the nearest element with a date around a name holds no more than a line."""
    for up in around:
        text = first_texts(up, MAX_TEXTS)
        if len(text) > PROSE:
            return False
        dated = DIGIT.search(text) and DATED.search(text)
        if dated or next(up.iter("time"), None) is not None:
            return True
    return False
