"""Nothing of an erased article is left of commands that were killed before."""

from __future__ import annotations

import pytest

from tests.siege.traces import figures

KILLED = ("export here", "export parts/", "backup elsewhere", "crawl")


@pytest.mark.parametrize("name", KILLED)
def test_a_killed_command_leaves_no_trace_of_what_is_erased_afterwards(tmp_path, name):
    told = dict(figures(tmp_path, articles=12, moments=2, only=[name]))
    assert (told["traces_commands"], told["traces_left"]) == (1, 0), told
