"""Opening the database: engine, pragmas, migrations."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from sqlalchemy import (
    URL,
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    inspect,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from newscrawl import __version__
from newscrawl.items import compact_json
from newscrawl.store.copying import copy_sqlite
from newscrawl.store.folding import FUNCTIONS
from newscrawl.store.schema import metadata
from newscrawl.store.waiting import READING, Waits, guard, with_keepalives

HEAD = "0014"
"""The newest revision of the schema."""
VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
_NAME = 12
_AGAIN = 0.02
"""Seconds between two tries to begin the log of a file that others have just made."""
_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_TURN = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0)))
SYNCHRONOUS = ("NORMAL", "FULL")
CACHE_KIB = 16 * 1024
WAL_PAGES = 16_384
"""Of 4 KiB: the index of near-duplicates changes a page a shingle, anywhere in the file."""


def checked_url(url: str, *, synchronous: str = "NORMAL") -> URL:
    """Return ``url`` as SQLAlchemy reads it.

    Raises:
        ValueError: it is no database URL, or ``synchronous`` is unknown.
    """
    if synchronous not in SYNCHRONOUS:
        raise ValueError(
            f"NEWSCRAWL_SYNCHRONOUS is {synchronous!r}; use one of {', '.join(SYNCHRONOUS)}"
        )
    try:
        return make_url(url)
    except ArgumentError:
        raise ValueError(
            "NEWSCRAWL_DATABASE_URL is not a database URL; use e.g. sqlite:///data/newscrawl.db"
        ) from None


def connect(
    url: str, *, synchronous: str = "NORMAL", create: bool = True, waits: Waits | None = None
) -> Engine:
    """Return an engine for ``url``; a SQLite file and its folder are made, if ``create``.

    ``synchronous`` is SQLite's: after a power loss ``NORMAL`` may lose the last
    commits but never breaks the file, ``FULL`` loses none. No connection waits longer than
    ``waits`` says for locks and for a peer that says nothing; a SQLite file may say with
    ``?timeout=`` for how many seconds it waits for a lock.

    Raises:
        ValueError: the URL is no database URL, or ``synchronous`` is unknown.
        FileNotFoundError: there is no such SQLite file and it is not to be made.
    """
    parsed = checked_url(url, synchronous=synchronous)
    waits = waits or Waits()
    options: dict[str, Any] = {"json_serializer": compact_json}
    if parsed.get_backend_name() != "sqlite":
        return _guarded(parsed, waits, **options)
    path = file_of(parsed)
    if path is None:
        options["poolclass"] = StaticPool
    else:
        _make_room(path, create=create)
    options["connect_args"] = {"check_same_thread": False}
    if waits.lock and "timeout" not in parsed.query:
        options["connect_args"]["timeout"] = waits.lock
    engine = create_engine(parsed, **options)
    event.listen(engine, "connect", partial(_set_pragmas, synchronous=synchronous))
    event.listen(engine, "begin", _begin_for_writing)
    return engine


def _guarded(url: URL, waits: Waits, **options: Any) -> Engine:
    engine = create_engine(with_keepalives(url, waits), **options)
    if url.get_backend_name() == "postgresql":
        guard(engine, waits)
    return engine


def _make_room(path: Path, *, create: bool) -> None:
    """Make the folder of a SQLite file, which is made by the first connection."""
    if not create and not path.exists():
        raise FileNotFoundError(f"there is no database at {path}; run a crawl first")
    path.parent.mkdir(parents=True, exist_ok=True)


def _set_pragmas(connection: Any, _record: Any, *, synchronous: str) -> None:
    connection.isolation_level = None
    _use_wal(connection)
    connection.execute(f"PRAGMA synchronous={synchronous}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint={WAL_PAGES}")
    add_functions(connection)


def add_functions(connection: Any) -> None:
    """Give a connection to SQLite what the triggers of the search call: see ``search/``."""
    for name, (arguments, function) in FUNCTIONS.items():
        connection.create_function(name, arguments, function, deterministic=True)


def _use_wal(connection: Any) -> None:
    """Begin a write-ahead log, for which SQLite itself does not wait where others begin it too."""
    (milliseconds,) = connection.execute("PRAGMA busy_timeout").fetchone()
    until = time.monotonic() + milliseconds / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= until:
                raise
            time.sleep(_AGAIN)
        else:
            return


def _begin_for_writing(connection: Connection) -> None:
    # pysqlite opens transactions late; a lock taken at once can be waited for
    reads = connection.get_execution_options().get(READING)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def copy_state(url: str, target: Path) -> str:
    """Copy a SQLite database into ``target`` and return the copy's URL.

    A database elsewhere, or none yet, gives an empty one.
    """
    parsed = checked_url(url)
    source = Path(parsed.database or "")
    if parsed.get_backend_name() == "sqlite" and source.is_file():
        with (
            closing(sqlite3.connect(source)) as original,
            closing(sqlite3.connect(target)) as copy,
        ):
            original.backup(copy)
    return f"sqlite:///{target}"


class Upgrade(NamedTuple):
    """A database that was brought to the newest schema."""

    since: str | None
    """The revision it had; ``None`` if it had only tables of others."""
    backup: Path | None
    """Where it lies as it was before; only of SQLite."""


def migrate(engine: Engine) -> Upgrade | None:
    """Bring the schema to the newest revision; returns ``None`` where nothing is to be migrated.

    A SQLite database of an older schema is copied first, to a file beside it that is never
    overwritten. A migration that fails leaves the database as it was.

    Alembic, which takes longer to import than most commands to run, is asked only where
    there is something to migrate: an empty database gets the newest schema at once.

    Raises:
        ValueError: the database is newer than the program, or cannot be migrated.
        OSError: it cannot be copied first.
    """
    with reading(engine) as connection:
        if revision_of(connection) == HEAD:
            return None
    with engine.begin() as connection:
        take_turn(connection, VERSION.name)
        since = revision_of(connection)
        if since == HEAD:
            return None
        if not inspect(connection).get_table_names():
            metadata.create_all(connection)
            VERSION.create(connection)
            connection.execute(insert(VERSION).values(version_num=HEAD))
            return None
        upgrade = Upgrade(since, None if since is None else _keep(engine.url))
        try:
            _upgrade(connection)
        except SQLAlchemyError as error:
            raise ValueError(
                f"the database cannot be brought from schema {since} to {HEAD} and is as it was: "
                f"{getattr(error, 'orig', error)}"
            ) from error
    return upgrade


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the schema, ``None`` if there is none yet.

    Raises:
        ValueError: this program does not know it.
    """
    if not inspect(connection).has_table(VERSION.name):
        return None
    found = connection.scalar(select(VERSION))
    if found is not None and not "0001" <= found <= HEAD:
        raise ValueError(
            f"the database has schema {found} and newscrawl {__version__} knows those up to {HEAD}: "
            "it was written by a newer version; install that one"
        )
    return found


def file_of(url: URL) -> Path | None:
    """Return the file of a SQLite database; others, and one in memory, have none."""
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database))


def name_of(engine: Engine) -> str:
    """Return what tells this database from others, and from copies of itself, in names of files."""
    path = file_of(engine.url)
    url = engine.url.set(username=None, password=None)
    told = url.render_as_string() if path is None else str(path.resolve())
    return sha256(told.encode(errors="replace")).hexdigest()[:_NAME]


def _keep(url: URL) -> Path | None:
    path = file_of(url)
    if path is None:
        return None
    backup = path.with_name(f"{path.stem}.before-{HEAD}.db")
    if not backup.exists():
        copy_sqlite(path, backup)
    return backup


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction that only reads, and so neither waits for a crawl nor keeps it waiting.

    All that is read in it is of the moment of its first statement.
    """
    with engine.connect() as connection:
        connection.execution_options(**{READING: True})
        if connection.dialect.name == "postgresql":
            connection.execution_options(**_SNAPSHOT)
        with connection.begin():
            yield connection


def take_turn(connection: Connection, name: str) -> None:
    """Wait until no other transaction has the turn of this name; ours has it until it ends.

    SQLite has one writer, whose turn it always is.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_TURN, {"name": name})


def _upgrade(connection: Connection, revision: str = "head") -> None:
    from alembic import command  # noqa: PLC0415 - see migrate()
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.attributes["connection"] = connection
    with _migrations() as folder:
        # Config reads % as the start of a name
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        command.upgrade(config, revision)


@contextmanager
def _migrations() -> Iterator[Path]:
    """Provide the migrations as the folder that Alembic reads; in an egg they are in a zip file."""
    packed = resources.files("newscrawl.store") / "migrations"
    if isinstance(packed, Path):
        yield packed
        return
    with TemporaryDirectory(prefix="newscrawl-") as folder:
        _unpack(packed, Path(folder, "migrations"))
        yield Path(folder, "migrations")


def _unpack(packed: Traversable, target: Path) -> None:
    if packed.is_file():
        target.write_bytes(packed.read_bytes())
        return
    target.mkdir()
    for each in packed.iterdir():
        _unpack(each, target / each.name)
