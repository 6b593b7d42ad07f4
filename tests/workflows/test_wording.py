"""Positive scripting: what sounds negative, and what is too long."""

from __future__ import annotations

import pytest

from workflows.wording import SENTENCE_LIMIT_WORDS, advice


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Unfortunately we wait.", "en"),
        ("I cannot see it.", "en"),
        ("You must restart it.", "en"),
        ("The update failed.", "en"),
        ("Niestety, czekamy.", "pl"),
        ("Tego nie da się zrobić.", "pl"),
        ("Musisz poczekać.", "pl-PL"),
        ("Wystąpił błąd.", "pl"),
    ],
)
def test_negative_words_are_named_with_something_better(text: str, language: str) -> None:
    (said,) = advice(text, language)
    assert "sounds negative" in said


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I can set it right from here.", "en"),
        ("Candy, wonted, errorless.", "en"),
        ("Mogę to naprawić stąd.", "pl"),
        ("Niestety", "de"),
    ],
)
def test_what_is_fine(text: str, language: str) -> None:
    assert list(advice(text, language)) == []


def test_long_sentences() -> None:
    assert list(advice("word " * SENTENCE_LIMIT_WORDS + ". " + "word " * 5, "en")) == []
    (said,) = advice("word " * (SENTENCE_LIMIT_WORDS + 1), "en")
    assert str(SENTENCE_LIMIT_WORDS) in said
