"""Placeholders of authored texts: a closed list, languages with a fallback, numbers as words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.texts import (
    VALUE_LIMIT_CHARACTERS,
    VALUES_LIMIT,
    chosen,
    fill,
    formatted,
    placeholders,
    unknown_format,
)

TEXTS = {"en": "Hello, {customer.first_name}!", "pl": "Dzień dobry, {customer.first_name}!"}


def test_the_language_then_its_first_part_then_english() -> None:
    assert fill(TEXTS, "pl", {"customer.first_name": "Ewa"}) == "Dzień dobry, Ewa!"
    assert fill(TEXTS, "pl-PL", {"customer.first_name": "Ewa"}) == "Dzień dobry, Ewa!"
    assert fill(TEXTS, "de", {"customer.first_name": "Ewa"}) == "Hello, Ewa!"
    assert chosen({}, "en") == ""


def test_a_name_without_value_leaves_with_its_comma() -> None:
    assert fill(TEXTS, "en", {}) == "Hello!"
    assert fill({"en": "Your {device.model} is here"}, "en", {"device.model": None}) == "Your is here"


@pytest.mark.parametrize(
    ("value", "how", "locale", "words"),
    [
        (120, "duration", "en", "2 minutes"),
        (5_400, "duration", "en", "90 minutes"),
        (86_400, "duration", "pl", "1 dzień"),
        (3_600, "duration", "pl", "1 godzina"),
        (0, "duration", "en", "0 seconds"),
        (1_234, "number", "pl", "1\u00a0234"),
        (12_345, "number", "en", "12,345"),
        (2.0, "", "en", "2"),
        (["9.9.9.9", "1.1.1.1"], "", "en", "9.9.9.9, 1.1.1.1"),
        ("x", "duration", "en", "x"),
        (60, "duration", "xx-yy", "1 minute"),
        (60, "ago", "pl", "1 minutę temu"),
        (1_814_400, "ago", "en", "3 weeks ago"),
        (0, "ago", "en", "1 second ago"),
        (10**30, "ago", "en", "100 years ago"),
        (1, "device|devices", "en", "1 device"),
        (0, "device|devices", "en", "0 devices"),
        (0, "0=none|device|devices", "en", "none"),
        (2, "0=none|device|devices", "en", "2 devices"),
        (1, "urządzenie|urządzenia|urządzeń", "pl", "1 urządzenie"),
        (3, "urządzenie|urządzenia|urządzeń", "pl", "3 urządzenia"),
        (12, "urządzenie|urządzenia|urządzeń", "pl", "12 urządzeń"),
        (1.5, "urządzenie|urządzenia|urządzeń", "pl", "1,5 urządzeń"),
        ("x", "device|devices", "en", "x"),
    ],
)
def test_values_as_words(value: object, how: str, locale: str, words: str) -> None:
    assert formatted(value, how, locale) == words


def test_the_forms_of_a_noun_are_those_of_the_texts_language() -> None:
    texts = {"en": "{n:device|devices}", "pl": "{n:urządzenie|urządzenia|urządzeń}"}
    assert fill(texts, "de", {"n": 3}) == "3 devices"
    assert fill(texts, "pl-PL", {"n": 5}) == "5 urządzeń"
    assert unknown_format("device|devices", "en") == ""
    assert unknown_format("0=none|device|devices", "en") == ""
    assert unknown_format("urządzenie|urządzenia|urządzeń", "pl") == ""
    assert unknown_format("ago", "en") == ""
    assert "one, few, many" in unknown_format("urządzenie|urządzenia", "pl")
    assert "one, other" in unknown_format("a||", "en")
    assert "unknown format 'weeks'" in unknown_format("weeks", "en")


def test_placeholders_of_a_text() -> None:
    assert list(placeholders("{customer.first_name} has {lease_s:duration}")) == [
        ("customer.first_name", ""),
        ("lease_s", "duration"),
    ]
    for text in ("{", "a } b", "{1}", "{a b}", "{}"):
        with pytest.raises(ValueError):
            list(placeholders(text))


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_is_filled_in_is_never_filled_again(text: str, value: str) -> None:
    filled = fill({"en": "[{device.model}]"}, "en", {"device.model": "{customer.first_name}" + value})
    assert filled == "[{customer.first_name}" + value + "]"
    fill({"en": text}, "en", {})


def test_what_a_device_says_is_cut_to_a_sentence() -> None:
    assert formatted("x" * 1_000, "", "en") == "x" * (VALUE_LIMIT_CHARACTERS - 1) + "…"
    assert formatted(["9.9.9.9"] * 1_000, "", "en").count("9.9.9.9") == VALUES_LIMIT
