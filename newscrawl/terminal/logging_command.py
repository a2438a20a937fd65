"""The base of our commands."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES

from newscrawl.terminal.data_folder import settings_of
from newscrawl.terminal.json_log import log_as_json

PROJECT, CMDLINE = (SETTINGS_PRIORITIES[name] for name in ("project", "cmdline"))


class LoggingCommand(ScrapyCommand):
    """Logs as JSON from the first line on if ``NEWSCRAWL_LOG_JSON`` says so.

    What Scrapy has loaded to get here is kept from the garbage collector: to look through it
    when Python ends is a fifth of what a short command costs.
    """

    @property
    def program(self) -> str:
        """What stands before the name of the command; in a project of somebody else's it is ours."""
        assert self.settings is not None
        is_laid_over = (self.settings.getpriority("COMMANDS_MODULE") or 0) > PROJECT
        by_scrapy = Path(sys.argv[0]).stem == "scrapy"
        return "scrapy" if by_scrapy and not is_laid_over else "newscrawl"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        if parser.usage is not None:
            parser.usage = parser.usage.replace("scrapy", self.program, 1)
        parser.add_argument(
            "--data",
            type=Path,
            metavar="FOLDER",
            help="folder of the database, newscrawl.db, and of the logs (default: data)",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        gc.freeze()
        assert self.settings is not None
        if opts.data is not None:
            self._keep_in(opts.data)
        try:
            if self.settings.getbool("NEWSCRAWL_LOG_JSON"):
                log_as_json(self.settings)
        except (ValueError, OSError) as error:
            raise UsageError(
                f"NEWSCRAWL_LOG_JSON: cannot log as JSON: {error}", print_help=False
            ) from None

    def _keep_in(self, folder: Path) -> None:
        """Let database and logs lie in a folder, also those of processes that are started."""
        assert self.settings is not None
        try:
            chosen = settings_of(folder)
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from None
        for name, value in chosen.items():
            os.environ[name] = value
            if (self.settings.getpriority(name) or 0) < CMDLINE:
                self.settings.set(name, value, priority="cmdline")
