from __future__ import annotations

from typing import Any

import pytest

from newscrawl.addresses.shapes import Shapes
from newscrawl.discovery.links import Way
from newscrawl.frontier.rows import Row
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome
from newscrawl.session.judging import ShapeJudge

SITE = "daily.example"


class Stats(dict[str, int]):
    def inc_value(self, name: str) -> None:
        self[name] = self.get(name, 0) + 1


def judged(*visits: Visit) -> tuple[set[str], Stats]:
    """Return the shapes that visits close of which two are enough, and what was counted."""
    shapes, stats = Shapes(enough=2), Stats()
    judge = ShapeJudge(shapes, stats)  # type: ignore[arg-type] # all it asks
    for visit in visits:
        assert visit.outcome is not None
        judge.judge(visit, visit.outcome)
    return shapes.closed, stats


def visited(
    path: str, outcome: Outcome, reason: str | None = None, *, kind: str = "page", **values: Any
) -> Visit:
    url = f"https://{SITE}/{path}"
    row = Row(int(path.rpartition("/")[2]), SITE, url, url, kind, Way.CATEGORY, 1, 0, **values)
    return Visit(row, outcome, reason)


def test_pages_that_lead_to_no_article_close_their_shape(caplog):
    closed, stats = judged(*(visited(f"day/{day}", Outcome.PAGE) for day in (1, 2)))
    assert closed == {"/day/#"}
    assert stats == {"newscrawl/shapes_closed": 1}
    assert "No more of the shape /day/#" in caplog.text


def test_an_article_keeps_its_shape_open():
    pages = [visited(f"day/{day}", Outcome.PAGE) for day in (2, 3)]
    assert judged(visited("day/1", Outcome.ARTICLE), *pages)[0] == set()


def test_an_article_that_a_page_listed_keeps_the_shape_of_that_page_open():
    listing = visited("day/1", Outcome.LISTING)
    listing.lists_new = True
    story = visited("story/9", Outcome.ARTICLE, kind="article", found_on=1)
    pages = [visited(f"day/{day}", Outcome.PAGE) for day in range(2, 20)]
    assert judged(listing, story, *pages)[0] == set()


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.GONE, Outcome.REFUSED])
def test_what_was_not_read_says_nothing(outcome):
    assert judged(*(visited(f"day/{day}", outcome) for day in (1, 2, 3)))[0] == set()


@pytest.mark.parametrize("kind", ["tag", "author", "sitemap", "feed"])
def test_lists_of_other_sorts_are_not_judged(kind):
    lists = (visited(f"day/{day}", Outcome.LISTING, kind=kind) for day in (1, 2, 3))
    assert judged(*lists)[0] == set()


def test_a_page_that_names_another_as_its_canonical_one_is_no_article():
    copies = (visited(f"day/{day}", Outcome.DUPLICATE, "canonical") for day in (1, 2))
    assert judged(*copies)[0] == {"/day/#"}
