"""The reference of commands, settings, outcomes and fields, from the code: ``docs/reference.md``."""

from __future__ import annotations

import argparse
import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_type_hints

from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings
from scrapy.utils.misc import walk_modules_iter

from newscrawl import items, outcomes, settings
from newscrawl.exporters.card import type_name
from newscrawl.outcomes import Outcome

FILE = Path(__file__).parents[2] / "docs" / "reference.md"
SCHEMA_ORG = {
    "url": "url",
    "canonical_url": "mainEntityOfPage",
    "site": "publisher",
    "headline": "headline",
    "subtitle": "alternativeHeadline",
    "authors": "author",
    "published": "datePublished",
    "modified": "dateModified",
    "sections": "articleSection",
    "tags": "keywords",
    "breadcrumbs": "breadcrumb",
    "language": "inLanguage",
    "paywalled": "isAccessibleForFree (the other way round)",
    "text": "articleBody",
    "images": "image",
    "source_url": "isBasedOn",
    "source_name": "sourceOrganization",
    "reading_minutes": "timeRequired",
    "comment_count": "commentCount",
    "comments": "comment",
    "posts": "liveBlogUpdate",
    "share_count": "interactionStatistic",
    "view_count": "interactionStatistic",
    "word_count": "wordCount",
    "related_urls": "relatedLink",
    "duplicate_of": "sameAs",
    "revision": "version",
    "id": "identifier",
}
GROUPS = ("Global Options",)
"""Options that every command of Scrapy has."""
PLURALS = {"Refused": "refused", "Rejected": "rejected"}


def reference() -> str:
    return "\n".join(
        [
            "# Reference",
            "",
            "Made from the code by `make reference`; do not edit it here.",
            "",
            *commands(),
            *own_settings(),
            *every_outcome(),
            *fields(),
        ]
    )


def commands() -> Iterator[str]:
    yield "## Commands"
    yield ""
    yield (
        "`newscrawl https://www.example.com/ …` crawls one site or several: it is "
        "`newscrawl crawl site -a url=https://www.example.com/ …`. Inside a checkout each is a "
        "command of `scrapy` too. `--data FOLDER` is where the data lies, `-s NAME=VALUE` sets a "
        "setting; `-h` shows everything."
    )
    yield ""
    yield "`crawl` ends with one of these:"
    yield ""
    yield from table(
        ("status", "meaning"),
        (
            ("0", "the run ended in order: finished, at a limit, or stopped by a signal"),
            ("1", "the run or a page of it failed by an error, or the accounts do not balance"),
            ("2", "bad arguments; nothing was fetched"),
            ("3", "the run ended in order, but a monitor raised an alarm"),
            ("75", "another run is crawling the site, or the database is locked; try again later"),
        ),
    )
    yield (
        "All other commands end with 0, 2 for bad arguments, 1 for what else went wrong; `erase` "
        "with 3 where it leaves something."
    )
    yield ""
    for name, command in sorted(all_commands().items()):
        yield f"### {name}"
        yield ""
        yield f"`newscrawl {name} {command.syntax()}`".replace(" `", "`")
        yield ""
        yield command.long_desc()
        yield ""
        yield from options(command)


def all_commands() -> dict[str, ScrapyCommand]:
    modules = walk_modules_iter(settings.COMMANDS_MODULE)
    return {
        module.__name__.rpartition(".")[2]: module.Command()
        for module in modules
        if hasattr(module, "Command")
    }


def options(command: ScrapyCommand) -> Iterator[str]:
    command.settings = Settings()
    parser = argparse.ArgumentParser(conflict_handler="resolve")
    command.add_options(parser)
    everywhere = {
        action
        for group in parser._action_groups
        if group.title in GROUPS
        for action in group._group_actions
    }
    rows = [
        (f"`{', '.join(action.option_strings)}{value_of(action)}`", action.help or "")
        for action in parser._actions
        if action not in everywhere and action.option_strings and action.dest != "help"
    ]
    if rows:
        yield from table(("option", "meaning"), rows)


def value_of(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    return f" {action.metavar or action.dest.upper()}"


def own_settings() -> Iterator[str]:
    yield "## Settings"
    yield ""
    yield (
        "Set with `-s NAME=VALUE`, or in `newscrawl/settings.py`. Scrapy's own settings count too; "
        "those that newscrawl changes are in [Crawl a site](crawl.md#settings-of-scrapy)."
    )
    yield ""
    rows = [
        (f"`{name}`", f"`{getattr(settings, name)!r}`", meaning)
        for name, meaning in told_settings().items()
    ]
    yield from table(("setting", "default", "meaning"), rows)


def told_settings() -> dict[str, str]:
    """Settings of our own with the comment before each."""
    told: dict[str, str] = {}
    comment: list[str] = []
    for line in inspect.getsource(settings).splitlines():
        if line.startswith("# "):
            comment.append(line.removeprefix("# "))
            continue
        name = line.partition(" = ")[0]
        if name.startswith("NEWSCRAWL_"):
            told[name] = " ".join(comment)
        comment = []
    return told


def every_outcome() -> Iterator[str]:
    yield "## Outcomes"
    yield ""
    yield (
        "Every visit ends with one of these. The same words are in the database, the stats and "
        "the closing table of a run."
    )
    yield ""
    means = members(outcomes, "Outcome")
    rows = [(f"`{outcome.value}`", means[outcome.name]) for outcome in Outcome]
    yield from table(("outcome", "meaning"), rows)
    yield "### Reasons"
    yield ""
    yield (
        "`failed` has the error of Scrapy or of the network as its reason, or `Http` with the "
        "status; `gone` has `Http404`, `Http410` or `SoftNotFound`; `refused` also `TooLarge`."
    )
    yield ""
    reasons = [
        (name, each)
        for name, each in vars(outcomes).items()
        if inspect.isclass(each)
        and issubclass(each, Exception)
        and each.__module__ == outcomes.__name__
    ]
    yield from table(
        ("reason", "of", "meaning"),
        [(f"`{name}`", kind_of(each), inspect.getdoc(each) or "") for name, each in reasons],
    )


def kind_of(reason: type[Exception]) -> str:
    found = (PLURALS[base.__name__] for base in reason.__mro__[1:] if base.__name__ in PLURALS)
    kind = next(found, "")
    return f"`{kind}`" if kind else ""


def fields() -> Iterator[str]:
    yield "## Fields of an article"
    yield ""
    yield (
        "In the order of every file that is written. `null` or an empty cell means unknown, never "
        "zero. The last column is the property of [schema.org](https://schema.org/NewsArticle) "
        "that says the same."
    )
    yield ""
    means = members(items, "Article")
    hints = get_type_hints(items.Article)
    rows = [
        (f"`{name}`", type_name(hint), means.get(name, ""), SCHEMA_ORG.get(name, ""))
        for name, hint in hints.items()
    ]
    yield from table(("field", "type", "meaning", "schema.org"), rows)
    for part in (items.Heading, items.Image):
        yield f"### {part.__name__}"
        yield ""
        yield inspect.getdoc(part) or ""
        yield ""
        inside = get_type_hints(part).items()
        yield from table(
            ("field", "type"), [(f"`{name}`", type_name(hint)) for name, hint in inside]
        )


def members(module: object, name: str) -> Mapping[str, str]:
    """What stands below each member of a class."""
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type] # it is a module
    (found,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    told: dict[str, str] = {}
    last = ""
    for node in found.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            last = node.targets[0].id
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            last = node.target.id
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and last:
            told[last] = " ".join(str(node.value.value).split())
            last = ""
    return told


def table(names: tuple[str, ...], rows: object) -> Iterator[str]:
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:  # type: ignore[attr-defined] # rows of texts
        yield f"| {' | '.join(plain(each) for each in row)} |"
    yield ""


def plain(text: str) -> str:
    text = " ".join(text.split()).replace("|", "\\|")
    return re.sub(r"``([^`]+)``", r"`\1`", re.sub(r":\w+:`~?([\w.]+)`", r"`\1`", text))


if __name__ == "__main__":
    FILE.write_text(reference(), encoding="utf-8")
