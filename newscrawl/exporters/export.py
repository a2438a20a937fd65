"""An export: what is selected, in one pass, to any number of files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from newscrawl.exporters.card import BESIDE, NAME, Counts, SiteFacts, card, is_card, parts
from newscrawl.exporters.described import DESCRIPTIONS, is_description, is_table
from newscrawl.exporters.formats import are_partitions, is_folder, is_markdown, sink_for
from newscrawl.exporters.selection import Selection, batches
from newscrawl.history.auditing import site_facts
from newscrawl.history.queries import forbidden_by_robots
from newscrawl.report.audit import ANY, audit
from newscrawl.store.replacing import replacing, write_whole


class Export:
    """Targets of one selection: all are replaced by whole new ones, or none is.

    ``filters`` are what the card says of the selection; without ``with_card`` there is none.
    ``for_excel`` says how CSV is written.

    Raises:
        ValueError: no format has a target's ending, a package is missing, or what is there
            is not ours to replace.
    """

    def __init__(
        self,
        targets: Sequence[str],
        selection: Selection,
        filters: Mapping[str, Any],
        *,
        with_card: bool = True,
        for_excel: bool = False,
    ) -> None:
        self._selection, self._filters, self._with_card = selection, filters, with_card
        self._makers = {Path(target): sink_for(target, for_excel=for_excel) for target in targets}
        self._folders = [Path(target) for target in targets if is_folder(target)]
        self._inside = [Path(target) for target in targets if is_markdown(target)]
        for path in self._makers:
            self._check(path)

    def _check(self, path: Path) -> None:
        if path in self._folders:
            taken = path.is_dir() and any(path.iterdir())
            if taken and not (_is_card(path / NAME) or are_partitions(path)):
                raise ValueError(f"{path} holds other files; name a folder that is empty or new")
        if self._with_card and path not in self._inside:
            for beside in (_card_in(path.parent), *(path.parent / name for name in DESCRIPTIONS)):
                _check_replaceable(beside)
        if not path.parent.is_dir():
            raise ValueError(f"{path}: there is no folder {path.parent}")

    def run(self, connection: Connection) -> int:
        """Write everything; returns the number of rows.

        Raises:
            OSError: a file cannot be written.
        """
        names = self._selection.names
        counts = Counts(names)
        with ExitStack() as replaced:
            places = {path: replaced.enter_context(replacing(path)) for path in self._makers}
            with ExitStack() as stack:
                sinks = [
                    stack.enter_context(make(places[path], names))
                    for path, make in self._makers.items()
                ]
                for batch in batches(connection, self._selection):
                    counts.add(batch)
                    for sink in sinks:
                        sink.write(batch)
            facts = [_facts(connection, site) for site in sorted(counts.sites)]
            for path in self._inside:
                self._describe(places[path], [places[path]], counts, facts)
        beside = [path for path in self._makers if path not in self._inside]
        for folder in {path.parent for path in beside}:
            own = [path for path in beside if path.parent == folder]
            self._describe(folder, own, counts, facts)
        return counts.rows

    def _describe(
        self, folder: Path, targets: Sequence[Path], counts: Counts, facts: Sequence[SiteFacts]
    ) -> None:
        """Write the card into a folder, and for programs what says the same of tables."""
        if not self._with_card:
            return
        files = [*parts(folder, targets)]
        write_whole(_card_in(folder), card(counts, facts, files, self._filters))
        if any(is_table(each.name) for each in files):
            for name, describe in DESCRIPTIONS.items():
                told = json.dumps(describe(counts, files), ensure_ascii=False, indent=1)
                write_whole(folder / name, f"{told}\n")


def _check_replaceable(path: Path) -> None:
    """Refuse to write over what somebody else has written.

    Raises:
        ValueError: it is no card or description of ours.
    """
    is_description_of_ours = path.name in DESCRIPTIONS and path.exists() and is_description(path)
    if path.exists() and not (is_description_of_ours or _is_card(path)):
        raise ValueError(
            f"{path} is no dataset card; export to another folder, or without a card (--no-card)"
        )


def _card_in(folder: Path) -> Path:
    """Where the card of a folder is written: never over a README.md of somebody else."""
    usual = folder / NAME
    return folder / BESIDE if usual.exists() and not _is_card(usual) else usual


def _is_card(path: Path) -> bool:
    return path.is_file() and is_card(path)


def _facts(connection: Connection, site: str) -> SiteFacts:
    listed = audit(site_facts(connection, site)).sources[ANY]
    return SiteFacts(site, listed.recall, forbidden_by_robots(connection, site))
