from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.quality import confusion, floors
from tests.quality.bodies import Shares
from tests.quality.figures import confidence, figures
from tests.quality.scores import OURS, Marks, Scored


def scored(name: str, ours: float, theirs: float = 0.5, **told: Any) -> Scored:
    """An article of two readers whose bodies are so good; by words as by runs."""
    marks = {
        who: Marks(Shares(good, 1 - good, 1 - good), good, told.get(who, {}), has_date=True)
        for who, good in ((OURS, ours), ("trafilatura", theirs))
    }
    return Scored(
        group=told.get("group", "wcxb"),
        name=name,
        held=told.get("held", True),
        kind=told.get("kind", "article"),
        judged=told.get("judged", "article"),
        confidence=told.get("confidence"),
        marks=marks,
    )


def test_halves_and_peers_have_figures_of_their_own():
    found = figures([scored("a", 1.0), scored("b", 0.4, held=False), scored("c", 0.9)])
    assert found["wcxb_article_f1_held"] == pytest.approx(0.95)
    assert found["wcxb_article_f1_tuned"] == pytest.approx(0.4)
    assert found["wcxb_article_f1_held_trafilatura"] == 0.5
    assert found["wcxb_under_half_tuned"] == 1
    assert found["wcxb_article_gain_low_held"] == pytest.approx(0.4)


def test_kinds_are_counted_both_ways():
    pages = [
        scored("a", 1.0, judged="listing"),
        scored("b", 1.0),
        scored("c", 1.0, kind="product"),
        scored("d", 1.0, kind="service", judged="page"),
    ]
    found = figures(pages)
    assert found["wcxb_not_article_held"] == 0.5
    assert found["wcxb_product_as_article_held"] == 1
    assert found["wcxb_service_as_article_held"] == 0


def test_fields_count_where_there_is_a_truth_for_them():
    pages = [
        scored("a", 1.0, newscrawl={"title": True, "dates": True}, trafilatura={"title": False}),
        scored("b", 1.0, newscrawl={"title": False}),
    ]
    found = figures(pages)
    assert found["wcxb_title_held"] == 0.5
    assert found["wcxb_title_held_trafilatura"] == 0
    assert found["wcxb_dates_held"] == 1
    assert "wcxb_authors_held" not in found


def test_confidence_is_not_known_where_items_say_none():
    assert confidence([scored("a", 0.5)]) == {
        "confidence_lowest_tenth_tuned": None,
        "confidence_lowest_tenth_held": None,
    }


def test_the_lowest_tenth_holds_a_share_of_the_poor_bodies():
    pages = [scored(str(at), 0.9, confidence=0.9) for at in range(18)]
    pages += [scored("poor", 0.3, confidence=0.1), scored("trusted", 0.3, confidence=1.0)]
    assert confidence(pages)["confidence_lowest_tenth_held"] == 0.5


def test_pages_that_are_no_articles_have_no_body_to_be_confident_of():
    no_article = replace(scored("b", 0.3, confidence=0.1), marks={OURS: Marks()})
    pages = [scored("a", 0.3, confidence=0.5), no_article]
    assert confidence(pages)["confidence_lowest_tenth_held"] == 1


def test_the_table_of_kinds_fits_a_terminal():
    pages = [scored("a", 1.0), scored("b", 1.0, kind="product", judged="bot wall")]
    head, first, second = confusion.table(pages, "held").splitlines()
    assert max(map(len, (head, first, second))) <= 80
    assert first.split() == ["article", "1", "1", "0", "0", "0", "0"]
    assert second.split() == ["product", "1", "0", "0", "0", "0", "1"]


def test_a_page_scores_by_its_body_else_its_fields_else_its_kind():
    fields = Scored(
        "dates", "d", True, "article", "article", None, {OURS: Marks(None, None, {"dates": True})}
    )
    shop = Scored("wcxb", "s", True, "product", "article", None, {OURS: Marks()})
    found = floors.record([scored("a", 0.9), fields, shop])
    assert found == {"wcxb": {"a": 0.9, "s": 0.0}, "dates": {"d": 1.0}}
