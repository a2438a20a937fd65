from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.quality.answers import day, same_day, same_people, same_picture, same_title

LATE = datetime(2024, 5, 2, 23, 30, tzinfo=UTC)


def test_titles_are_equal_but_for_white_space():
    assert same_title("Ferry  leaves\nearly", "Ferry leaves early")
    assert not same_title("Ferry leaves Early", "Ferry leaves early")
    assert not same_title(None, "Ferry leaves early")


def test_a_list_of_authors_is_equal_letter_by_letter():
    assert same_people(["Ada Quill", "Bo Ekman"], ["Ada Quill", "Bo Ekman"])
    assert not same_people(["Bo Ekman", "Ada Quill"], ["Ada Quill", "Bo Ekman"])


@pytest.mark.parametrize(
    ("found", "byline"),
    [
        (["Ada Quill"], "ADA QUILL"),
        (["Bo Ekman", "Ada Quill"], "Ada Quill and Bo Ekman"),
        (["Ada Quill", "Bo Ekman", "Cy Reed"], "Ada Quill, Bo Ekman & Cy Reed"),
        (["Ada Quill"], "By Ada Quill"),
        (["Ada Quill"], "Ada Quill, Ph.D., DVM"),
        (["Ada Quill, DVM"], "Ada Quill, DVM"),
        (["Harbour, Tide and Sons"], "Harbour, Tide and Sons"),
    ],
)
def test_a_byline_may_be_read_as_one_name_as_several_and_without_degrees(found, byline):
    assert same_people(found, byline)


@pytest.mark.parametrize(
    ("found", "byline"),
    [
        (["Ada Quill"], "Ada Quill and Bo Ekman"),
        (["A. QUILL"], "A. QUILL / B. EKMAN"),
        (["Ada Quill", "View all"], "Ada Quill"),
        ([], "Ada Quill"),
    ],
)
def test_a_name_too_few_or_too_many_is_wrong(found, byline):
    assert not same_people(found, byline)


def test_a_day_is_right_in_either_offset():
    east = datetime(2024, 5, 3, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert same_day(LATE, east)
    assert same_day(east, datetime(2024, 5, 3, tzinfo=None))  # noqa: DTZ001 - a truth without a zone
    assert not same_day(LATE, east + timedelta(days=1))
    assert not same_day(None, east)


def test_what_is_no_day_is_no_truth():
    assert day("2024-05-02T10:00:00.000Z") == datetime(2024, 5, 2, 10, tzinfo=UTC)
    assert [day("2024-05"), day("2024-31-12"), day(float("nan"))] == [None] * 3


def test_a_picture_is_right_whatever_its_size():
    wanted = "http://a.example/ferry.jpg"
    assert same_picture("https://a.example/ferry-300x200.jpg?w=640", wanted)
    assert not same_picture("https://a.example/tram.jpg", wanted)
    assert not same_picture(None, wanted)
