"""Our own words for people, apart from the code: one folder of Fluent files, `locales/<language>/*.ftl`.

The browser reads the same files. A language is a folder; what a language lacks is said in English.
Author's texts are not here: they are in the workflows. This module must never fail for a person: a
message that no language has is shown as its id, and the tests look for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

LOCALES_DIR = Path(__file__).resolve().parent / "locales"
FALLBACK = "en"


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages that have a folder, English first."""
    found = sorted(path.name for path in LOCALES_DIR.iterdir() if path.is_dir())
    return (FALLBACK, *(name for name in found if name != FALLBACK))


def language_of(locale: str) -> str:
    """The language we have for a locale such as "pl-PL"; English when there is none."""
    wanted = locale.replace("_", "-").split("-")[0].lower()
    return wanted if wanted in languages() else FALLBACK


@lru_cache(maxsize=32)
def _bundle(language: str) -> Any:
    bundle = FluentBundle([language], use_isolating=False)
    for path in sorted((LOCALES_DIR / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle


def has_message(language: str, id: str) -> bool:
    """Whether this very language has the message."""
    return bool(_bundle(language).has_message(id))


def message(locale: str, id: str, **values: Any) -> str:
    """The message `id` in the language of `locale`, its arguments filled from `values`."""
    for language in dict.fromkeys((language_of(locale), FALLBACK)):
        bundle = _bundle(language)
        if bundle.has_message(id):
            text, _errors = bundle.format_pattern(bundle.get_message(id).value, _plain(values))
            return str(text)
    return id


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fluent takes text and numbers; whole numbers lose their fraction, the rest becomes text."""
    plain: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            plain[name] = str(value)
        elif isinstance(value, float) and value.is_integer():
            plain[name] = int(value)
        else:
            plain[name] = value
    return plain
