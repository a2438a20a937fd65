"""What is written takes the place of the old whole, or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.store.replacing import replacing

ENDLESS = """
import sys, time
from pathlib import Path
from newscrawl.store.replacing import replacing
with replacing(Path(sys.argv[1])) as beside:
    target = beside
    if sys.argv[2] == "folder":
        beside.mkdir()
        target = beside / "part"
    target.write_text("half")
    print("under way", flush=True)
    time.sleep(600)
"""


def begin(path: Path, *, is_folder: bool) -> None:
    path.mkdir() if is_folder else path.write_text("new")


def write_half(path: Path, *, is_folder: bool) -> None:
    with replacing(path) as beside:
        begin(beside, is_folder=is_folder)
        raise OSError("the disk is full")


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_is_replaced(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")
    with replacing(path) as beside:
        beside.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert names(tmp_path) == ["a"]


def test_a_folder_is_replaced_with_all_in_it(tmp_path):
    path = tmp_path / "a"
    path.mkdir()
    (path / "old").touch()
    with replacing(path) as beside:
        beside.mkdir()
        (beside / "new").touch()
    assert names(path) == ["new"]
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize("is_folder", [False, True])
def test_an_error_leaves_the_old_one(tmp_path, is_folder):
    path = tmp_path / "a"
    begin(path, is_folder=is_folder)
    with pytest.raises(OSError, match="disk is full"):
        write_half(path, is_folder=is_folder)
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_kill_leaves_the_old_one_and_the_next_writer_clears_up(tmp_path, kind):
    path = tmp_path / "a"
    if kind == "folder":
        path.mkdir()
        (path / "old").touch()
    else:
        path.write_text("old")
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(path), kind], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"under way\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert names(path) == ["old"] if kind == "folder" else path.read_text() == "old"
    assert len(names(tmp_path)) == 2
    with replacing(path) as beside:
        begin(beside, is_folder=kind == "folder")
    assert names(tmp_path) == ["a"]


def test_a_kill_between_the_two_renames_of_a_folder_loses_nothing(tmp_path):
    (tmp_path / ".a.newscrawl-former").mkdir()
    (tmp_path / ".a.newscrawl-former" / "old").touch()
    path = tmp_path / "a"
    with pytest.raises(OSError, match="full"), replacing(path):
        raise OSError("full")
    assert names(path) == ["old"]


def test_what_a_living_process_writes_is_left_alone(tmp_path):
    with subprocess.Popen(["sleep", "60"]) as other:
        theirs = tmp_path / f".a.newscrawl-{other.pid}"
        theirs.touch()
        with replacing(tmp_path / "a") as beside:
            beside.touch()
        assert theirs.exists()
        other.kill()
    assert (tmp_path / "a").exists()
