"""Commands killed at ten moments each, then an article erased: is a word of it left anywhere?

The moments lie where files change. What is searched is every file below the folders that commands
write to, unpacked where it is packed. Files that the erasure names are told apart; a draft that
it leaves is a trace whatever it holds.
"""

from __future__ import annotations

import shutil
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.crawl.forking import Nursery
from tests.siege.running import Ended, Work, kill, watch
from tests.siege.site import Site, path_of, sentences, serving

ARTICLES = 24
MOMENTS = 10
ERASED, ANOTHER = 7, 12
WORDS = 6
"""So many in a row are in one article only."""
PARAGRAPHS = 6
NO_STATUS = 2


class Attack(NamedTuple):
    """A command that is killed; ``cwd`` is where it is started."""

    name: str
    arguments: Sequence[str]
    cwd: str = "here"
    is_earlier: bool = False
    """Whether the database is first given the schema before the newest one."""


def attacks(url: str, work: Work) -> list[Attack]:
    out = work.folder / "out"
    names = ("a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.csv", "a.parquet", "parts/", "a.md/")
    site = url.removeprefix("http://")
    crawl = ("crawl", "site", "-a", f"url={url}/")
    return [
        *(Attack(f"export {name}", ("export", f"{out}/{name}")) for name in names),
        Attack("export here", ("export", "b.jsonl", "b.parquet")),
        Attack("stories", ("export", "--stories", "s.csv", "--syndication", "e.csv")),
        Attack("report", ("report", "-o", f"{out}/report.html")),
        Attack("crawl", crawl),
        Attack("crawl anew", (*crawl, "-a", "since=2000-01-01")),
        Attack("dry run", (*crawl, "--dry-run")),
        Attack("backup", ("db", "backup")),
        Attack("backup elsewhere", ("db", "backup", f"{out}/kept.db")),
        Attack("upgrade", ("db", "upgrade"), is_earlier=True),
        Attack("vacuum", ("db", "vacuum", "--logs", "-s", "NEWSCRAWL_KEEP_REVISIONS=1")),
        Attack(
            "vacuum of all", ("db", "vacuum", "--logs", "-s", "NEWSCRAWL_KEEP_ARCHIVE=0.000001")
        ),
        Attack("dedupe", ("dedupe", "-s", "NEWSCRAWL_DEDUPE_SCOPE=all")),
        Attack("reextract", ("reextract",)),
        Attack("rename", ("db", "rename-site", site, "moved.example")),
        Attack("forget", ("forget", "--site", site)),
        Attack("erase", ("erase", url + path_of(ERASED))),
        Attack("erase another", ("erase", url + path_of(ANOTHER))),
    ]


def figures(
    folder: Path,
    *,
    articles: int = ARTICLES,
    moments: int = MOMENTS,
    only: Sequence[str] = (),
) -> Iterator[tuple[str, object]]:
    """Yield how many commands were killed, how often, and how many traces were left."""
    with Nursery() as nursery, serving(Site(articles)) as url:
        work = Work(folder / "work", nursery)
        crawled(work, url)
        kept = folder / "kept"
        shutil.copytree(work.folder, kept)
        chosen = [each for each in attacks(url, work) if not only or each.name in only]
        killed = 0
        left: list[str] = []
        for attack in chosen:
            for moment in killing_moments(work, kept, attack, moments):
                restore(work, kept, attack)
                killed += killed_at(work, attack, moment)
                left += [f"{attack.name}, change {moment}: {each}" for each in traces(work, url)]
    yield "traces_commands", len(chosen)
    yield "traces_kills", killed
    for number, each in enumerate(left):
        yield f"trace_{number}", each
    yield "traces_left", len(left)


def crawled(work: Work, url: str) -> None:
    """Crawl twice, so that there is something to compact, and write files for others."""
    for _ in range(2):
        ended = work.run("crawl", "site", "-a", f"url={url}/")
        if ended.status:
            raise RuntimeError(ended.said[-2000:])


BACK_TO_0011 = """
DROP TABLE outputs;
ALTER TABLE logs DROP COLUMN number;
ALTER TABLE hosts DROP COLUMN since;
ALTER TABLE pages DROP COLUMN hops;
UPDATE alembic_version SET version_num = '0011';
"""


def restore(work: Work, kept: Path, attack: Attack) -> None:
    shutil.rmtree(work.folder)
    shutil.copytree(kept, work.folder)
    if attack.is_earlier:
        with closing(sqlite3.connect(work.database)) as database:
            database.executescript(BACK_TO_0011)


def killing_moments(work: Work, kept: Path, attack: Attack, moments: int) -> Iterator[int]:
    """Yield after how many changes of files the command is killed, as far apart as that goes."""
    restore(work, kept, attack)
    process = work.start(*attack.arguments, cwd=attack.cwd)
    changes = watch(work.folder, process, lambda _: False)
    if process.returncode == NO_STATUS:
        raise RuntimeError(f"{attack.name} was refused")
    yield from (1 + number * changes // moments for number in range(moments))


def killed_at(work: Work, attack: Attack, moment: int) -> bool:
    process = work.start(*attack.arguments, cwd=attack.cwd)
    watch(work.folder, process, lambda changes: changes >= moment)
    return kill(process)


def traces(work: Work, url: str) -> list[str]:
    """Erase the article, and say where something of it is left that was not named."""
    ended = work.run("erase", url + path_of(ERASED), cwd="elsewhere")
    if not is_done(ended):
        return [f"erase ended with {ended.status}: {ended.said[-300:]}"]
    probes = probes_of(ERASED)
    left = []
    for path in sorted(work.folder.rglob("*")):
        where = path.relative_to(work.folder)
        is_draft = ".newscrawl" in where.as_posix()
        is_named = str(path) in ended.said.replace("\n", "")
        if path.is_file() and (is_draft or (not is_named and holds(path, probes))):
            left.append(str(where))
    return left


def is_done(ended: Ended) -> bool:
    """Whether the article went, was gone, or was never stored; 3 tells of files that are named."""
    return ended.status in {0, 3} or "nothing of it is stored" in ended.said


def probes_of(number: int) -> list[bytes]:
    """Return all runs of some words of an article's text."""
    chance = Random(number)
    text = [sentences(chance) for _ in range(PARAGRAPHS)]
    lines = [line.strip(" .").split() for each in text for line in each.split(". ")]
    return [
        " ".join(line[first : first + WORDS]).encode()
        for line in lines
        for first in range(1, len(line) - WORDS + 1)
    ]


def holds(path: Path, probes: Sequence[bytes]) -> bool:
    return any(probe in some for some in contents(path) for probe in probes)


def contents(path: Path) -> Iterator[bytes]:
    """Yield what is in a file: as it is, and unpacked as far as it can be."""
    raw = path.read_bytes()
    yield raw
    if raw.startswith(b"\x1f\x8b"):
        yield gunzipped(raw)
    if raw.startswith(b"\x28\xb5\x2f\xfd"):
        yield unpacked(path)
    if raw.startswith(b"PAR1"):
        yield from columns(path)
    if raw.startswith(b"SQLite format 3"):
        yield from rows(path)


def gunzipped(raw: bytes) -> bytes:
    found = b""
    with suppress(zlib.error):
        while raw:
            member = zlib.decompressobj(31)
            found += member.decompress(raw)
            raw = member.unused_data
    return found


def unpacked(path: Path) -> bytes:
    import pyarrow as pa

    found = b""
    with suppress(OSError), pa.input_stream(str(path), compression="zstd") as stream:
        while some := stream.read(1 << 16):
            found += some
    return found


def columns(path: Path) -> Iterator[bytes]:
    from pyarrow import ArrowException, parquet

    with suppress(ArrowException, OSError):
        yield str(parquet.read_table(path, partitioning=None).to_pylist()).encode()


def rows(path: Path) -> Iterator[bytes]:
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file,
    ):
        for (name,) in file.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall():
            for row in file.execute(f'SELECT * FROM "{name}"'):
                yield str(row).encode(errors="replace")
