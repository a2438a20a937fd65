"""The base of commands that work on the database."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from scrapy.exceptions import UsageError

from newscrawl.exit_status import ExitStatus
from newscrawl.terminal.logging_command import LoggingCommand

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from newscrawl.terminal.console import WholeConsole

SQLITE = "sqlite:///"


class DatabaseCommand(LoggingCommand):
    """Opens the database of ``NEWSCRAWL_DATABASE_URL``, which must exist unless it is ``creates``.

    What works on databases is loaded when there is one: SQLAlchemy and the tables take as long as
    Scrapy.
    """

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
        self._see_file()
        from newscrawl.frontier.lease import SiteLocked  # noqa: PLC0415 - as said above

        try:
            with self.database() as engine:
                self.work_on(engine, args, opts)
        except SiteLocked as error:
            self.not_done(error, ExitStatus.LOCKED)

    def _see_file(self) -> None:
        """Say at once that there is no file of SQLite; of all else a connection tells."""
        assert self.settings is not None
        scheme, _, path = str(self.settings["NEWSCRAWL_DATABASE_URL"]).partition(SQLITE)
        is_plain = not scheme and path and not {*"?#"}.intersection(path)
        file = Path(unquote(path))
        if is_plain and not self.creates and path != ":memory:" and not file.exists():
            raise UsageError(f"there is no database at {file}; run a crawl first", print_help=False)

    @property
    def _name(self) -> str:
        return type(self).__module__.rpartition(".")[2]

    def work_on(self, engine: Engine, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.store.database import reading  # noqa: PLC0415 - as above

        with engine.begin() if self.writes else reading(engine) as connection:
            self.work(connection, args, opts)

    def work(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        """Do the command's work inside one transaction."""
        raise NotImplementedError

    @contextmanager
    def database(self) -> Iterator[Engine]:
        import sqlite3  # noqa: PLC0415 - as above

        from sqlalchemy import make_url  # noqa: PLC0415 - as above
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - as above

        from newscrawl.frontier.lease import SiteLocked  # noqa: PLC0415 - as above
        from newscrawl.store.copying import BackupFailed  # noqa: PLC0415 - as above
        from newscrawl.store.database import connect  # noqa: PLC0415 - as above
        from newscrawl.store.faults import LOCKED_BY_OTHERS, is_locked  # noqa: PLC0415 - as above
        from newscrawl.store.outputs import sweep_quietly  # noqa: PLC0415 - as above
        from newscrawl.store.waiting import Waits  # noqa: PLC0415 - as above

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
        from newscrawl.store.database import migrate  # noqa: PLC0415 - as above

        migrate(engine)

    def not_done(self, error: Exception, status: ExitStatus) -> None:
        print(f"Not done: {error}", file=sys.stderr)  # noqa: T201 - the one line
        self.exitcode = status

    @staticmethod
    def console() -> WholeConsole:
        from newscrawl.terminal.console import WholeConsole  # noqa: PLC0415 - as above

        return WholeConsole()

    def print_json(self, value: Any) -> None:
        """Print rows or plain values as JSON, which is UTF-8 wherever it goes.

        A lone surrogate, which UTF-8 cannot say, is escaped as JSON does.
        """
        from newscrawl.terminal.json_text import json_text  # noqa: PLC0415 - as above

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
    from newscrawl.addresses.address import as_typed, site_of  # noqa: PLC0415 - as above
    from newscrawl.addresses.unfetchable import UnfetchableURL  # noqa: PLC0415 - as above
    from newscrawl.history.queries import known_sites  # noqa: PLC0415 - as above

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
