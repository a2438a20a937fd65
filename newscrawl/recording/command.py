"""The base of commands that record a page."""

from __future__ import annotations

import argparse
import sys
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import Spider
from scrapy.exceptions import UsageError
from scrapy.utils.conf import arglist_to_dict

from newscrawl.addresses.address import as_typed, fetch_url
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.exit_status import ExitStatus
from newscrawl.terminal.console import WholeConsole
from newscrawl.terminal.logging_command import LoggingCommand

if TYPE_CHECKING:
    from newscrawl.recording.choosing import PageClass

CMDLINE = 40
"""Scrapy's priority of what stands on the command line."""


class RecordingCommand(LoggingCommand):
    """Asks for one page, writes a fixture, prints its folder; 1 where nothing was recorded."""

    most_arguments = 2

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        own = parser.add_argument_group("Recording Options")
        own.add_argument(
            "-a",
            dest="spargs",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="set spider argument (may be repeated)",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        try:
            opts.spargs = arglist_to_dict(opts.spargs)
        except ValueError:
            raise UsageError("Invalid -a value, use -a NAME=VALUE", print_help=False) from None
        if (self.settings.getpriority("LOG_LEVEL") or 0) < CMDLINE:
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")

    @abstractmethod
    def choose(self, args: list[str], url: str) -> tuple[PageClass, type[Spider]]:
        """Return the page object to ask for, and the spider to ask as.

        Raises:
            ValueError: the arguments name none; the message says what to do.
        """

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        unknown = [arg for arg in args if arg.startswith("-")]
        if unknown:
            raise UsageError(f"unknown option {unknown[0]}", print_help=False)
        if not 2 <= len(args) <= self.most_arguments:  # noqa: PLR2004 - what reads it, and its URL
            name = type(self).__module__.rpartition(".")[2]
            raise UsageError(f"usage: scrapy {name} {self.syntax()}", print_help=False)
        url = _url(args[1])
        try:
            asked, base = self.choose(args, url)
            self._record(asked, base, url, opts.spargs)
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from None

    def _record(
        self, asked: PageClass, base: type[Spider], url: str, given: Mapping[str, str]
    ) -> None:
        from newscrawl.recording.fixtures import NotKept, record  # noqa: PLC0415 - Scrapy loads every command to run one

        assert self.crawler_process is not None
        try:
            recorded = record(self.crawler_process, asked, base, url, given)
        except NotKept as error:
            print(f"Nothing recorded: {error}", file=sys.stderr)  # noqa: T201 - the one line
            self.exitcode = ExitStatus.FAILED
            return
        told = f" ({recorded.remark})" if recorded.remark else ""
        WholeConsole().print(f"{_shown(recorded.path)}{told}")


def _url(typed: str) -> str:
    try:
        return fetch_url(as_typed(typed))
    except UnfetchableURL as error:
        raise UsageError(f"{typed!r} is not a web address: {error}", print_help=False) from None


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
