"""Exports to an object store: a real server that speaks S3."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import s3fs

from newscrawl.dataset.articles import ArticleStore
from newscrawl.exporters.remote import place_of, staged
from newscrawl.store.database import connect, migrate
from newscrawl.store.outputs import noted
from tests.crawl.crawling import ENVIRONMENT, NEWSCRAWL
from tests.exporters.conftest import stored_articles

RCLONE = Path(sys.executable).with_name("rclone")
KEY, SECRET = "newsroom", "long-enough-secret"


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    """A bucket as a folder, which a server for S3 serves on the loopback address."""
    folder = tmp_path_factory.mktemp("buckets")
    (folder / "news").mkdir()
    port = free_port()
    options = [f"--auth-key={KEY},{SECRET}", f"--addr=127.0.0.1:{port}"]
    server = subprocess.Popen(
        [RCLONE, "serve", "s3", *options, folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    environment = {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    while server.poll() is None:
        with closing(socket.socket()) as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield folder / "news"
    server.terminate()
    server.wait()


@pytest.fixture
def database(tmp_path):
    url = f"sqlite:///{tmp_path}/newscrawl.db"
    engine = connect(url)
    migrate(engine)
    store = ArticleStore("")
    store.run = 1
    with engine.begin() as connection:
        for each in stored_articles():
            store.store(connection, each)
    yield url
    engine.dispose()


def exported(
    database: str, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*NEWSCRAWL, "export", *arguments, "-s", f"NEWSCRAWL_DATABASE_URL={database}"],
        check=False,
        capture_output=True,
        text=True,
        env={**ENVIRONMENT, **os.environ, **environment},
        timeout=120,
    )


def test_a_file_and_its_cards_are_written_to_a_bucket(bucket, database):
    ended = exported(database, "s3://news/one/articles.parquet")
    assert ended.returncode == 0, ended.stderr
    assert pq.read_table(bucket / "one/articles.parquet").num_rows == 4
    assert {path.name for path in (bucket / "one").iterdir()} == {
        *("articles.parquet", "README.md", "croissant.json", "datapackage.json")
    }


def test_a_folder_has_only_the_files_of_the_last_export(bucket, database):
    assert exported(database, "s3://news/many/parts/").returncode == 0
    both = {path.parent.name for path in (bucket / "many/parts").rglob("*.parquet")}
    assert both == {"daily.example", "weekly.example"}
    assert exported(database, "s3://news/many/parts/", "--tag", "ferry").returncode == 0
    left = {path.parent.name for path in (bucket / "many/parts").rglob("*.parquet")}
    assert left == {"daily.example"}


def test_files_of_others_in_a_folder_are_not_touched(bucket, database):
    s3fs.S3FileSystem().pipe_file("news/others/thesis.doc", b"mine")
    ended = exported(database, "s3://news/others/")
    assert ended.returncode == 2
    assert "holds other files" in ended.stderr
    assert [path.name for path in (bucket / "others").iterdir()] == ["thesis.doc"]


def test_a_readme_of_somebody_else_is_not_written_over(bucket, database):
    s3fs.S3FileSystem().pipe_file("news/mine/README.md", b"# Mine")
    assert exported(database, "s3://news/mine/a.csv").returncode == 2
    assert [path.name for path in (bucket / "mine").iterdir()] == ["README.md"]


def test_an_export_that_fails_leaves_what_was_there(bucket, tmp_path):
    s3fs.S3FileSystem().pipe_file("news/kept/a.csv", b"before")
    targets = staged(["s3://news/kept/a.csv", "s3://news/kept/b.csv"], tmp_path)
    first, _ = targets.__enter__()
    Path(first).write_text("half")
    assert not targets.__exit__(OSError, OSError("no space left"), None)
    assert [path.name for path in (bucket / "kept").iterdir()] == ["a.csv"]
    assert (bucket / "kept/a.csv").read_text() == "before"


def test_an_export_that_is_killed_leaves_a_whole_file(bucket, database):
    target = "s3://news/killed/articles.csv"
    assert exported(database, target).returncode == 0
    whole = (bucket / "killed/articles.csv").read_bytes()
    for after in (0.6, 0.9, 1.2, 1.5, 1.8):
        process = subprocess.Popen(
            [*NEWSCRAWL, "export", target, "-s", f"NEWSCRAWL_DATABASE_URL={database}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**ENVIRONMENT, **os.environ},
        )
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert (bucket / "killed/articles.csv").read_bytes() == whole


@pytest.mark.usefixtures("bucket")
def test_where_an_export_went_is_known_to_an_erasure(database):
    exported(database, "s3://news/noted/articles.csv")
    engine = connect(database)
    with engine.begin() as connection:
        (output,) = noted(connection)
    engine.dispose()
    assert (output.host, str(output.path)) == ("s3://news", "/noted/articles.csv")


@pytest.mark.usefixtures("bucket")
def test_a_store_that_is_not_there_is_one_line(database):
    ended = exported(database, "s3://nowhere/articles.csv")
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line.startswith("Not exported: ")


def test_a_protocol_that_nobody_knows_is_refused(database):
    ended = exported(database, "nosuch://bucket/articles.csv")
    assert ended.returncode == 2
    assert "nosuch" in ended.stderr.splitlines()[-1]


def test_a_place_is_a_store_and_a_path():
    assert place_of("gs://news/a/b.csv") == ("gs://news", "/a/b.csv")
