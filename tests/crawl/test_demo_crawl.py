"""The whole crawl of the demo site against the truth of the site."""

from __future__ import annotations

import collections
import json
from dataclasses import asdict, fields

import pytest

from newscrawl.addresses.address import identity
from newscrawl.items import Article

FILLED_BY_THE_CRAWL = {
    "canonical_url",
    "content_hash",
    "duplicate_kind",
    "duplicate_of",
    "first_seen",
    "found_via",
    "html",
    "id",
    "last_seen",
    "provenance",
    "revision",
    "revision_hash",
    "similarity",
    "site",
    "word_count",
}
FIELDS = [field.name for field in fields(Article) if field.name not in FILLED_BY_THE_CRAWL]


def test_the_crawl_ends_well(finished):
    assert finished.process.returncode == 0, finished.process.stderr


def test_no_shape_of_an_honest_site_is_closed(finished):
    assert "No more of the shape" not in finished.crawl.log


def test_the_log_has_no_error(finished):
    assert "ERROR" not in finished.crawl.log
    assert "Traceback" not in finished.crawl.log


def test_every_article_of_the_site_is_stored_once(finished):
    stored = {key for key, a in finished.crawl.articles().items() if a.duplicate_of is None}
    assert stored == {identity(article.url) for article in finished.server.site.truth()}


@pytest.mark.parametrize("name", FIELDS)
def test_every_article_has_the_true(name, finished):
    stored = finished.crawl.articles()
    wrong = {
        article.url: (getattr(article, name), getattr(stored[identity(article.url)], name))
        for article in finished.server.site.truth()
        if getattr(article, name) != getattr(stored[identity(article.url)], name)
    }
    assert wrong == {}


def test_every_filled_field_names_its_rule(finished):
    for article in finished.crawl.articles().values():
        filled = {name for name in FIELDS if getattr(article, name) not in (None, [], "", {})}
        assert filled <= set(article.provenance)


def test_no_html_is_stored_that_could_run(finished):
    for article in finished.crawl.articles().values():
        assert "<script" not in article.html
        assert "<p>" in article.html


def test_exact_copies_are_kept_as_copies_of_their_original(finished):
    stored = finished.crawl.articles()
    copies = [copy for copy in finished.server.site.copies() if copy[2] == "exact"]
    assert copies
    for url, original, _ in copies:
        copy = stored[identity(url)]
        assert (copy.duplicate_of, copy.duplicate_kind) == (stored[identity(original)].id, "exact")


def test_a_page_that_names_another_as_canonical_is_not_stored_again(finished):
    stored, pages = finished.crawl.articles(), finished.crawl.pages()
    copies = [copy for copy in finished.server.site.copies() if copy[2] == "canonical"]
    assert copies
    for url, original, _ in copies:
        assert identity(url) not in stored
        article_id = stored[identity(original)].id
        assert pages[identity(url)]["outcome"] in {"duplicate", "article"}
        assert pages[identity(url)]["article_id"] == article_id


def test_every_special_page_has_its_outcome(finished):
    pages = finished.crawl.pages()
    expected = finished.server.site.specials()
    got = {url: pages[identity(url)]["outcome"] for url in expected if identity(url) in pages}
    assert got == expected


def test_no_trap_is_fetched(finished):
    trapped = [path for _, path in finished.server.hits if finished.server.site.trap(path)]
    assert trapped == []


def test_no_page_is_fetched_twice_except_retries_and_parts(finished):
    seen = collections.Counter(path for status, path in finished.server.hits if status == 200)
    assert {path: number for path, number in seen.items() if number > 1} == {}


def test_the_closing_table_counts_what_is_in_the_database(finished):
    assert "120 new articles" in finished.process.stderr
    by_outcome = finished.crawl.runs()[0]["outcomes"]
    for outcome, number in by_outcome.items():
        assert any(
            outcome in line and f" {number:,} " in line
            for line in finished.process.stderr.splitlines()
        )


def test_the_ledger_balances(finished):
    (run,) = finished.crawl.runs()
    states = collections.Counter(page["state"] for page in finished.crawl.pages().values())
    assert set(states) <= {"queued", "done"}
    assert run["claims"] == sum(run["outcomes"].values()) + run["released"]


def test_the_json_lines_folded_by_id_equal_the_database(finished):
    folded = {line["id"]: line for line in finished.crawl.lines()}
    stored = {
        article.id: json.loads(json.dumps(asdict(article), default=lambda d: d.isoformat()))
        for article in finished.crawl.articles().values()
    }
    assert folded == stored


def test_a_line_has_the_fields_of_the_schema_in_order(finished):
    names = [field.name for field in fields(Article)]
    assert all(list(line) == names for line in finished.crawl.lines())
