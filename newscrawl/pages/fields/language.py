"""The language of a text, for pages that declare none."""

from __future__ import annotations

from functools import cache
from typing import Any

MIN_CHARACTERS = 40
"""A line; in less, names decide."""
MAX_CHARACTERS = 1_000
"""More text is seldom surer, only slower: a millisecond for these."""
MIN_CONFIDENCE = 0.5
TWO_LETTERS = 2
"""ISO 639-1: the rarer languages of the model win many a short text of a common one."""


def detect_language(text: str) -> str | None:
    """Return a BCP 47 language subtag, or ``None`` where the text is too short or unclear.

    Without the extra ``language`` nothing is detected.
    """
    if len(text) < MIN_CHARACTERS or (identifier := _identifier()) is None:
        return None
    name, confidence = identifier.classify(text[:MAX_CHARACTERS])
    return str(name) if confidence >= MIN_CONFIDENCE else None


@cache
def _identifier() -> Any | None:
    """Loaded at its first use, in about a second and 100 MB: few sites declare no language."""
    try:
        from py3langid.langid import (  # type: ignore[import-untyped] # noqa: PLC0415 - it ships no types; most runs never need it
            MODEL_FILE,
            LanguageIdentifier,
        )
    except ModuleNotFoundError:
        return None
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages({name for name in identifier.labels if len(name) == TWO_LETTERS})
    return identifier
