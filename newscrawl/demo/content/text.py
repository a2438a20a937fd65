"""Sentences of invented news, drawn from templates.

The templates hardly ever have three fixed words in a row, so two stories share
few three-word sequences although they share the templates.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from newscrawl.demo.content import lexicon as lx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random
    from typing import TypeAlias

    _Slot: TypeAlias = tuple[str, ...] | int
    _Template: TypeAlias = tuple[str, tuple[_Slot, ...]]


_T = TypeVar("_T")

_PERSON, _SURNAME, _BODY, _PLACE, _DISTRICT, _TOPIC, _SPOT = range(7)
_WITH_ARTICLE = tuple(
    ("an " if adjective[0] in "aeiou" else "a ") + adjective for adjective in lx.ADJECTIVES
)
_GOODS = tuple(f"{modifier} {head}" for modifier in lx.MODIFIERS for head in lx.HEADS)
_NUMBERS = tuple(f"{number:,}" for number in range(13, 4800, 7))
_AMOUNTS = tuple(f"${number / 10:.1f} million" for number in range(11, 990, 3))
_SHARES = tuple(f"{number / 10:.1f}%" for number in range(12, 860, 7))
_DATES = tuple(f"{month} {day}" for month in lx.MONTHS for day in range(1, 29))
_SLOTS: dict[str, _Slot] = {
    "person": _PERSON,
    "surname": _SURNAME,
    "body": _BODY,
    "place": _PLACE,
    "district": _DISTRICT,
    "topic": _TOPIC,
    "spot": _SPOT,
    "adj": lx.ADJECTIVES,
    "an_adj": _WITH_ARTICLE,
    "goods": _GOODS,
    "number": _NUMBERS,
    "amount": _AMOUNTS,
    "share": _SHARES,
    "date": _DATES,
    "weekday": lx.WEEKDAYS,
    "did": lx.PAST_VERBS,
    "do": lx.INFINITIVES,
    "why": lx.REASONS,
    "role": lx.ROLES,
}


def _compile(template: str) -> _Template:
    slots = re.findall(r"<(\w+)>", template)
    return re.sub(r"<\w+>", "%s", template), tuple(_SLOTS[slot] for slot in slots)


_LEADS = tuple(
    _compile(template)
    for template in (
        "The <body> <did> <an_adj> <topic> on <weekday> <why>, leaving <goods> in <place> uncertain.",
        "<place> woke on <date> to <an_adj> <topic> that could <do> <goods> around <district>.",
        "Officials of <body> <did> the <topic> <why>, and <person> called it <an_adj> answer to <goods>.",
        "A <topic> worth <amount> was <did> in <place> <why>, according to <person>.",
        "Plans to <do> <goods> in <district> were <did> <why> when the <body> met on <date>.",
        "About <number> people filled <spot> in <place> as the <adj> <topic> was <did> on <weekday>.",
    )
)
_BODY_TEMPLATES = tuple(
    _compile(template)
    for template in (
        "<person>, <role> at <body>, <did> the <adj> <topic> <why>.",
        "The <body> expects <goods> to <do> roughly <share> of <goods> by <date>.",
        "Residents near <district> <did> <number> <goods> last year, while <place> <did> only <number>.",
        "“We never <did> any <goods> here,” <surname> said, “and <an_adj> <topic> can’t <do> that.”",
        "“If <goods> <do> our <topic>, then <district> pays <amount>,” said <person>.",
        "Figures from <body> put <goods> at <amount>, up <share> since <date>.",
        "Inside <spot>, <number> <goods> were <did> before <surname> <did> the <topic>.",
        "The <role> for <place> said <goods> might <do> <an_adj> <topic> <why>.",
        "Several <goods> in <district> remain <adj>, <surname> added, because <goods> were <did> <why>.",
        "Critics of <surname> point to <goods>, <adj> <goods> and <an_adj> <topic> near <place>.",
        "<surname> had <did> <goods> on <date> but <did> the <adj> <topic> <why>.",
        "On <weekday> the <body> <did> <number> letters about <goods>, most from <district>.",
        "That <topic> will <do> <adj> <goods>, or <share> of them, unless <person> <did> it first.",
        "<place> spent <amount> on <goods>; neighbouring towns <did> theirs for <amount>.",
        "Nobody at <spot> <did> the <goods>, said <person>, whose <adj> <topic> was <did> <why>.",
        "Between <date> and <date>, <number> <goods> were <did> across <district>.",
        "“Ask <surname> about <goods>,” one <role> told reporters at <spot>. “The <topic> is <adj>.”",
        "Under <adj> rules, <body> may <do> <goods> once <number> <goods> are <did>.",
        "The <adj> <topic> drew <number> objections, <share> of them over <goods>.",
        "<person> and <surname> <did> rival <goods> <why>, which <body> <did> on <weekday>.",
        "Even so, <an_adj> <topic> in <place> could <do> <goods> worth <amount> <why>.",
        "By <weekday>, <district> had <did> <an_adj> share of <goods>, <surname> noted.",
        "Engineers <did> <number> <goods> behind <spot>, and <body> <did> them <why>.",
        "With <goods> <did> and <goods> still <adj>, <person> <did> the <topic> for <place>.",
    )
)
_SUBHEADINGS = tuple(
    _compile(template)
    for template in (
        "Why <place> <did> <goods>",
        "What <goods> mean for <district>",
        "<surname> and the <adj> <topic>",
        "How <goods> <did> <place>",
        "<number> <goods>, one <topic>",
        "A <topic> for <district>",
        "Who pays for <goods>?",
    )
)
_SUBTITLES = tuple(
    _compile(template)
    for template in (
        "<goods> worth <amount> hang on <an_adj> <topic>, says <person>",
        "Why the <body> <did> <goods> before <date>",
        "In <district>, <number> <goods> wait for <an_adj> <topic>",
    )
)
_CAPTIONS = tuple(
    _compile(template)
    for template in (
        "<person> inspects <goods> at <spot> in <place>, <date>.",
        "Visitors pass <adj> <goods> near <district> on <date>.",
        "A sign for the <topic> stands outside <spot> in <place>.",
        "Workers move <number> <goods> through <district>.",
    )
)
_ALTS = tuple(
    _compile(template)
    for template in (
        "<goods> in front of <spot>",
        "<surname> beside <an_adj> board about <goods>",
        "A row of <adj> <goods> in <district>",
    )
)
_COMMENTS = tuple(
    _compile(template)
    for template in (
        "My street has waited for <goods> since <date> and nobody cares.",
        "Good piece, but <surname> forgets <adj> <goods>.",
        "Has anyone at <body> ever seen <spot>?",
    )
)
_UPDATES = tuple(
    _compile(template)
    for template in (
        "This story was updated after <person> <did> <number> <goods> on <date>.",
        "An earlier version misstated <goods> in <district>; the <body> <did> <amount>.",
    )
)
_HEADLINES = (
    "{place} {topic} {does} {goods} as {other} Rise",
    "{place} {does} {topic} Ahead of {month} Vote",
    "{adj} {topic} in {place} {does} {goods}",
    "{place} {does} {adj} {topic} Despite {goods}",
    "Explained: Why {place} {does} {goods} and {other}",
    "{topic} Leaves {place} With {number} {goods}",
    "{place}’s {adj} {topic} {does} {goods}",
    "How {goods} Split {place} Over {adj} {topic}",
    "“It Was {adj}”: {place} {topic} {does} {goods}",
    "{number} {goods} Behind {place} {topic}, {month} Report Finds",
    "{goods} & {other}: {place} {does} {topic}",
    "{topic} Brings {adj} {goods} to {place}",
)

PLACE_NAMES = len(lx.ONSETS) * len(lx.MIDDLES) * len(lx.CODAS)


def place_name(index: int) -> str:
    """A different invented name for each ``index`` from 0."""
    turn, index = divmod(index, PLACE_NAMES)
    index, coda = divmod(index, len(lx.CODAS))
    onset, middle = divmod(index, len(lx.MIDDLES))
    name = lx.ONSETS[onset] + lx.MIDDLES[middle] + lx.CODAS[coda]
    return f"{name} {lx.ONSETS[turn % len(lx.ONSETS)]}{turn}" if turn else name


def _pick(words: Sequence[_T], rnd: Random) -> _T:
    return words[int(rnd.random() * len(words))]


class Cast(NamedTuple):
    """Who and what a story is about, in the order of the template slots."""

    people: tuple[str, ...]
    surnames: tuple[str, ...]
    bodies: tuple[str, ...]
    places: tuple[str, ...]
    districts: tuple[str, ...]
    topics: tuple[str, ...]
    spots: tuple[str, ...]


def make_cast(place: str, topic: str, rnd: Random) -> Cast:
    surnames = tuple(
        _pick(lx.ONSETS, rnd) + _pick(lx.MIDDLES, rnd) + _pick(lx.SURNAME_TAILS, rnd)
        for _ in range(4)
    )
    nouns, spots = lx.TOPICS[topic]
    start = int(rnd.random() * len(nouns))
    return Cast(
        people=tuple(f"{_pick(lx.FIRST_NAMES, rnd)} {surname}" for surname in surnames),
        surnames=surnames,
        bodies=tuple(f"{place} {_pick(lx.BODIES, rnd)}" for _ in range(2)),
        places=(place, place_name(int(rnd.random() * PLACE_NAMES))),
        districts=(
            f"{_pick(lx.DISTRICT_HEADS, rnd)}, {place}",
            f"{_pick(lx.DISTRICT_HEADS, rnd)}, {place}",
            _pick(lx.DISTRICT_HEADS, rnd),
        ),
        topics=(nouns[start], nouns[start], nouns[(start + 7) % len(nouns)]),
        spots=spots,
    )


def _fill(template: _Template, cast: Cast, rnd: Random) -> str:
    draw = rnd.random
    frame, slots = template
    filled = [cast[slot] if isinstance(slot, int) else slot for slot in slots]
    return frame % tuple([words[int(draw() * len(words))] for words in filled])


def headline(cast: Cast, rnd: Random) -> str:
    """A headline in title case; it holds the first place of the cast."""
    return _pick(_HEADLINES, rnd).format(
        place=cast.places[0],
        topic=cast.topics[0].title(),
        does=_pick(lx.PRESENT_VERBS, rnd),
        goods=_pick(_GOODS, rnd).title(),
        other=_pick(_GOODS, rnd).title(),
        adj=_pick(lx.ADJECTIVES, rnd).title(),
        month=_pick(lx.MONTHS, rnd),
        number=_pick(_NUMBERS, rnd),
    )


def _sentence_case(text: str) -> str:
    return text[0].upper() + text[1:]


def lead(cast: Cast, rnd: Random) -> str:
    return _fill(_pick(_LEADS, rnd), cast, rnd)


def paragraph(cast: Cast, rnd: Random) -> str:
    first = int(rnd.random() * len(_BODY_TEMPLATES))
    return " ".join(
        [
            _fill(_BODY_TEMPLATES[(first + 7 * i) % len(_BODY_TEMPLATES)], cast, rnd)
            for i in range(2 + int(rnd.random() * 3))
        ]
    )


def subheading(cast: Cast, rnd: Random) -> str:
    return _sentence_case(_fill(_pick(_SUBHEADINGS, rnd), cast, rnd))


def subtitle(cast: Cast, rnd: Random) -> str:
    return _sentence_case(_fill(_pick(_SUBTITLES, rnd), cast, rnd))


def caption(cast: Cast, rnd: Random) -> str:
    return _fill(_pick(_CAPTIONS, rnd), cast, rnd)


def alt_text(cast: Cast, rnd: Random) -> str:
    return _sentence_case(_fill(_pick(_ALTS, rnd), cast, rnd))


def credit(rnd: Random) -> str:
    return (
        f"{_pick(lx.FIRST_NAMES, rnd)} {_pick(lx.ONSETS, rnd)}{_pick(lx.SURNAME_TAILS, rnd)}"
        f"/{_pick(lx.AGENCIES, rnd)}"
    )


def comment(cast: Cast, rnd: Random) -> str:
    return _fill(_pick(_COMMENTS, rnd), cast, rnd)


def update(cast: Cast, rnd: Random) -> str:
    return _fill(_pick(_UPDATES, rnd), cast, rnd)


_SLUG_GAPS = re.compile(r"[^a-z0-9]+")


def slugify(text: str) -> str:
    return _SLUG_GAPS.sub("-", text.lower().replace("’", "")).strip("-")


def reader(rnd: Random) -> str:
    return f"{_pick(lx.FIRST_NAMES, rnd)} {_pick(lx.ONSETS, rnd)[0]}."
