"""What is wrong with an archive: every visit must have its record, and every record its visit."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from sqlalchemy.engine import RowMapping
from warcio.archiveiterator import ArchiveIterator

from newscrawl.addresses.address import identity
from newscrawl.store.database import connect
from newscrawl.store.schema import archives
from newscrawl.upkeep.archive_checks import findings
from newscrawl.upkeep.checks import Check
from tests.crawl.crawling import Crawl
from tests.upkeep.checking import faults

ANSWERS = ("response", "revisit")
FAST_ANSWERS = WarcRecordType.response | WarcRecordType.revisit


@dataclass
class Checked:
    """``lost`` are answers without a readable record, ``doubled`` records without a visit."""

    pages: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


def warc_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.warc.gz"))


def is_valid(folder: Path) -> bool:
    """Whether ``warcio check``, in a process of its own, finds nothing wrong."""
    program = Path(sys.executable).with_name("warcio")
    ended = subprocess.run(
        [program, "check", *warc_files(folder)], check=False, capture_output=True, text=True
    )
    return ended.returncode == 0 and not ended.stdout + ended.stderr


def check(crawl: Crawl, folder: Path) -> Checked:
    """Compare the visits of a crawl with the records of its archive, read by warcio."""
    checked = Checked()
    parts = {row["id"]: row for row in crawl.rows(archives)}
    page_identities = {page["id"]: key for key, page in crawl.pages().items()}
    places = Counter[tuple[int, int]]()
    for visit in crawl.visits():
        if visit["status"] is not None and visit["archive"] is None:
            checked.lost.append(f"visit {visit['id']} has an answer and no record")
        if visit["archive"] is None:
            continue
        checked.pages += 1
        places[visit["archive"], visit["offset"]] += 1
        path = Path(parts[visit["archive"]]["path"])
        checked.lost += broken_record(path, visit, page_identities[visit["page"]])
    checked.doubled += [f"{place} is of {n} visits" for place, n in places.items() if n > 1]
    checked.doubled += unknown_records(folder, parts.values(), set(places))
    return checked


def disorder(crawl: Crawl, folder: Path) -> list[str]:
    """Return what ``db check`` finds, the archive included."""
    engine = connect(crawl.database)
    found = faults(engine, Check("archive", partial(findings, folder)))
    engine.dispose()
    return found


def broken_record(path: Path, visit: RowMapping, expected: str) -> Iterator[str]:
    """Yield what is wrong with the record that a visit points to."""
    with path.open("rb") as file:
        file.seek(visit["offset"])
        record = next(ArchiveIterator(file, check_digests=True))
        while record.content_stream().read(65536):
            pass
        if record.rec_type not in ANSWERS or record.digest_checker.passed is False:
            yield f"visit {visit['id']}: {record.rec_type}, {record.digest_checker.problems}"
        if identity(record.rec_headers.get_header("WARC-Target-URI")) != expected:
            yield f"visit {visit['id']}: the record is of another page"


def unknown_records(folder: Path, parts: object, places: set[tuple[int, int]]) -> Iterator[str]:
    """Yield what is in the files that no visit points to."""
    by_path = {row["path"]: row for row in parts}  # type: ignore[attr-defined] # rows of the table
    for path in warc_files(folder):
        row = by_path.get(str(path))
        if row is None:
            yield f"{path.name} is not in the database"
            continue
        if path.stat().st_size != row["length"]:
            yield f"{path.name} has {path.stat().st_size} bytes, not {row['length']}"
        for offset, _ in answers_in(path):
            if (row["id"], offset) not in places:
                yield f"{path.name}: the record at {offset} is of no visit"


def answers_in(path: Path) -> Iterator[tuple[int, str]]:
    """Yield place and URL of the answers in a file, as warcio reads them."""
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        for record in records:
            if record.rec_type in ANSWERS:
                yield (
                    records.get_record_offset(),
                    record.rec_headers.get_header("WARC-Target-URI"),
                )


def answers_by_fastwarc(path: Path) -> list[tuple[int, str]]:
    """Return the same as another reader sees it, with digests that hold."""
    with path.open("rb") as file:
        return [
            (record.stream_pos, record.headers["WARC-Target-URI"])
            for record in FastIterator(file, record_types=FAST_ANSWERS, parse_http=False)
            if record.verify_block_digest()
        ]
