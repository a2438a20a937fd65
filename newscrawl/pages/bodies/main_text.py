"""Which blocks of any page are the article: by length, links and structure, in no language.

The body is the smallest element that holds the most text; what stands in it as boilerplate, as a
teaser or as a link is left out. It costs about two parses of the page.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from newscrawl.pages.bodies.blocks import Block, Choice, Node, blocks_of
from newscrawl.pages.bodies.boilerplate import NEVER, TEXT_TAGS, Kind, Mark, names
from newscrawl.pages.bodies.cards import CARD, LISTED, find_cards, is_cut
from newscrawl.pages.bodies.roots import ITEMS, MOST, NEARLY_ALL, Roots, sums_of
from newscrawl.pages.bodies.sources import is_source
from newscrawl.pages.bodies.telling import (
    BARE,
    LEAD_TAGS,
    closes,
    is_link,
    is_standfirst,
    is_told,
    letters,
    once,
    reads_so,
    repeats,
    said,
    tells,
)
from newscrawl.pages.documents.document import STRING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from newscrawl.pages.bodies.blocks import Blocks, Region
    from newscrawl.pages.documents.document import Document, Element

MUCH = 0.35
"""Share of the body's text that opens a region within it."""
PROSE = 0.8
INTRODUCTION = 300
"""Bytes of text that a list of teasers may have beside them."""
LEAD = 170
"""Bytes of a standfirst that is a paragraph; a shorter one is a subtitle."""
LEAD_LINKED = 0.3
LEAD_BLOCKS = 60
LEADS_WITHOUT_HEADING = 8
DESCRIPTIONS = ("og:description", "description", "twitter:description")
SHORTEST = 30
"""Bytes of a standfirst."""
EXCERPT = names("postexcerpt entryexcerpt entrysummary")
"""What WordPress shows of a story before it: written by hand, or cut from it."""
MAX_HEADINGS = 10


@dataclass(slots=True, frozen=True)
class MainText:
    """What to read: ``leads``, then ``root`` without ``dropped``.

    ``standfirst`` is what stands under the headline and is no part of the text.

    ``opened`` are elements in it that are part of it in spite of their names,
    ``captions`` are elements whose text belongs to their pictures; ``mute`` are elements whose
    own text is left out, but not their children's. ``marked`` says that the page names its body,
    ``size`` is in bytes. ``choice`` is what it was chosen from.
    """

    root: Element | None = None
    leads: tuple[Element, ...] = ()
    standfirst: Element | None = None
    dropped: frozenset[Element] = frozenset()
    opened: frozenset[Element] = frozenset()
    captions: frozenset[Element] = frozenset()
    mute: frozenset[Element] = frozenset()
    marked: bool = True
    size: int = 0
    choice: Choice | None = None


def main_text(
    document: Document,
    marked: Sequence[Element] = (),
    *,
    foreign: Collection[Element] = (),
    least: float = MOST,
) -> MainText:
    """The article of a page, empty for a list of teasers.

    ``marked`` are elements of which one may hold the body: believed if as much of the text as
    ``least`` says, a share of the best other element's, is there. ``foreign`` are other stories.
    """
    page = document.body
    if page is None:
        return MainText(marked=False)
    titles = [letters(document.title), *map(letters, document.metas("og:title"))]
    headlines = _headlines(document, titles)
    whole = {
        *document.holders("main"),
        *(each for one in headlines for each in one.iterancestors()),
    }
    headed = document.holders("main", "h1")
    blocks = blocks_of(document, page, frozenset(foreign), whole, headed)
    return _Search(document, blocks, marked, least, titles, headlines).result()


def _headlines(document: Document, titles: Iterable[str]) -> list[Element]:
    """The headings that say what the page is called."""
    headings = islice(document.tagged("h1", "h2"), MAX_HEADINGS)
    found = [each for each in headings if _is_called(str(STRING(each)), titles)]
    first = [each for each in found if each.tag == "h1"]
    return first or found


def _is_called(heading: str, titles: Iterable[str]) -> bool:
    """Whether the letters of a heading are most of a title's."""
    name = letters(heading)
    return any(name and name in title and len(name) > len(title) / 2 for title in titles)


class _Search:
    def __init__(
        self,
        document: Document,
        page: Blocks,
        marked: Sequence[Element],
        least: float,
        titles: Sequence[str],
        headlines: Sequence[Element],
    ) -> None:
        self.document, self._titles = document, titles
        self._headlines = frozenset(headlines)
        self.nodes, self.blocks, self._unshut = page.nodes, page.blocks, page.unshut
        self._first_heading = next((each for each in self.blocks if each.tag == "h1"), None)
        self.cards = find_cards(self.nodes, self.blocks, document)
        roots = Roots(self.nodes, self.blocks, self.cards, headlines)
        self.opened = roots.opened
        self._shut: dict[Region, bool] = {}
        self.root, self.marked = roots.found(marked, least)

    def result(self) -> MainText:
        own = [block for block in self.blocks if self.root.holds(block.node)]
        self._open_body(own)
        standfirst, kept = self._told_before(self._kept(own))
        if not kept or (not self.marked and self._is_list(own, kept)):
            return MainText(marked=False)
        leads, before = self._leads(kept)
        standfirst = before or standfirst
        dropped, opened, captions = self._regions()
        kept_nodes = {block.node for block in kept}
        unsaid = (block.node for block in own if block.node not in kept_nodes)
        return MainText(
            root=self.root.element,
            leads=tuple(block.node.element for block in leads),
            standfirst=standfirst.node.element if standfirst else None,
            dropped=frozenset(dropped),
            opened=frozenset((*opened, *self._unshut)),
            captions=frozenset(captions),
            mute=frozenset(node.element for node in unsaid if not self._is_shut(node)),
            marked=self.marked,
            size=sum(block.size for block in (*leads, *kept)),
            choice=Choice(
                *(self.nodes, self.blocks, self.root, (*leads, *kept)),
                *(self.cards.blocks, self.cards.headings),
            ),
        )

    # What is left out of it

    def _open_body(self, own: Sequence[Block]) -> None:
        groups: defaultdict[Mark, float] = defaultdict(float)
        total = 1.0
        around = self.root.region
        for region, value in sums_of(own).items():
            total += value
            for group in {each.group for each in _chain(region, around)}:
                groups[group] += value
        for group, value in groups.items():
            enough = NEARLY_ALL if group.kind is Kind.ASIDE else MUCH
            if value > enough * total and group.kind not in NEVER:
                self.opened.add(group)

    def _is_shut(self, node: Node) -> bool:
        region = node.region
        if region is None:
            return False
        if region not in self._shut:
            around = self.root.region if self.root.holds(node) else None
            chain = _chain(region, around)
            self._shut[region] = any(each.group not in self.opened for each in chain)
        return self._shut[region]

    def _kept(self, own: Sequence[Block]) -> list[Block]:
        kept = once(
            block
            for block in own
            if not self._is_shut(block.node) and block not in self.cards.blocks
        )
        prose = sum(block.size for block in kept if block.tag == "p")
        labelled = prose > PROSE * sum(block.size for block in kept)
        around = {block.node.parent for block in kept if block.tag == "p"}
        kept = [
            block
            for block in kept
            if (
                not self._is_link(block)
                and not (labelled and block.size < BARE and block.tag not in TEXT_TAGS)
            )
            or (block.node in around and block.linked == 0 and letters(block.text))
            or is_source(block.text)
        ] or (kept if self.marked else [])
        while kept and (closes(kept[-1]) or (kept[-1].node in around and kept[-1].size < BARE)):
            kept.pop()
        first = next((at for at, block in enumerate(kept) if block.tag == "p"), 0)
        opening = [block for block in kept[:first] if block.node not in around or tells(block.text)]
        told = [*opening, *kept[first:]]
        if told and told[0].is_heading and _is_called(told[0].text, self._titles):
            del told[0]
        return [block for block in told if block.tag != "h1" or not self._is_headline(block)]

    def _is_headline(self, block: Block) -> bool:
        """Whether an ``h1`` is the page's own, no heading of a part."""
        name = letters(block.text)
        return block is self._first_heading or any(name in title for title in self._titles)

    def _is_link(self, block: Block) -> bool:
        """Whether a block leads elsewhere; a heading of a list of finds is one of the story."""
        return is_link(block) and not (block.is_heading and block not in self.cards.headings)

    def _told_before(self, kept: list[Block]) -> tuple[Block | None, list[Block]]:
        """A standfirst within the body, and the body without it and without an excerpt of itself."""
        first, rest = kept[:1], kept[1:]
        if not rest or first[0].is_heading or first[0].tag in ITEMS or not is_standfirst(first[0]):
            cut = bool(rest) and is_cut(first[0].text) and repeats(first[0].text, said(rest))
            return None, rest if cut else kept
        if repeats(first[0].text, said(rest)):
            return None, rest
        short = first[0].size < LEAD or is_standfirst(first[0], EXCERPT)
        return (first[0], rest) if short else (None, kept)

    def _is_list(self, own: Iterable[Block], kept: Iterable[Block]) -> bool:
        """Linked headings with hardly an excerpt each."""
        headings = [
            block
            for block in own
            if block.is_heading and block.tag != "h1" and not self._is_shut(block.node)
        ]
        prose = sum(block.size for block in kept if not block.is_heading)
        if (
            sum(block in self.cards.headings for block in headings) >= LISTED
            and prose <= INTRODUCTION
        ):
            return True
        plain = [block for block in headings if block not in self.cards.blocks]
        teasers = sum(block in self.cards.headings for block in plain)
        return teasers >= max(LISTED, len(plain) / 2) and prose <= teasers * CARD

    def _regions(self) -> tuple[list[Element], list[Element], list[Element]]:
        """The regions of the body: those to leave out, those to keep, and pictures."""
        dropped: list[Element] = []
        opened: list[Element] = []
        captions: list[Element] = []
        place = self.root.place + 1
        while place < self.root.end:
            node = self.nodes[place]
            place = node.end
            if node in self.cards.nodes:
                dropped.append(node.element)
            elif node.own is not None and node.own.group not in self.opened:
                pictured = node.own.kind in {Kind.PICTURE, Kind.CAPTION}
                (captions if pictured else dropped).append(node.element)
            else:
                place = node.place + 1
                if node.own is not None:
                    opened.append(node.element)
        return dropped, opened, captions

    # What stands before it

    def _leads(self, kept: Sequence[Block]) -> tuple[list[Block], Block | None]:
        """Paragraphs between the headline and the body that it does not repeat, and a standfirst."""
        at = self.blocks.index(kept[0])
        start = max(0, at - LEAD_BLOCKS)
        headings = [place for place in range(start, at) if self._is_title(self.blocks[place])]
        start = headings[-1] + 1 if headings else max(0, at - LEADS_WITHOUT_HEADING)
        told: list[str] = []
        leads: list[Block] = []
        standfirst: Block | None = None
        body = ""
        for place in range(start, at):
            block = self.blocks[place]
            if block.size < SHORTEST or not self._fits(place) or self.root.holds(block.node):
                continue
            if not body:
                body = said(kept)
                told = [
                    letters(each) for name in DESCRIPTIONS for each in self.document.metas(name)
                ]
            if repeats(block.text, body):
                continue
            follows = bool(leads) and block.node.parent is leads[-1].node.parent
            if (block.size >= LEAD or follows) and not is_standfirst(block, EXCERPT):
                if self._is_lead(block, headed=bool(headings), told=told):
                    leads.append(block)
            elif standfirst is None and headings and not self._is_shut(block.node):
                first = place == start
                if is_standfirst(block) or reads_so(
                    block, is_told(letters(block.text), told), first
                ):
                    standfirst = block
        return leads, standfirst

    def _is_title(self, block: Block) -> bool:
        return block.tag == "h1" or block.node.element in self._headlines

    def _fits(self, place: int) -> bool:
        block = self.blocks[place]
        if block.linked > LEAD_LINKED * block.size or block.tag == "h1":
            return False
        beside = (self.blocks[max(0, place - 1)], self.blocks[place + 1])
        return not any(each is not block and block.node.holds(each.node) for each in beside)

    def _is_lead(self, block: Block, *, headed: bool, told: Iterable[str]) -> bool:
        if headed and block.tag in LEAD_TAGS and not self._is_shut(block.node):
            return True
        return is_told(letters(block.text), told)


def _chain(region: Region | None, around: Region | None) -> list[Region]:
    """The regions from one up to the one around the body."""
    chain: list[Region] = []
    while region is not None and region is not around:
        chain.append(region)
        region = region.outer
    return chain
