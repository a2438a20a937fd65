"""Forty stories of the Ternholm Courier, each a function of its number."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from newscrawl.demo.content import text

SITE_NAME = "Ternholm Courier"
ZONE = ZoneInfo("Atlantic/Faroe")
FIRST_DAY = datetime(2024, 3, 14, 6, 10, tzinfo=ZONE)
DESKS = {"town": ("Council", "Schools", "Market"), "sea": ("Fishing", "Ferries")}
ESSAYS = "essays"
SIZES = {"town": 16, "sea": 14, ESSAYS: 10}
WRITERS = (
    "Runa Holm",
    "Aksel Dahl",
    "Maren Joensen",
    "Petur Lamhauge",
    "Sunniva Berg",
    "Jogvan Restorff",
)
TOPICS = ("local-news", "politics", "business-economy", "entertainment")
PARAGRAPHS = 6


class Picture(NamedTuple):
    path: str
    caption: str


class Story(NamedTuple):
    """``section`` is the word in its address; ``desk`` what the page calls it."""

    number: int
    section: str
    desk: str
    headline: str
    writers: tuple[str, ...]
    published: datetime
    marks: tuple[str, ...]
    paragraphs: tuple[str, ...]
    picture: Picture | None

    @property
    def path(self) -> str:
        return f"/{self.section}/sheet-{self.number}/"


@cache
def stories() -> tuple[Story, ...]:
    """All forty, the newest of each section first."""
    numbers = iter(range(1, sum(SIZES.values()) + 1))
    return tuple(tell(next(numbers), name) for name, size in SIZES.items() for _ in range(size))


def of_section(name: str) -> list[Story]:
    return [story for story in stories() if story.section == name]


def tell(number: int, section: str) -> Story:
    rnd = Random(f"ternholm:{number}")
    cast = text.make_cast(text.place_name(131 * number), rnd.choice(TOPICS), rnd)
    is_essay, pictured = section == ESSAYS, section != ESSAYS and number % 3 > 0
    desk = "Essays" if is_essay else rnd.choice(DESKS[section])
    day = FIRST_DAY + timedelta(days=70 - number, minutes=rnd.randrange(900))
    paragraphs = [text.lead(cast, rnd)]
    while len(paragraphs) < PARAGRAPHS:
        paragraphs.append(text.paragraph(cast, rnd))
    return Story(
        number=number,
        section=section,
        desk=desk,
        headline=text.headline(cast, rnd),
        writers=tuple(rnd.sample(WRITERS, 1 if is_essay else rnd.choice((1, 2)))),
        published=day.replace(hour=0, minute=0) if is_essay else day,
        marks=(cast.topics[0], cast.places[0]),
        paragraphs=tuple(paragraphs),
        picture=Picture(f"/plates/{number}.jpg", text.caption(cast, rnd)) if pictured else None,
    )
