"""``newscrawl feed``: the latest articles for readers of feeds."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scrapy.exceptions import UsageError
from sqlalchemy import Connection

from newscrawl.events.events import latest
from newscrawl.events.feed import atom, json_feed
from newscrawl.store.replacing import replacing
from newscrawl.terminal.database_command import DatabaseCommand, known_site

LIMIT = 100


class Command(DatabaseCommand):
    def syntax(self) -> str:
        return "[-o feed.xml|feed.json] [--site SITE] [--limit N]"

    def short_desc(self) -> str:
        return "Write the latest articles as a feed: Atom or JSON Feed"

    def long_desc(self) -> str:
        return (
            "Writes what was new, changed or gone of late, the latest first, each article once: as "
            "Atom, or as JSON Feed to a file whose name ends with .json. Without -o it goes to "
            "standard output. A file is replaced whole."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="where it is written")
        parser.add_argument(
            "--site", action="append", default=[], help="only this site; repeatable"
        )
        parser.add_argument(
            "--limit", type=int, default=LIMIT, metavar="N", help=f"how many (default: {LIMIT})"
        )

    def work(self, connection: Connection, args: list[str], opts: argparse.Namespace) -> None:
        if opts.limit < 1:
            raise UsageError("--limit must be at least 1", print_help=False)
        sites = [known_site(connection, each) for each in opts.site]
        events = latest(connection, opts.limit, sites=sites)
        path: Path | None = opts.output
        is_json = path is not None and path.suffix == ".json"
        told = json_feed(events) if is_json else atom(events, _name(sites))
        if path is None:
            sys.stdout.buffer.write(told)
            return
        try:
            with replacing(path) as beside:
                beside.write_bytes(told)
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}", print_help=False) from None


def _name(sites: list[str]) -> str:
    """A URI that stays the same: readers know a feed by it."""
    return f"urn:newscrawl:feed:{'+'.join(sorted(sites)) or 'all'}"
