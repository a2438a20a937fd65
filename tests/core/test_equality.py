"""The compiled core and Python say the same of a page: all that a page object can be asked for.

``make core`` reads every page of every set and tens of thousands made at random; here it is each
fortieth and some hundred. Without a C compiler there is no core, and nothing to compare.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from hypothesis import HealthCheck, given, settings

from hatch_build import compile_core, compiler
from tests.core import pages, sanitizing
from tests.core.comparing import ROOT, DiedError, Pair, Reader, side_by_side, told
from tests.core.reader import ASKED, Page
from tests.quality.samples import SHARED

EVERY = 40
HOSTILE_SIZE = 5_000
CHANGED = 60
SHORT = Page("short", "https://a.test/b/", b"<h1>Harbour</h1><p>It  reopened.", {})
BEYOND = """
def text_of(cetree._Element element not None):
    cdef bytearray few = bytearray(8)
    cdef char* letters = few
    return str(letters[len(few) + 4])
"""
"""Reads what belongs to nobody."""

pytestmark = pytest.mark.skipif(compiler() is None, reason="there is no C compiler")


@pytest.fixture(scope="module")
def core(tmp_path_factory):
    """Compiled from the source as it stands: what lies beside it may be older."""
    return compile_core(ROOT, tmp_path_factory.mktemp("core"))


@pytest.fixture(scope="module")
def pair(core) -> Iterator[Pair]:
    with side_by_side(core) as pair:
        yield pair


def differing(pair: Pair, read: Iterator[Page]) -> list[str]:
    return [told(page, found) for page in read if (found := pair.differences(page))]


def test_one_reads_by_the_core_and_one_does_not(pair):
    assert (pair.compiled.compiled, pair.compiled.reason) == (True, "")
    assert (pair.pure.compiled, pair.pure.reason) == (False, "NEWSCRAWL_PURE=1")


def test_all_that_a_page_says_is_compared(core):
    reader = Reader(pure=False, core=core)
    reader.give(SHORT)
    said = reader.take()
    reader.end()
    assert {*ASKED, "item", "texts", "page.placed", "document.anchors"} <= set(said)
    assert "'It reopened.'" in said["item"]
    assert said["texts"].count("'Harbour'") == 1
    assert [name for name, answer in said.items() if answer.startswith("raised")] == []


def test_a_difference_is_found(pair):
    pair.pure.give(SHORT)
    pair.compiled.give(SHORT._replace(body=SHORT.body.replace(b"It", b"Its quay")))
    without, by_core = pair.pure.take(), pair.compiled.take()
    assert without["kind"] == by_core["kind"]
    assert without["item"] != by_core["item"]


def test_pages_of_the_project_say_the_same(pair):
    assert differing(pair, pages.own(HOSTILE_SIZE)) == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="no real pages (NEWSCRAWL_SHARED_PAGES)")
def test_real_pages_say_the_same(pair):
    assert differing(pair, pages.of_sets(EVERY)) == []


def test_spoilt_pages_say_the_same(pair):
    chance = random.Random(27)
    known = [each for each in pages.own(0) if not each.name.startswith("hostile")]
    spoilt = (pages.changed(chance.choice(known), chance) for _ in range(CHANGED))
    assert differing(pair, spoilt) == []


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(page=pages.FUZZED)
def test_pages_made_at_random_say_the_same(pair, page):
    assert pair.differences(page) == {}, page.body


def test_a_reader_that_dies_is_told_with_what_it_said_last(core):
    with pytest.raises(DiedError, match=r"(?s)status 1\n.*TypeError"), side_by_side(core) as pair:
        pair.differences(Page("no page", "https://a.test/", None, {}))  # type: ignore[arg-type] # as said


needs_asan = pytest.mark.skipif(sanitizing.library() is None, reason="gcc's libasan is not there")


@needs_asan
def test_hostile_pages_are_read_within_bounds(tmp_path):
    core = sanitizing.sanitized(tmp_path)
    read = [*list(pages.hostile(4_000)), SHORT]
    library = sanitizing.library()
    assert library is not None
    assert sanitizing.errors(read, core, sanitizing.environment(library)) == []


@needs_asan
def test_a_read_out_of_bounds_is_seen(tmp_path):
    project = tmp_path / "project"
    room = project / "newscrawl" / "pages"
    room.mkdir(parents=True)
    for source in (ROOT / "newscrawl" / "pages").glob("_core*.p[yx][xi]"):
        (room / source.name).write_text(source.read_text())
    with (room / "_core.pyx").open("a") as file:
        file.write(BEYOND)
    # In a process of its own: Cython remembers files by their paths from the folder it stood in
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        made = apart.submit(compile_core, project, tmp_path / "built", flags=sanitizing.FLAGS)
        broken = made.result()
    library = sanitizing.library()
    assert library is not None
    (said,) = sanitizing.errors([SHORT], broken, sanitizing.environment(library))
    assert "AddressSanitizer: heap-buffer-overflow" in said
    assert "short" in said
