"""``scrapy forget``: let pages be crawled again as if for the first time."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError
from sqlalchemy import Connection

from newscrawl.addresses.address import as_typed, identity
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.exit_status import ExitStatus
from newscrawl.frontier.lease import SiteLocked
from newscrawl.history.queries import forget
from newscrawl.terminal.database_command import DatabaseCommand


class Command(DatabaseCommand):
    arguments = (0, 1)
    writes = True

    def syntax(self) -> str:
        return "<url> | --site SITE"

    def short_desc(self) -> str:
        return "Let a URL, or all of a site, be crawled again as if for the first time"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--site", help="a registered domain, as in the column 'site'")

    def work(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        if bool(args) == bool(opts.site):
            raise UsageError("name either a URL or --site SITE", print_help=False)
        try:
            key = identity(as_typed(args[0])) if args else None
            number = forget(connection, identity=key, site=opts.site)
        except UnfetchableURL as error:
            raise UsageError(
                f"{args[0]!r} is not a web address: {error}", print_help=False
            ) from None
        except SiteLocked as error:
            self.not_done(error, ExitStatus.LOCKED)
            return
        self.console().print(
            f"{number:,} {'page' if number == 1 else 'pages'} will be crawled again"
        )
        self.exitcode = 0 if number else 1
