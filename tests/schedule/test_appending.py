from __future__ import annotations

import tomllib

import pytest

from newscrawl.mistakes import BadInput
from newscrawl.schedule.appending import NewJob, append, text_of
from newscrawl.schedule.jobs import read_jobs

JOB = NewJob("example.com", "1 feed", "0 6 * * *", "Europe/Berlin", {"url": "https://example.com/"})


def unchecked(*_: object) -> None:
    """Every spider is there."""


def test_the_tables_are_what_a_person_would_write():
    assert text_of(JOB, {}) == (
        "# 1 feed\n"
        '["example.com"]\n'
        'spider = "site"\n'
        'cron = "0 6 * * *"\n'
        'timezone = "Europe/Berlin"\n'
        "\n"
        '["example.com".arguments]\n'
        'url = "https://example.com/"\n'
    )


@pytest.mark.parametrize("value", ['a"b', "a\\b", "a\nb\n[c]", "\x7f\x00", "ä 新聞 \U0001f600"])
def test_no_value_breaks_out_of_its_quotes(value):
    job = NewJob("a", value, "0 6 * * *", arguments={"sections": value})
    (table,) = tomllib.loads(text_of(job, {}).split("\n", 1)[1]).values()
    assert table["arguments"] == {"sections": value}
    assert text_of(job, {}).splitlines()[1] == "[a]"


def test_a_job_that_came_to_be_there_meanwhile_stays_as_it_is(tmp_path):
    path = tmp_path / "sites.toml"
    assert append(path, [JOB], unchecked) == [JOB]
    before = path.read_text()
    assert append(path, [JOB], unchecked) == []
    assert path.read_text() == before


def test_all_are_written_or_none(tmp_path):
    path = tmp_path / "sites.toml"
    path.write_text('[defaults]\nspider = "site"\n')
    wrong = NewJob("b", "", "never", arguments={"url": "https://b.example/"})
    with pytest.raises(BadInput, match=r"nothing is added: .*sites.toml: \[b\] cron is no cron"):
        append(path, [JOB, wrong], unchecked)
    assert path.read_text() == '[defaults]\nspider = "site"\n'
    assert [each.name for each in tmp_path.iterdir()] == ["sites.toml"]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.toml").write_text("")
    (tmp_path / "sites.toml").symlink_to("real.toml")
    append(tmp_path / "sites.toml", [JOB], unchecked)
    assert (tmp_path / "sites.toml").is_symlink()
    assert [job.name for job in read_jobs(tmp_path / "real.toml")] == ["example.com"]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadInput, match="nowhere"):
        append(tmp_path / "nowhere" / "sites.toml", [JOB], unchecked)
