"""The tables of a deduplication: a DuckDB in the work folder, with a bound to its memory."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from newscrawl.corpus.deduping.shards import Shard

FOLDER = "deduping"
BATCH = 2_000
"""Rows of an Arrow batch of small values."""
_GLOB = re.compile(r"([*?\[])")


class Work:
    """Statements on the tables; what does not fit into the memory lies in the folder."""

    def __init__(
        self, folder: Path, connection: duckdb.DuckDBPyConnection, *, memory: str, jobs: int
    ) -> None:
        self.folder = folder
        self.jobs = jobs
        self._connection = connection
        self.memory = self.one(f"SELECT parse_formatted_bytes('{memory}')")
        """In bytes."""

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        self._connection.execute(statement, list(values))

    def one(self, query: str) -> int:
        """Return the number that a query gives."""
        row = self._connection.execute(query).fetchone()
        assert row is not None
        return int(row[0] or 0)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Return the few rows that a query gives."""
        return [row for batch in self.stream(query) for row in batch.to_pylist()]

    def stream(self, query: str, rows: int = BATCH) -> Iterator[pa.RecordBatch]:
        """Yield what a query gives, so many rows at a time; other statements may run meanwhile."""
        cursor = self._connection.cursor()
        try:
            yield from cursor.sql(query).to_arrow_reader(rows)
        finally:
            cursor.close()

    @property
    def paths(self) -> dict[str, str]:
        """The folder as statements name it: ``target`` to write to, ``folder`` to read from."""
        quoted = str(self.folder).replace("'", "''")
        return {"target": quoted, "folder": literal(quoted)}

    def new_folder(self, name: str) -> None:
        (self.folder / name).mkdir()

    def has(self, pattern: str) -> bool:
        return next(self.folder.glob(pattern), None) is not None

    def remove(self, name: str) -> None:
        shutil.rmtree(self.folder / name)

    def insert_rows(self, table: str, schema: pa.Schema, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add rows to a table that has the columns of a schema, in its order."""
        rest, cursor = iter(rows), self._connection.cursor()
        while some := list(islice(rest, BATCH)):
            columns = zip(*some, strict=True)
            arrays = [
                pa.array(values, field.type) for field, values in zip(schema, columns, strict=True)
            ]
            cursor.register("given", pa.table(arrays, schema))
            cursor.execute(f"INSERT INTO {table} SELECT * FROM given")  # noqa: S608 - a table of ours
        cursor.close()


@contextmanager
def working(folder: Path, *, memory: str, jobs: int) -> Iterator[Work]:
    """Provide empty tables below ``folder`` and remove them in the end.

    Raises:
        OSError: the folder cannot be written, or a part not be read.
        ValueError: ``memory`` is too small, or there is a question mark in the path.
    """
    home = folder / FOLDER
    if "?" in str(home):
        raise ValueError(f"{home}: DuckDB takes no folder with a question mark in its name")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    connection = duckdb.connect(
        home / "tables.db",
        config={
            "memory_limit": memory,
            "threads": jobs,
            "temp_directory": str(home / "spilled"),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
        },
    )
    try:
        yield Work(home, connection, memory=memory, jobs=jobs)
    except duckdb.OutOfMemoryException as error:
        raise ValueError(f"a memory of {memory} is too small: {_line(error)}") from error
    except duckdb.IOException as error:
        raise OSError(_line(error)) from error
    finally:
        connection.close()
        shutil.rmtree(home, ignore_errors=True)


def _line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def files_of(shards: Sequence[Shard]) -> list[str]:
    """Return the parts as DuckDB reads them."""
    return [literal(str(shard.part)) for shard in shards]


def literal(path: str) -> str:
    """Return a path so that nothing in it is a pattern."""
    return _GLOB.sub(r"[\1]", path)
