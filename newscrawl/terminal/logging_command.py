"""The base of our commands."""

from __future__ import annotations

import argparse
import gc

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES

from newscrawl.terminal.json_log import log_as_json

PROJECT = SETTINGS_PRIORITIES["project"]


class LoggingCommand(ScrapyCommand):
    """Logs as JSON from the first line on if ``NEWSCRAWL_LOG_JSON`` says so.

    What Scrapy has loaded to get here is kept from the garbage collector: to look through it
    when Python ends is a fifth of what a short command costs.
    """

    @property
    def program(self) -> str:
        """What stands before the name of the command: in a project of somebody else's our own."""
        assert self.settings is not None
        is_laid_over = (self.settings.getpriority("COMMANDS_MODULE") or 0) > PROJECT
        return "newscrawl" if is_laid_over else "scrapy"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        if parser.usage is not None:
            parser.usage = parser.usage.replace("scrapy", self.program, 1)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        gc.freeze()
        assert self.settings is not None
        try:
            if self.settings.getbool("NEWSCRAWL_LOG_JSON"):
                log_as_json(self.settings)
        except (ValueError, OSError) as error:
            raise UsageError(
                f"NEWSCRAWL_LOG_JSON: cannot log as JSON: {error}", print_help=False
            ) from None
