"""``scrapy db``: back up, check, shrink and upgrade the database, and rename a site in it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rich.text import Text
from scrapy.exceptions import UsageError
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from newscrawl.addresses.moves import Move
from newscrawl.dataset.last_lines import LogDamaged
from newscrawl.dataset.logs import LogPath
from newscrawl.dataset.near import scope_of
from newscrawl.exit_status import ExitStatus
from newscrawl.frontier.lease import SiteLocked
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.search.index import build, merge
from newscrawl.store.copying import copy_sqlite
from newscrawl.store.database import HEAD, Upgrade, file_of, migrate, reading, revision_of
from newscrawl.store.outputs import Kind, note
from newscrawl.store.schema import logs
from newscrawl.terminal.database_command import DatabaseCommand, known_site
from newscrawl.upkeep.backup import dump_postgres
from newscrawl.upkeep.checks import Check, Finding, checks
from newscrawl.upkeep.compaction import compact
from newscrawl.upkeep.renaming import Renaming
from newscrawl.upkeep.retention import (
    give_back_space,
    refuse_beside_runs,
    remove_revisions,
    remove_visits,
    size_of,
)

RENAME = "rename-site"
ACTIONS = {
    "backup": (0, 1),
    "check": (0, 0),
    "vacuum": (0, 0),
    "upgrade": (0, 0),
    "index": (0, 0),
    RENAME: (2, 2),
}
"""The least and the greatest number of names after each."""
TOLD = 50_000
"""Articles after which an index that is built says how far it is."""
SHOWN = 5
"""Findings of one check that are shown."""


class Command(DatabaseCommand):
    arguments = (1, 3)

    def syntax(self) -> str:
        return (
            "backup [FILE] | check | vacuum [--logs] | upgrade | index | "
            "rename-site OLD NEW [--dry-run]"
        )

    def short_desc(self) -> str:
        return "Back up, check, shrink or upgrade the database, or rename a site"

    def long_desc(self) -> str:
        return (
            "backup copies the database to FILE, or to a file with the time in its name, also while "
            "a crawl writes. check looks whether database, accounts and logs agree, and ends with 1 "
            "if not. vacuum removes what the settings NEWSCRAWL_KEEP_* do not "
            "keep and gives back the space; it ends with 75 while a run is at work. upgrade brings "
            "the schema up to date, as every command does that opens the database. index builds the index of "
            "newscrawl search for what was stored without it, also while a crawl writes. rename-site lets "
            "all that is known of the site OLD be known of NEW, so that nothing is new again after a "
            "site has moved; it ends with 75 while a run is at work."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--logs",
            action="store_true",
            help="vacuum: rewrite the JSON Lines logs, sealed parts too, with only the last line "
            "of each article",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="rename-site: only show what would be renamed"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        action = args[0] if args else ""
        least, most = ACTIONS.get(action, (0, -1))
        misplaced = (opts.logs and action != "vacuum") or (opts.dry_run and action != RENAME)
        if misplaced or not least < len(args) <= most + 1:
            raise UsageError(f"usage: {self.program} db {self.syntax()}", print_help=False)
        self._action = action
        self._upgraded: Upgrade | None = None
        super().run(args, opts)

    def prepare(self, engine: Engine) -> None:
        if self._action != "backup":
            self._upgraded = migrate(engine)
            return
        with reading(engine) as connection:
            revision_of(connection)

    def work_on(self, engine: Engine, args: list[str], opts: argparse.Namespace) -> None:
        if self._action == "backup":
            self._backup(engine, Path(args[1]) if len(args) > 1 else None)
        elif self._action == "check":
            self._check(engine)
        elif self._action == "vacuum":
            self._vacuum(engine, logs_too=opts.logs)
        elif self._action == "index":
            self._index(engine)
        elif self._action == RENAME:
            self._rename(engine, *args[1:], only_show=opts.dry_run)
        else:
            self._upgrade()

    def _backup(self, engine: Engine, target: Path | None) -> None:
        source = file_of(engine.url)
        target = target or _default(source or Path(f"{engine.url.database}.dump"))
        if target.exists():
            raise UsageError(
                f"{target} is already there; a backup replaces nothing", print_help=False
            )
        if not target.parent.is_dir():
            raise UsageError(f"there is no folder {target.parent}", print_help=False)
        if source is None and engine.dialect.name != "postgresql":
            raise UsageError("there is no backup of this database", print_help=False)
        note(engine, [target], Kind.BACKUP)
        if source is not None:
            copy_sqlite(source, target)
        else:
            dump_postgres(engine.url, target)
        self._tell(f"{target}: {_told(target.stat().st_size)}")

    def _check(self, engine: Engine) -> None:
        from newscrawl.upkeep.archive_checks import findings as archive_findings

        assert self.settings is not None
        scope = scope_of(self.settings["NEWSCRAWL_DEDUPE_SCOPE"])
        archive = partial(archive_findings, self._archive_folder)
        self.exitcode = ExitStatus.GOOD
        try:
            with reading(engine) as connection:
                for check in (*checks(scope), Check("archive", archive)):
                    if engine.dialect.name == "sqlite" or not check.sqlite_only:
                        self._show(check.name, _read(check, connection))
        except SQLAlchemyError:  # a damaged file may not even let a transaction end
            if not self.exitcode:
                raise

    def _show(self, name: str, findings: Iterable[Finding]) -> None:
        notes: list[str] = []
        shown: list[str] = []
        faults = 0
        for found in findings:
            if found.is_note:
                notes.append(found.text)
                continue
            faults += 1
            if faults <= SHOWN:
                shown.append(found.text)
        if faults > SHOWN:
            shown.append(f"and {faults - SHOWN:,} more")
        lines = [f"{name}: {f'{faults:,} wrong' if faults else 'ok'}"]
        lines += [f"  {each}" for each in (*shown, *notes)]
        self.console().print(Text("\n".join(lines)))
        if faults:
            self.exitcode = ExitStatus.FAILED

    def _vacuum(self, engine: Engine, *, logs_too: bool) -> None:
        try:
            with reading(engine) as connection:
                refuse_beside_runs(connection)
            before = size_of(engine)
            self._remove(engine)
            merge(engine)
            if logs_too:
                self._compact(engine)
            give_back_space(engine)
        except SiteLocked as error:
            self.not_done(error, ExitStatus.LOCKED)
        except (LogDamaged, OSError) as error:
            self.not_done(error, ExitStatus.FAILED)
        else:
            self._tell(f"database: {_told(before)} → {_told(size_of(engine))}")

    def _remove(self, engine: Engine) -> None:
        from newscrawl.upkeep.archive_retention import remove_parts

        assert self.settings is not None
        if days := self.settings.getfloat("NEWSCRAWL_KEEP_VISITS"):
            self._tell(f"visits: {remove_visits(engine, days):,} removed")
        if kept := self.settings.getint("NEWSCRAWL_KEEP_REVISIONS"):
            self._tell(f"earlier revisions: {remove_revisions(engine, kept):,} removed")
        if days := self.settings.getfloat("NEWSCRAWL_KEEP_ARCHIVE"):
            removed = remove_parts(engine, days, self._archive_folder)
            self._tell(f"archive: {removed.parts:,} parts, {_told(removed.length)} removed")

    @property
    def _archive_folder(self) -> Path | None:
        assert self.settings is not None
        folder = self.settings["NEWSCRAWL_ARCHIVE"]
        return Path(folder) if folder else None

    def _compact(self, engine: Engine) -> None:
        with reading(engine) as connection:
            sites = connection.execute(select(logs.c.site).distinct()).scalars().all()
        for site in sorted(sites):
            done = compact(engine, site)
            self._tell(f"log of {site}: {_told(done.before)} → {_told(done.after)}")

    def _tell(self, text: str) -> None:
        self.console().print(Text(text))

    def _index(self, engine: Engine) -> None:
        told = done = 0
        for done in build(engine):
            if done - told >= TOLD:
                told = done
                self._tell(f"{done:,} articles")
        self._tell(f"index of the search: {done:,} articles put in" if done else "nothing to do")

    def _rename(self, engine: Engine, old: str, new: str, *, only_show: bool) -> None:
        assert self.settings is not None
        with reading(engine) as connection:
            site = known_site(connection, old)
        move = Move.to(site, new)
        if site not in {old, Move.to(site, old).new}:
            raise UsageError(
                f"{old!r} is a part of {site}; a site is renamed whole", print_help=False
            )
        path = LogPath(
            self.settings["NEWSCRAWL_JSONL"], self.settings.getint("NEWSCRAWL_JSONL_MAX_BYTES")
        )
        policy = RevisitPolicy(
            self.settings.getfloat("NEWSCRAWL_REVISIT_MIN"),
            self.settings.getfloat("NEWSCRAWL_REVISIT_MAX"),
        )
        renaming = Renaming(engine, move, path, policy)
        try:
            done = renaming.preview() if only_show else renaming.run()
        except SiteLocked as error:
            self.not_done(error, ExitStatus.LOCKED)
        except OSError as error:
            self.not_done(error, ExitStatus.FAILED)
        else:
            self._tell(
                f"{site} {'would be' if only_show else 'is'} {move.site}: {done.pages:,} pages, "
                f"{done.articles:,} articles, {done.aliases:,} more names of articles"
            )

    def _upgrade(self) -> None:
        done = self._upgraded
        if done is None:
            self._tell(f"schema {HEAD}: nothing to do")
            return
        kept = f"; as it was before: {done.backup}" if done.backup else ""
        self._tell(f"schema {done.since or 'none'} → {HEAD}{kept}")


def _read(check: Check, connection: Connection) -> Iterator[Finding]:
    try:
        yield from check.findings(connection)
    except SQLAlchemyError as error:
        yield Finding(f"the database cannot be read: {getattr(error, 'orig', error)}")


def _default(database: Path) -> Path:
    """Return a name with the present time."""
    stem, ending = database.stem, database.suffix or ".db"
    return database.with_name(f"{stem}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{ending}")


def _told(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
