"""``scrapy runs``: what the last runs came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.terminal.database_command import DatabaseCommand

if TYPE_CHECKING:
    import argparse

    from sqlalchemy import Connection


class Command(DatabaseCommand):
    def short_desc(self) -> str:
        return "List the runs, newest first"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-n", type=int, default=20, help="how many (default: 20)", dest="limit")
        parser.add_argument(
            "--json", action="store_true", help="print all that is known of them as JSON"
        )

    def work(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.history.queries import latest_runs

        runs = latest_runs(connection, opts.limit)
        if opts.json:
            self.print_json(runs)
            return
        from newscrawl.terminal.run_table import narrow, of_latest, wide

        console, table = self.console(), wide(runs)
        console.print(table if console.fits(table) else narrow(runs))
        if told := of_latest(runs):
            console.say(told)
