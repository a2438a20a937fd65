"""Each case of the suites of others, as far as they are here without the internet."""

from __future__ import annotations

import pytest

from tests.conformance import robots, suffixes, urls

URLS = [pytest.param(case) for case in urls.cases()] or [
    pytest.param({}, marks=pytest.mark.skip("make conformance fetches the suite"))
]


@pytest.mark.parametrize("case", robots.CASES, ids=[case.name for case in robots.CASES])
def test_a_path_is_allowed_as_robots_txt_says(case):
    assert robots.allowed(case) is case.allowed


@pytest.mark.parametrize(("name", "domain"), suffixes.cases())
def test_a_name_is_of_the_site_that_the_list_says(name, domain):
    assert suffixes.ours(name) == suffixes.listed(domain)


@pytest.mark.parametrize("case", URLS)
def test_an_address_is_read_as_browsers_do_or_otherwise_for_a_reason(case):
    assert urls.ours(case) == urls.browsers(case) or urls.departure(case) is not None


def test_what_browsers_refuse_is_refused():
    refused = [case for case in urls.cases() if urls.browsers(case) is None]
    assert [case["input"] for case in refused if urls.ours(case) is not None] == []
