"""The truth of the site: what its posts say, and the markup in which editors typed it.

The texts hold typographic quotes and dashes already, so WordPress has nothing
to change in them and the truth is what is written here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from html import escape
from random import Random
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from newscrawl.demo.content import lexicon, text

ZONE = ZoneInfo("Europe/Lisbon")
FIRST = datetime(2024, 9, 2, 6, 10, 17)  # noqa: DTZ001 - the wall clock of the site
STEP = timedelta(hours=36, minutes=41, seconds=13)
TITLE = "Lantern Quay Post"
TAGLINE = "Tides, trams and town halls"


@dataclass(frozen=True, slots=True)
class Author:
    login: str
    name: str
    biography: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    slug: str
    name: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A file of the media library; the first word of ``alt`` keeps pictures apart."""

    number: int
    alt: str
    caption: str

    @property
    def path(self) -> str:
        return f"wp-content/uploads/2024/08/quay-{self.number}.jpg"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a body: ``p``, ``h2``, ``h3``, ``quote``, ``ul``, ``ol`` or ``picture``."""

    kind: str
    texts: tuple[str, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """``kind`` is ``post``, ``page`` or why nobody may read it; dates are the site's clock."""

    number: int
    headline: str
    slug: str
    published: datetime
    modified: datetime | None
    author: Author
    categories: tuple[Category, ...]
    tags: tuple[str, ...]
    parts: tuple[tuple[Block, ...], ...]
    classic: bool = False
    kind: str = "post"
    lead: Picture | None = None
    comments: tuple[str, ...] = ()
    sticky: bool = False
    old_slug: str | None = None
    exact_copy_of: int | None = None
    near_copy_of: int | None = None
    others: tuple[Author, ...] = ()
    """Who wrote it with the author."""
    excerpt: str | None = None
    """What an editor typed as the excerpt."""
    note: str | None = None
    """A footnote to the first paragraph."""
    id: int | None = None
    """Set where the site has plain permalinks."""

    @property
    def path(self) -> str:
        if self.id is not None:
            return f"/?{'page_id' if self.kind == 'page' else 'p'}={self.id}"
        if self.kind == "page":
            return f"/{self.slug}/"
        return f"/{self.published:%Y/%m}/{quote(self.slug).lower()}/"

    def part_path(self, number: int) -> str:
        """The path of a later part of a split post."""
        return f"{self.path}{number}/" if self.id is None else f"{self.path}&page={number}"

    @property
    def authors(self) -> list[str]:
        return [each.name for each in (self.author, *self.others)]

    @property
    def old_path(self) -> str:
        return f"/{self.published:%Y/%m}/{self.old_slug}/"

    @property
    def blocks(self) -> list[Block]:
        return [block for part in self.parts for block in part]

    @property
    def body(self) -> str:
        return "\n\n".join(" ".join(each.split()) for block in self.blocks for each in block.texts)

    @property
    def headings(self) -> list[tuple[int, str]]:
        return [(int(each.kind[1]), each.texts[0]) for each in self.blocks if each.kind[0] == "h"]

    @property
    def pictures(self) -> list[Picture]:
        inside = [block.picture for block in self.blocks if block.picture]
        return [self.lead, *inside] if self.lead else inside

    @property
    def sections(self) -> list[str]:
        """As ``get_the_category()`` orders them."""
        return sorted((each.name for each in self.categories), key=str.casefold)

    @property
    def labels(self) -> list[str]:
        """As ``get_the_tags()`` orders them."""
        return sorted(self.tags, key=lambda tag: tag.casefold().translate(COLLATED))


AUTHORS = (
    Author("zoe", "Zoë Brontë"),
    Author("nuno", "Nuno Gonçalves-Peña"),
    Author("lukasz", "Łukasz Żółkiewski"),
    Author("olga", "Ольга Лебедева", "Covers harbours, canals and whatever else is wet."),
    Author("sean", "Seán O’Hara"),
    Author("desk", "Quay Desk"),
)
CATEGORIES = (
    Category("town", "Town"),
    Category("town-halls", "Town Halls", "town"),
    Category("budgets", "Budgets & Accounts", "town-halls"),
    Category("transport", "Transport"),
    Category("trams", "Trams", "transport"),
    Category("culture", "Culture"),
    Category("cinema", "Cinéma", "culture"),
    Category("science", "Science"),
)
TAGS = (
    *("Harbour", "night ferry", "C++", "Überlandbahn", "R&D", "flood wall", "Øresund", "2025 vote"),
    *("tides", "bread", "school run", "Q&A", "long read", "archive"),
)
PICTURES = tuple(
    Picture(
        number, f"{word} at the quay, seen from above", f"{word} beside the quay — the “new” one."
    )
    for number, word in enumerate(("Boats", "Cranes", "Nets", "Gulls", "Ropes", "Lamps"))
)
PAGES = ("Contact the Newsroom", "How We Work", "Privacy", "House Rules")
COLLATED = str.maketrans("øü", "ou")
"""The letters of the tags that the database sorts with others."""
EXTRA_PARAGRAPHS = (
    "Tickets cost 5 × 4 € = 20 € (≈ £17), <b>not</b> 3 < 2; see § 4 & annex “B” — 100 % of it…",
    "The mayor posted 🚋🌊 and, an hour later, 👩‍👩‍👧 with the words “¡Olé, señor Façade!”.",
    "وقالت البلدية إن الجسر سيُفتح يوم الأحد، وإن العبور سيكون مجانيًا لمدة شهر كامل.",
    "העירייה מסרה כי הרציף ייפתח מחדש ביום ראשון, והכניסה תהיה ללא תשלום.",
    "港の新しい桟橋は日曜日に再開され、最初の一か月は無料で利用できる。",
    "The sum was 10\u00a0000 euros,\nsplit over two lines by an editor in a hurry.",
)
"""Paragraphs that are hard on an escaper, a decoder or a line breaker."""


@dataclass(frozen=True)
class Site:
    """Posts of every kind, oldest first; ``count`` is the number of those that anyone may read."""

    count: int = 240
    seed: int = 5
    zone: ZoneInfo = ZONE
    permalinks: str = "/%year%/%monthnum%/%postname%/"

    @cached_property
    def posts(self) -> list[Post]:
        """What a crawl must store, copies included."""
        told: list[Post] = []
        for number in range(self.count):
            told.append(self._post(number, told))
        return told

    @cached_property
    def pages(self) -> list[Post]:
        return [
            replace(
                self._story(2000 + number),
                headline=title,
                slug=text.slugify(title),
                kind="page",
                published=FIRST,
                modified=None,
                categories=(),
                tags=(),
                comments=(),
            )
            for number, title in enumerate(PAGES)
        ]

    @cached_property
    def unreadable(self) -> list[Post]:
        kinds = ("draft", "pending", "private", "future", "password")
        posts = [replace(self._story(1000 + n), kind=kinds[n % len(kinds)]) for n in range(10)]
        far = datetime(2120, 1, 1, 12)  # noqa: DTZ001 - as FIRST
        return [
            replace(each, published=far) if each.kind == "future" else self._within(each)
            for each in posts
        ]

    @cached_property
    def listed(self) -> list[Post]:
        """What WordPress lists, in its order: a password hides the text of a post only."""
        locked = [post for post in self.unreadable if post.kind == "password"]
        return sorted([*self.posts, *locked], key=lambda post: post.published)

    def _within(self, post: Post) -> Post:
        """Between two readable posts, where neighbours and listings would show it."""
        return replace(post, published=FIRST + STEP * (post.number % 100 * 20 + 3.5))

    def _post(self, number: int, told: list[Post]) -> Post:
        story = self._story(number)
        if number >= 20 and number % 40 == 37:
            source = told[number - 14]
            return replace(
                story, headline=source.headline, parts=source.parts, lead=source.lead,
                classic=source.classic, exact_copy_of=source.number,
            )  # fmt: skip
        if number >= 20 and number % 40 == 17:
            source = told[number - 11]
            return replace(
                story, parts=_retold(source, self._random(number)), classic=source.classic,
                near_copy_of=source.number,
            )  # fmt: skip
        return story

    def _random(self, number: int) -> Random:
        return Random(f"{self.seed}:{number}")

    def _story(self, number: int) -> Post:
        rnd = self._random(number)
        place = text.place_name(number * 7)
        cast = text.make_cast(place, rnd.choice(sorted(lexicon.TOPICS)), rnd)
        headline = _headline(number, text.headline(cast, rnd))
        published = FIRST + STEP * number
        edited = number % 5 == 2
        lead = PICTURES[number % len(PICTURES)] if number % 3 == 0 else None
        categories = rnd.sample(CATEGORIES, 1 + (number % 4 == 0) + (number % 12 == 0))
        parts = _parts(number, cast, rnd, lead)
        return Post(
            number=number,
            headline=headline,
            slug=_slug(number, headline),
            published=published,
            modified=published + timedelta(days=3, seconds=number + 1) if edited else None,
            author=AUTHORS[number * 5 % len(AUTHORS) if number % 3 else number % len(AUTHORS)],
            categories=tuple(categories),
            tags=tuple(rnd.sample(TAGS, number % 4)),
            parts=parts,
            classic=len(parts) == 1 and number % 2 == 0,
            lead=lead,
            comments=tuple(
                text.comment(cast, rnd) for _ in range(number % 7 if number % 6 == 0 else 0)
            ),
            sticky=number == 11,
            old_slug=f"working-title-{number}" if number % 60 == 31 else None,
        )


SPECIAL_HEADLINES = {
    4: "Fish & Chips < €5? “Yes”, Says the Café — but Not on Sundays",
    9: "🚋 Trams Return to the Quay 🌊",
    14: "הרציף נפתח מחדש אחרי שנתיים",
    19: "Мэрия открыла новый причал у старого маяка",
    24: " ".join(
        ["The Long Story of How the Harbour Wall Was Planned, Paid For and Then Forgotten"] * 3
    ),
    29: "Tide",
    34: "Budget 2025: Lantern Quay Pays More | What Now?",
    39: "Jürgen’s Bridge – Open at Last",
}

SPECIAL_SLUGS = {14: "הרציף-נפתח", 19: "новый-причал"}


def _headline(number: int, drawn: str) -> str:
    return SPECIAL_HEADLINES.get(number, drawn)


def _slug(number: int, headline: str) -> str:
    if number in SPECIAL_SLUGS:
        return SPECIAL_SLUGS[number]
    return text.slugify(f"{headline[:60]} {number}")


def _parts(
    number: int, cast: text.Cast, rnd: Random, lead: Picture | None
) -> tuple[tuple[Block, ...], ...]:
    count = {7: 2, 13: 3, 21: 4}.get(number % 24, 1)
    parts = [_part(number, cast, rnd) for _ in range(count)]
    parts[0].insert(0, Block("p", (text.lead(cast, rnd),)))
    if number % 4 == 1:
        choice = [each for each in PICTURES if each is not lead]
        parts[-1].insert(2, Block("picture", picture=choice[number % len(choice)]))
    return tuple(map(tuple, parts))


def _part(number: int, cast: text.Cast, rnd: Random) -> list[Block]:
    blocks = [Block("p", (text.paragraph(cast, rnd),)) for _ in range(3 + number % 4)]
    if number % 3 == 1:
        blocks.insert(2, Block("h2", (text.subheading(cast, rnd),)))
        blocks.append(Block("h3", (text.subheading(cast, rnd),)))
        blocks.append(Block("p", (text.paragraph(cast, rnd),)))
    if number % 5 == 3:
        blocks.insert(1, Block("quote", (text.paragraph(cast, rnd),)))
    if number % 6 == 4:
        items = tuple(text.subtitle(cast, rnd) for _ in range(3))
        blocks.insert(3, Block("ul" if number % 4 else "ol", items))
    if number % 4 == 2:
        blocks.insert(2, Block("p", (EXTRA_PARAGRAPHS[number // 4 % len(EXTRA_PARAGRAPHS)],)))
    return blocks


def _retold(source: Post, rnd: Random) -> tuple[tuple[Block, ...], ...]:
    """The same story with one sentence more."""
    cast = text.make_cast(text.place_name(5000 + source.number), min(lexicon.TOPICS), rnd)
    *rest, last = source.parts
    return (*rest, (*last, Block("p", (text.lead(cast, rnd),))))


def content(post: Post) -> str:
    """``post_content`` in the block editor's markup, or as the classic editor keeps it."""
    write = _classic if post.classic else _blocks
    between = "\n\n<!-- wp:nextpage -->\n<!--nextpage-->\n<!-- /wp:nextpage -->\n\n"
    typed = between.join("\n\n".join(map(write, part)) for part in post.parts)
    if post.note is None:
        return typed
    mark = NOTE_MARK.format(key=_note_key(post))
    return typed.replace("</p>", f"{mark}</p>", 1) + "\n\n<!-- wp:footnotes /-->"


NOTE_MARK = '<sup data-fn="{key}" class="fn"><a href="#{key}" id="{key}-link">1</a></sup>'


def _note_key(post: Post) -> str:
    return str(UUID(int=post.number))


def _lines(value: str) -> str:
    return escape(value, quote=False).replace("\u00a0", "&nbsp;")


def _items(block: Block, wrap: str) -> str:
    return "\n".join(wrap.format(f"<li>{_lines(each)}</li>") for each in block.texts)


def _classic(block: Block) -> str:
    if block.picture:
        number = block.picture.number
        return (
            f'[caption id="attachment_%%id-{number}%%" align="aligncenter" width="1024"]'
            f'<a href="%%full-{number}%%"><img class="size-large wp-image-%%id-{number}%%" '
            f'src="%%large-{number}%%" alt="{escape(block.picture.alt)}" width="1024" '
            f'height="658" /></a> {_lines(block.picture.caption)}[/caption]'
        )
    if block.kind in {"ul", "ol"}:
        return f"<{block.kind}>\n{_items(block, ' {}')}\n</{block.kind}>"
    (said,) = map(_lines, block.texts)
    if block.kind == "p":
        return said
    tag = "blockquote" if block.kind == "quote" else block.kind
    return f"<{tag}>{said}</{tag}>"


def _blocks(block: Block) -> str:
    if block.picture:
        number = block.picture.number
        return (
            f'<!-- wp:image {{"id":%%id-{number}%%,"sizeSlug":"large","linkDestination":"none"}} -->\n'
            f'<figure class="wp-block-image size-large"><img src="%%large-{number}%%" '
            f'alt="{escape(block.picture.alt)}" class="wp-image-%%id-{number}%%"/>'
            f'<figcaption class="wp-element-caption">{_lines(block.picture.caption)}</figcaption>'
            "</figure>\n<!-- /wp:image -->"
        )
    if block.kind in {"ul", "ol"}:
        attributes = ' {"ordered":true}' if block.kind == "ol" else ""
        items = _items(block, "<!-- wp:list-item -->\n{}\n<!-- /wp:list-item -->")
        return (
            f"<!-- wp:list{attributes} -->\n<{block.kind}>{items}</{block.kind}>\n<!-- /wp:list -->"
        )
    said = _lines(block.texts[0]).replace("\n", "<br>")
    if block.kind == "quote":
        return (
            '<!-- wp:quote -->\n<blockquote class="wp-block-quote"><!-- wp:paragraph -->\n'
            f"<p>{said}</p>\n<!-- /wp:paragraph --></blockquote>\n<!-- /wp:quote -->"
        )
    if block.kind == "p":
        return f"<!-- wp:paragraph -->\n<p>{said}</p>\n<!-- /wp:paragraph -->"
    attributes = ' {"level":3}' if block.kind == "h3" else ""
    return f"<!-- wp:heading{attributes} -->\n<{block.kind}>{said}</{block.kind}>\n<!-- /wp:heading -->"


def as_json(site: Site) -> dict[str, object]:
    """What ``fill.php`` reads."""
    return {
        "zone": site.zone.key,
        "permalinks": site.permalinks,
        "title": TITLE,
        "tagline": TAGLINE,
        "authors": [{"login": a.login, "name": a.name, "bio": a.biography} for a in AUTHORS],
        "categories": [{"slug": c.slug, "name": c.name, "parent": c.parent} for c in CATEGORIES],
        "pictures": [
            {"number": p.number, "path": p.path, "alt": p.alt, "caption": p.caption}
            for p in PICTURES
        ],
        "posts": [_row(post) for post in (*site.posts, *site.unreadable, *site.pages)],
    }


def _row(post: Post) -> dict[str, object]:
    return {
        "number": post.number,
        "kind": post.kind,
        "title": escape(post.headline, quote=False),
        "slug": quote(post.slug).lower(),
        "old_slug": post.old_slug,
        "published": f"{post.published:%Y-%m-%d %H:%M:%S}",
        "modified": f"{post.modified or post.published:%Y-%m-%d %H:%M:%S}",
        "author": post.author.login,
        "categories": [each.slug for each in post.categories],
        "tags": list(post.tags),
        "content": content(post),
        "lead": post.lead.number if post.lead else None,
        "comments": list(post.comments),
        "sticky": post.sticky,
        "id": post.id or 0,
        "others": [each.login for each in post.others],
        "excerpt": post.excerpt or "",
        "notes": [{"id": _note_key(post), "content": post.note}] if post.note else [],
    }
