"""What there is to ask for: the commands in groups, and the one that was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from pkgutil import iter_modules, walk_packages

from newscrawl import __version__

COMMANDS = "newscrawl.commands"
GROUPS = {
    "Crawl": ("crawl", "demo", "schedule", "worker"),
    "Look": ("browse", "search", "runs", "explain", "audit", "report"),
    "Take away": ("export", "feed", "webhook"),
    "Many WARC files": ("corpus",),
    "Keep in order": ("db", "dedupe", "reextract", "forget", "erase"),
    "Write a spider": ("parse", "shell", "recordpage", "savefixture"),
}
"""Our commands by what they are for, as they are shown."""
_ADDRESS = re.compile(
    r"https?://\S+ | (?: localhost | (?: [\w-]+\. )+ (?: [^\W\d_]{2,} | \d{1,3} ) ) (?: :\d+ )? (?: /\S* )?",
    re.VERBOSE | re.IGNORECASE,
)


def homes() -> dict[str, str]:
    """Return our commands by name, each with the module that it lies in."""
    folder = import_module(COMMANDS).__path__
    found = (each.name for each in walk_packages(folder, f"{COMMANDS}.") if not each.ispkg)
    return {home.rpartition(".")[2]: home for home in found}


def of_scrapy() -> set[str]:
    """Return the names of Scrapy's commands, and of those that other packages bring."""
    own = {each.name for each in iter_modules(import_module("scrapy.commands").__path__)}
    return own | {each.name for each in entry_points(group="scrapy.commands")}


def as_crawl(arguments: list[str]) -> list[str]:
    """Return the arguments of ``newscrawl`` with addresses at their begin as a crawl of these sites."""
    addresses = []
    for each in arguments:
        if not _ADDRESS.fullmatch(each) or Path(each).is_file():
            break
        addresses.append(each)
    if not addresses:
        return arguments
    return ["crawl", "site", "-a", f"url={','.join(addresses)}", *arguments[len(addresses) :]]


def overview(program: str) -> str:
    """Return all our commands with a line on each; ``program`` is what stands before them."""
    return "\n".join(_overview(program))


def _overview(program: str) -> Iterator[str]:
    yield f"newscrawl {__version__}: turns news sites into a dataset of articles"
    if program == "newscrawl":
        yield ""
        yield "  newscrawl https://www.example.com/   crawls a site, or several; the data goes to data/"
        yield "  newscrawl demo                       crawls a news site made on this machine"
    known = homes()
    for title, names in GROUPS.items():
        yield f"\n{title}"
        for name in names:
            yield f"  {name:<12} {import_module(known[name]).Command().short_desc()}"
    yield f"\n{program} COMMAND -h says more of a command; --data FOLDER is where its data lies."
    if program == "newscrawl":
        yield "Scrapy's own commands (list, genspider, fetch, ...) can be asked for too: scrapy -h"


def unknown(name: str, program: str) -> str:
    """Return a line on a command that there is not."""
    near = get_close_matches(name, homes().keys() | of_scrapy(), 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{program}: there is no command {name!r}; {hint}{program} -h lists all"
