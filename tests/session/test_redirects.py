from __future__ import annotations

import pytest

from newscrawl.discovery.links import Way
from newscrawl.frontier.rows import Row
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome
from newscrawl.session.redirects import follow_redirect

SITE = "daily.example"
TRAP = f"https://{SITE}/cart/?add-to-cart=7"


def followed(location: str, kind: str = "article") -> Visit:
    url = f"https://{SITE}/a"
    row = Row(1, SITE, url, url, kind, Way.CATEGORY, depth=3, priority=7)
    visit = Visit(row, Outcome.REDIRECTED)
    follow_redirect(visit, location, [SITE])
    return visit


def test_the_target_has_the_place_of_the_page_in_the_queue():
    visit = followed(f"https://{SITE}/b")
    (found,) = visit.links
    assert (found.url, found.kind, found.depth, found.priority) == (
        f"https://{SITE}/b",
        "article",
        3,
        7,
    )
    assert found.ways is Way.REDIRECT
    assert visit.outcome is Outcome.REDIRECTED


@pytest.mark.parametrize("location", ["https://other.example/b", TRAP, ""])
def test_what_leads_off_the_site_or_into_a_trap_is_refused(location):
    visit = followed(location)
    assert visit.links == []
    assert (visit.outcome, visit.reason) == (Outcome.REFUSED, f"OutOfScope: {location}")


def test_a_source_may_stand_where_pages_would_be_a_trap():
    assert followed(TRAP, kind="sitemap").links[0].url == TRAP
