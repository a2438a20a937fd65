"""``scrapy newscrawl``: our commands in a project of somebody else's, or in none."""

from __future__ import annotations

import argparse
import os
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, NoReturn

from scrapy.cmdline import execute
from scrapy.commands import ScrapyCommand
from scrapy.utils.project import ENVVAR, get_project_settings, inside_project

from newscrawl.addon.layers import COMMANDS, OURS, lay_under, lay_under_process
from newscrawl.addon.overview import overview

if TYPE_CHECKING:
    from scrapy.settings import Settings


class Command(ScrapyCommand):
    """Starts Scrapy's command line anew, with ours as the commands of the project."""

    requires_crawler_process = False

    def syntax(self) -> str:
        return "<command> [options] [args]"

    def short_desc(self) -> str:
        return "Crawl news sites, and see to what is stored: scrapy newscrawl -h"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("-h", "--help", action="store_true", help=argparse.SUPPRESS)
        parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002 - the signature is Scrapy's
        """Leave all options to the command that they are for."""
        opts.profile = None

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        rest = [*args, *opts.rest]
        if opts.help or not rest:
            print(overview("scrapy newscrawl"))  # noqa: T201 - what was asked for
            return
        if not inside_project():
            os.environ[ENVVAR] = OURS
            execute(["scrapy", *rest])
        assert self.settings is not None
        execute_with_ours(["scrapy", *rest], self.settings)


def execute_in_project(argv: list[str]) -> None:
    """Run a command of ours in the project around us, where newscrawl is on or the environment names it.

    Return where Scrapy's own command line will do: in ours, and in one that has nothing to do
    with newscrawl, which is not looked at further.
    """
    from newscrawl.addon.addon import is_on  # noqa: PLC0415 - it loads what most commands do not need

    is_named = ENVVAR in os.environ
    settings = get_project_settings()
    if settings["COMMANDS_MODULE"] == COMMANDS:
        return
    if is_named or is_on(settings):
        execute_with_ours(argv, settings)
    os.environ[ENVVAR] = OURS


def execute_with_ours(argv: list[str], settings: Settings) -> NoReturn:
    """Run a command with ours beside Scrapy's; it ends the process with its exit status."""
    name = next((each for each in argv[1:] if not each.startswith("-")), "")
    if _works_alone(name):
        lay_under(settings)
    lay_under_process(settings)
    settings.set("COMMANDS_MODULE", COMMANDS, priority="cmdline")
    execute(argv, settings)
    raise SystemExit  # it has done so itself


def _works_alone(name: str) -> bool:
    """Whether a command is one of ours that starts no crawler, and so no spider of the project."""
    known = {module.name for module in iter_modules(import_module(COMMANDS).__path__)}
    if name not in known:
        return False
    command: type[ScrapyCommand] = import_module(f"{COMMANDS}.{name}").Command
    return not command.requires_crawler_process
