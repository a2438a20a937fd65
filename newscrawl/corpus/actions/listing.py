"""``corpus list``: which WARC files, and which records of them, hold the pages of a site."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.addresses.address import as_typed, site_of
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.arguments.arguments import date_of
from newscrawl.corpus.capturing.asking import Asking, ServerFailed, address_of
from newscrawl.corpus.capturing.captures import Left, at_of
from newscrawl.corpus.capturing.files import rows_of_file
from newscrawl.corpus.capturing.listing import Listing, Sum
from newscrawl.corpus.capturing.server import CdxServer, query_for
from newscrawl.exit_status import ExitStatus
from newscrawl.mistakes import BadInput, Mistakes
from newscrawl.store.replacing import replacing
from newscrawl.terminal.console import WholeConsole

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console
    from scrapy.settings import BaseSettings

PATHS, CAPTURES = ".paths", ".captures"


class ListAction:
    """Lists what archives have of sites, by their CDX."""

    name = "list"
    help = "find the WARC files with the pages of a site, by CDX files or a CDX server"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "cdx", nargs="+", metavar="CDX", help="a CDX or CDXJ file, or the address of a server"
        )
        parser.add_argument(
            "--site",
            action="append",
            default=[],
            help="only captures of this site (its registered domain); again for another",
        )
        parser.add_argument("--since", metavar="DATE", help="only captures from this date on")
        parser.add_argument("--until", metavar="DATE", help="only captures before this date")
        parser.add_argument(
            "--prefix",
            default="",
            help="what to put before the names of WARC files, e.g. https://data.commoncrawl.org/",
        )
        parser.add_argument(
            "-o",
            "--output",
            type=Path,
            metavar="FILE",
            help="FILE.paths: a WARC file a line; FILE.captures: a record a line. "
            "Otherwise paths to standard output",
        )

    def run(self, settings: BaseSettings, opts: argparse.Namespace, console: Console) -> int:
        """List captures; nothing is written unless the list is whole.

        Raises:
            BadInput: something given is wrong.
        """
        asked = _Asked.of(opts)
        output: Path | None = opts.output
        console = WholeConsole(stderr=True) if output is None else console
        with Listing(asked.sites, asked.since, asked.until, opts.prefix) as listing:
            try:
                for cdx in opts.cdx:
                    self._take(listing, cdx, asked, settings)
            except ServerFailed as error:
                console.print(f"{error}; no list is written", markup=False)
                return ExitStatus.FAILED
            found = listing.settle()
            if found.captures:
                _write(listing, output)
            for line in _told(listing, found):
                console.print(line, markup=False)
        return ExitStatus.GOOD if found.captures else ExitStatus.FAILED

    def _take(self, listing: Listing, cdx: str, asked: _Asked, settings: BaseSettings) -> None:
        if not is_server(cdx):
            listing.take(rows_of_file(Path(cdx)), is_own=True)
            return
        server = CdxServer(
            Asking(
                cdx,
                agent=settings["USER_AGENT"],
                gap=settings.getfloat("DOWNLOAD_DELAY"),
                longest=settings.getfloat("NEWSCRAWL_MAX_WAIT"),
            )
        )
        for site in asked.sites:
            listing.take(server.rows(query_for(site, asked.since, asked.until)), is_own=False)


class _Asked(NamedTuple):
    """What was asked for, checked."""

    sites: tuple[str, ...]
    since: datetime | None
    until: datetime | None

    @classmethod
    def of(cls, opts: argparse.Namespace) -> _Asked:
        """Read options.

        Raises:
            BadInput: some are wrong; each is named.
        """
        mistakes = Mistakes()
        sites = tuple(dict.fromkeys(mistakes.trying("", _site, each) for each in opts.site))
        since = mistakes.trying(None, date_of, opts.since, "--since") if opts.since else None
        until = mistakes.trying(None, date_of, opts.until, "--until") if opts.until else None
        if since and until and since >= until:
            mistakes.append("--until must be later than --since")
        if opts.output and opts.output.suffix not in {PATHS, CAPTURES}:
            mistakes.append(f"-o {opts.output}: name it *{PATHS} or *{CAPTURES}")
        servers = [each for each in opts.cdx if is_server(each)]
        for each in servers:
            mistakes.trying("", address_of, each)
        if servers and not sites:
            mistakes.append("a server is asked for sites: name them with --site")
        mistakes.tell()
        return cls(sites, since, until)


def is_server(cdx: str) -> bool:
    return cdx.lower().startswith(("http://", "https://"))


def _site(text: str) -> str:
    try:
        site = site_of(as_typed(text))
    except UnfetchableURL as error:
        raise BadInput([f"--site {text!r} is no site: {error}"]) from None
    if site != text.strip().lower():
        raise BadInput([f"--site {text}: captures are listed by whole sites; that one is {site}"])
    return site


def _write(listing: Listing, output: Path | None) -> None:
    """Write the list whole or not at all.

    Raises:
        BadInput: it cannot be written.
    """
    if output is None:
        sys.stdout.writelines(f"{line}\n" for line in listing.paths())
        return
    lines = listing.paths() if output.suffix == PATHS else listing.captures()
    try:
        with replacing(output) as draft, draft.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        raise BadInput([f"{output}: {error.strerror}"]) from None


def _told(listing: Listing, found: Sum) -> Iterator[str]:
    for left in Left:
        if listing.left[left]:
            yield f"left out: {listing.left[left]:,} {left}"
    if not found.captures:
        yield f"no captures among {listing.rows:,} lines; no list is written"
        return
    yield (
        f"{found.captures:,} captures in {_numbered(found.files, 'WARC file')}, "
        f"of {_numbered(found.days, 'day')} in {_numbered(found.years, 'year')} "
        f"({_day(found.first)} to {_day(found.last)}), of {_numbered(found.sites, 'site')}; "
        f"{listing.rows - found.captures:,} of {listing.rows:,} left out"
    )


def _numbered(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _day(timestamp: str) -> str:
    return f"{at_of(timestamp):%Y-%m-%d}"
