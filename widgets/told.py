"""What a device tells, made fit to show: a device names itself, and measures as it likes.

Names are cut and lose what would turn the line around them; numbers outside of what can be are left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

NAME_LIMIT_CHARACTERS = 64
ADDRESS_LIMIT_CHARACTERS = 45
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")


def name(value: Any, limit_characters: int = NAME_LIMIT_CHARACTERS) -> str:
    """The text a device gave, printable, at most that long; "" for none."""
    text = "".join(letter for letter in str(value or "")[: 4 * limit_characters] if letter.isprintable())
    return text if len(text) <= limit_characters else text[: limit_characters - 1] + "…"


def number(row: Mapping[str, Any], key: str, least: float, most: float) -> float | None:
    """The number under `key`, be it text, from `least` to `most`, whole ones as int; else None."""
    value = row.get(key)
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not math.isfinite(value) or not least <= value <= most:
        return None
    return int(value) if float(value).is_integer() else float(value)


def whole(row: Mapping[str, Any], key: str, least: int, most: int) -> int | None:
    """As `number`, for what can only be whole."""
    found = number(row, key, least, most)
    return None if found is None else round(found)
