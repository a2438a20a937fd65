"""The dataset card beside an export: what is in it, how complete it is, what it was made with."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from newscrawl import __version__
from newscrawl.exporters.selection import MARKDOWN, Batch
from newscrawl.items import Article
from newscrawl.report.audit import percent

NAME = "README.md"
BESIDE = "DATASET.md"
"""What the card is called beside a README.md of somebody else."""
MARK = "newscrawl-dataset"
"""A tag of every card, by which a card is told from a README of somebody else."""
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_LARGEST = "1M<n<10M"
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_BLOCK = 1 << 20
_SITES = 100


class SiteFacts(NamedTuple):
    """What the ledger knows of a site: recall against its own lists, pages that robots.txt forbids."""

    site: str
    recall: float | None
    forbidden: int


class Part(NamedTuple):
    """One file, or a pattern of many, which has no digest; its name counts from the folder of the card."""

    name: str
    size: int
    sha256: str


@dataclass(slots=True)
class Counts:
    """What went through an export, counted on the way."""

    names: Sequence[str]
    rows: int = 0
    copies: int = 0
    first: str | None = None
    last: str | None = None
    sites: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
    own: Counter[str] = field(default_factory=Counter)
    """How many articles have a value in a field of ``extra``."""

    def add(self, batch: Batch) -> None:
        columns = batch.columns
        self.rows += batch.size
        self.copies += batch.size - columns["duplicate_of"].count(None)
        self.sites.update(columns["site"])
        self.languages.update(each or "" for each in columns["language"])
        if days := [each[:10] for each in columns["published"] if each]:
            self.first = min([*days, self.first or "9999"])
            self.last = max([*days, self.last or ""])
        for name in self.names:
            self.filled[name] += batch.size - sum(map(columns[name].count, _EMPTY))
        for extra in columns["extra"] if "extra" in self.names else ():
            self.own.update(name for name, value in extra.items() if value not in _EMPTY)


def parts(folder: Path, targets: Iterable[Path]) -> Iterator[Part]:
    """Yield the files of an export in the order of their names.

    Raises:
        OSError: one cannot be read.
    """
    files = (file for each in targets for file in (each.rglob("*") if each.is_dir() else (each,)))
    for file in sorted(files):
        if file.is_file() and file.name != NAME:
            yield Part(file.relative_to(folder).as_posix(), file.stat().st_size, _sha256(file))


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def is_card(path: Path) -> bool:
    """Whether a file is a card that newscrawl wrote."""
    with path.open("rb") as file:
        head = file.read(4_096)
    return head.startswith(b"---\n") and MARK.encode() in head


def card(
    counts: Counts,
    sites: Sequence[SiteFacts] | None,
    files: Sequence[Part],
    filters: Mapping[str, Any],
) -> str:
    """Return the text of a card; it holds no time of its making, so the same data gives the same.

    Without ``sites`` no ledger knows of them: the largest are named.
    """
    return "\n".join([*_head(counts, files), *_body(counts, sites, files, filters), ""])


def _head(counts: Counts, files: Sequence[Part]) -> Iterator[str]:
    """Yield the YAML that dataset hubs read; JSON strings are YAML too."""
    languages = sorted({each.partition("-")[0].lower() for each in counts.languages if each})
    size = next((name for limit, name in _SIZES if counts.rows < limit), _LARGEST)
    yield "---"
    yield f"pretty_name: {json.dumps(title_of(counts))}"
    yield "license: unknown"
    yield f"language: {json.dumps(languages)}"
    yield f"size_categories: [{json.dumps(size)}]"
    yield f'tags: ["news", "{MARK}"]'
    if files:
        yield "configs:"
        yield "- config_name: default"
        yield f"  data_files: {json.dumps(_pattern(files))}"
    yield "dataset_info:"
    yield f"  num_rows: {counts.rows}"
    yield "---"


def title_of(counts: Counts) -> str:
    return f"News articles of {_some(sorted(counts.sites))}"


def _pattern(files: Sequence[Part]) -> str:
    """Return which files make up the dataset: of several formats the one that has types."""
    first = min((each.name for each in files), key=lambda name: not name.endswith(".parquet"))
    folder, slash, name = first.rpartition("/")
    return f"{folder.partition('/')[0]}/**/*.{name.rpartition('.')[2]}" if slash else first


def _body(
    counts: Counts,
    sites: Sequence[SiteFacts] | None,
    files: Sequence[Part],
    filters: Mapping[str, Any],
) -> Iterator[str]:
    yield f"# {_plain(title_of(counts))}"
    yield ""
    yield f"Made by newscrawl {__version__}. Texts and pictures belong to their publishers; what may be done with them is for the user of this dataset to decide."
    yield ""
    dates = f", published {counts.first} to {counts.last}" if counts.first else ""
    share = counts.copies / counts.rows if counts.rows else 0.0
    yield f"{counts.rows:,} rows{dates}; {counts.copies:,} of them ({share:.1%}) are copies of another article."
    told = "; ".join(f"{name}: {_said(value)}" for name, value in filters.items())
    yield f"Filters: {_plain(told) or 'none; copies and earlier revisions are left out'}."
    yield from _of_ledger(counts, sites) if sites is not None else _largest(counts)
    yield from _of_rows(counts)
    yield from _table(
        "Files", ("file", "bytes", "sha256"), ((_plain(each.name), *each[1:]) for each in files)
    )


def _largest(counts: Counts) -> Iterator[str]:
    shown = sorted(counts.sites.items(), key=lambda item: (-item[1], item[0]))[:_SITES]
    yield from _table("Sites", ("site", "rows"), ((_plain(name), n) for name, n in shown))
    if len(counts.sites) > len(shown):
        yield f"And {len(counts.sites) - len(shown):,} more with fewer rows."


def _of_ledger(counts: Counts, sites: Sequence[SiteFacts]) -> Iterator[str]:
    yield from _table(
        "Sites",
        ("site", "rows", "recall", "forbidden by robots.txt"),
        (
            (_plain(each.site), counts.sites[each.site], _share(each.recall), each.forbidden)
            for each in sites
        ),
    )
    yield "Recall is the share of what the site's own sitemaps, feeds and API list that is stored; empty where it lists nothing, or where lists of it are unread."


def _of_rows(counts: Counts) -> Iterator[str]:
    yield from _table(
        "Languages",
        ("language", "rows"),
        ((_plain(name) or "unknown", number) for name, number in counts.languages.most_common()),
    )
    yield from _table("Fields", ("field", "type", "filled"), _fields(counts))
    yield "The rule that gave each value is in `provenance`. An empty value is an unknown one, never zero."


def _fields(counts: Counts) -> Iterator[tuple[str, str, str]]:
    for name, hint in hints_of(counts.names if counts.rows else ()):
        yield f"`{name}`", type_name(hint), _share(counts.filled[name] / counts.rows)
    for name, filled in sorted(counts.own.items()):
        yield f"{_plain(name)} in `extra`", "any", _share(filled / counts.rows)


def _table(title: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        cells = (f"{each:,}" if isinstance(each, int) else str(each) for each in row)
        yield f"| {' | '.join(cells)} |"
    yield ""


def _plain(text: str) -> str:
    """Plain text of Markdown: nothing that came from a page is markup or begins a row."""
    text = " ".join(text.split())
    return "".join(
        f"\\{each}" if each in "\\`*_[]|#" else _ESCAPED.get(each, each) for each in text
    )


_ESCAPED = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


_NAMES: Mapping[Any, str] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "boolean",
    datetime: "time",
    dict[str, str]: "object of texts",
    dict[str, Any]: "object",
}


def hints_of(names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Yield fields of an export with their types, see :func:`known_type`."""
    hints = {**get_type_hints(Article), MARKDOWN: str}
    for name in names:
        yield name, known_type(hints[name])


def known_type(hint: Any) -> Any:
    """Return the type of a value that is known; each may be unknown."""
    options = get_args(hint)
    return options[0] if type(None) in options else hint


def type_name(hint: Any) -> str:
    """A type in words, without whether it may be unknown: the column beside it shows that."""
    inner = next((each for each in get_args(hint) if each is not type(None)), None)
    if hint in _NAMES:
        return _NAMES[hint]
    if get_origin(hint) is list:
        return f"list of {type_name(inner)}"
    return type_name(inner) if inner else f"({', '.join(get_type_hints(hint))})"


def _share(value: float | None) -> str:
    return "" if value is None else percent(value)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown  # noqa: PLR2004
