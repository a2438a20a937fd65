"""A log is compacted whole or not at all, also when the process is killed."""

from __future__ import annotations

import json
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, update

from newscrawl.dataset.articles import ArticleStore
from newscrawl.dataset.last_lines import LogDamaged
from newscrawl.dataset.logs import LogPath, SiteLog, file_of
from newscrawl.dataset.rebuild import Rebuild
from newscrawl.frontier import lease
from newscrawl.frontier.lease import SiteLocked
from newscrawl.store.database import connect, migrate, reading
from newscrawl.store.schema import leases, logs, runs
from newscrawl.upkeep.compaction import compact
from tests.dataset.test_articles import SITE, Page

KILLS = 12
SWOLLEN = 1_000
COMPACTING = """
import os, signal, sys
from newscrawl.upkeep import compaction
from newscrawl.store.database import connect
engine = connect(sys.argv[1])
with engine.connect(): pass
def killed(*_): os.kill(os.getpid(), signal.SIGKILL)
place, calls = compaction.put_in_place, []
def put_in_place(connection, site):
    calls.append(site)
    killed() if len(calls) > 1 else place(connection, site)
if sys.argv[2] == "committed":
    compaction.put_in_place = put_in_place
if sys.argv[2] == "one part in place":
    from newscrawl.dataset import logs
    take, taken = logs.take_place, []
    def take_place(*paths):
        killed() if taken else taken.append(take(*paths))
    logs.take_place = take_place
print("ready", flush=True)
compaction.compact(engine, sys.argv[3])
"""


def begin_run(engine: Engine) -> int:
    with engine.begin() as connection:
        values = {"spider": "site", "sites": [SITE], "arguments": {}, "version": "", "cycle": 1}
        result = connection.execute(insert(runs).values(**values, started=datetime.now(UTC)))
        (run,) = result.inserted_primary_key or (0,)
    return int(run)


def write(engine: Engine, folder: Path, *texts: str, max_bytes: int = 0) -> None:
    """Store versions of one article and others once each, a commit each."""
    begin_run(engine)
    template = f"{folder}/{{part}}.jsonl"
    store = ArticleStore(template, max_bytes=max_bytes)
    with engine.begin() as connection:
        store.open_log(connection, SITE)
    for number, text in enumerate(texts):
        for page in (
            Page("/a", f"The first story says {text}."),
            Page(f"/{number}", f"Just {text}."),
        ):
            with engine.begin() as connection:
                store.store(connection, page.article())
                store.before_commit(connection)
    store.close()


def parts(engine: Engine) -> list[tuple[Path, int]]:
    with reading(engine) as connection:
        rows = connection.execute(select(logs).order_by(logs.c.part)).all()
    return [(file_of(row.path), row.length) for row in rows]


def texts(engine: Engine) -> list[str]:
    committed = b"".join(path.read_bytes()[:length] for path, length in parts(engine))
    return [json.loads(line)["text"] for line in committed.splitlines()]


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir() if "newscrawl.db" not in each.name}


def test_only_the_last_line_of_each_article_stays_in_the_order_of_before(engine, tmp_path):
    write(engine, tmp_path, "one", "two", "three")
    done = compact(engine, SITE)
    assert texts(engine) == ["Just one.", "Just two.", "The first story says three.", "Just three."]
    assert done.after == (tmp_path / "1.jsonl").stat().st_size < done.before
    assert names(tmp_path) == {"1.jsonl"}


def test_sealed_parts_are_compacted_and_stay_parts(engine, tmp_path):
    write(engine, tmp_path, "one", "two", "three", max_bytes=1_000)
    before = parts(engine)
    compact(engine, SITE)
    after = parts(engine)
    assert [path for path, _ in after] == [path for path, _ in before]
    assert [path.stat().st_size for path, _ in after] == [length for _, length in after]
    assert "The first story says two." not in texts(engine)


def test_a_part_that_loses_nothing_is_not_touched(engine, tmp_path):
    write(engine, tmp_path, "one")
    before = (tmp_path / "1.jsonl").stat()
    compact(engine, SITE)
    after = (tmp_path / "1.jsonl").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_the_next_run_goes_on_with_a_compacted_log(engine, tmp_path):
    write(engine, tmp_path, "one", "two")
    compact(engine, SITE)
    write(engine, tmp_path, "three")
    assert texts(engine)[-2] == "The first story says three."


def hold(engine: Engine, beat: float) -> int:
    run = begin_run(engine)
    holder = {"site": SITE, "run": run, "host": f"not {socket.gethostname()}"}
    with engine.begin() as connection:
        connection.execute(
            insert(leases).values(**holder, pid=1, heartbeat=lease.now(connection) - beat)
        )
    return run


def test_a_log_of_a_site_that_a_run_holds_is_left_alone(engine, tmp_path):
    write(engine, tmp_path, "one", "two")
    hold(engine, 0)
    before = texts(engine)
    with pytest.raises(SiteLocked, match="is crawling"):
        compact(engine, SITE)
    assert texts(engine) == before
    assert names(tmp_path) == {"1.jsonl"}


def test_a_run_that_died_is_closed_and_its_log_compacted(engine, tmp_path):
    write(engine, tmp_path, "one", "two")
    run = hold(engine, lease.LEASE_SECONDS + 1)
    compact(engine, SITE)
    with engine.begin() as connection:
        reason = connection.execute(select(runs.c.reason).where(runs.c.id == run)).scalar()
        assert connection.execute(select(leases)).all() == []
    assert reason == "killed"


def test_a_log_that_dedupe_writes_is_left_alone(engine, tmp_path):
    write(engine, tmp_path, "one", "two")
    store = ArticleStore(f"{tmp_path}/{{part}}.jsonl")
    at_work = Rebuild(engine, store).run()
    next(at_work)
    with pytest.raises(SiteLocked, match="is crawling"):
        compact(engine, SITE)
    at_work.close()
    store.close()
    compact(engine, SITE)


def test_a_log_that_grew_meanwhile_is_left_alone(engine, tmp_path, monkeypatch):
    write(engine, tmp_path, "one", "two")
    real = lease.holders
    turns = iter([False, True])

    def holders(connection, sites):
        if next(turns):
            connection.execute(update(logs).values(day="2020-01-01"))
        return real(connection, sites)

    monkeypatch.setattr(lease, "holders", holders)
    with pytest.raises(SiteLocked, match="was crawled meanwhile"):
        compact(engine, SITE)
    assert names(tmp_path) == {"1.jsonl"}


@pytest.mark.parametrize("damage", ["short", "torn", "gone"])
def test_a_damaged_log_is_left_as_it_is(engine, tmp_path, damage):
    write(engine, tmp_path, "one", "two")
    path = tmp_path / "1.jsonl"
    whole = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(whole[:-9] if damage == "short" else whole[:9] + b"\n" + whole[10:])
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(LogDamaged):
        compact(engine, SITE)
    assert (path.read_bytes() if path.exists() else None) == before


# Killed processes; only they leave a compaction half done


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def start(engine: Engine, when: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", COMPACTING, url_of(engine), when, SITE],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def reopen(engine: Engine, folder: Path, *, max_bytes: int = 0) -> None:
    """Open the log as the next run does."""
    with engine.begin() as connection:
        path = LogPath(f"{folder}/{{part}}.jsonl", max_bytes=max_bytes)
        SiteLog(connection, SITE, path).close()


@pytest.mark.parametrize("when", ["committed", "one part in place"])
def test_a_compaction_that_was_committed_is_finished_by_the_next_run(engine, tmp_path, when):
    write(engine, tmp_path, "one", "two", "three", "four", max_bytes=2_000)
    files = names(tmp_path)
    process = start(engine, when)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    left = names(tmp_path) - files
    assert left
    assert texts(engine).count("The first story says two.") == 0
    reopen(engine, tmp_path, max_bytes=2_000)
    assert names(tmp_path) == files
    assert texts(engine).count("The first story says four.") == 1
    assert [path.stat().st_size for path, _ in parts(engine)] == [n for _, n in parts(engine)]


def swell(engine: Engine, path: Path) -> None:
    """Let the log repeat itself, so that a compaction takes long enough to be killed."""
    path.write_bytes(path.read_bytes() * SWOLLEN)
    with engine.begin() as connection:
        connection.execute(update(logs).values(length=path.stat().st_size))


def test_a_kill_at_any_moment_leaves_the_old_log_or_the_new_one(tmp_path):
    chance = random.Random(11)
    engine = connect(f"sqlite:///{tmp_path}/newscrawl.db")
    migrate(engine)
    write(engine, tmp_path, "one", "two")
    path = tmp_path / "1.jsonl"
    swell(engine, path)
    old = path.read_bytes()
    began = time.monotonic()
    start(engine, "never").communicate()
    took = time.monotonic() - began
    new = path.read_bytes()
    ends = set()
    for _ in range(KILLS):
        path.write_bytes(old)
        with engine.begin() as connection:
            connection.execute(update(logs).values(length=len(old)))
        process = start(engine, "never")
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, took * 1.1))
        process.kill()
        process.communicate()
        ((found, length),) = parts(engine)
        assert found.read_bytes()[:length] in (old, new)
        reopen(engine, tmp_path)
        ((found, length),) = parts(engine)
        assert path.read_bytes() in (old, new)
        assert (found, length) == (path, len(path.read_bytes()))
        ends.add((process.returncode, length == len(new)))
    assert (-signal.SIGKILL, False) in ends
    compact(engine, SITE)
    assert names(tmp_path) == {"1.jsonl"}
    engine.dispose()
