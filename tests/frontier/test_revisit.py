from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from newscrawl.frontier.revisit import FAILURE_BASE_SECONDS, RevisitPolicy
from newscrawl.outcomes import Outcome

HOUR = 3600.0
NOW = datetime(2025, 3, 1, tzinfo=UTC)
POLICY = RevisitPolicy(shortest=HOUR, longest=100 * HOUR)


def interval(outcome: Outcome, **values: Any) -> float | None:
    asked = {"last": None, "published": None, "now": NOW.timestamp(), **values}
    return POLICY.interval(outcome, **asked)


def aged(hours: float) -> datetime:
    return datetime.fromtimestamp(NOW.timestamp() - hours * HOUR, UTC)


@pytest.mark.parametrize(("hours", "waits"), [(40, 20), (1, 1), (1000, 100)])
def test_an_article_waits_for_half_its_age_within_bounds(hours, waits):
    assert interval(Outcome.ARTICLE, published=aged(hours)) == waits * HOUR


def test_an_article_without_a_date_is_young():
    assert interval(Outcome.ARTICLE) == HOUR


def test_a_changed_article_comes_soon_again():
    assert interval(Outcome.REVISION, last=50 * HOUR, published=aged(900)) == HOUR


@pytest.mark.parametrize(("last", "waits"), [(2, 4), (60, 100)])
def test_an_unchanged_article_waits_twice_as_long_as_before(last, waits):
    assert interval(Outcome.UNCHANGED, last=last * HOUR, published=aged(10)) == waits * HOUR


@pytest.mark.parametrize("failures", [0, 1, 2])
def test_each_failure_in_a_row_doubles_the_wait(failures):
    assert interval(Outcome.FAILED, failures=failures) == FAILURE_BASE_SECONDS * 2**failures


def test_no_number_of_failures_is_too_many():
    assert interval(Outcome.FAILED, failures=10_000) == POLICY.longest


@pytest.mark.parametrize("outcome", [Outcome.PAGE, Outcome.GONE, Outcome.REFUSED, Outcome.LISTING])
def test_what_stores_nothing_is_never_due_by_itself(outcome):
    assert interval(outcome) is None
