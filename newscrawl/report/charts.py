"""The plots of a report, as Vega-Lite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from newscrawl.outcomes import Outcome
from newscrawl.report.figures import OTHERS, Figures

_HEIGHT = 280
_ROW = 18
_COLOURS = {
    Outcome.ARTICLE: "#1f77b4",
    Outcome.REVISION: "#17becf",
    Outcome.UNCHANGED: "#9ecae1",
    Outcome.DUPLICATE: "#7b6fd0",
    Outcome.PART: "#c5b0d5",
    Outcome.LISTING: "#98a2b3",
    Outcome.PAGE: "#c7cdd6",
    Outcome.REDIRECTED: "#bcbd22",
    Outcome.REFUSED: "#e8a33d",
    Outcome.REJECTED: "#f7c58a",
    Outcome.GONE: "#b07a5a",
    Outcome.FAILED: "#d62728",
}
"""One colour an outcome in every plot: blue is stored, grey is in order, red is lost."""


def charts(figures: Figures) -> dict[str, dict[str, Any]]:
    """Return the specifications by name; a plot without data is left out."""
    made = {
        "runs": _runs(figures),
        "months": _months(figures),
        "coverage": _coverage(figures),
        "ways": _ways(figures),
    }
    return {name: chart for name, chart in made.items() if chart is not None}


def _chart(rows: Sequence[dict[str, Any]], description: str, **size: Any) -> alt.Chart:
    data = alt.InlineData(values=list(rows))
    return alt.Chart(data, description=description, width="container", **size)


def _plain(chart: Any) -> dict[str, Any]:
    specification: dict[str, Any] = chart.to_dict()
    return specification


def _runs(figures: Figures) -> dict[str, Any] | None:
    order = {outcome.value: at for at, outcome in enumerate(Outcome)}
    rows = [
        {"run": run.id, "outcome": outcome, "pages": number, "order": order.get(outcome, 99)}
        for run in reversed(figures.runs)
        for outcome, number in (run.outcomes or {}).items()
    ]
    if not rows:
        return None
    colours = {outcome.value: colour for outcome, colour in _COLOURS.items()}
    present = [name for name in colours if any(row["outcome"] == name for row in rows)]
    return _plain(
        _chart(rows, "Visits of each run by outcome, stacked", height=_HEIGHT)
        .mark_bar()
        .encode(
            x=alt.X("run:O", title="run", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("pages:Q", title="visits"),
            color=alt.Color(
                "outcome:N",
                title=None,
                scale=alt.Scale(domain=present, range=[colours[name] for name in present]),
                legend=alt.Legend(orient="bottom", columns=4),
            ),
            order=alt.Order("order:Q"),
            tooltip=["run:O", "outcome:N", "pages:Q"],
        )
    )


def _months(figures: Figures) -> dict[str, Any] | None:
    rows = [
        {"month": month, "section": section, "articles": number}
        for month, section, number in figures.articles.sections
    ]
    if not rows:
        return None
    names = sorted(
        {section for _, section, _ in figures.articles.sections},
        key=lambda name: (name == OTHERS, name),
    )
    return _plain(
        _chart(rows, "Articles by month of publication and section, stacked", height=_HEIGHT)
        .mark_bar()
        .encode(
            x=alt.X("month:O", title="published", axis=alt.Axis(labelAngle=-40, labelOverlap=True)),
            y=alt.Y("articles:Q", title="articles"),
            color=alt.Color(
                "section:N",
                title=None,
                sort=names,
                scale=alt.Scale(scheme="tableau10"),
                legend=alt.Legend(orient="bottom", columns=3, labelLimit=110),
            ),
            tooltip=["month:O", "section:N", "articles:Q"],
        )
    )


def _coverage(figures: Figures) -> dict[str, Any] | None:
    rows = [each._asdict() for each in figures.coverage]
    if not rows:
        return None
    names = {row["field"] for row in rows}
    return _plain(
        _chart(
            rows, "Share of the articles of each run that have each field", height=_ROW * len(names)
        )
        .mark_rect()
        .encode(
            x=alt.X("run:O", title="run", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("field:N", title=None),
            color=alt.Color(
                "share:Q",
                title="share of articles",
                scale=alt.Scale(domain=[0, 1], scheme="yellowgreenblue"),
                legend=alt.Legend(orient="bottom", format="%", gradientLength=200),
            ),
            tooltip=["run:O", "field:N", alt.Tooltip("share:Q", format=".1%")],
        )
    )


def _ways(figures: Figures) -> dict[str, Any] | None:
    rows = [
        {"way": way or "unknown", "articles": number}
        for way, number in figures.articles.found_via.most_common()
    ]
    if not rows:
        return None
    return _plain(
        _chart(rows, "Articles by how they were found", height=_ROW * 1.4 * len(rows))
        .mark_bar(color="#1f77b4")
        .encode(
            x=alt.X("articles:Q", title="articles"),
            y=alt.Y("way:N", title=None, sort="-x"),
            tooltip=["way:N", "articles:Q"],
        )
    )
