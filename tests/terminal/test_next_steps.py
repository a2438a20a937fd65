from __future__ import annotations

from pathlib import Path

from rich.console import Console
from scrapy.settings import Settings

from newscrawl.terminal.data_folder import settings_of
from newscrawl.terminal.next_steps import folder_of, next_steps, started_as


def shown(folder: Path, program: str) -> str:
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(next_steps(folder, program))
    return capture.get()


def test_lines_name_the_folder_as_a_shell_reads_it():
    assert "newscrawl runs --data 'my news'" in shown(Path("my news"), "newscrawl")


def test_the_folder_that_is_taken_anyway_is_not_named():
    assert "--data" not in shown(Path("data"), "newscrawl")


def test_a_program_on_the_path_is_named_alone(tmp_path, monkeypatch):
    program = tmp_path / "newscrawl"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert started_as(str(program)) == "newscrawl"


def test_a_program_elsewhere_is_named_as_it_was_called(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert started_as(".venv/bin/newscrawl") == ".venv/bin/newscrawl"


def test_nothing_is_named_where_data_lies_in_another_database():
    settings = Settings({"NEWSCRAWL_DATABASE_URL": "postgresql://u:p@h/db", "NEWSCRAWL_JSONL": ""})
    assert folder_of(settings) is None
    assert folder_of(Settings(settings_of(Path("news")))) == Path("news")
