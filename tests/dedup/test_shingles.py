"""Shingles of a text: what is sampled of it, and what makes two texts one story."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.dedup.shingles import MIN_SAMPLE, Shingled

TEMPLATE = (
    "Shares in the harbour company closed {0} points higher at {1} kroner, dealers said. "
    "The index of the northern exchange gained {2} per cent after {3} contracts changed hands, "
    "and the krone was traded at {4} to the euro late in the evening."
)


def story(seed: int, words: int) -> list[str]:
    """Words of an invented language: two stories share no three in a row."""
    random = Random(seed)
    return ["".join(random.choices("abcdefghijklmnoprstuvw", k=6)) for _ in range(words)]


def is_copy(one: str, other: str) -> bool:
    first, second = Shingled(one), Shingled(other)
    return first.is_copy_of(second, first.compare(second))


def changed(words: list[str], share: float, seed: int = 7) -> str:
    """Put other words at random places."""
    random = Random(seed)
    places = set(random.sample(range(len(words)), int(share * len(words))))
    return " ".join("edited" if at in places else word for at, word in enumerate(words))


LONG = story(1, 400)


def test_the_sample_is_a_sixteenth_of_the_shingles():
    assert 150 < len(Shingled(" ".join(story(2, 3200))).sample) < 250


def test_a_short_text_has_a_sample_of_the_least_size():
    assert len(Shingled(" ".join(LONG[:100])).sample) == MIN_SAMPLE


def test_a_text_too_short_to_compare_has_no_sample():
    assert Shingled(" ".join(LONG[:20])).sample == []


def test_an_excerpt_has_what_it_shares_in_its_own_sample():
    whole, part = Shingled(" ".join(LONG)), Shingled(" ".join(LONG[:200]))
    assert set(part.sample[: part.sampled]) <= set(whole.sample)


def test_case_width_and_punctuation_make_no_difference():
    one, other = Shingled("The ＫＩＮＧ’s speech, at 9."), Shingled("the king's speech at 9")
    assert one.shingles == other.shingles


@pytest.mark.parametrize("share", [0.05, 0.15, 0.3])
def test_a_text_with_some_words_changed_is_a_copy(share):
    assert is_copy(" ".join(LONG), changed(LONG, share))


def test_a_text_with_most_words_changed_is_no_copy():
    assert not is_copy(" ".join(LONG), changed(LONG, 0.6))


def test_a_text_cut_to_a_third_is_a_copy():
    assert is_copy(" ".join(LONG), " ".join(LONG[:130]))


def test_a_long_text_that_quotes_a_short_one_in_part_is_no_copy():
    short = story(3, 60)
    assert not is_copy(" ".join(short), " ".join([*LONG, *short[:20]]))


def test_a_report_of_one_template_with_other_figures_is_no_copy():
    one = TEMPLATE.format("12.5", "1,403", "0.4", "31,000", "11.20")
    assert not is_copy(one, TEMPLATE.format("3.1", "1,391", "1.9", "28,400", "11.35"))


def test_an_edited_report_with_the_same_figures_is_a_copy():
    one = TEMPLATE.format("12.5", "1,403", "0.4", "31,000", "11.20")
    assert is_copy(one, one.replace("dealers said", "brokers told reporters"))


def test_chinese_is_compared_by_characters():
    text = "".join(chr(0x4E00 + 7 * number) for number in range(120))
    assert is_copy(text, text[:50] + "丁" + text[51:])


@given(st.lists(st.integers(0, 40), max_size=80), st.lists(st.integers(0, 40), max_size=80))
def test_similarity_is_the_same_from_both_sides(one, other):
    first, second = (Shingled(" ".join(f"w{n}" for n in words)) for words in (one, other))
    similarity = first.compare(second)
    assert similarity == second.compare(first)
    assert first.is_copy_of(second, similarity) == second.is_copy_of(first, similarity)
