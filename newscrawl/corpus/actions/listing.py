"""``corpus list``: which WARC files, and which records of them, hold the pages of a site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from newscrawl.addresses.address import as_typed, site_of
from newscrawl.addresses.captures import at_of
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.arguments.arguments import date_of
from newscrawl.corpus.capturing.asking import ServerFailed, address_of, is_server
from newscrawl.corpus.capturing.captures import Left
from newscrawl.corpus.capturing.files import rows_of_file
from newscrawl.corpus.capturing.listing import Listing, Sum
from newscrawl.corpus.capturing.server import CdxServer, query_for
from newscrawl.exit_status import ExitStatus
from newscrawl.mistakes import BadInput, Mistakes
from newscrawl.store.replacing import replacing
from newscrawl.terminal.console import WholeConsole

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from scrapy.settings import BaseSettings

    from newscrawl.corpus.actions.action import Asked

PATHS, CAPTURES = ".paths", ".captures"


class ListAction:
    takes = "--site DOMAIN CDX…"
    least, most = 1, None

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        own = parser.add_argument_group("List Options")
        own.add_argument(
            "--prefix",
            default="",
            help="put this before the names of WARC files (https://data.commoncrawl.org/)",
        )

    def run(self, asked: Asked) -> int:
        """List captures; nothing is written unless the list is whole."""
        wanted = _Wanted.of(asked.words, asked.options)
        output: Path | None = asked.options.output
        console = WholeConsole(stderr=True) if output is None else asked.console
        with Listing(wanted.sites, wanted.since, wanted.until, asked.options.prefix) as listing:
            try:
                for cdx in asked.words:
                    self._take(listing, cdx, wanted, asked.settings)
            except ServerFailed as error:
                console.print(Text(f"{error}; no list is written"))
                return ExitStatus.FAILED
            found = listing.settle()
            if found.captures:
                _write(listing, output)
            for line in _told(listing, found):
                console.print(Text(line))
        return ExitStatus.GOOD if found.captures else ExitStatus.FAILED

    def _take(self, listing: Listing, cdx: str, wanted: _Wanted, settings: BaseSettings) -> None:
        if not is_server(cdx):
            listing.take(rows_of_file(Path(cdx)), is_own=True)
            return
        server = CdxServer.from_settings(cdx, settings)
        for site in wanted.sites:
            listing.take(server.rows(query_for(site, wanted.since, wanted.until)), is_own=False)


class _Wanted(NamedTuple):
    """What was asked for, checked."""

    sites: tuple[str, ...]
    since: datetime | None
    until: datetime | None

    @classmethod
    def of(cls, words: Sequence[str], opts: argparse.Namespace) -> _Wanted:
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
        servers = [each for each in words if is_server(each)]
        for each in servers:
            mistakes.trying("", address_of, each)
        if servers and not sites:
            mistakes.append("a server is asked for sites: name them with --site")
        mistakes.tell()
        return cls(sites, since, until)


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
