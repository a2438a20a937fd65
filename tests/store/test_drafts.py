"""Drafts of dead processes are removed, whoever has their numbers now; those of living ones stay."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.store import drafts
from newscrawl.store.drafts import FOLDER, PartDrafts
from newscrawl.store.replacing import place_of, take_place

OWNER = "0123456789ab"
WRITING = """
import sys, time
from pathlib import Path
from newscrawl.store import drafts
draft = drafts.begin(Path(sys.argv[1]), owner=sys.argv[2] or None)
draft.path.write_text("half")
print(draft.path, flush=True)
time.sleep(600)
"""


def writer(place: Path, owner: str = "") -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITING, str(place), owner], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def killed(place: Path, owner: str = "") -> Path:
    """Return the draft that a killed process left."""
    process, draft = writer(place, owner)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return draft


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_the_draft_of_a_dead_process_goes_whatever_its_name(tmp_path):
    draft = killed(tmp_path / "a")
    assert draft.read_text() == "half"
    assert drafts.sweep(tmp_path) == []
    assert names(tmp_path) == []


def test_the_draft_of_a_living_process_stays_and_is_named(tmp_path):
    process, draft = writer(tmp_path / "a")
    assert drafts.sweep(tmp_path) == [draft]
    assert draft.exists()
    process.kill()
    process.communicate()
    assert drafts.sweep(tmp_path) == []
    assert names(tmp_path) == []


def test_a_number_that_another_process_has_by_now_keeps_nothing(tmp_path):
    draft = killed(tmp_path / "a")
    home = draft.parents[1]
    reused = home.with_name(f"draft-{os.getpid()}-{home.name[-8:]}")
    home.rename(reused)
    drafts.sweep(tmp_path)
    assert names(tmp_path) == []


def test_a_folder_that_was_moved_aside_is_put_back(tmp_path):
    draft = killed(tmp_path / "a")
    former = draft.parents[1] / drafts.FORMER / "a"
    former.mkdir(parents=True)
    (former / "old").touch()
    drafts.sweep(tmp_path)
    assert names(tmp_path) == ["a"]
    assert names(tmp_path / "a") == ["old"]


def test_a_folder_that_has_its_place_is_not_replaced_by_the_former_one(tmp_path):
    draft = killed(tmp_path / "a")
    former = draft.parents[1] / drafts.FORMER / "a"
    former.mkdir(parents=True)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "new").touch()
    drafts.sweep(tmp_path)
    assert names(tmp_path) == ["a"]
    assert names(tmp_path / "a") == ["new"]


def test_parts_are_left_to_their_database(tmp_path):
    draft = killed(tmp_path / "a.jsonl", OWNER)
    assert drafts.sweep(tmp_path) == []
    assert drafts.dead_parts(tmp_path, "another") == []
    assert drafts.dead_parts(tmp_path, OWNER) == [draft]


def test_a_part_that_a_living_process_writes_is_not_dead(tmp_path):
    process, _ = writer(tmp_path / "a.jsonl", OWNER)
    assert drafts.dead_parts(tmp_path, OWNER) == []
    process.kill()
    process.communicate()


def test_a_part_that_takes_its_place_leaves_no_folder(tmp_path):
    draft = killed(tmp_path / "a.jsonl", OWNER)
    assert place_of(draft) == tmp_path / "a.jsonl"
    take_place(draft, tmp_path / "a.jsonl")
    assert names(tmp_path) == ["a.jsonl"]


@pytest.mark.parametrize("path", ["a", "new/a", "x/new/a", "/x/.newscrawl/a", "/x/.a.newscrawl-b"])
def test_a_path_that_is_none_of_a_draft_has_no_place(path):
    assert place_of(Path(path)) is None


def test_the_drafts_of_an_earlier_version_have_their_places():
    assert place_of(Path("/x/.a.jsonl.newscrawl-12")) == Path("/x/a.jsonl")


@pytest.mark.parametrize("are_kept", [False, True])
def test_parts_are_removed_unless_a_commit_may_have_named_them(tmp_path, are_kept):
    with PartDrafts(OWNER) as begun:
        path = begun.begin(tmp_path / "a.jsonl")
        path.touch()
        if are_kept:
            begun.keep()
    assert (path.exists(), (tmp_path / FOLDER).exists()) == (are_kept, are_kept)


def test_no_draft_is_begun_where_there_is_no_folder(tmp_path):
    with pytest.raises(NotADirectoryError, match="there is no folder"):
        drafts.begin(tmp_path / "nowhere" / "a")
