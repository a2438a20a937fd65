"""``scrapy reextract``: read archived pages again by today's rules."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import Progress
from rich.table import Table
from rich.text import Text
from scrapy.exceptions import UsageError
from sqlalchemy import Engine

from newscrawl.arguments.arguments import date_of, zone_of
from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.near import scope_of
from newscrawl.exit_status import ExitStatus
from newscrawl.frontier.lease import LeaseLost, SiteLocked
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.outcomes import Outcome
from newscrawl.processes.jobs import jobs_of
from newscrawl.processes.pool import StartError
from newscrawl.store.database import reading
from newscrawl.terminal.database_command import DatabaseCommand

if TYPE_CHECKING:
    from newscrawl.reextract.changes import Changes
    from newscrawl.reextract.finding import Finding
    from newscrawl.reextract.reextraction import Reextraction, ReextractionResult
    from newscrawl.reextract.sources import Source


class Command(DatabaseCommand):
    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Read archived pages again, by the present rules and without network"

    def long_desc(self) -> str:
        return (
            "Runs the page objects and pipelines over the newest archived answer of each page and "
            "puts what they find in place of what is stored; it makes no revision. Into a database "
            "without archive it stores what the WARC files of NEWSCRAWL_ARCHIVE hold, as a crawl "
            "would. --warc reads other WARC files as a source of pages. --diff only shows what "
            "would change."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        own = parser.add_argument_group("Reextract Options")
        own.add_argument(
            "--site", action="append", default=[], help="only this site; may be repeated"
        )
        own.add_argument(
            "--since", metavar="DATE", help="only answers archived then or later (ISO 8601)"
        )
        own.add_argument(
            "--field",
            action="append",
            default=[],
            metavar="NAME",
            help="change only this field of stored articles; may be repeated",
        )
        own.add_argument(
            "--timezone",
            metavar="ZONE",
            help="read dates without an offset in this zone (Europe/Berlin), in place of the one "
            "that the site was crawled with",
        )
        own.add_argument(
            "--doubtful",
            action="store_true",
            help="only pages whose article is stored with a doubtful text",
        )
        own.add_argument("--diff", action="store_true", help="show what would change, by field")
        own.add_argument(
            "--jobs",
            default="1",
            metavar="N",
            help="read pages in so many processes; what is stored is the same (default: 1)",
        )
        own.add_argument(
            "--warc",
            nargs="+",
            action="extend",
            default=[],
            type=Path,
            metavar="FILE",
            help="read the pages of these WARC files",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.reextract.changes import RENEWABLE

        unknown = [name for name in opts.field if name not in RENEWABLE]
        if unknown:
            raise UsageError(
                f"--field: no field {unknown[0]!r} can be read again; "
                f"there are: {', '.join(RENEWABLE)}",
                print_help=False,
            )
        self.creates = not opts.diff
        super().run(args, opts)

    def work_on(self, engine: Engine, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.reextract.reextraction import Reextraction

        try:
            zone = zone_of(opts.timezone, "--timezone") if opts.timezone else None
            source = self._source(engine, opts)
            self._check_log(source)
            with self._finding(source, jobs_of(opts.jobs)) as finding:
                again = Reextraction(engine, source, finding, self._stores(), opts.field, zone)
                self._follow(again.compare() if opts.diff else self._apply(again, opts), source)
        except (SiteLocked, LeaseLost) as error:
            self.not_done(error, ExitStatus.LOCKED)
            return
        except (ValueError, OSError, StartError) as error:
            raise UsageError(str(error), print_help=False) from None
        self._tell(again.told, source, opts)

    @contextmanager
    def _finding(self, source: Source, jobs: int) -> Iterator[Finding]:
        """Read pages in this process, or in so many others."""
        assert self.settings is not None
        folder = Path(self.settings["NEWSCRAWL_ARCHIVE"] or ".")
        if jobs > 1:
            from newscrawl.reextract.apart import InWorkers, pool_of_readers

            with pool_of_readers(jobs, self.settings, folder) as pool:
                yield InWorkers(source, pool)
            return
        from newscrawl.archive.reading import RecordReader
        from newscrawl.reextract.finding import InTurn, PlacedReader
        from newscrawl.reextract.reading import PageReader

        reader = PageReader.from_settings(self.settings)
        with closing(reader), closing(RecordReader(folder)) as records:
            yield InTurn(source, PlacedReader(reader, records))

    def _source(self, engine: Engine, opts: argparse.Namespace) -> Source:
        from newscrawl.reextract.sources import FileSource, LedgerSource

        since = date_of(opts.since, "--since").astimezone(UTC) if opts.since else None
        with reading(engine) as connection:
            if not opts.warc and LedgerSource.is_there(connection):
                ledger = LedgerSource(engine, sites=opts.site, since=since, doubtful=opts.doubtful)
                return self._checked(ledger, opts)
        if opts.doubtful:
            raise UsageError(
                "--doubtful: only the ledger's own archive tells which pages those are",
                print_help=False,
            )
        source = FileSource(self._files(opts), sites=opts.site, since=since)
        console = self.console()
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("looking through the files", total=None)
            for number in source.index():
                bar.update(task, completed=number)
        return self._checked(source, opts)

    def _files(self, opts: argparse.Namespace) -> Sequence[Path]:
        from newscrawl.archive.archive import ENDING

        assert self.settings is not None
        if opts.warc:
            return list(opts.warc)
        folder = self.settings["NEWSCRAWL_ARCHIVE"]
        if not folder:
            raise UsageError(
                "the database has no archive; name its folder with NEWSCRAWL_ARCHIVE, "
                "or files with --warc",
                print_help=False,
            )
        return sorted(Path(folder).glob(f"*{ENDING}"))

    @staticmethod
    def _checked(source: Source, opts: argparse.Namespace) -> Source:
        """Refuse sites that nothing is archived of, and an archive without anything."""
        there = source.sites()
        absent = sorted(set(opts.site).difference(there))
        if absent:
            raise UsageError(f"--site: nothing of {absent[0]!r} is archived", print_help=False)
        return source

    def _check_log(self, source: Source) -> None:
        assert self.settings is not None
        log = self.settings["NEWSCRAWL_JSONL"] or ""
        if log and "{site" not in log and len(source.sites()) > 1:
            raise ValueError(
                f"NEWSCRAWL_JSONL is {log!r} and the pages are of {len(source.sites())} sites: "
                "put {site} into it"
            )

    def _stores(self) -> Callable[[], ArticleStore]:
        settings = self.settings
        assert settings is not None
        scope = scope_of(settings["NEWSCRAWL_DEDUPE_SCOPE"])

        def store() -> ArticleStore:
            return ArticleStore(
                settings["NEWSCRAWL_JSONL"] or "",
                sync=settings["NEWSCRAWL_SYNCHRONOUS"] == "FULL",
                max_bytes=settings.getint("NEWSCRAWL_JSONL_MAX_BYTES"),
                scope=scope,
            )

        return store

    def _apply(self, again: Reextraction, opts: argparse.Namespace) -> Iterator[int]:
        assert self.settings is not None
        names = ("site", "since", "field", "timezone", "doubtful")
        given = {name: value for name in names if (value := getattr(opts, name))}
        if opts.warc:
            given["warc"] = [str(path) for path in opts.warc]
        policy = RevisitPolicy(
            self.settings.getfloat("NEWSCRAWL_REVISIT_MIN"),
            self.settings.getfloat("NEWSCRAWL_REVISIT_MAX"),
        )
        return again.apply(given, policy)

    def _follow(self, pages: Iterator[int], source: Source) -> None:
        if not source.sites():
            return
        console = self.console()
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("reading pages again", total=len(source))
            for number in pages:
                bar.update(task, completed=number)

    def _tell(self, told: ReextractionResult, source: Source, opts: argparse.Namespace) -> None:
        console = self.console()
        console.print(_outcomes(told))
        if told.changes.fields:
            console.print(_fields(told.changes))
        if opts.diff:
            for line in _samples(told.changes):
                console.print(line)
        for what, number in sorted(source.passed_over.items()):
            console.print(f"{number:,} {what} passed over")
        if told.unstored:
            console.print(f"{told.unstored:,} new articles not stored: only fields were asked for")
        for url in told.left[:SHOWN]:
            console.print(Text(f"no article any more, left as it is stored: {url}"))
        if len(told.left) > SHOWN:
            console.print(f"… and {len(told.left) - SHOWN:,} more")
        would = "would change" if opts.diff else "changed"
        console.print(
            f"{told.pages:,} pages read again; {told.changes.articles:,} articles {would}"
        )


SHOWN = 10
"""Articles named that no longer read as such."""


def _outcomes(told: ReextractionResult) -> Table:
    table = Table(title="What the answers are", title_justify="left")
    for name in ("outcome", "answers", "reasons"):
        table.add_column(name, justify="right" if name == "answers" else "left")
    for outcome in Outcome:
        reasons = {why: n for (what, why), n in told.counts.items() if what == outcome}
        if reasons:
            named = sorted((-n, why) for why, n in reasons.items() if why is not None)
            remarks = ", ".join(f"{why} {-n:,}" for n, why in named)
            table.add_row(outcome.value, f"{sum(reasons.values()):,}", Text(remarks))
    return table


def _fields(changes: Changes) -> Table:
    table = Table(title="What changes, by field", title_justify="left")
    table.add_column("field")
    for name in ("gained", "lost", "changed"):
        table.add_column(name, justify="right")
    for name in changes.fields:
        counts = (changes.gained[name], changes.lost[name], changes.changed[name])
        table.add_row(name, *(f"{n:,}" if n else "" for n in counts))
    return table


def _samples(changes: Changes) -> Iterator[Text]:
    for name in changes.fields:
        for sample in changes.samples[name]:
            yield Text(f"{name}: {sample.url}", style="bold")
            yield Text(f"  - {sample.before}", style="red")
            yield Text(f"  + {sample.after}", style="green")
