"""Recorded pages, as a user makes and tests them: in a project of their own, by real commands."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from web_poet.testing import Fixture

from newscrawl.items import FIELDS
from newscrawl.pages.news import NewsPage
from newscrawl.pages.recorded import GIVEN_LATER
from tests.citizen.gazette import Project, own_project

ROOT = Path(__file__).parents[2]
TODAY = "gazette.pages.GazettePage/test-1"
SPLIT = "gazette.pages.SplitPage/test-1"
NOTE = "gazette.pages.NotePage/test-1"
PLAIN = "gazette.pages.GazettePage/test-2"
LINKS = "newscrawl.pages.links.LinksPage/test-1"
OF_ARTICLE = len(FIELDS) - len(GIVEN_LATER) - 1  # without fields of its own
WITHOUT_FIELD = 2
"""Tests of a fixture that are of no field: that it is read, and gives no more."""
pytestmark = pytest.mark.usefixtures("recorded")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    with own_project(tmp_path_factory.mktemp("gazette")) as project:
        yield project


@pytest.fixture(scope="module")
def recorded(project: Project):
    """What each command printed, by the fixture that it should make."""
    today = project.url("/today")
    told = {
        TODAY: project.scrapy("recordpage", "gazette", today, "-a", "timezone=Europe/Berlin"),
        SPLIT: project.scrapy("recordpage", "rules", project.url("/split")),
        NOTE: project.scrapy("recordpage", "notes", project.url("/note")),
        LINKS: project.scrapy(
            "savefixture", "newscrawl.pages.links.LinksPage", project.url("/"), "gazette"
        ),
    }
    told[PLAIN] = project.scrapy(
        "savefixture", "gazette.pages.GazettePage", today, settings="gazette.plain"
    )
    return told


@pytest.fixture(scope="module")
def tested(project: Project, recorded):  # noqa: ARG001 - what is tested
    return project.pytest()


@pytest.mark.parametrize("name", [TODAY, SPLIT, NOTE, LINKS])
def test_a_page_is_recorded_and_its_place_told(project, recorded, name):
    told = recorded[name]
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith(f"fixtures/{name}")
    assert Fixture(project.fixtures / name).is_valid()


def test_nothing_else_is_said(recorded):
    assert {told.stderr for name, told in recorded.items() if name != PLAIN} == {""}


def test_the_command_of_scrapy_poet_records_the_same(project, recorded):
    assert recorded[PLAIN].returncode == 0, recorded[PLAIN].stderr
    theirs, ours = (Fixture(project.fixtures / name) for name in (PLAIN, TODAY))
    assert theirs.get_expected_output() == ours.get_expected_output()
    assert theirs.get_meta()["adapter"] is ours.get_meta()["adapter"]


def test_the_page_object_is_the_one_of_the_site(project):
    output = Fixture(project.fixtures / TODAY).get_expected_output()
    assert output["subtitle"] == "New"
    assert output["provenance"]["subtitle"] == "GazetteArticle"
    assert output["published"] == "2025-03-01T10:00:00+01:00"


def test_nothing_of_the_run_is_recorded(project):
    output = Fixture(project.fixtures / TODAY).get_expected_output()
    assert GIVEN_LATER.isdisjoint(output)


def test_the_zone_that_the_spider_was_given_is_recorded(project):
    page = Fixture(project.fixtures / TODAY).get_page(NewsPage)
    assert isinstance(page, NewsPage)
    assert page.params == {"timezone": "Europe/Berlin"}


def test_further_answers_that_the_page_object_asked_for_are_recorded(project):
    inputs = project.fixtures / SPLIT / "inputs"
    assert len(list(inputs.glob("HttpClient-*HttpResponse*body.html"))) == 2
    text = Fixture(project.fixtures / SPLIT).get_expected_output()["text"]
    assert text.count("\n\n") == 14


def test_an_item_that_a_callback_asks_for_is_recorded_by_its_page_object(project):
    output = Fixture(project.fixtures / NOTE).get_expected_output()
    meta = json.loads((project.fixtures / NOTE / "meta.json").read_text())
    assert (output["title"], output["on"]) == ("A note", "2025-03-01")
    assert output["read"][:16] == meta["frozen_time"][:16]


def test_a_listing_is_recorded_by_its_links(project):
    output = Fixture(project.fixtures / LINKS).get_expected_output()
    assert output["kind"] == "listing"
    assert output["article"] == [project.url("/today"), project.url("/split")]


def test_each_field_is_a_test_of_its_own_and_passes(tested):
    assert tested.returncode == 0, tested.stdout
    numbers = {TODAY: OF_ARTICLE, SPLIT: OF_ARTICLE, PLAIN: OF_ARTICLE, NOTE: 3, LINKS: 9}
    for name, number in numbers.items():
        passed = [line for line in tested.stdout.splitlines() if f"/{name}/output.json::" in line]
        assert len(passed) == number + WITHOUT_FIELD, name


def test_no_database_no_log_no_feed_and_no_archive_is_made(project):
    there = {each.name for each in project.folder.iterdir()} - {"feed.jsonl"}
    assert there <= {"gazette", "scrapy.cfg", "fixtures", "__pycache__"}


def test_a_fixture_is_run_again_by_web_poet(project):
    ended = project.python(
        "web_poet.testing", "rerun", f"fixtures/{TODAY}", "--fields", "headline,published"
    )
    assert json.loads(ended.stdout) == {
        "headline": "All about Ferries of today",
        "published": "2025-03-01T10:00:00+01:00",
    }


def test_a_changed_rule_fails_by_the_name_of_its_field(project, tmp_path):
    copy = Project(shutil.copytree(project.folder, tmp_path / "copy"), project.site)
    pages = copy.folder / "gazette" / "pages.py"
    pages.write_text(pages.read_text().replace(".dek::text", ".nowhere::text"))
    ended = copy.pytest(f"fixtures/{TODAY}")
    failed = [line for line in ended.stdout.splitlines() if line.startswith("FAILED")]
    assert ended.returncode == 1
    assert {line.split("::")[1].split()[0] for line in failed} == {"subtitle", "provenance"}
    assert "subtitle is not correct.\nexpected: New\ngot:      None\n" in ended.stdout
    whole = copy.pytest("--web-poet-test-per-item", f"fixtures/{TODAY}")
    assert "output.json::item" in whole.stdout
    assert '-  "subtitle": "New",\n+  "subtitle": null,\n' in whole.stdout


def test_what_was_recorded_before_a_relaunch_stays_green(project, tmp_path):
    """The same page, as it was recorded in May 2025, beside that of today."""
    copy = Project(shutil.copytree(project.folder, tmp_path / "copy"), project.site)
    shutil.rmtree(copy.fixtures)
    shutil.copytree(project.fixtures / TODAY, copy.fixtures / TODAY)
    old = shutil.copytree(
        project.fixtures / TODAY,
        copy.fixtures / "gazette.pages.GazettePage" / "before-the-relaunch",
    )
    info = old / "inputs" / "HttpResponse-info.json"
    told = json.loads(info.read_text())
    told["headers"] = [
        [name, "Mon, 05 May 2025 08:00:00 GMT" if name == "Date" else value]
        for name, value in told["headers"]
    ]
    info.write_text(json.dumps(told))
    expected = json.loads((old / "output.json").read_text())
    expected["subtitle"] = "Old"
    expected["provenance"]["subtitle"] = "GazetteArticle2024"
    (old / "output.json").write_text(json.dumps(expected))
    ended = copy.pytest()
    assert ended.returncode == 0, ended.stdout
    assert f"{2 * (OF_ARTICLE + WITHOUT_FIELD)} passed" in ended.stdout


def test_a_redirect_is_followed_and_its_end_recorded(project):
    before = project.recorded
    ended = project.scrapy("recordpage", "gazette", project.url("/moved"))
    assert ended.returncode == 0, ended.stderr
    (new,) = project.recorded - before
    output = Fixture(project.fixtures / new).get_expected_output()
    shutil.rmtree(project.fixtures / new)
    assert output["url"] == project.url("/today")


@pytest.mark.parametrize(
    ("arguments", "path", "told"),
    [
        (["recordpage", "gazette"], "/nowhere", "was answered with 404"),
        (["recordpage", "gazette"], "/", "is no article; its kind: listing"),
        (["recordpage", "gazette"], "/feed", "is no article but XML"),
        (["recordpage", "gazette"], "/picture", "is no text"),
        (["recordpage", "gazette"], "/private/", "refused: RobotsForbidden"),
        (["savefixture", "newscrawl.pages.news.NewsPage"], "/", "is no article; its kind: listing"),
        (["savefixture", "gazette.pages.BrokenPage"], "/note", "cannot be read: KeyError"),
        (["savefixture", "gazette.pages.RandomPage"], "/note", "gives something else when it is"),
    ],
)
def test_what_cannot_be_recorded_is_told_in_one_line(project, arguments, path, told):
    before = project.recorded
    ended = project.scrapy(*arguments, project.url(path))
    assert ended.returncode == 1
    line = ended.stderr.splitlines()[-1]
    is_bug = "Error" in told
    assert ("Traceback" in ended.stderr) == is_bug
    assert is_bug or ended.stderr == f"{line}\n"
    assert line.startswith(f"Nothing recorded: {project.url(path)} ")
    assert told in line
    assert project.recorded == before
    assert ended.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["recordpage", "nobody", "{url}"], "there is no spider 'nobody'"),
        (["recordpage", "gazette"], "usage: scrapy recordpage <spider> <url>"),
        (["recordpage", "gazette", "http://["], "is not a web address"),
        (
            ["recordpage", "gazette", "{url}", "-a", "colour=red"],
            "unknown spider argument 'colour'",
        ),
        (["recordpage", "bare", "{url}"], "asks for no page object; name one: scrapy savefixture"),
        (["recordpage", "several", "{url}"], "asks for several page objects (gazette.pages.Split"),
        (["savefixture", "gazette.pages.Nobody", "{url}"], "there is no page object"),
        (["savefixture", "gazette.pages.Note", "{url}"], "is no page object of web-poet"),
    ],
)
def test_what_a_user_gets_wrong_ends_with_2(project, arguments, told, monkeypatch, capsys):
    from scrapy.cmdline import execute

    monkeypatch.chdir(project.folder)
    monkeypatch.syspath_prepend(project.folder)
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "gazette.settings")
    with pytest.raises(SystemExit) as ended:
        execute(["scrapy", *(each.format(url=project.url("/today")) for each in arguments)])
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_the_projects_own_recorded_pages_are_there():
    found = [Fixture(each.parent) for each in (ROOT / "tests" / "sites").glob("*/*/*/meta.json")]
    assert len(found) >= 6
    assert all(each.is_valid() for each in found)
