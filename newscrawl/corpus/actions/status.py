"""``newscrawl corpus status``: what a corpus has come to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from newscrawl.corpus.account import accounts
from newscrawl.corpus.actions.telling import outcomes, sentence
from newscrawl.corpus.building import NotACorpusError, about_of, inputs_of
from newscrawl.corpus.deduping.balance import Balance, NotDedupedError
from newscrawl.corpus.layout import Layout, name_of
from newscrawl.corpus.totals import Totals
from newscrawl.exit_status import ExitStatus

if TYPE_CHECKING:
    import argparse

    from newscrawl.corpus.actions.action import Asked

SHOWN = 10
"""Inputs named that have not been read."""


class StatusAction:
    takes = "OUT"
    least = most = 1

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """It has none."""

    def run(self, asked: Asked) -> int:
        layout = Layout(Path(asked.words[0]))
        if about_of(layout) is None:
            raise NotACorpusError(f"{layout.folder} is no corpus")
        totals, known = Totals(), set()
        for name, account in accounts(layout):
            known.add(name)
            totals.add(account)
        missing = [each for each in inputs_of(layout) if name_of(each) not in known]
        asked.console.print(outcomes(totals))
        for address in missing[:SHOWN]:
            asked.console.print(Text(f"not read yet: {address}"))
        if len(missing) > SHOWN:
            asked.console.print(f"… and {len(missing) - SHOWN:,} more")
        asked.console.print(
            f"{sentence(totals)}; {len(missing):,} of those asked for are not read yet"
        )
        asked.console.print(_deduped(layout, totals))
        return ExitStatus.GOOD


def _deduped(layout: Layout, totals: Totals) -> str:
    """Say whether there is a dataset, and whether it is of what has been read."""
    try:
        told = Balance.read(layout.deduped)
    except FileNotFoundError:
        return "no dataset yet: newscrawl corpus dedupe makes it"
    except NotDedupedError as error:
        raise NotACorpusError(str(error)) from None
    said = (
        f"the dataset has {told.articles:,} articles of {told.rows:,} rows "
        f"in {told.shards:,} shards"
    )
    if told.is_of(totals):
        return said
    return f"{said}, which is not what has been read: run newscrawl corpus dedupe again"
