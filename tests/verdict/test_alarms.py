from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.history.coverage import MISSING, Example, Given, Seen
from newscrawl.verdict.alarms import (
    Share,
    Watch,
    article_alarms,
    compared,
    failure_alarms,
    fallen_from,
    field_alarms,
    silence_alarms,
)

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
SHOWN = {"json-ld": "/by-json-ld/", "meta": "/by-meta/", MISSING: "/without/", "jnews:css": "/css/"}


def run(number: int = 1, *, at: timedelta = DAY, articles: int = 0, fields=None, **counts) -> Seen:
    fields = fields or {}
    rules = {
        name: {rule: Given(many, SHOWN[rule]) for rule, many in by_rule.items()}
        for name, by_rule in fields.items()
    }
    articles = articles or max((sum(rules.values()) for rules in fields.values()), default=0)
    return Seen(number, START + number * at, articles, rules, **counts)


def by_rules(**rules: dict[str, int]) -> Seen:
    return run(fields=rules)


def texts(alarms) -> list[str]:
    return [alarm.text for alarm in alarms]


@pytest.mark.parametrize(
    ("now", "before", "fallen"),
    [
        (Share(0, 50), [Share(100, 100)], True),
        (Share(30, 50), [Share(100, 100)], True),
        (Share(45, 50), [Share(100, 100)], False),  # within the tolerance
        (Share(50, 50), [Share(50, 100)], False),  # more is no fall
        (Share(4, 10), [Share(70, 100)], False),  # chance explains it
        (Share(21, 102), [Share(17, 35)], False),  # other sections explain it
        (Share(0, 4), [Share(100, 100)], False),  # too few to judge
        (Share(0, 5), [Share(100, 100)], True),
        (Share(0, 20), [Share(60, 100)], True),
        (Share(0, 50), [Share(4, 4)], False),  # too few to compare with
        (Share(0, 50), [], False),
        (Share(0, 0), [Share(100, 100)], False),
    ],
)
def test_a_share_has_fallen_beyond_the_tolerance_and_beyond_chance(now, before, fallen):
    assert (fallen_from(now, before) is not None) == fallen


def test_one_odd_run_does_not_change_what_is_usual():
    before = [Share(0, 50), *[Share(50, 50)] * 4]
    assert fallen_from(Share(50, 50), before) is None
    assert fallen_from(Share(0, 50), before) == 1


def test_a_lasting_change_is_an_alarm_until_half_of_the_runs_show_it():
    history = [Share(50, 50)] * 10
    alarms = 0
    while fallen_from(Share(0, 50), history[-10:]) is not None:
        history.append(Share(0, 50))
        alarms += 1
    assert alarms == 6


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_what_is_no_less_than_before_has_never_fallen(part, more, other, rest):
    now, before = Share(part, part + more), Share(other, other + rest)
    usual = fallen_from(now, [before])
    assert usual is None or now.value < usual == before.value


def test_a_missing_field_names_rule_and_url():
    now = by_rules(authors={MISSING: 40, "meta": 1})
    before = [by_rules(authors={"jnews:css": 95, MISSING: 5})]
    (alarm,) = field_alarms(now, before)
    assert alarm.watch is Watch.FIELDS
    assert alarm.text == (
        "authors is on 2% of 41 articles, usually on 95%; "
        "the rule jnews:css stopped matching, first on /without/"
    )


def test_a_field_by_another_rule_names_both():
    now = by_rules(authors={"meta": 30, "json-ld": 10})
    before = [by_rules(authors={"jnews:css": 90, "json-ld": 10})]
    (alarm,) = field_alarms(now, before)
    assert alarm.watch is Watch.TEMPLATE
    assert alarm.text == (
        "authors: the rule jnews:css stopped matching (usually 90%, now 0% of 40 articles); "
        "meta gives it instead, first on /by-meta/"
    )


def test_a_rule_that_still_matches_at_times_is_not_said_to_have_stopped():
    now = by_rules(authors={"meta": 30, "jnews:css": 10})
    (text,) = texts(field_alarms(now, [by_rules(authors={"jnews:css": 90})]))
    assert "the rule jnews:css matches less often (usually 100%, now 25% of 40" in text


def test_each_field_has_its_own_alarm():
    now = by_rules(authors={"meta": 40}, tags={MISSING: 40}, language={"meta": 40})
    before = [
        by_rules(authors={"jnews:css": 9}, tags={"jnews:css": 9}, language={"meta": 9}),
    ]
    assert [alarm.watch for alarm in field_alarms(now, before)] == [Watch.TEMPLATE, Watch.FIELDS]


def test_a_field_that_no_earlier_run_knew_is_not_compared():
    assert field_alarms(by_rules(authors={MISSING: 40}), [by_rules(tags={"meta": 40})]) == []


def test_a_run_without_articles_says_nothing_of_fields():
    now = run(fields={"authors": {}})
    assert field_alarms(now, [by_rules(authors={"meta": 40})]) == []


def test_pages_that_are_no_articles_any_more_are_told_with_the_first():
    example = Example("/story/", "page", None)
    now = run(announced=20, confirmed=2, first_unconfirmed=example)
    (text,) = texts(article_alarms(now, [run(announced=40, confirmed=38)]))
    assert text == (
        "2 of 20 pages that links promise as articles were one, usually 95%; "
        "the first: /story/ is page"
    )


def test_an_unchanged_site_where_nothing_is_due_is_no_alarm():
    assert article_alarms(run(visits=3), [run(announced=40, confirmed=40, new=40)]) == []


def steady(number: int) -> list[Seen]:
    """Daily runs that all brought new articles, newest first."""
    return [run(day, new=3, articles=3) for day in range(number, 0, -1)]


def test_a_site_that_dries_up_is_told():
    assert texts(article_alarms(run(6, visits=3), steady(5))) == [
        "no article was found, while each of 5 runs before found new ones"
    ]


def test_a_site_that_has_dried_up_is_told_each_time():
    dry = [run(day) for day in range(12, 5, -1)]
    assert texts(article_alarms(run(13), [*dry, *steady(5)])) == [
        "no article was found, while each of 5 runs before found new ones"
    ]


def brought(*days: float) -> list[datetime]:
    """When runs brought new articles, so many days ago."""
    return [START - DAY * each for each in days]


def test_a_site_is_silent_for_longer_than_ever():
    (text,) = texts(silence_alarms(START, brought(5, 6, 7, 9, 10, 12)))
    assert text == (
        "no new article since 2025-12-27 00:00 UTC; in the 6 runs that brought some, "
        "they were never more than 2 days apart"
    )


@pytest.mark.parametrize(
    "before",
    [
        brought(3, 4, 5, 8, 9, 10, 11, 12),  # a weekend is as long
        brought(9, 10, 11),  # too few to know a rhythm
        brought(0.9, 0.95, 1, 1.05, 1.1),  # the first night
    ],
)
def test_a_usual_pause_is_no_alarm(before):
    assert silence_alarms(START, before) == []


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (run(6, at=DAY * 0.95), steady(5)),  # sooner than ever
        (run(5), steady(3)),  # too few runs
        (run(6), [run(5), *steady(3)]),  # too few before the quiet ones
        (run(6, announced=2), steady(5)),  # an article page was visited
    ],
)
def test_a_quiet_run_is_no_alarm(now, before):
    assert article_alarms(now, before) == []


def test_failed_and_rejected_visits_are_told_with_the_first():
    example = Example("/story/", "rejected", "MissingText")
    now = run(visits=40, went_wrong=30, first_wrong=example)
    (text,) = texts(failure_alarms(now, [run(visits=100, went_wrong=5)]))
    assert text == (
        "30 of 40 visits failed or were rejected, usually 5%; "
        "the first: /story/ is rejected (MissingText)"
    )


def test_a_site_that_is_down_is_told_however_few_visits_there_were():
    (text,) = texts(failure_alarms(run(visits=1, went_wrong=1), [run(visits=100)]))
    assert text == "all 1 visits failed or were rejected"


def test_a_site_that_never_worked_is_no_news():
    assert failure_alarms(run(visits=9, went_wrong=9), [run(visits=9, went_wrong=9)]) == []


def test_alarms_name_the_site():
    alarms = compared("news.example", by_rules(tags={MISSING: 9}), [by_rules(tags={"meta": 9})])
    assert [text.partition(" ")[0] for text in texts(alarms)] == ["news.example:"]


def test_a_first_run_has_nothing_to_be_compared_with():
    now = run(fields={"authors": {MISSING: 40}}, visits=50, went_wrong=50)
    assert compared("news.example", now, []) == []
