from __future__ import annotations

import argparse

from rich.table import Table
from sqlalchemy import Connection, RowMapping

from newscrawl.database_command import DatabaseCommand
from newscrawl.store.queries import latest_runs


class Command(DatabaseCommand):
    def short_desc(self) -> str:
        return "List the runs, newest first"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-n", type=int, default=20, help="how many (default: 20)", dest="limit")

    def work(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        table = Table()
        for name in ("run", "spider", "sites", "started", "took", "MB", "ended", "outcomes"):
            table.add_column(name, justify="right" if name in {"run", "took", "MB"} else "left")
        for run in latest_runs(connection, opts.limit):
            table.add_row(
                str(run["id"]),
                run["spider"],
                ", ".join(run["sites"]),
                f"{run['started']:%Y-%m-%d %H:%M:%S}",
                _took(run),
                str(run["peak_rss_mb"] or ""),
                run["reason"] or "not yet",
                ", ".join(f"{name} {number:,}" for name, number in (run["outcomes"] or {}).items()),
            )
        self.console().print(table)


def _took(run: RowMapping) -> str:
    if run["finished"] is None:
        return ""
    minutes, seconds = divmod(round((run["finished"] - run["started"]).total_seconds()), 60)
    return f"{minutes}:{seconds:02}"
