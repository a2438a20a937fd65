from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.entries import date_of, stamp


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025-03-01T10:00:00+01:00", datetime(2025, 3, 1, 9, tzinfo=UTC)),
        ("2025-03-01T10:00:00Z", datetime(2025, 3, 1, 10, tzinfo=UTC)),
        (" 2025-03-01T10:00:00.5Z\n", datetime(2025, 3, 1, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2025-03-01T10:00:00", datetime(2025, 3, 1, 10, tzinfo=UTC)),
        ("2025-03-01T10:00+01:00", datetime(2025, 3, 1, 9, tzinfo=UTC)),
        ("2025-03-01", datetime(2025, 3, 1, tzinfo=UTC)),
        ("2025-03", datetime(2025, 3, 1, tzinfo=UTC)),
        ("2025", datetime(2025, 1, 1, tzinfo=UTC)),
        ("Sat, 01 Mar 2025 10:00:00 +0100", datetime(2025, 3, 1, 9, tzinfo=UTC)),
        ("Sat, 01 Mar 2025 10:00:00 GMT", datetime(2025, 3, 1, 10, tzinfo=UTC)),
        ("01 Mar 2025 10:00:00 EST", datetime(2025, 3, 1, 15, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_as_standards_write_it(text, date):
    assert date_of(text) == date


@pytest.mark.parametrize("text", [None, "", "yesterday", "0000-00-00", "2025-13-01", "1" * 50])
def test_what_is_no_date_gives_none(text):
    assert date_of(text) is None


def test_dates_sort_as_text():
    years = (1, 999, 2025)
    dates = [datetime(year, 3, 1, 9, 5, tzinfo=UTC) for year in years]
    assert sorted(map(stamp, dates)) == [stamp(date) for date in dates]
    assert stamp(dates[2]) == "2025-03-01T09:05:00Z"


@given(st.text(max_size=50))
def test_no_text_raises(text):
    date = date_of(text)
    if date is not None:
        assert len(stamp(date)) == 20
