"""What a block of text says: a story, a standfirst, a byline, a link, or what stands there already."""

from __future__ import annotations

import re
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING

from newscrawl.pages.bodies.boilerplate import names
from newscrawl.pages.core import CORE
from newscrawl.pages.documents.document import STRING
from newscrawl.pages.documents.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from newscrawl.pages.bodies.blocks import Block

BARE = 120
"""Bytes of a text outside paragraphs, in a body of paragraphs, that is a label."""
LINKED = 0.5
LINKED_PARAGRAPH = 0.85
LEAD_TAGS = frozenset({"p", "h2", "h3", "div"})
STANDFIRST = names(
    """
    standfirst subtitle subhead subheadline subheading deck dek chapo excerpt vorspann entrysummary
    entradilla bajada sommario ingress manchet alternativeheadline untertitel
    """
)
NAMED_WITHIN = 3
"""Elements around a standfirst of which one is called so."""
MAX_NAMES = 300
REPEAT = 60
"""Bytes of a text that tells."""
REPEATS = 3
"""Such texts in a row that are not told twice."""
BYLINE = re.compile(
    r"^\W*(?:by|von|par|por|di|door|av|od|words|photos?|text|published|updated|posted|written|written by)\b"
    r"|\d{1,2}:\d{2}|\bago\b|\bmin(?:utes?)? read\b|[|·•]|^[^ ]{0,20} ?\d{1,2},? \d{4}",
    re.IGNORECASE,
)
SENTENCE_ENDS = frozenset(".!?…。！？।؟")
CLOSERS = "\"'”’»)）」』 "
QUOTES = frozenset("\"'“„«‘「『»‚")
FULL_STOPS = frozenset(".。।۔")
PIECE = 20
"""Letters that are looked for together."""
MOST_PIECES = 200
REPEATED = 0.75
NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
WORD = re.compile(r"\w+")


def once(blocks: Iterable[Block]) -> list[Block]:
    """Blocks without runs that repeat others: pages hold copies for other sizes of screens."""
    every = list(blocks)
    places: dict[str, int] = {}
    run: list[Block] = []
    dropped: set[Block] = set()
    expected = -1
    for at, block in enumerate(every):
        first = places.setdefault(block.text, at)
        if first < at and (first == expected or not run):
            run.append(block)
            expected = first + 1
            if sum(each.size >= REPEAT for each in run) >= REPEATS:
                dropped.update(run)
        else:
            run, expected = [], -1
    return [block for block in every if block not in dropped]


def is_standfirst(block: Block, names: frozenset[str] = STANDFIRST) -> bool:
    """Whether a block, or a box close around it, is called one."""
    for node in islice(block.node.around(), NAMED_WITHIN):
        element = node.element
        marks = f"{element.get('class') or ''} {element.get('itemprop') or ''}"[:MAX_NAMES]
        if not names.isdisjoint(WORDS[marks]):
            return True
    return False


def words(token: str) -> list[str]:
    words = [word.lower() for word in NAME.findall(token)]
    return [*words, *(one + two for one, two in pairwise(words))]


WORDS = Remembered(lambda marks: frozenset(chain.from_iterable(map(words, marks.split()))))
"""The words of all names in an attribute."""


def reads_so(block: Block, told: bool, first: bool) -> bool:
    """Whether a short text under a headline is a sentence, no byline, date or label."""
    if block.tag not in LEAD_TAGS or block.linked or BYLINE.search(block.text):
        return False
    return told or (block.tag != "div" and (first or ends(block.text)))


def said(kept: Iterable[Block]) -> str:
    return letters(" ".join(block.text for block in kept))


def repeats(text: str, body: str) -> bool:
    """Whether the letters of a body say nearly all of a text; of a long one some pieces tell."""
    whole = letters(text)
    pieces = [whole[at : at + PIECE] for at in range(0, len(whole), PIECE)]
    pieces = pieces[:: len(pieces) // MOST_PIECES + 1]
    return sum(piece in body for piece in pieces) >= REPEATED * len(pieces)


def _letters(text: str) -> str:
    """Only what is of words, in small letters."""
    return "".join(WORD.findall(text)).lower()


letters: Callable[[str], str] = _letters if CORE.compiled is None else CORE.compiled.letters


def is_told(text: str, descriptions: Iterable[str]) -> bool:
    """Whether a page describes itself with this text."""
    return any(each and (text[:60] == each[:60] or text in each) for each in descriptions)


def tells(text: str) -> bool:
    """Whether bare text before all paragraphs is of the story: no date, no byline, no label."""
    return len(text) >= BARE or (ends(text) and BYLINE.search(text) is None)


def ends(text: str) -> bool:
    return text.rstrip(CLOSERS)[-1:] in SENTENCE_ENDS


def closes(block: Block) -> bool:
    """Whether a block at the end says nothing: a heading over nothing, a copyright."""
    return block.is_heading or (block.size < BARE and "©" in block.text)


def is_link(block: Block) -> bool:
    """Whether a block is nothing but a link to elsewhere; one with many may be a list of places."""
    many = block.tag == "p" and block.links > 1
    if block.linked <= (LINKED_PARAGRAPH if many else LINKED) * block.size:
        return False
    return block.tag != "p" or not is_said(block)


def is_said(block: Block) -> bool:
    """Whether a paragraph of links is a sentence of the story, not a label and a headline."""
    end = block.text.rstrip(CLOSERS)[-1:]
    if (block.node.element.text or "").rstrip()[-1:] in {":", "："}:
        last = next(block.node.element.iterchildren("a", reversed=True), None)
        after = (last.tail or "").strip() if last is not None else ""
        quoted = last is not None and str(STRING(last)).strip()[:1] in QUOTES
        return quoted or after[:1] in FULL_STOPS
    return end in FULL_STOPS
