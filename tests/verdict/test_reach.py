"""Whether a run read anything, by what became of its visits."""

from __future__ import annotations

import pytest

from newscrawl.frontier.rows import Row
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome
from newscrawl.verdict.reach import LEAST, Reach, told

SITE = "paper.example"
START = "https://paper.example/"


def visited(
    outcome: Outcome,
    reason: str | None = None,
    *,
    url: str = START,
    kind: str = "category",
    depth: int = 0,
    leads: int = 0,
    article: str | None = None,
) -> Visit:
    row = Row(1, SITE, url, url, kind, 1, depth, 1, article)
    return Visit(row, outcome, reason, leads=[f"{url}{each}" for each in range(leads)])


def an_article(outcome: Outcome = Outcome.ARTICLE, reason: str | None = None) -> Visit:
    return visited(outcome, reason, url=f"{START}story", kind="article", depth=1)


def reason(*visits: Visit, known: int = 0, leads_on: bool = False, **options: bool) -> str | None:
    reach = Reach({SITE: known}, **options)
    for each in visits:
        reach.heard(each)
    if leads_on:
        reach.leads_on(SITE)
    return reach.reason(complete=True)


@pytest.mark.parametrize(
    ("outcome", "why", "word"),
    [
        (Outcome.FAILED, "DownloadConnectionRefusedError", "unreachable"),
        (Outcome.FAILED, "CannotResolveHostError", "unreachable"),
        (Outcome.FAILED, "Http500", "unreachable"),
        (Outcome.GONE, "Http404", "unreachable"),
        (Outcome.FAILED, "Http403", "blocked"),
        (Outcome.REFUSED, "BotWall", "blocked"),
        (Outcome.REFUSED, "ConsentWall", "blocked"),
        (Outcome.REJECTED, "PasswordProtected", "blocked"),
        (Outcome.REFUSED, "RobotsForbidden", "forbidden"),
        (Outcome.REFUSED, "OutOfScope: https://other.example/", "moved"),
        (Outcome.REJECTED, "NeedsBrowser", "nothing_found"),
        (Outcome.PAGE, None, "nothing_found"),
        (Outcome.LISTING, "Xml", "nothing_found"),
    ],
)
@pytest.mark.parametrize("known", [0, 30])
def test_a_start_url_without_a_page_has_a_word(outcome, why, word, known):
    assert reason(visited(outcome, why), known=known) == word


def test_a_front_page_that_leads_to_articles_is_read():
    assert reason(visited(Outcome.LISTING, leads=9), an_article()) is None


def test_a_front_page_that_leads_to_no_article_at_all_is_nothing():
    start = visited(Outcome.LISTING, leads=4)
    assert reason(start, an_article(Outcome.GONE, "Http404")) == "nothing_found"


def test_articles_that_were_not_asked_for_were_found_all_the_same():
    start = visited(Outcome.LISTING, leads=4)
    assert reason(start, an_article(Outcome.REJECTED, "PublishedBefore")) is None


def test_start_urls_alone_need_not_lead_to_articles():
    assert reason(visited(Outcome.LISTING, leads=4), starts_only=True) is None


def test_a_known_site_without_news_is_read_where_its_front_page_leads_to_known_pages():
    start = visited(Outcome.LISTING, leads=9)
    assert reason(start, known=30, leads_on=True) is None
    assert reason(start, known=30, leads_on=False) == "nothing_found"


def test_an_unchanged_front_page_is_read():
    assert reason(visited(Outcome.UNCHANGED, "NotModified"), known=30) is None


def test_articles_by_other_ways_make_up_for_a_front_page():
    assert reason(visited(Outcome.FAILED, "Http403"), an_article()) is None


def test_one_start_url_is_enough():
    section = visited(Outcome.LISTING, url=f"{START}sport/", leads=3)
    assert reason(visited(Outcome.FAILED, "Http500"), section, an_article()) is None


def test_a_run_that_goes_on_has_no_start_urls_and_is_judged_by_all_its_visits():
    failed = [an_article(Outcome.FAILED, "Http500")] * LEAST
    assert reason(*failed, known=30) == "unreachable"
    assert reason(*failed, an_article(Outcome.GONE, "Http404"), known=30) is None


def test_one_broken_page_that_was_left_over_says_nothing_of_the_site():
    assert reason(an_article(Outcome.FAILED, "Http500"), known=30) is None
    assert reason(an_article(Outcome.GONE, "Http404"), known=30) is None


def test_sources_say_nothing_of_pages():
    sitemap = visited(Outcome.LISTING, "Sitemap", url=f"{START}sitemap.xml", kind="sitemap")
    assert reason(sitemap, visited(Outcome.FAILED, "Http403")) == "blocked"


def test_a_redirect_is_judged_by_where_it_leads():
    moved = visited(Outcome.REDIRECTED, f"{START}en/")
    assert reason(moved, visited(Outcome.LISTING, url=f"{START}en/", leads=3), an_article()) is None


def test_a_page_that_nobody_could_allow_was_not_reached():
    reach = Reach({SITE: 5})
    reach.not_allowed(visited(Outcome.PAGE), "paper.example: robots.txt: 503")
    assert reach.reason(complete=False) == "unreachable"
    assert reach.unread == {START: "paper.example: robots.txt: 503"}


def test_that_nothing_was_found_is_said_of_whole_walks_only():
    reach = Reach({SITE: 0})
    reach.heard(visited(Outcome.LISTING, leads=9))
    assert reach.reason(complete=False) is None
    assert reach.reason(complete=True) == "nothing_found"


def test_of_several_sites_one_is_enough_and_the_dead_one_is_named():
    reach = Reach({SITE: 0, "other.example": 0})
    reach.heard(visited(Outcome.LISTING, leads=9))
    reach.heard(an_article())
    other = visited(Outcome.FAILED, "Http500")
    reach.heard(Visit(other.row._replace(site="other.example"), Outcome.FAILED, "Http500"))
    assert reach.reason(complete=True) is None
    assert reach.dead(complete=True) == {"other.example": "unreachable"}


def test_of_many_start_urls_a_few_are_told():
    unread = {f"{START}{number}": "gone (Http404)" for number in range(5)}
    assert told(unread).endswith("https://paper.example/2: gone (Http404); and 2 more")
