from __future__ import annotations

import pytest
from scrapy.settings import Settings

from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.session.settings import SessionSettings


def settings_with(**values: str) -> SessionSettings:
    settings = Settings()
    settings.setmodule("newscrawl.settings")
    settings.setdict({f"NEWSCRAWL_{name}": value for name, value in values.items()})
    return SessionSettings.from_settings(settings)


def test_settings_of_a_command_line_become_what_they_mean():
    settings = settings_with(
        JSONL_MAX_BYTES="1000", COMMIT_INTERVAL="0.5", REVISIT_MIN="60", REVISIT_MAX="3600"
    )
    assert settings.jsonl_max_bytes == 1000
    assert settings.commit_interval == 0.5
    assert settings.revisits == RevisitPolicy(60.0, 3600.0)


def test_what_is_set_to_nothing_is_not_kept():
    settings = settings_with(JSONL="", ARCHIVE="")
    assert (settings.jsonl, settings.archive) == ("", "")


@pytest.mark.parametrize(("synchronous", "syncs"), [("FULL", True), ("NORMAL", False)])
def test_files_are_as_safe_as_the_database(synchronous, syncs):
    assert settings_with(SYNCHRONOUS=synchronous).syncs is syncs
