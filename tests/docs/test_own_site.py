"""The guide "A site in your own project", followed by its own blocks in an empty folder."""

from __future__ import annotations

import operator
import subprocess
import sys

import pytest

import newscrawl
from newscrawl import pages
from newscrawl.demo.odd.stories import stories
from newscrawl.demo.odd.truth import check, truth
from tests.docs.own_site import GUIDE, SERVER, Reader, blocks, checked, same, unsaid

API = GUIDE.with_name("api.md")
STEPS = [block.text for block in blocks() if block.language == "sh"]


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    reader = Reader(tmp_path_factory.mktemp("guide"))
    reader.follow()
    return reader


@pytest.mark.parametrize("number", range(len(STEPS)), ids=lambda number: STEPS[number][:40].strip())
def test_the_commands_print_what_the_guide_says(reader, number):
    step = reader.steps[number]
    assert unsaid(step) == [], step.printed
    alarmed = "alarm: " in step.told
    assert step.statuses == [3 * alarmed, *(0 for _ in step.statuses[1:])][: len(step.statuses)]


def test_the_guide_ends_with_every_article_and_every_field_right(reader):
    found = checked(reader.folder)
    assert (found.found, found.whole, found.of) == (40, 40, 40)
    assert set(found.right.values()) == {40}


def test_the_guide_begins_with_sixteen_articles_of_which_none_is_right(reader):
    told = next(step.told for step in reader.steps if "--check" in step.commands[-1])
    assert "articles: 16 of 40" in told
    assert "every field right: 0 of 40" in told


def test_what_was_not_printed_is_noticed(reader):
    step = next(step for step in reader.steps if step.commands != [SERVER] and step.told)
    step = type(step)(step.commands, printed=step.printed, told=step.told.replace("16", "17"))
    assert unsaid(step) != []


def test_what_differs_from_run_to_run_is_no_difference():
    one = "on 2026-11-27 05:23:02 in 0.51s of 68f1a6645f0ecfbc  \n"
    two = "on 2027-01-02 15:23:12 in 1.04s of 04a3b4c3aac11641\n"
    assert same(one) == same(two)


def test_no_line_of_the_guide_is_wider_than_a_terminal():
    shown = [block for block in blocks() if block.language == "text"]
    assert [line for block in shown for line in block.text.splitlines() if len(line) > 80] == []


def test_the_site_knows_what_is_wrong_with_an_article():
    story = stories()[0]
    url = f"http://127.0.0.1{story.path}"
    right = {"url": url, **truth(story, url)}
    right["images"] = [{"url": each, "caption": told} for each, told in right["images"]]
    assert check([right]).whole == 1
    for name in truth(story, url):
        wrong = check([{**right, name: [] if name == "images" else "otherwise"}])
        assert (wrong.whole, wrong.right[name]) == (0, 0), name


def test_a_file_that_holds_no_articles_is_refused_with_one_line(tmp_path):
    (tmp_path / "a.jsonl").write_text("[1]\n")
    command = [sys.executable, "-m", "newscrawl.demo", "--odd", "--check"]
    for name in ("a.jsonl", "none.jsonl"):
        ended = subprocess.run(
            [*command, name], check=False, capture_output=True, text=True, cwd=tmp_path
        )
        assert ended.returncode == 2
        assert ended.stderr.startswith("nothing to check: ")
        assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("name", pages.__all__)
def test_what_page_objects_may_use_is_in_the_reference(name):
    assert getattr(pages, name) is not None
    told = API.read_text(encoding="utf-8")
    assert any(
        mark in told for mark in (f"::: newscrawl.pages.{name}\n", f"### {name}\n", f"`{name}`")
    )


@pytest.mark.parametrize("name", newscrawl.__all__)
def test_what_is_exported_is_there_and_says_what_it_is(name):
    assert getattr(newscrawl, name).__doc__


def test_a_name_that_is_not_exported_is_missed():
    for module in (newscrawl, pages):
        with pytest.raises(AttributeError, match="'NoSuchPage'"):
            operator.attrgetter("NoSuchPage")(module)


def test_importing_newscrawl_loads_no_engine():
    code = "import sys, newscrawl, newscrawl.pages; print([*{'scrapy', 'lxml'} & {*sys.modules}])"
    ended = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ended.stdout == "[]\n"
