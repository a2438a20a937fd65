from __future__ import annotations

import pytest

from newscrawl.addon.overview import GROUPS, as_crawl, homes, of_scrapy, overview, unknown


def test_every_command_has_its_place_in_the_overview():
    named = [name for names in GROUPS.values() for name in names]
    assert sorted(named) == sorted(homes())


def test_the_overview_fits_a_terminal():
    assert max(map(len, overview("newscrawl").splitlines())) <= 90
    assert "Crawl a site" in overview("scrapy newscrawl")


@pytest.mark.parametrize(
    "address",
    [
        "https://daily.example",
        "daily.example",
        "daily.example/news/",
        "localhost:8017",
        "127.0.0.1",
    ],
)
def test_an_address_is_a_crawl_of_that_site(address):
    assert as_crawl([address, "-a", "max_articles=9"]) == [
        *("crawl", "site", "-a", f"url={address}", "-a", "max_articles=9")
    ]


def test_several_addresses_are_one_crawl():
    assert as_crawl(["a.example", "https://b.example/", "-L", "INFO"]) == [
        *("crawl", "site", "-a", "url=a.example,https://b.example/", "-L", "INFO")
    ]


@pytest.mark.parametrize("name", ["runs", "exprot", "-h", "sites.toml x", "--data"])
def test_what_is_no_address_is_left_as_it_is(name):
    assert as_crawl([name]) == [name]


def test_a_file_is_no_address(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sites.toml").touch()
    assert as_crawl(["sites.toml"]) == ["sites.toml"]


def test_no_command_reads_as_an_address():
    names = [*homes(), *of_scrapy()]
    assert [name for name in names if as_crawl([name]) != [name]] == []


def test_a_slip_of_the_pen_gets_the_nearest_command():
    assert "did you mean 'export'?" in unknown("exprot", "newscrawl")


def test_a_name_like_no_command_gets_no_guess():
    assert "did you mean" not in unknown("zzzzzz", "newscrawl")
