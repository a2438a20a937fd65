"""Sites that go on and on without a new article: how long a run goes along, and what comes last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from newscrawl.addresses.captures import CAPTURE
from newscrawl.addresses.shape import shape_of
from newscrawl.frontier.rows import Found, Row
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome, PublishedAfter, PublishedBefore

DOUBT = 200
"""Barren answers in a row after which pages of shapes that bring no articles come last."""
PROVEN = 100
"""Barren answers of a shape, since the last article that it led to, after which it proves nothing."""
AGAIN = 50
"""Visits after which the queue of a doubted site is put in order again, if shapes have changed."""
LAST = 9
"""The highest priority of what comes last: below that of all links and sources, above those that
wait for all others (see :data:`newscrawl.spiders.roles.LINK_RULES`)."""
LATER, SOONER = range(LAST + 1), range(LAST + 1, 1000)
"""Priorities of what comes last, and of what does not."""
LIFTED = 50
"""The priority of what came last, once pages of its shape have brought an article."""
MAX_REMEMBERED = 50_000
"""Pages whose shape is remembered for what they lead to."""
MAX_SHAPES = 10_000
_KNOWN = frozenset({Outcome.REVISION, Outcome.UNCHANGED})
_NOT_ASKED_FOR = frozenset({PublishedBefore.__name__, PublishedAfter.__name__})
"""Reasons of articles beside ``since`` and ``until``, which may be most of an archive."""


class Turn(Enum):
    """What an answer changes for its site."""

    DOUBTED = auto()
    """From now on pages of shapes that bring no articles come last."""
    LEARNT = auto()
    """Further shapes bring articles, or some that did bring none any more."""
    SPENT = auto()
    """The site has had as many barren answers as a run waits for."""


@dataclass(slots=True)
class _Site:
    answers: int = 0
    shapes: Counter[str] = field(default_factory=Counter)
    doubted: bool = False
    learnt: bool = False
    """Whether any shape was proven, or proves nothing any more, since the queue was looked through."""
    visits: int = 0
    """Visits since then."""
    spent: bool = False


class BarrenAnswers:
    """Counts, by site, the answers in a row that brought no new article, and orders by them.

    Counted are first visits that were answered, or failed, and the parts that were fetched with
    them: what is visited again is known, so it has an end, and so has the list of an archive. After ``limit`` of them (0 for never) a
    site is spent. Much earlier it is doubted: then what is found comes last, unless pages of its
    shape lately were or led to articles. The further it is from such a page the later it comes, so
    that what multiplies hides nothing.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._doubt = min(DOUBT, limit // 2 or 1) if limit else DOUBT
        self._sites: dict[str, _Site] = {}
        self._since: dict[str, int] = {}
        self._shapes: dict[int, str] = {}

    def brought(self, site: str) -> None:
        """Take note that a new article of a site was stored."""
        known = self._of(site)
        known.answers = 0
        known.shapes.clear()

    def heard(self, visit: Visit) -> Turn | None:
        """Take note of a visit that has ended; return what that changes, if anything."""
        site = self._of(visit.row.site)
        shape = self._learn(visit.row, visit.outcome)
        turn = self._count(site, shape, 1 + visit.fetched) if _is_counted(visit) else None
        site.visits += 1
        if turn is None and site.doubted and site.learnt and site.visits >= AGAIN:
            turn = Turn.LEARNT
        if turn is not None:
            site.learnt, site.visits = False, 0
        return turn

    def _count(self, site: _Site, shape: str, answers: int) -> Turn | None:
        site.answers += answers
        if len(site.shapes) < MAX_SHAPES or shape in site.shapes:
            site.shapes[shape] += answers
        if self._limit and site.answers >= self._limit and not site.spent:
            site.spent = True
            return Turn.SPENT
        if site.answers >= self._doubt and not site.doubted:
            site.doubted = True
            return Turn.DOUBTED
        return None

    def _of(self, site: str) -> _Site:
        return self._sites.setdefault(site, _Site())

    def _learn(self, row: Row, outcome: Outcome | None) -> str:
        """Keep what a page says of its own shape and of that of the page it was found on."""
        shape = shape_of(row.url)
        if outcome is Outcome.ARTICLE or (outcome in _KNOWN and row.article_id is not None):
            self._prove(row.site, shape)
            if row.found_on in self._shapes:
                self._prove(row.site, self._shapes[row.found_on])
        elif shape in self._since:
            self._since[shape] += 1
            if self._since[shape] >= PROVEN:
                del self._since[shape]
                self._of(row.site).learnt = True
        if len(self._shapes) >= MAX_REMEMBERED:
            self._shapes.clear()
        self._shapes[row.id] = shape
        return shape

    def _prove(self, site: str, shape: str) -> None:
        self._of(site).learnt |= shape not in self._since
        self._since[shape] = 0

    def known(self, site: str, urls: Iterable[str]) -> None:
        """Hear of articles in the ledger and of the pages they were found on.

        What this run has seen of a shape says more.
        """
        seen = {*self._shapes.values()}
        for shape in map(shape_of, urls):
            if shape not in seen:
                self._prove(site, shape)

    @property
    def proven(self) -> frozenset[str]:
        """The shapes of pages that lately were articles or led to some."""
        return frozenset(self._since)

    def placed(self, visit: Visit) -> list[Found]:
        """Return the links of a visit with the priority that each has now."""
        row = visit.row
        is_last = 0 <= row.priority <= LAST
        if not (is_last or self._of(row.site).doubted):
            return visit.links
        first = LAST
        if shape_of(row.url) not in self._since:
            first = max((row.priority if is_last else LAST) - 1, 0)
        return [self._place(link, first) for link in visit.links]

    def _place(self, link: Found, first: int) -> Found:
        if link.priority <= first or shape_of(link.url) in self._since:
            return link
        return link._replace(priority=first)

    def told(self, site: str) -> str:
        """Return in words how many answers of a site were barren, and of which shape most are."""
        answers, shapes = self._of(site).answers, self._of(site).shapes
        return (
            f"{site} goes on without end: its last {answers:,} answers brought no new article, "
            f"{_most_of(shapes, answers)}"
        )


def _is_counted(visit: Visit) -> bool:
    """Whether a visit is the first one to its page, was answered or failed, and brought nothing."""
    outcome = visit.outcome
    if visit.row.read_as is not None or outcome is Outcome.ARTICLE or visit.row.kind == CAPTURE:
        return False
    if outcome is Outcome.REFUSED and visit.seconds is None:
        return False  # it was not asked for
    return (visit.reason or "") not in _NOT_ASKED_FOR


def _most_of(shapes: Counter[str], answers: int) -> str:
    """Name what most of some URLs have in common: their shape, else the folder they lie in."""
    ((shape, number),) = shapes.most_common(1)
    if 2 * number >= answers:
        return f"{number:,} of them of the shape {shape}"
    folders: Counter[str] = Counter()
    for each, times in shapes.items():
        folders[each.split("/", 2)[1].partition("?")[0] if "/" in each else each] += times
    ((folder, within),) = folders.most_common(1)
    if 2 * within >= answers:
        return f"{within:,} of them below /{folder}/, most often of the shape {shape} ({number:,})"
    return f"of {len(shapes):,} shapes, most often {shape} ({number:,})"
