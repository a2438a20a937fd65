from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import make_url

from newscrawl.dataset.logs import LogPath
from newscrawl.terminal.data_folder import DATABASE, LOG, settings_of


@pytest.mark.parametrize("name", ["news", "my news", "a/b", "50%20", "what?", "no#1", "{site}"])
def test_database_and_log_lie_in_the_folder_whatever_it_is_called(tmp_path, name):
    folder = tmp_path / name
    chosen = settings_of(folder)
    assert make_url(chosen[DATABASE]).database == str(folder / "newscrawl.db")
    log = LogPath(chosen[LOG]).at("daily.example", date.min, 1)
    assert log == folder / "daily.example.jsonl"


def test_a_file_is_no_folder(tmp_path):
    file = tmp_path / "news.db"
    file.touch()
    with pytest.raises(ValueError, match="is not a folder"):
        settings_of(file)


def test_a_relative_folder_stays_relative():
    assert settings_of(Path("data"))[DATABASE] == "sqlite:///data/newscrawl.db"
