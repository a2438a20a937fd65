"""``scrapy erase`` in a process of its own, and what is left after it."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from newscrawl.items import Article
from newscrawl.store.database import connect
from tests.crawl.crawling import Crawl

SHORTEST = 40


def settings_of(crawl: Crawl) -> dict[str, str]:
    return {
        "NEWSCRAWL_DATABASE_URL": crawl.database,
        "NEWSCRAWL_JSONL": str(crawl.jsonl),
        "NEWSCRAWL_ARCHIVE": str(crawl.folder / "archive"),
    }


def erase(crawl: Crawl, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return crawl.do("erase", *arguments, **{**settings_of(crawl), **settings})


def copy_of(crawl: Crawl, folder: Path) -> Crawl:
    """Copy a whole data folder, whose files the copy of the database then names."""
    shutil.copytree(crawl.folder, folder)
    engine = connect(f"sqlite:///{folder}/newscrawl.db")
    with engine.begin() as connection:
        for table in ("logs", "archives"):
            connection.exec_driver_sql(
                f"UPDATE {table} SET path = replace(path, ?, ?)",
                (f"{crawl.folder}/", f"{folder}/"),
            )
    engine.dispose()
    return Crawl(folder)


def sentences_of(gone: Collection[Article], others: Collection[Article]) -> list[str]:
    """Return what only the articles that are gone say."""
    said = [f"{each.headline}\n{each.subtitle or ''}\n{each.text}" for each in gone]
    found = {part.strip() for text in said for part in re.split(r"(?<=[.!?])\s+|\n", text)}
    kept = "\n".join(f"{each.headline}\n{each.subtitle or ''}\n{each.text}" for each in others)
    return sorted(part for part in found if len(part) >= SHORTEST and part not in kept)


def traces(folder: Path, sentences: Collection[str]) -> list[str]:
    """Return the sentences that stand in a file of a folder, and where."""
    wanted = {
        form.encode(): sentence
        for sentence in sentences
        for form in (
            sentence,
            html.escape(sentence),
            html.escape(sentence, quote=False),
            json.dumps(sentence)[1:-1],
        )
    }
    return [
        f"{path.name}: {sentence}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for block in _blocks(path)
        for form, sentence in wanted.items()
        if form in block
    ]


def _blocks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file; those of an archive unpacked, a record at a time."""
    if ".warc.gz" not in path.name:
        yield path.read_bytes()
        return
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            yield record.content_stream().read()
