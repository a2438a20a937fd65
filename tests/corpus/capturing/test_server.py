"""A CDX server is asked politely, and what it does not give whole is no list."""

from __future__ import annotations

import pytest

from newscrawl.corpus.capturing import asking
from newscrawl.corpus.capturing.asking import Asking, ServerFailed
from newscrawl.corpus.capturing.server import CdxServer, query_for
from tests.corpus.capturing.cdx import Answer, cdx_server, json_lines, row, wayback

QUERY = {"url": "gazette.com", "matchType": "domain"}


def read(site, slept: list[float] | None = None, *, longest: float = 60.0) -> list[str]:
    """The paths of the pages that a server lists."""
    sleep = slept.append if slept is not None else lambda _: None
    polite = Asking(site.address, agent="newscrawl/test", gap=0.5, longest=longest, sleep=sleep)
    return [each["url"].rpartition("-")[2] for each in CdxServer(polite).rows(QUERY)]


def in_pages(query):
    """Two pages of one capture each, as Common Crawl's server counts them."""
    if "showNumPages" in query:
        return Answer('{"pages": 2, "pageSize": 5, "blocks": 7}\n')
    return Answer(json_lines(row(int(query["page"]) + 1)))


def test_a_server_that_counts_pages_is_asked_for_each():
    slept: list[float] = []
    with cdx_server(in_pages) as site:
        assert read(site, slept) == ["1", "2"]
    assert [each.get("page") for each in site.asked] == [None, "0", "1"]
    assert all(each["url"] == "gazette.com" for each in site.asked)
    assert site.agents == ["newscrawl/test"] * 3
    assert slept == [0.5, 0.5]


@pytest.mark.parametrize("count", ["2\n", '[["numpages"],\n["2"]]\n', '[["numpages"],["2"]]\n'])
def test_a_wayback_machine_counts_pages_in_its_own_way(count):
    def answer(query):
        if "showNumPages" in query:
            return Answer(count)
        return Answer(wayback(row(int(query["page"]) + 1)))

    with cdx_server(answer) as site:
        assert read(site) == ["1", "2"]


def test_a_server_that_counts_nothing_has_answered_already():
    with cdx_server(lambda _: Answer(json_lines(row(1), row(2)))) as site:
        assert read(site) == ["1", "2"]
    assert len(site.asked) == 1


def test_a_list_goes_on_where_its_key_says():
    def answer(query):
        if query.get("resumeKey") == "more than this":
            return Answer(wayback(row(2)))
        return Answer(wayback(row(1), resume="more than this"))

    with cdx_server(answer) as site:
        assert read(site) == ["1", "2"]


def test_a_list_that_leads_back_to_itself_is_none():
    with cdx_server(lambda _: Answer(wayback(row(1), resume="again"))) as site:
        with pytest.raises(ServerFailed, match="leads back"):
            read(site)
        assert len(site.asked) == 2


def test_nothing_found_is_said_by_a_404_that_says_so():
    found = Answer('{"message": "No Captures found for: gazette.com"}', status=404)
    with cdx_server(lambda _: found) as site:
        assert read(site) == []
    with (
        cdx_server(lambda _: Answer("<h1>no such collection", status=404)) as site,
        pytest.raises(ServerFailed, match="404"),
    ):
        read(site)


def test_a_wait_that_is_asked_for_is_kept_and_then_asked_again():
    answers = [Answer(status=429, headers={"Retry-After": "17"}), Answer(json_lines(row(1)))]
    slept: list[float] = []
    with cdx_server(lambda _: answers.pop(0)) as site:
        assert read(site, slept) == ["1"]
    assert 17.0 in slept


def test_a_wait_that_is_too_long_is_told_and_nothing_more_is_asked():
    busy = Answer(status=503, headers={"Retry-After": "7200"})
    with cdx_server(lambda _: busy) as site:
        with pytest.raises(ServerFailed, match="left alone for 7,200 s"):
            read(site)
        assert len(site.asked) == 1


def test_a_server_in_trouble_is_asked_four_times_at_most():
    with cdx_server(lambda _: Answer(status=500)) as site:
        with pytest.raises(ServerFailed, match="500"):
            read(site)
        assert len(site.asked) == 4


def test_a_redirect_is_told_and_not_followed():
    moved = Answer(status=301, headers={"Location": "http://127.0.0.1:9/cdx?url=x"})
    with cdx_server(lambda _: moved) as site:
        with pytest.raises(ServerFailed, match=r"leads to 'http://127\.0\.0\.1:9/cdx'"):
            read(site)
        assert len(site.asked) == 1


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(Answer(json_lines(row(1), row(2)), cut=300), id="cut off"),
        pytest.param(Answer(json_lines(row(1)), says_length=False), id="may be cut off"),
        pytest.param(Answer(json_lines(row(1)) + "<h1>500</h1>\n"), id="an error in the middle"),
        pytest.param(Answer(json_lines(row(1)) + '{"error": "gone"}\n'), id="an error as JSON"),
        pytest.param(Answer(wayback(row(1), row(2))[:-60]), id="an array without an end"),
        pytest.param(Answer("x" * 200_000), id="a line without an end"),
        pytest.param(Answer('{"pages": 99999999999}'), id="pages without an end"),
        pytest.param(Answer("[" * 60_000), id="arrays without an end"),
        pytest.param(Answer("", headers={"Content-Encoding": "gzip"}), id="packed"),
    ],
)
def test_what_is_not_whole_is_no_list(bad):
    with cdx_server(lambda _: bad) as site, pytest.raises(ServerFailed):
        read(site)


def test_an_answer_that_is_too_large_is_given_up(monkeypatch):
    monkeypatch.setattr(asking, "MAX_ANSWER", 1000)
    with (
        cdx_server(lambda _: Answer(json_lines(*map(row, range(1, 28))))) as site,
        pytest.raises(ServerFailed, match="no end"),
    ):
        read(site)


def test_a_site_without_a_registered_domain_is_asked_for_by_its_prefix():
    assert query_for("127.0.0.1:8017", None, None) == {"url": "127.0.0.1:8017/*"}
    assert query_for("gazette.com", None, None) == QUERY


def test_an_address_in_brackets_is_a_site_too():
    assert query_for("[::1]:8017", None, None) == {"url": "[::1]:8017/*"}
