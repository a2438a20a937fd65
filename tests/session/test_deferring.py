from __future__ import annotations

from newscrawl.session.deferring import Deferral


def test_a_site_is_deferred_once():
    deferral = Deferral(["a.example", "b.example"])
    assert deferral.defer("a.example", "a.example: 503")
    assert not deferral.defer("a.example", "a.example: 429")
    assert deferral.reasons == "a.example: 503"


def test_the_other_sites_go_on():
    deferral = Deferral(["a.example", "b.example"])
    deferral.defer("a.example", "503")
    assert deferral.left == ["b.example"]


def test_no_site_is_left_when_all_are_deferred():
    deferral = Deferral(["a.example", "b.example"])
    deferral.defer("b.example", "429")
    deferral.defer("a.example", "503")
    assert deferral.left == []
    assert deferral.reasons == "429; 503"


def test_a_site_without_an_end_is_named_with_the_words_for_it():
    deferral = Deferral(["a.example", "b.example"])
    deferral.defer("a.example", "503")
    deferral.defer("b.example", "goes on", endless=True)
    assert deferral.endless == {"b.example": "goes on"}
    assert deferral.word == "waiting"


def test_a_run_of_which_all_sites_have_no_end_is_endless():
    deferral = Deferral(["a.example"])
    deferral.defer("a.example", "goes on", endless=True)
    assert deferral.word == "endless"
