"""Fills the placeholders of authored texts: `{customer.first_name}`, `{dns}`, `{lease_s:duration}`.

A counted noun is written with its forms: `{listed:device|devices}`. No template engine runs on authored
text. A placeholder names a reading of the outcome, or a fact from the closed list below, and nothing else;
the reader refuses any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_timedelta
from babel.numbers import format_decimal
from babel.units import format_unit

from workflows.steps import Texts

FACTS = frozenset(
    {
        "customer.first_name",
        "customer.last_name",
        "device.manufacturer",
        "device.model",
        "device.software_version",
        "subscription.plan",
    }
)
"""The facts a text may name; readings come beside them. Nothing secret is ever added here."""

FORMATS = frozenset({"ago", "duration", "number"})
AGO_LIMIT_S = 100 * 365 * 86_400
VALUE_LIMIT_CHARACTERS = 200
VALUES_LIMIT = 20
FALLBACK = "en"

_PLACE = r"\{([A-Za-z_][\w.\-]*)(?::([^{}:]+))?\}"
_PLACEHOLDER = re.compile(_PLACE)
_LONELY = re.compile(rf"[,\s]*{_PLACE}")
_BRACE = re.compile(r"[{}]")
_AT_ZERO = "0="
_CATEGORIES = ("zero", "one", "two", "few", "many", "other")
_INTEGERS_TRIED = 201
_UNITS = ((86_400, "duration-day"), (3_600, "duration-hour"), (60, "duration-minute"), (1, "duration-second"))


def chosen(texts: Texts, locale: str) -> str:
    """The text of a language: exact, else its first part ("pl" for "pl-PL"), else English, else ""."""
    return texts.get(_language(texts, locale), "")


def _language(texts: Texts, locale: str) -> str:
    codes = (locale, locale.replace("_", "-").split("-")[0], FALLBACK)
    return next((code for code in codes if code in texts), FALLBACK)


def fill(texts: Texts, locale: str, values: Mapping[str, Any]) -> str:
    """The text of a language with its placeholders filled from `values`, by their names as written.

    A name without value leaves with the comma or blank before it, so that a greeting still reads well.
    """
    language = _language(texts, locale)  # its own rules count, not those of a locale that we lack

    def one(match: re.Match[str]) -> str:
        name = match.group(1)
        if values.get(name) in (None, ""):
            return ""
        before = match.group(0)[: match.group(0).index("{")]
        return before + formatted(values[name], match.group(2) or "", language)

    return _LONELY.sub(one, texts.get(language, "")).strip()


def formatted(value: Any, how: str, locale: str) -> str:
    """A value as words: `duration` and `ago` take seconds, `number` groups digits, `a|b` are the forms of a
    counted noun; lists are joined by commas.

    What a device says may be of any length; a sentence holds VALUES_LIMIT values of VALUE_LIMIT_CHARACTERS.
    """
    if isinstance(value, list | tuple):
        return ", ".join(formatted(item, how, locale) for item in value[:VALUES_LIMIT])
    if isinstance(value, bool) or not isinstance(value, int | float):
        words = str(value)
        return words if len(words) <= VALUE_LIMIT_CHARACTERS else words[: VALUE_LIMIT_CHARACTERS - 1] + "…"
    if how == "duration":
        size, unit = next(((s, u) for s, u in _UNITS if value >= s and value % s == 0), _UNITS[-1])
        return format_unit(value / size, unit, "long", locale=_babel(locale))
    if how == "ago":
        past = timedelta(seconds=-min(max(1, value), AGO_LIMIT_S))
        return format_timedelta(past, threshold=1, add_direction=True, locale=_babel(locale))
    if "|" in how:
        return _counted(value, how.split("|"), locale)
    if how == "number":
        return format_decimal(value, locale=_babel(locale))
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _counted(value: float, forms: list[str], locale: str) -> str:
    """The number with its noun: "2 devices". A form that begins with "0=" is the whole text for none."""
    if forms[0].startswith(_AT_ZERO):
        if value == 0:
            return forms[0].removeprefix(_AT_ZERO)
        forms = forms[1:]
    category = _babel(locale).plural_form(value)
    at = dict(zip(plurals(locale), forms, strict=False)).get(category, forms[-1])
    return f"{format_decimal(value, locale=_babel(locale))} {at}"


@lru_cache(maxsize=64)
def plurals(locale: str) -> tuple[str, ...]:
    """The kinds of whole numbers a language tells apart, in the order of CLDR: in Polish one, few, many."""
    rule = _babel(locale).plural_form
    used = {rule(number) for number in range(_INTEGERS_TRIED)}
    return tuple(category for category in _CATEGORIES if category in used)


def unknown_format(how: str, language: str) -> str:
    """What is wrong with a placeholder's format in a text of this language; "" when nothing is."""
    if "|" not in how:
        known = ", ".join(sorted(FORMATS))
        return "" if how in FORMATS else f"unknown format '{how}'; known: {known}, or forms of a noun: a|b"
    forms = how.split("|")
    wanted = len(plurals(language)) + forms[0].startswith(_AT_ZERO)
    if len(forms) != wanted or not all(forms):
        kinds = ", ".join(plurals(language))
        return f"'{how}': language '{language}' has one form for each of {kinds} (before them 0=... for none)"
    return ""


def placeholders(text: str) -> Iterator[tuple[str, str]]:
    """(name, format) of each placeholder, in order; ValueError for a brace that is none."""
    if _BRACE.search(_PLACEHOLDER.sub("", text)):
        raise ValueError("a brace that is not a {placeholder}")
    for match in _PLACEHOLDER.finditer(text):
        yield match.group(1), match.group(2) or ""


def _babel(locale: str) -> Locale:
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(FALLBACK)
