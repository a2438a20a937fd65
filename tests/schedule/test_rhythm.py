from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.schedule.rhythm import cron_for, per_day, told

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def every(gap: timedelta, number: int = 10) -> list[datetime]:
    return [NOW - place * gap for place in range(number)]


def test_a_list_that_reaches_back_for_hours_tells_of_a_day():
    assert per_day(every(HOUR), NOW) == pytest.approx(26.7, abs=0.1)


def test_a_list_that_reaches_back_for_years_is_counted_by_its_last_week():
    dates = [*every(timedelta(days=1), 7), *(NOW - timedelta(days=400 + n) for n in range(50))]
    assert per_day(dates, NOW) == 1


def test_what_stood_still_for_a_week_has_nothing_new():
    rate = per_day([date - timedelta(days=30) for date in every(HOUR)], NOW)
    assert (rate, told(rate)) == (0, "nothing new for a week")


@pytest.mark.parametrize("dates", [[], [NOW], [NOW] * 20, [NOW + HOUR * n for n in range(9)]])
def test_dates_that_are_too_few_or_all_one_tell_nothing(dates):
    assert per_day(dates, NOW) is None


def test_a_moment_of_haste_is_no_rhythm():
    assert per_day(every(timedelta(minutes=1), 3), NOW) == 12


@pytest.mark.parametrize(
    ("rate", "hours"),
    [(200, 24), (24, 24), (23, 8), (6, 8), (5, 2), (1, 2), (0.5, 1), (0, 1), (None, 1)],
)
def test_a_site_is_crawled_as_often_as_it_publishes(rate, hours):
    _, hour, *_ = cron_for("example.com", rate).split()
    assert {"*": 24, "*/3": 8}.get(hour, len(hour.split(","))) == hours


def test_a_name_has_always_the_same_minute_and_names_have_many():
    names = [f"site{number}.example" for number in range(200)]
    assert [cron_for(name, 1) for name in names] == [cron_for(name, 1) for name in names]
    assert len({cron_for(name, 30).split()[0] for name in names}) > 50
    assert len({cron_for(name, None).split()[1] for name in names}) > 20


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (None, "how often is not known"),
        (30.4, "about 30 articles a day"),
        (1, "about 1 article a day"),
        (0.5, "about 4 articles a week"),
        (0.05, "about 1 article a week"),
    ],
)
def test_a_rate_in_words(rate, words):
    assert told(rate) == words
