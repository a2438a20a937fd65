"""The base of commands that work on the database."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scrapy.exceptions import UsageError
from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from newscrawl.addresses.address import as_typed, site_of
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.exit_status import ExitStatus
from newscrawl.frontier.lease import SiteLocked
from newscrawl.history.queries import known_sites
from newscrawl.store.copying import BackupFailed
from newscrawl.store.database import connect, migrate, reading
from newscrawl.store.faults import LOCKED_BY_OTHERS, is_locked
from newscrawl.store.outputs import sweep_quietly
from newscrawl.store.waiting import Waits
from newscrawl.terminal.console import WholeConsole
from newscrawl.terminal.json_text import json_text
from newscrawl.terminal.logging_command import LoggingCommand


class DatabaseCommand(LoggingCommand):
    """Opens the database of ``NEWSCRAWL_DATABASE_URL``, which must exist unless it is ``creates``."""

    requires_crawler_process = False
    arguments: tuple[int, int] = (0, 0)
    """The least and the greatest number of arguments."""
    writes = False
    creates = False
    """Whether a database is made where there is none."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        unknown = [arg for arg in args if arg.startswith("-")]
        if unknown:
            raise UsageError(f"unknown option {unknown[0]}", print_help=False)
        least, most = self.arguments
        if not least <= len(args) <= most:
            raise UsageError(
                f"usage: {self.program} {self._name} {self.syntax()}", print_help=False
            )
        try:
            with self.database() as engine:
                self.work_on(engine, args, opts)
        except SiteLocked as error:
            self.not_done(error, ExitStatus.LOCKED)

    @property
    def _name(self) -> str:
        return type(self).__module__.rpartition(".")[2]

    def work_on(self, engine: Engine, args: list[str], opts: argparse.Namespace) -> None:
        with engine.begin() if self.writes else reading(engine) as connection:
            self.work(connection, args, opts)

    def work(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        """Do the command's work inside one transaction."""
        raise NotImplementedError

    @contextmanager
    def database(self) -> Iterator[Engine]:
        assert self.settings is not None
        url = self.settings["NEWSCRAWL_DATABASE_URL"]
        if not url:
            raise UsageError("NEWSCRAWL_DATABASE_URL is not set", print_help=False)
        try:
            waits = Waits.of(self.settings)._replace(transaction=0.0)
            engine = connect(url, create=self.creates, waits=waits)
            self.prepare(engine)
            sweep_quietly(engine)
            yield engine
        except (ValueError, FileNotFoundError, BackupFailed) as error:
            raise UsageError(str(error), print_help=False) from None
        except (SQLAlchemyError, sqlite3.OperationalError) as error:
            if is_locked(error):
                raise SiteLocked(LOCKED_BY_OTHERS) from None
            shown = make_url(url).render_as_string(hide_password=True)
            raise UsageError(f"cannot use {shown}: {error}", print_help=False) from None
        engine.dispose()

    def prepare(self, engine: Engine) -> None:
        """Bring the schema up to date before the work."""
        migrate(engine)

    def not_done(self, error: Exception, status: ExitStatus) -> None:
        print(f"Not done: {error}", file=sys.stderr)  # noqa: T201 - the one line
        self.exitcode = status

    @staticmethod
    def console() -> WholeConsole:
        return WholeConsole()

    def print_json(self, value: Any) -> None:
        """Print rows or plain values as JSON, which is UTF-8 wherever it goes.

        A lone surrogate, which UTF-8 cannot say, is escaped as JSON does.
        """
        text = f"{json_text(value)}\n"
        try:
            sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
            sys.stdout.flush()
        except BrokenPipeError:
            self.console().on_broken_pipe()


def known_site(connection: Connection, given: str) -> str:
    """Return the site that was meant by a registered domain or any URL of it.

    Raises:
        UsageError: nothing of it is in the database.
    """
    known = known_sites(connection)
    if given in known:
        return given
    try:
        site = site_of(as_typed(given))
    except UnfetchableURL:
        site = given
    if site not in known:
        told = ", ".join(known[:10]) or "none"
        raise UsageError(
            f"{given!r} was never crawled into this database; sites in it: {told}",
            print_help=False,
        )
    return site
