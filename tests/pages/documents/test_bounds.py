from __future__ import annotations

from newscrawl.pages.documents.bounds import MAX_ATTRIBUTES, MAX_MARKUP, MAX_TAGS, STEP, bounded


def test_a_page_of_any_honest_size_is_read_whole():
    page = b"<p>" + b"The harbour reopened. " * 20_000 + b"</p>"
    assert bounded(page) == page


def test_scripts_do_not_count_as_text():
    page = b"<script>" + b"a;" * MAX_MARKUP + b"</script><p>Ferries</p>"
    assert bounded(page) == page


def test_what_follows_too_many_tags_is_not_read():
    assert bounded(b"<b>a</b>" * MAX_TAGS).count(b"<") == MAX_TAGS


def test_what_follows_too_much_text_is_not_read():
    assert len(bounded(b"<p>" + b"a" * 2 * MAX_MARKUP)) == MAX_MARKUP


def test_a_tag_keeps_its_first_attributes():
    many = b" ".join(b"a%d=1" % number for number in range(STEP))
    kept = bounded(b"<p>before</p><p " + many + b">after</p>")
    assert kept.startswith(b"<p>before</p><p a0=1")
    assert kept.endswith(b">after</p>")
    assert kept.count(b"=") == MAX_ATTRIBUTES
