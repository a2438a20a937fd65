from __future__ import annotations

import pytest

from newscrawl.addresses.admission import Gate
from newscrawl.discovery.links import Way
from newscrawl.frontier.rows import Row
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome
from newscrawl.session.redirects import MAX_CHAIN, follow_redirect

SITE = "daily.example"
SHOP = f"https://{SITE}/shop"
TRAP = f"https://{SITE}/cart/?add-to-cart=7"


def followed(
    location: str, kind: str = "article", counted: list[str] | None = None, hops: int = 0
) -> Visit:
    url = f"https://{SITE}/a"
    row = Row(1, SITE, url, url, kind, Way.CATEGORY, depth=3, priority=7, hops=hops)
    visit = Visit(row, Outcome.REDIRECTED)
    follow_redirect(
        visit,
        location,
        Gate([SITE], count=(counted if counted is not None else []).append, never=("/shop",)),
    )
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


@pytest.mark.parametrize("location", ["https://other.example/b", TRAP, f"{SHOP}/a", ""])
def test_what_the_gate_refuses_is_refused(location):
    visit = followed(location)
    assert visit.links == []
    assert (visit.outcome, visit.reason) == (Outcome.REFUSED, f"OutOfScope: {location}")


def test_a_refusal_is_counted_by_its_rule():
    counted: list[str] = []
    followed(SHOP, counted=counted)
    assert counted == ["never"]


def test_the_target_is_asked_for_as_the_server_wrote_it():
    (found,) = followed(f"https://{SITE}/b?utm_source=x").links
    assert found.url == f"https://{SITE}/b?utm_source=x"
    assert found.identity == f"https://{SITE}/b"


def test_a_source_may_stand_where_pages_would_be_a_trap():
    assert followed(TRAP, kind="sitemap").links[0].url == TRAP


def test_hops_of_a_chain_are_counted_in_its_rows():
    (found,) = followed(f"https://{SITE}/b", hops=4).links
    assert found.hops == 5


def test_a_chain_ends_where_browsers_give_it_up():
    assert followed(f"https://{SITE}/b", hops=MAX_CHAIN - 1).outcome is Outcome.REDIRECTED
    last = followed(f"https://{SITE}/b", hops=MAX_CHAIN)
    assert (last.outcome, last.reason, last.links) == (Outcome.FAILED, "TooManyRedirects", [])
