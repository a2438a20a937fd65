"""``scrapy erase``: take articles and every trace of them out."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text
from scrapy.exceptions import UsageError
from sqlalchemy import Engine

from newscrawl.addresses.address import as_typed, identity
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.dataset.last_lines import LogDamaged
from newscrawl.dataset.near import scope_of
from newscrawl.exit_status import ExitStatus
from newscrawl.frontier.lease import SiteLocked
from newscrawl.outcomes import Unreadable
from newscrawl.store.database import reading
from newscrawl.terminal.database_command import DatabaseCommand, known_site
from newscrawl.upkeep.erasing import ErasureRequest

if TYPE_CHECKING:
    from newscrawl.upkeep.erasure import ErasureResult
    from newscrawl.upkeep.leftovers import Leftovers


class Command(DatabaseCommand):
    arguments = (0, 1)

    def syntax(self) -> str:
        return "<url> | --site SITE | --author NAME [--copies] [--dry-run]"

    def short_desc(self) -> str:
        return "Take articles and every trace of them out of database, logs and archive"

    def long_desc(self) -> str:
        return (
            "Removes an article, all of a site or all of an author, with copies on the same site: "
            "rows, revisions, lines of the logs, records of the archive, pictures. Their pages are "
            "not crawled again. Backups of a SQLite database lose them too; exports and reports in "
            "which a sentence still stands, and other backups, are named, and it ends with 3. It "
            "ends with 75 while a run is at work; the same command again finishes what was cut off."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        own = parser.add_argument_group("Erase Options")
        own.add_argument("--site", help="all articles of a site")
        own.add_argument("--author", metavar="NAME", help="all articles of an author, by full name")
        own.add_argument("--copies", action="store_true", help="also copies on other sites")
        own.add_argument("--dry-run", action="store_true", help="only show what would go")

    def work_on(self, engine: Engine, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.reextract.reading import PageReader
        from newscrawl.upkeep.erasure import Erasure, Folders

        assert self.settings is not None
        request = self._request(engine, args, opts)
        archive, pictures = (
            Path(self.settings[name]) if self.settings[name] else None
            for name in ("NEWSCRAWL_ARCHIVE", "NEWSCRAWL_IMAGES_STORE")
        )
        reader = PageReader.from_settings(self.settings)
        erasure = Erasure(
            engine,
            request,
            scope_of(self.settings["NEWSCRAWL_DEDUPE_SCOPE"]),
            reader.text,
            Folders(archive, pictures),
        )
        try:
            told = erasure.preview() if opts.dry_run else erasure.run()
        except SiteLocked as error:
            self.not_done(error, ExitStatus.LOCKED)
        except (LogDamaged, Unreadable, OSError) as error:
            self.not_done(error, ExitStatus.FAILED)
        else:
            self.console().print(Text("\n".join(_lines(told, would=opts.dry_run))))
            self.exitcode = _status(told)
        finally:
            reader.close()

    def _request(self, engine: Engine, args: list[str], opts: argparse.Namespace) -> ErasureRequest:
        if bool(args) + bool(opts.site) + bool(opts.author) != 1:
            raise UsageError("name a URL, --site SITE or --author NAME", print_help=False)
        if opts.author:
            return ErasureRequest(author=opts.author, copies=opts.copies)
        if opts.site:
            with reading(engine) as connection:
                return ErasureRequest(site=known_site(connection, opts.site), copies=opts.copies)
        try:
            return ErasureRequest(identity=identity(as_typed(args[0])), copies=opts.copies)
        except UnfetchableURL as error:
            raise UsageError(
                f"{args[0]!r} is not a web address: {error}", print_help=False
            ) from None


def _status(told: ErasureResult) -> ExitStatus:
    if not told.chosen.identities:
        return ExitStatus.FAILED
    return ExitStatus.GOOD if told.is_all else ExitStatus.ALARM


def _lines(told: ErasureResult, *, would: bool) -> Iterator[str]:
    chosen = told.chosen
    if not chosen.identities:
        yield "nothing of it is stored"
        return
    if chosen.is_done:
        if not would and told.backups:
            yield f"erased before; now from backups: {told.backups:,}"
        elif told.is_all:
            yield "erased before; nothing is left of it here"
        else:
            yield "erased before"
        yield from _left(told.leftovers)
        return
    yield "would be erased:" if would else "erased:"
    counts = {
        "articles": len(chosen.ids),
        "copies among them": chosen.copies,
        "earlier revisions": told.revisions,
        "records of the archive": told.records,
        "pictures": told.pictures,
        "pages that are not crawled again": len(chosen.identities),
    }
    if not would:
        counts["lines of logs"] = told.lines
        counts["articles in backups"] = told.backups
    yield from (f"  {what}: {number:,}" for what, number in counts.items())
    yield from (f"copy on another site, not touched: {url}" for url in chosen.elsewhere)
    yield from (f"moved away, not touched: {path}" for path in told.moved_away)
    yield from _left(told.leftovers)


def _left(found: Leftovers) -> Iterator[str]:
    yield from (f"still holds a sentence, not touched: {path}" for path in found.sentences)
    yield from (f"backup, not touched: {told}" for told in found.backups)
    yield from (f"cannot be looked into: {told}" for told in found.unread)
    yield from (
        f"another process writes it now; look into it later: {path}" for path in found.drafts
    )
    yield from (
        f"{output.kind} on {output.host}, not looked into: {output.path}"
        for output in found.elsewhere
    )
