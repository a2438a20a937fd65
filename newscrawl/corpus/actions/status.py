"""``newscrawl corpus status``: what a corpus has come to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from newscrawl.corpus.account import accounts
from newscrawl.corpus.actions.telling import Totals, outcomes
from newscrawl.corpus.building import NotACorpusError, about_of, inputs_of
from newscrawl.corpus.layout import Layout, name_of
from newscrawl.exit_status import ExitStatus

if TYPE_CHECKING:
    import argparse

    from newscrawl.corpus.actions.action import Asked

_ARTICLES = ("originals", "exact", "near")
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
            f"{totals.sentence()}; {len(missing):,} of those asked for are not read yet"
        )
        asked.console.print(_deduped(layout, totals))
        return ExitStatus.GOOD


def _deduped(layout: Layout, totals: Totals) -> str:
    """Say whether there is a dataset, and whether it is of what has been read."""
    try:
        told = json.loads(layout.deduped.read_text(encoding="utf-8"))
        rows, shards, articles = told["rows"], told["shards"], sum(map(told.get, _ARTICLES))
    except FileNotFoundError:
        return "no dataset yet: newscrawl corpus dedupe makes it"
    except (ValueError, KeyError, TypeError):
        raise NotACorpusError(f"{layout.deduped} is not readable") from None
    said = f"the dataset has {articles:,} articles of {rows:,} rows in {shards:,} shards"
    if (rows, shards) == (totals.articles, totals.shards):
        return said
    return f"{said}, which is not what has been read: run newscrawl corpus dedupe again"
