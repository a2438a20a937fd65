"""``scrapy browse``: what was crawled, as pages in a browser on this machine."""

from __future__ import annotations

import argparse
import webbrowser
from importlib.util import find_spec
from pathlib import Path

from rich.text import Text
from scrapy.exceptions import UsageError
from sqlalchemy import Engine

from newscrawl.store.waiting import Waits
from newscrawl.terminal.database_command import DatabaseCommand

PORT = 8520
HIGHEST = 65_535
NEEDED = ("jinja2", "starlette", "uvicorn")


class Command(DatabaseCommand):
    def syntax(self) -> str:
        return "[--port N] [--open]"

    def short_desc(self) -> str:
        return "Look at what was crawled, in a browser on this machine"

    def long_desc(self) -> str:
        return (
            "Serves pages on 127.0.0.1 that only read: search, articles with their copies and "
            "revisions, the story of each URL, runs, alarms, the queue, and what goes on now. "
            "Needs the extra: pip install 'newscrawl[browse]'. Ends with Ctrl-C."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--port", type=int, default=PORT, help=f"default: {PORT}; 0 takes one that is free"
        )
        parser.add_argument("--open", action="store_true", help="open it in the browser")

    def work_on(self, engine: Engine, args: list[str], opts: argparse.Namespace) -> None:
        if not all(map(find_spec, NEEDED)):
            raise UsageError(
                "browse needs the extra: pip install 'newscrawl[browse]'", print_help=False
            )
        if not 0 <= opts.port <= HIGHEST:
            raise UsageError(f"--port is a number from 0 to {HIGHEST:,}", print_help=False)
        from newscrawl.browse.app import application
        from newscrawl.browse.serving import serve
        from newscrawl.browse.viewing import read_only

        assert self.settings is not None
        folder = self.settings["NEWSCRAWL_IMAGES_STORE"]
        waits = Waits.of(self.settings)
        pages = read_only(self.settings["NEWSCRAWL_DATABASE_URL"], waits)
        app = application(pages, Path(folder) if folder else None)
        engine.dispose()

        def ready(url: str) -> None:
            self.console().print(Text(f"{url} (ends with Ctrl-C)"))
            if opts.open:
                webbrowser.open(url)

        try:
            serve(app, opts.port, ready)
        except OSError as error:
            raise UsageError(
                f"port {opts.port} cannot be used ({error.strerror}); choose another with --port",
                print_help=False,
            ) from None
        finally:
            pages.dispose()
