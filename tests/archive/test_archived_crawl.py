"""What a real crawl archives, as others read it."""

from __future__ import annotations

from collections import Counter

from warcio.archiveiterator import ArchiveIterator

from newscrawl.archive.warc import IDENTICAL, NOT_MODIFIED
from newscrawl.store.schema import archives
from tests.archive.checking import answers_by_fastwarc, answers_in, check, is_valid, warc_files


def heads(folder):
    for path in warc_files(folder):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                yield record.rec_type, record.rec_headers, record.http_headers


def test_every_answered_visit_has_its_record_and_every_record_its_visit(archived):
    checked = check(archived.crawl, archived.archive)
    assert checked.pages > 150
    assert (checked.lost, checked.doubled) == ([], [])


def test_the_files_are_valid_for_warcio(archived):
    assert is_valid(archived.archive)


def test_another_reader_sees_the_same_records(archived):
    for path in warc_files(archived.archive):
        assert answers_by_fastwarc(path) == list(answers_in(path))


def test_parts_are_sealed_by_size_and_each_begins_with_what_it_is(archived):
    files = warc_files(archived.archive)
    parts = archived.crawl.rows(archives)
    assert sorted(row["path"] for row in parts) == list(map(str, files))
    assert all(row["sealed"] for row in parts)
    assert {row["part"] for row in parts if row["run"] == 1} >= {1, 2, 3}
    for path in files:
        with path.open("rb") as file:
            first = next(ArchiveIterator(file)).rec_headers
            assert first.get_header("WARC-Filename") == path.name


def test_pages_that_did_not_change_are_revisits(archived):
    profiles = Counter(
        headers.get_header("WARC-Profile")
        for kind, headers, _ in heads(archived.archive)
        if kind == "revisit" and headers.get_header("WARC-Refers-To-Target-URI")
    )
    statuses = Counter(visit["status"] for visit in archived.crawl.visits())
    assert profiles[NOT_MODIFIED] == statuses[304] > 0
    assert profiles[IDENTICAL] > 0


def test_a_record_says_where_the_answer_came_from(archived):
    kinds: Counter[str] = Counter()
    for kind, headers, http in heads(archived.archive):
        kinds[kind] += 1
        if kind == "response" and headers.get_header("X-Page-Kind") != "part":
            assert headers.get_header("WARC-IP-Address") == "127.0.0.1"
        if kind == "request":
            assert http.get_header("Host").startswith("127.0.0.1:")
            assert http.get_header("User-Agent").startswith("newscrawl/")
    assert kinds["request"] > 0


def test_redirects_and_errors_are_archived_too(archived):
    statuses = {http.get_statuscode() for _, _, http in heads(archived.archive) if http}
    assert {"200", "301", "302", "404", "410", "500"} <= statuses


def test_without_the_setting_nothing_is_archived(crawl, small_site):
    assert crawl.run("site", "-a", f"url={small_site.url}/").returncode == 0
    assert {visit["archive"] for visit in crawl.visits()} == {None}
    assert crawl.rows(archives) == []
