"""``newscrawl corpus report``: a corpus as one HTML page."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from newscrawl.corpus.building import NotACorpusError, about_of
from newscrawl.corpus.deduping.balance import NotDedupedError
from newscrawl.corpus.layout import Layout
from newscrawl.exit_status import ExitStatus
from newscrawl.processes.jobs import jobs_or_cores
from newscrawl.store.replacing import write_whole
from newscrawl.terminal.next_steps import started_as

if TYPE_CHECKING:
    import argparse

    from newscrawl.corpus.actions.action import Asked

REPORT = Path("report.html")


class ReportAction:
    takes = "OUT [-o FILE]"
    least = most = 1

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """It has none of its own."""

    def run(self, asked: Asked) -> int:
        if find_spec("jinja2") is None:
            raise ValueError("a report needs the extra: pip install 'newscrawl[report]'")
        layout = Layout(Path(asked.words[0]).resolve())
        if about_of(layout) is None:
            raise NotACorpusError(f"{layout.folder} is no corpus")
        output: Path = asked.options.output or REPORT
        if not output.parent.is_dir() or output.is_dir():
            raise ValueError(f"{output}: there is no folder {output.parent}")
        write_whole(output, _page(layout, asked))
        asked.console.print(Text(f"written to {output}"))
        return ExitStatus.GOOD


def _page(layout: Layout, asked: Asked) -> str:
    from newscrawl.corpus.reporting.figures import figures  # noqa: PLC0415 - it needs the extra
    from newscrawl.corpus.reporting.page import page  # noqa: PLC0415 - as above
    from newscrawl.report.steps import Shell  # noqa: PLC0415 - it loads SQLAlchemy

    options = asked.options
    try:
        found = figures(layout, memory=options.memory, jobs=jobs_or_cores(options.jobs))
    except NotDedupedError as error:
        raise NotACorpusError(str(error)) from None
    return page(found, Shell(started_as(sys.argv[0])))
