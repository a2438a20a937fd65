"""``scrapy worker``: crawl the jobs of ``sites.toml``, beside any number of others."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scrapy.exceptions import UsageError
from scrapy.utils.log import configure_logging
from sqlalchemy import Engine

from newscrawl.commands.schedule import Command as ScheduleCommand
from newscrawl.commands.schedule import tell
from newscrawl.mistakes import BadInput
from newscrawl.store.faults import patiently
from newscrawl.store.waiting import Waits
from newscrawl.terminal.database_command import DatabaseCommand

if TYPE_CHECKING:
    from prometheus_client.registry import Collector

    from newscrawl.schedule.metrics import Watched

NEEDED = ("procrastinate", "prometheus_client")
MOST = 1000
"""Crawls at a time: more is a slip of the pen."""


class Address(NamedTuple):
    """Where to serve, also as it was ``given``."""

    host: str
    port: int
    given: str


class Command(DatabaseCommand):
    """Crawls the jobs of ``sites.toml``, with any number of others like it."""

    def syntax(self) -> str:
        return "[--file sites.toml] [--concurrency N] [--logs FOLDER] [--listen HOST:PORT] [--shards N]"

    def short_desc(self) -> str:
        return "Crawl sites by the clock, together with workers on other machines"

    def long_desc(self) -> str:
        return (
            "Takes the jobs of sites.toml as they are due, through PostgreSQL: no site is crawled "
            "twice at a time, a missed run is caught up once, a dead worker's job is taken over. "
            "SIGTERM ends the crawls in order and gives their jobs back. With --listen it serves "
            "/metrics for Prometheus and /healthz. With --shards it crawls nothing and reads the "
            "shards that newscrawl corpus build --queue has queued."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--file", type=Path, default=Path("sites.toml"), help="default: sites.toml"
        )
        parser.add_argument(
            "--concurrency", default="4", metavar="N", help="crawls at a time, default: 4"
        )
        parser.add_argument(
            "--logs", type=Path, default=Path("logs"), metavar="FOLDER", help="default: logs"
        )
        parser.add_argument("--listen", metavar="HOST:PORT", help="e.g. 127.0.0.1:9464")
        parser.add_argument(
            "--shards",
            metavar="N",
            help="read shards of corpora, N at a time, in place of crawling",
        )

    def prepare(self, engine: Engine) -> None:
        """Wait for a server that is away: it may be starting too."""
        assert self.settings is not None
        configure_logging(
            self.settings,
            install_root_handler=self.settings.getbool("LOG_INSTALL_ROOT_HANDLER", True),
        )
        preparing = partial(super().prepare, engine)
        patiently(preparing, self.settings.getfloat("NEWSCRAWL_DATABASE_PATIENCE"))

    def work_on(self, engine: Engine, args: list[str], opts: argparse.Namespace) -> None:
        if engine.dialect.name != "postgresql":
            raise UsageError(
                "workers share a PostgreSQL, set NEWSCRAWL_DATABASE_URL; on one machine with "
                "SQLite use newscrawl schedule export",
                print_help=False,
            )
        missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
        if missing:
            raise UsageError(
                f"{missing[0]} is not installed: pip install 'newscrawl[worker]'", print_help=False
            )
        address = _address(opts.listen) if opts.listen else None
        if opts.shards is not None:
            self._read_shards(engine, _number(opts.shards, "--shards"), address)
            return
        concurrency = _number(opts.concurrency, "--concurrency")
        asyncio.run(self._work(engine, opts, concurrency, address))

    def _read_shards(self, engine: Engine, concurrency: int, address: Address | None) -> None:
        from newscrawl.corpus.executors.shard_metrics import ShardCollector
        from newscrawl.corpus.executors.shard_worker import ShardWorker

        assert self.settings is not None
        worker = ShardWorker(engine, concurrency, Waits.of(self.settings))
        with _shown(address, worker, [ShardCollector(worker)]):
            asyncio.run(worker.run())

    async def _work(
        self,
        engine: Engine,
        opts: argparse.Namespace,
        concurrency: int,
        address: Address | None,
    ) -> None:
        from newscrawl.schedule.metrics import LedgerCollector, WorkerCollector
        from newscrawl.schedule.worker import Worker

        assert self.settings is not None
        schedule = ScheduleCommand()
        schedule.settings = self.settings
        try:
            worker = Worker(
                engine,
                opts.file,
                schedule.jobs,
                concurrency=concurrency,
                logs=opts.logs,
                environment={"NEWSCRAWL_DATABASE_URL": self.settings["NEWSCRAWL_DATABASE_URL"]},
                waits=Waits.of(self.settings),
            )
            collectors = [LedgerCollector(engine), WorkerCollector(worker)]
            with _shown(address, worker, collectors):
                await worker.run()
        except BadInput as error:
            self.exitcode = tell(error)
            return
        except OSError as error:
            raise UsageError(
                f"{error.filename or opts.listen}: {error.strerror}", print_help=False
            ) from None


@contextmanager
def _shown(
    address: Address | None, worker: Watched, collectors: Iterable[Collector]
) -> Iterator[None]:
    """Serve what a worker tells for as long as it works, if it has an address for that."""
    from newscrawl.schedule.metrics import serve

    if address is None:
        yield
        return
    try:
        end = serve(address.host, address.port, worker, collectors)
    except OSError as error:
        raise UsageError(f"{address.given}: {error.strerror}", print_help=False) from None
    yield
    end()


def _number(given: str, option: str) -> int:
    if not (given.isdecimal() and 1 <= int(given) <= MOST):
        raise UsageError(f"{option} is no number from 1 to {MOST}: {given}", print_help=False)
    return int(given)


def _address(given: str) -> Address:
    host, _, port = given.rpartition(":")
    if not (host and port.isdecimal() and 0 < int(port) < 1 << 16):
        raise UsageError(
            f"--listen is no HOST:PORT, e.g. 127.0.0.1:9464: {given}", print_help=False
        )
    return Address(host.strip("[]"), int(port), given)
