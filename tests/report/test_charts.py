from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.history.statistics import RunFacts
from newscrawl.report.bins import bins
from newscrawl.report.charts import BARS, TOP, Chart, of_runs, published, trend

MARCH = datetime.fromisoformat("2025-03-03")


def of_days(*numbers: int) -> Chart:
    found = bins({MARCH + timedelta(days=at): number for at, number in enumerate(numbers)})
    assert found is not None
    return published(found)


def run(number: int, **outcomes: int) -> RunFacts:
    began = datetime(2025, 3, number, tzinfo=UTC)
    return RunFacts(
        id=number,
        spider="site",
        sites=["daily.example"],
        started=began,
        finished=began,
        reason="finished",
        outcomes=outcomes,
        peak_rss_mb=None,
        hosts=None,
        alarms=None,
        account=None,
        arguments={},
    )


def test_bars_stand_on_the_lowest_line_and_are_as_high_as_their_numbers():
    chart = of_days(10, 20)
    foot = TOP + BARS
    heights = [piece.height for bar in chart.bars for piece in bar.pieces]
    assert heights == [BARS / 2, BARS]
    assert [piece.y + piece.height for bar in chart.bars for piece in bar.pieces] == [foot, foot]
    assert chart.lines[0] == (foot, "0")


@pytest.mark.parametrize(
    ("highest", "numbers"),
    [
        (1, ["0", "1"]),
        (4, ["0", "1", "2", "3", "4"]),
        (9, ["0", "2", "4", "6", "8", "10"]),
        (70, ["0", "20", "40", "60", "80"]),
        (1900, ["0", "500", "1,000", "1,500", "2,000"]),
    ],
)
def test_lines_are_at_round_numbers(highest, numbers):
    assert [line.text for line in of_days(highest, 1).lines] == numbers


@pytest.mark.parametrize("days", [1, 2, 5, 12, 60])
def test_bars_lie_within_the_chart_and_do_not_touch(days):
    bars = of_days(*[3] * days).bars
    edges = [edge for bar in bars for edge in (bar.x, bar.x + bar.width)]
    assert edges == sorted(edges)
    assert (edges[0] >= 0, edges[-1] <= 100) == (True, True)


@pytest.mark.parametrize("days", [1, 9, 30, 60])
def test_labels_are_few_and_fewer_on_a_phone(days):
    labels = of_days(*[3] * days).labels
    assert 1 <= sum(label.always for label in labels) <= 3
    assert len(labels) <= 8


def test_runs_are_stacked_by_outcome_the_oldest_first():
    chart = of_runs([run(2, failed=1, article=3), run(1, article=2, listing=2)])
    says = [[piece.says for piece in bar.pieces] for bar in chart.bars]
    assert says == [
        ["run 1: 2 article", "run 1: 2 listing"],
        ["run 2: 3 article", "run 2: 1 failed"],
    ]
    assert list(chart.legend) == ["article", "listing", "failed"]
    lower, upper = chart.bars[1].pieces
    assert upper.y + upper.height == lower.y


def test_a_word_that_is_no_outcome_has_no_bar():
    assert of_runs([run(1, **{'"><script>': 3, "article": 1})]).legend == {"article": "article"}


def test_a_trend_needs_two_runs():
    assert trend([0.5]) is None
    line = trend([1.0, 0.5])
    assert line is not None
    assert (line.points, line.says) == ("0.0,1.0 100.0,10.0", "from 100% to 50% in 2 runs")
