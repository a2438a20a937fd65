"""``newscrawl corpus build``: WARC files into the parts of a corpus."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from newscrawl.arguments.arguments import date_of, zone_of
from newscrawl.corpus.actions.telling import outcomes, sentence
from newscrawl.corpus.building import Build, BusyError, Executor
from newscrawl.corpus.inputs import expanded
from newscrawl.corpus.task import Unread, filters_of, settings_set
from newscrawl.corpus.totals import Totals
from newscrawl.exit_status import ExitStatus
from newscrawl.processes.jobs import jobs_or_cores

if TYPE_CHECKING:
    import argparse

    from scrapy.settings import BaseSettings

    from newscrawl.corpus.actions.action import Asked


class BuildAction:
    takes = "OUT INPUT…"
    least, most = 2, None

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        own = parser.add_argument_group("Build Options")
        own.add_argument(
            "--language",
            action="append",
            default=[],
            metavar="CODE",
            help="only articles in this language (de); may be repeated",
        )
        own.add_argument(
            "--timezone",
            metavar="ZONE",
            help="read dates without an offset in this zone (Europe/Berlin)",
        )
        own.add_argument(
            "--dask",
            metavar="ADDRESS",
            help="read shards on a Dask cluster (tcp://127.0.0.1:8786)",
        )
        own.add_argument(
            "--queue",
            action="store_true",
            help="let newscrawl worker --shards read them, through NEWSCRAWL_DATABASE_URL",
        )

    def run(self, asked: Asked) -> int:
        folder, *inputs = asked.words
        build = self._build(Path(folder), inputs, asked)
        totals = Totals()
        try:
            with build.opened():
                self._follow(build, self._executor(asked), totals, asked)
        except BusyError as error:
            asked.console.print(Text(str(error)))
            return ExitStatus.LOCKED
        asked.console.print(outcomes(totals))
        asked.console.print(sentence(totals))
        return ExitStatus.FAILED if totals.unread else ExitStatus.GOOD

    @staticmethod
    def _build(folder: Path, inputs: list[str], asked: Asked) -> Build:
        options = asked.options
        since = date_of(options.since, "--since") if options.since else None
        until = date_of(options.until, "--until") if options.until else None
        if options.timezone:
            zone_of(options.timezone, "--timezone")
        return Build(
            folder,
            expanded(inputs),
            filters_of(options.site, options.language, since, until),
            zone=options.timezone,
            settings=settings_set(asked.settings),
        )

    @staticmethod
    def _executor(asked: Asked) -> Executor:
        if asked.options.dask and asked.options.queue:
            raise ValueError("--dask and --queue exclude each other")
        if asked.options.queue:
            return _in_queue(asked.settings)
        if asked.options.dask:
            return _on_dask(asked.options.dask)
        jobs = jobs_or_cores(asked.options.jobs)
        if jobs == 1:
            from newscrawl.corpus.in_process import InProcess  # noqa: PLC0415 - it loads page objects

            return InProcess()
        from newscrawl.corpus.pooled import Pooled  # noqa: PLC0415 - as above

        return Pooled(jobs)

    @staticmethod
    def _follow(build: Build, executor: Executor, totals: Totals, asked: Asked) -> None:
        tasks = build.tasks()
        totals.before = len(build.addresses) - len(tasks)
        console = asked.console
        columns = (
            TextColumn("reading shards"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[told]}"),
            TimeRemainingColumn(),
        )
        with Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        ) as bar:
            shown = bar.add_task("", total=len(tasks), told="")
            for task, result in executor.run(tasks):
                if isinstance(result, Unread):
                    totals.add_unread()
                    console.print(Text(f"not read: {task.address}: {result.why}"))
                else:
                    totals.add(result)
                bar.update(shown, advance=1, told=f"{totals.articles:,} articles")


def _on_dask(address: str) -> Executor:
    if importlib.util.find_spec("distributed") is None:
        raise ValueError("distributed is not installed: pip install 'newscrawl[dask]'")
    from newscrawl.corpus.executors.on_dask import OnDask  # noqa: PLC0415 - it loads Dask

    return OnDask(address)


def _in_queue(settings: BaseSettings) -> Executor:
    if importlib.util.find_spec("procrastinate") is None:
        raise ValueError("procrastinate is not installed: pip install 'newscrawl[worker]'")
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - few need it

    from newscrawl.corpus.executors.in_queue import InQueue  # noqa: PLC0415 - as above
    from newscrawl.store.database import connect  # noqa: PLC0415 - as above
    from newscrawl.store.waiting import Waits  # noqa: PLC0415 - as above

    waits = Waits.of(settings)
    engine = connect(settings["NEWSCRAWL_DATABASE_URL"] or "", create=False, waits=waits)
    if engine.dialect.name != "postgresql":
        raise ValueError("--queue: workers share a PostgreSQL, set NEWSCRAWL_DATABASE_URL")
    try:
        engine.connect().close()
    except SQLAlchemyError as error:
        raise ValueError(f"--queue: cannot use {engine.url!r}: {error}") from None
    return InQueue(engine, waits)
