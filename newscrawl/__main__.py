"""``newscrawl``: Scrapy's commands and ours, with the settings of the project around us, or our own."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

from newscrawl.addon.overview import COMMANDS, as_crawl, homes, of_scrapy, overview, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.commands import ScrapyCommand
    from scrapy.crawler import AsyncCrawlerProcess, CrawlerProcess
    from scrapy.settings import Settings

INTERRUPTED = 130
"""What a shell says of a command that Ctrl-C ended."""
SETTINGS = "SCRAPY_SETTINGS_MODULE"
OURS = "newscrawl.settings"
REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
"""Scrapy's default, with which it runs crawlers as coroutines."""


@contextmanager
def _loading() -> Iterator[None]:
    """Keep the garbage collector from what is loaded meanwhile, which stays to the end."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def main() -> None:
    try:
        _main()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)  # noqa: T201 - the one line
        sys.exit(INTERRUPTED)


def _main() -> None:
    """Loading anything may be interrupted too."""
    if sys.argv[1:] in (["--version"], ["version"]):
        from newscrawl.terminal.version import version  # noqa: PLC0415 - as said above

        print(version())  # noqa: T201 - what was asked for
        return
    sys.argv[1:] = as_crawl(sys.argv[1:])
    with _loading():
        from scrapy.cmdline import execute  # noqa: PLC0415 - as said above
        from scrapy.utils.conf import closest_scrapy_cfg  # noqa: PLC0415 - as said above
        from scrapy.utils.project import get_project_settings  # noqa: PLC0415 - as said above

    named = os.environ.get(SETTINGS)
    if named is None and not closest_scrapy_cfg():
        os.environ[SETTINGS] = OURS
    elif named != OURS:
        from newscrawl.addon.command import execute_in_project  # noqa: PLC0415 - as said above

        execute_in_project(sys.argv)
    _execute_ours(sys.argv, get_project_settings())
    execute()


def _execute_ours(argv: list[str], settings: Settings) -> None:
    """Run one of our commands without loading all others, as Scrapy does; return where it is none."""
    if settings["COMMANDS_MODULE"] != COMMANDS:
        return
    name = next((each for each in argv[1:] if not each.startswith("-")), "")
    if not name:
        print(overview("newscrawl"))  # noqa: T201 - what was asked for
        sys.exit()
    home = homes().get(name)
    if home is None:
        if name not in of_scrapy():
            print(unknown(name, "newscrawl"), file=sys.stderr)  # noqa: T201 - the one line
            sys.exit(2)
        return
    with _loading():
        command: ScrapyCommand = import_module(home).Command()
    settings.set("COMMANDS_MODULE", home, priority="project")
    rest = list(argv[1:])
    rest.remove(name)
    _run(name, command, rest, settings)


def _run(name: str, command: ScrapyCommand, arguments: list[str], settings: Settings) -> NoReturn:
    """Do what Scrapy does for a command, whose own way loads all that there are.

    Those of other packages may load much: that of scrapy-poet loads pytest.
    """
    from scrapy.cmdline import ScrapyArgumentParser, execute  # noqa: PLC0415 - as said above
    from scrapy.commands import ScrapyHelpFormatter  # noqa: PLC0415 - as said above
    from scrapy.exceptions import UsageError  # noqa: PLC0415 - as said above

    parser = ScrapyArgumentParser(
        formatter_class=ScrapyHelpFormatter,
        prog=f"newscrawl {name}",
        usage=f"newscrawl {name} {command.syntax()}",
        conflict_handler="resolve",
        description=command.long_desc(),
    )
    settings.setdict(command.default_settings, priority="command")
    command.settings = settings
    command.add_options(parser)
    options, rest = parser.parse_known_args(arguments)
    if options.profile:
        execute(["scrapy", name, *arguments], settings)
    try:
        command.process_options(rest, options)
        if command.requires_crawler_process:
            command.crawler_process = _crawler_process(settings)
        command.run(rest, options)
    except UsageError as error:
        if error.print_help:
            parser.print_help()
        if str(error):
            print(f"newscrawl {name}: error: {error}", file=sys.stderr)  # noqa: T201 - the one line
        sys.exit(2)
    sys.exit(command.exitcode)


def _crawler_process(settings: Settings) -> AsyncCrawlerProcess | CrawlerProcess:
    """Return the process of crawlers that Scrapy would take."""
    from scrapy.crawler import AsyncCrawlerProcess, CrawlerProcess  # noqa: PLC0415 - as said above

    is_usual = settings["TWISTED_REACTOR"] == REACTOR
    is_async = is_usual and not settings.getbool("FORCE_CRAWLER_PROCESS")
    if is_async or not settings.getbool("TWISTED_REACTOR_ENABLED"):
        return AsyncCrawlerProcess(settings)
    return CrawlerProcess(settings)


if __name__ == "__main__":
    main()
