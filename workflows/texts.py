"""Fills the placeholders of authored texts: `{customer.first_name}`, `{dns}`, `{lease_s:duration}`.

No template engine runs on authored text. A placeholder names a reading of the outcome, or a fact from
the closed list below, and nothing else; the reader refuses any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from babel.core import Locale, UnknownLocaleError
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

FORMATS = frozenset({"duration", "number"})
VALUE_LIMIT_CHARACTERS = 200
VALUES_LIMIT = 20
FALLBACK = "en"

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w.\-]*)(?::(\w+))?\}")
_LONELY = re.compile(r"[,\s]*\{([A-Za-z_][\w.\-]*)(?::(\w+))?\}")
_BRACE = re.compile(r"[{}]")
_UNITS = ((86_400, "duration-day"), (3_600, "duration-hour"), (60, "duration-minute"), (1, "duration-second"))


def chosen(texts: Texts, locale: str) -> str:
    """The text of a language: exact, else its first part ("pl" for "pl-PL"), else English, else ""."""
    for code in (locale, locale.replace("_", "-").split("-")[0], FALLBACK):
        if code in texts:
            return texts[code]
    return ""


def fill(texts: Texts, locale: str, values: Mapping[str, Any]) -> str:
    """The text of a language with its placeholders filled from `values`, by their names as written.

    A name without value leaves with the comma or blank before it, so that a greeting still reads well.
    """
    text = chosen(texts, locale)

    def one(match: re.Match[str]) -> str:
        name = match.group(1)
        if values.get(name) in (None, ""):
            return ""
        before = match.group(0)[: match.group(0).index("{")]
        return before + formatted(values[name], match.group(2) or "", locale)

    return _LONELY.sub(one, text).strip()


def formatted(value: Any, how: str, locale: str) -> str:
    """A value as words: `duration` takes seconds, `number` groups digits; lists are joined by commas.

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
    if how == "number":
        return format_decimal(value, locale=_babel(locale))
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


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
