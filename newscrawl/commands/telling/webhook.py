"""``newscrawl webhook``: each new, changed and vanished article posted to a program."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.exceptions import UsageError
from sqlalchemy import Engine

from newscrawl.events.cursor import Cursor
from newscrawl.events.delivery import DeliveryError, deliver, last_over, receiver
from newscrawl.exit_status import ExitStatus
from newscrawl.store.database import reading
from newscrawl.terminal.database_command import DatabaseCommand, known_site

CURSOR = Path("webhook.cursor")


class Command(DatabaseCommand):
    arguments = (1, 1)

    def syntax(self) -> str:
        return "[--cursor FILE] [--site SITE] [--all] <url>"

    def short_desc(self) -> str:
        return "Post new, changed and vanished articles to a program"

    def long_desc(self) -> str:
        return (
            "Posts a JSON object for each article that was new, changed or gone since the last "
            "time, in order, and remembers in the cursor how far it came. Each is posted at least "
            "once, also if the command is killed: Idempotency-Key is the same whenever one is "
            "posted again. The first time it begins with the crawls to come, or with --all at the "
            "very first. It ends with 1 where the receiver does not take one; the next time begins "
            "with that."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--cursor",
            type=Path,
            default=CURSOR,
            metavar="FILE",
            help=f"one for each receiver (default: {CURSOR})",
        )
        parser.add_argument(
            "--site", action="append", default=[], help="only this site; repeatable"
        )
        parser.add_argument("--all", action="store_true", help="begin with the first article")

    def work_on(self, engine: Engine, args: list[str], opts: argparse.Namespace) -> None:
        url = receiver(args[0])
        with reading(engine) as connection:
            sites = [known_site(connection, each) for each in opts.site]
        if not opts.cursor.parent.is_dir():
            raise ValueError(f"{opts.cursor}: there is no folder {opts.cursor.parent}")
        cursor = Cursor.read(opts.cursor)
        if cursor is None:
            cursor = Cursor(opts.cursor, 0 if opts.all else last_over(engine), {})
            cursor.keep()
        elif opts.all:
            raise UsageError(
                f"{opts.cursor} is there: --all begins only where there is none", print_help=False
            )
        try:
            delivered = deliver(engine, url, cursor, sites=sites)
        except DeliveryError as error:
            self.not_done(error, ExitStatus.FAILED)
            return
        self.console().say(f"{delivered:,} events delivered")
