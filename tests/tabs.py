"""Tabs of a real browser, with what it complained of and what it asked for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from newscrawl.middlewares.browser import CHROMIUMS

CHROMIUM = next(filter(None, map(shutil.which, CHROMIUMS)), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")


@dataclass
class Tab:
    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Take down what is heard from now on."""

        def asked(request: Request) -> None:
            self.requests.append(request.url)

        self.page.on("request", asked)
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def report_in(browser: Browser, report: Path, **options) -> Iterator[Tab]:
    """Open a report, and wait until its scripts are done if they may run."""
    context = browser.new_context(**options)
    tab = Tab(context.new_page())
    tab.listen()
    tab.page.goto(report.as_uri())
    if options.get("java_script_enabled", True):
        tab.page.wait_for_selector("html[data-ready]")
    yield tab
    context.close()


def shown(page: Page, table: str) -> list[list[str]]:
    """The texts of all cells of a table in a report."""
    rows = page.locator(f"#rows-{table} tr").all()
    return [row.locator("td").all_inner_texts() for row in rows]
