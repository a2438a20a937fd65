"""One post in full: everything its page shows, before any markup."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.demo.content import text
from newscrawl.demo.content.posts import MISDECLARED, UNDATED, UNSIGNED, tags_of
from newscrawl.demo.content.taxonomy import CATEGORIES, SOURCES

if TYPE_CHECKING:
    from datetime import datetime

    from newscrawl.demo.content.posts import Card, Posts
    from newscrawl.demo.content.taxonomy import Source


class Picture(NamedTuple):
    """``path`` lacks the extension; ``style`` is the markup it came in: lead, agency or caption."""

    path: str
    style: str
    caption: str | None
    credit: str | None
    alt: str | None


class Block(NamedTuple):
    """A piece of the body: ``p``, ``h2``, ``h3``, ``quote``, ``picture``, ``echo`` or ``promo``.

    ``stress`` is the part of a paragraph that has inline markup. ``echo`` is a
    paragraph that only repeats a caption, ``promo`` an inline link to another post.
    """

    kind: str
    text: str = ""
    picture: Picture | None = None
    stress: str | None = None


class Comment(NamedTuple):
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    card: Card
    headline: str
    subtitle: str | None
    signed: bool
    published: datetime | None
    modified: datetime | None
    tags: list[str]
    crumbs: list[str]
    lead_picture: Picture | None
    parts: list[list[Block]]
    source: Source | None
    source_url: str | None
    credited: bool
    foreign_canonical: bool
    contents: bool
    reading_minutes: int
    shares: int
    views: int
    comments: list[Comment]

    @property
    def blocks(self) -> list[Block]:
        return [block for part in self.parts for block in part]

    @property
    def pictures(self) -> list[Picture]:
        inside = [block.picture for block in self.blocks if block.picture]
        return [self.lead_picture, *inside] if self.lead_picture else inside


READABLE = ("p", "quote", "h2", "h3")
"""The kinds of block that are the text of an article."""


_LONG = 220
"""Words from which a story has subheadings."""


def _chance(rnd: Random, share: float) -> bool:
    return rnd.random() < share


def plain_text(blocks: list[Block]) -> str:
    return "\n\n".join([block.text for block in blocks if block.kind in READABLE])


def tell(posts: Posts, number: int) -> Story:
    original = posts.copy_of(number)
    if original is None:
        return _tell(posts, number)
    told = _tell(posts, original)
    card = posts.card(number)
    return replace(
        told, card=card, published=card.published, modified=None, foreign_canonical=False
    )


def _tell(posts: Posts, number: int) -> Story:
    card, cast, rnd = posts.draft(number)
    blocks = _body(card, cast, rnd, 150 + int(rnd.random() ** 2.2 * 730))
    source, credited = _source(card, rnd)
    if number in posts.evolution.edited:
        blocks = _edit(blocks, cast, Random(f"{posts.seed}:{number}:edit"), posts, number)
    popular = _chance(rnd, 0.3)
    moved = posts.generation * (3 + number % 11)
    # every draw moves all that follow: the order of the fields is part of what is told
    return Story(
        card=card,
        headline=_own_headline(card),
        subtitle=text.subtitle(cast, rnd) if _chance(rnd, 0.12) else None,
        signed=number != UNSIGNED,
        published=None if number == UNDATED else card.published,
        modified=None if number == UNDATED else posts.modified(number),
        tags=tags_of(card.headline),
        crumbs=_crumbs(posts.leading(number)) if _chance(rnd, 0.5) else [],
        lead_picture=_lead_picture(card, cast, rnd),
        parts=_split(blocks, posts.parts(number)),
        source=source,
        source_url=_source_url(source, card) if source else None,
        credited=credited,
        foreign_canonical=_chance(rnd, 0.2) and bool(card.source) and not posts.variant(number),
        contents=_chance(rnd, 0.8),
        reading_minutes=_reading_minutes(blocks),
        shares=int(rnd.random() * 900) + 1 + moved if popular else 0,
        views=int(rnd.random() * 9000) + 1 + moved * 7 if popular else 0,
        comments=_comments(cast, rnd, _chance(rnd, 0.15)),
    )


def _source(card: Card, rnd: Random) -> tuple[Source | None, bool]:
    """Where the story is from, and whether it is its author who names the source."""
    if card.source is not None or not _chance(rnd, 0.05):
        return card.source, False
    return SOURCES[int(rnd.random() * len(SOURCES))], True


def _own_headline(card: Card) -> str:
    return card.headline.removesuffix(f": {card.source.name}") if card.source else card.headline


def _crumbs(leading: str) -> list[str]:
    category = CATEGORIES[leading]
    above = [CATEGORIES[category.parent].name] if category.parent else []
    return ["Home", *above, category.name]


def _reading_minutes(blocks: list[Block]) -> int:
    words = sum(block.text.count(" ") + 1 for block in blocks)
    return max(1, round(words / 180))


def _body(card: Card, cast: text.Cast, rnd: Random, wanted: int) -> list[Block]:
    opening = card.excerpt
    if card.source:
        opening = f"{cast.places[0].upper()} — {opening}"
    if card.number == MISDECLARED:
        opening += " The café’s naïve façade cost €9 per señor, said Zoë Brontë."
    blocks = [Block("p", opening)]
    words = opening.count(" ") + 1
    while words < wanted:
        told = text.paragraph(cast, rnd)
        words += told.count(" ") + 1
        stress = cast.bodies[0] if cast.bodies[0] in told else None
        blocks.append(Block("quote" if _chance(rnd, 0.06) else "p", told, stress=stress))
    _add_headings(blocks, cast, rnd, wanted)
    _add_pictures(blocks, card, cast, rnd)
    if _chance(rnd, 0.2):
        blocks.insert(min(3, len(blocks)), Block("promo"))
    return blocks


def _add_headings(blocks: list[Block], cast: text.Cast, rnd: Random, words: int) -> None:
    wanted = min(5, int(rnd.random() * words / 110)) if words > _LONG else 0
    step = len(blocks) // (wanted + 1)
    for turn in range(wanted if step > 1 else 0, 0, -1):
        level = "h3" if turn > 1 and _chance(rnd, 0.3) else "h2"
        blocks.insert(turn * step, Block(level, text.subheading(cast, rnd)))


def _add_pictures(blocks: list[Block], card: Card, cast: text.Cast, rnd: Random) -> None:
    draw = rnd.random
    style = "agency" if card.source else "caption"
    wanted = int(draw() * 3)
    for turn in range(wanted):
        picture = Picture(
            path=f"{card.image}-{turn + 2}",
            style=style,
            caption=text.caption(cast, rnd),
            credit=text.credit(rnd) if style == "agency" else None,
            alt=text.alt_text(cast, rnd) if _chance(rnd, 0.6) else None,
        )
        place = turn if card.source and turn == 0 else min(len(blocks), 2 + 4 * turn)
        added = [Block("picture", picture=picture)]
        if _chance(rnd, 0.12):
            added.append(Block("echo", picture.caption or ""))
        blocks[place:place] = added


def _lead_picture(card: Card, cast: text.Cast, rnd: Random) -> Picture | None:
    if _chance(rnd, 0.1):
        return None
    return Picture(
        path=card.image,
        style="lead",
        caption=text.caption(cast, rnd) if _chance(rnd, 0.5) else None,
        credit=None,
        alt=text.alt_text(cast, rnd) if _chance(rnd, 0.7) else None,
    )


def _edit(
    blocks: list[Block], cast: text.Cast, rnd: Random, posts: Posts, number: int
) -> list[Block]:
    last = max(place for place, block in enumerate(blocks) if block.kind == "p")
    changed = blocks[last]._replace(text=f"{blocks[last].text} {text.lead(cast, rnd)}")
    day = posts.today - timedelta(days=posts.generation - posts.evolution.edited[number])
    told = f"{text.update(cast, rnd)} ({day:%B} {day.day})"
    return [*blocks[:last], changed, *blocks[last + 1 :], Block("p", told)]


def _split(blocks: list[Block], parts: int) -> list[list[Block]]:
    step = -(-len(blocks) // parts)
    return [blocks[start : start + step] for start in range(0, len(blocks), step)]


def _source_url(source: Source, card: Card) -> str:
    return f"https://{source.host}/{card.published:%Y/%m/%d}/{source.name[:2].lower()}-{card.post_id}/{card.slug[:40]}"


def _comments(cast: text.Cast, rnd: Random, discussed: bool) -> list[Comment]:
    if not discussed:
        return []
    return [
        Comment(text.reader(rnd), text.comment(cast, rnd)) for _ in range(1 + int(rnd.random() * 5))
    ]
