"""A report as one page of HTML that needs nothing from anywhere."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from newscrawl import __version__
from newscrawl.history.accounts import Account
from newscrawl.report import charts
from newscrawl.report.assessment import assessment
from newscrawl.report.bins import bins
from newscrawl.report.details import Details
from newscrawl.report.figures import Figures
from newscrawl.report.steps import Shell
from newscrawl.report.tables import of_bins, of_fields, tables
from newscrawl.verdict.summary import count, summary

ICON = "data:,"


def page(figures: Figures, shell: Shell | None = None) -> str:
    """Return the page; all that came from the web is escaped, and no script draws anything.

    ``shell`` says how the commands that it advises are typed.
    """
    shell = shell or Shell()
    details = Details(figures, shell)
    found = bins(figures.articles.hours)
    return rendered(
        "report.html",
        title=", ".join(each.site for each in figures.sites),
        made=figures.made,
        figures=figures,
        said=assessment(figures, shell),
        words=_words(figures),
        details=details.all,
        published=charts.published(found) if found else None,
        numbers=of_bins(found) if found else None,
        earlier=found.earlier if found else 0,
        runs=charts.of_runs(figures.runs) if len(figures.runs) > 1 else None,
        tables=tables(figures, details),
        fields=of_fields(figures),
    )


def rendered(template: str, **values: Any) -> str:
    """Return a page in the one frame of all reports, which wants a ``title`` and when it was ``made``."""
    environment = Environment(
        loader=PackageLoader("newscrawl.report", "html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    style, script = _file("report.css"), _file("report.js")
    return environment.get_template(template).render(
        count=count,
        version=__version__,
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        **values,
    )


def _words(figures: Figures) -> str:
    """Return what the latest run came to, as the crawl itself said at its end."""
    latest = next((run for run in figures.runs if run.account), None)
    if latest is None or latest.account is None:
        return ""
    return f"Run {latest.id}: {summary(Account.from_dict(latest.account))}"


def _file(name: str) -> str:
    return (resources.files("newscrawl.report") / "html" / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Return a Content Security Policy: our script and our styles by their hashes, nothing else."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {_hash(script)}",
            f"style-src {_hash(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
