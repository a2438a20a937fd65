from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.report.bins import MOST, Bins, bins

MARCH = datetime.fromisoformat("2025-03-03T09:00")
LONG_AGO = datetime.fromisoformat("1998-05-01T00:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def over(span: timedelta, start: datetime = MARCH) -> Bins:
    """An article at each end of a span."""
    found = bins({start: 1, start + span: 1})
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("span", "step", "number"),
    [
        (timedelta(), "one hour", 1),
        (1 * DAY, "one hour", 25),
        (9 * DAY, "six hours", 37),
        (30 * DAY, "one day", 31),
        (300 * DAY, "one week", 43),
        (1000 * DAY, "one month", 33),
        (4000 * DAY, "three months", 45),
        (10_000 * DAY, "one year", 28),
        (40_000 * DAY, "ten years", 12),
    ],
)
def test_a_bar_is_as_long_as_the_span_of_dates_asks_for(span, step, number):
    found = over(span)
    assert (found.step, len(found.bins)) == (step, number)


def test_dates_without_a_time_of_day_make_no_bars_of_hours():
    found = over(9 * DAY, start=MARCH.replace(hour=0))
    assert (found.step, len(found.bins)) == ("one day", 10)


def test_a_stretch_without_articles_is_a_bar_too():
    found = bins({MARCH: 2, MARCH + 3 * HOUR: 1})
    assert found is not None
    assert [(each.label, each.number) for each in found.bins] == [
        ("3 Mar 09:00", 2),
        ("3 Mar 10:00", 0),
        ("3 Mar 11:00", 0),
        ("3 Mar 12:00", 1),
    ]


def test_a_label_has_its_year_where_there_is_more_than_one():
    found = over(30 * DAY, start=datetime.fromisoformat("2025-12-20T09:00"))
    assert (found.bins[0].label, found.bins[-1].label) == ("20 Dec 2025", "19 Jan 2026")


@pytest.mark.parametrize(
    ("span", "ticks"),
    [
        (2 * DAY, ["4 Mar", "5 Mar"]),
        (20 * DAY, ["3 Mar", "10 Mar", "17 Mar"]),
        (600 * DAY, ["Apr 2025", "Jul 2025", "Oct 2025", "Jan 2026", "Apr 2026", "Jul 2026"]),
    ],
)
def test_what_is_named_below_is_the_beginning_of_a_larger_unit(span, ticks):
    found = over(span)
    assert [each.tick for each in found.bins if each.tick][: len(ticks)] == ticks


def test_one_old_article_does_not_make_a_chart_of_years():
    hours = {MARCH + at * HOUR: 10 for at in range(24)}
    found = bins({LONG_AGO: 1, **hours})
    assert found is not None
    assert (found.step, found.earlier) == ("one hour", 1)


def test_old_articles_that_are_no_exception_stay():
    found = bins({LONG_AGO: 5, MARCH: 95})
    assert found is not None
    assert (found.step, found.earlier) == ("one year", 0)


def test_without_dates_there_is_no_chart():
    assert bins({}) is None


@given(
    st.dictionaries(
        st.datetimes(max_value=datetime.fromisoformat("3000-01-01")).map(
            lambda at: at.replace(minute=0, second=0, microsecond=0)
        ),
        st.integers(1, 50),
        min_size=1,
    )
)
def test_no_article_is_lost_and_bars_are_few_and_in_order(hours):
    found = bins(hours)
    assert found is not None
    assert found.earlier + sum(each.number for each in found.bins) == sum(hours.values())
    starts = [each.start for each in found.bins]
    assert starts == sorted(set(starts))
    assert len(starts) <= MOST
