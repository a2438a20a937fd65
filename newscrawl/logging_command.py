"""The base of our commands."""

from __future__ import annotations

import argparse
import atexit
import gc

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.json_log import log_as_json


class LoggingCommand(ScrapyCommand):
    """Logs as JSON from the first line on if ``NEWSCRAWL_LOG_JSON`` says so.

    When Python ends it looks for garbage among all that was loaded, a quarter of what a short
    command costs; here nothing is left to look at.
    """

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        atexit.register(gc.freeze)
        assert self.settings is not None
        try:
            if self.settings.getbool("NEWSCRAWL_LOG_JSON"):
                log_as_json(self.settings)
        except (ValueError, OSError) as error:
            raise UsageError(
                f"NEWSCRAWL_LOG_JSON: cannot log as JSON: {error}", print_help=False
            ) from None
