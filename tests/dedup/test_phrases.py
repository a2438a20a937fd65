"""Sentences are found whatever markup and escapes they are wrapped in."""

from __future__ import annotations

import html
import json

import pytest

from newscrawl.dedup.phrases import Phrases

SENTENCE = "The harbour master’s “grand plan” will cost the town 40 million euros, she said."
TEXT = f"Short one. {SENTENCE} Nothing else."


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        f"<p>{SENTENCE.replace('plan', '<em>plan</em>')}</p>",
        f"<p>Before.</p><p>{SENTENCE.replace(' ', '&nbsp;')}</p>",
        html.escape(SENTENCE.replace("’", "&rsquo;")),
        f'<meta name="description" content="{html.escape(SENTENCE)}">',
        json.dumps({"content": f"<p>{SENTENCE}</p>"}),
        f"<description>{html.escape(html.escape(f'<b>{SENTENCE}</b>'))}</description>",
        SENTENCE.upper(),
    ],
)
def test_a_sentence_is_found(text):
    assert Phrases([TEXT]).is_in(text)


def test_a_slug_is_no_sentence():
    assert not Phrases([TEXT]).is_in(
        "/the-harbour-master-s-grand-plan-will-cost-the-town-40-million-euros-she-said/"
    )


def test_short_sentences_are_not_looked_for():
    assert not Phrases(["Short one. Nothing else."])


def test_what_another_text_says_too_is_left_out():
    phrases = Phrases([TEXT])
    phrases.leave_out(f"Elsewhere: {SENTENCE}")
    assert not phrases.is_in(SENTENCE)
