"""What a device's text means and how a value is spelt for it: types, units, value spellings. Pure, total."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from workflows.facts import Datum

TYPES = ("boolean", "int", "double", "string", "list")
"""Types of a setting, tables apart. `time` and `numbers` are of diagnostics' results only."""

FORMULAS = ("number", "tenth-microwatt")
"""`number`: the first number of a text with a unit ("-18.5 dBm"). `tenth-microwatt`: optical power in
0.1 uW, as dBm."""

_WHOLE = re.compile(r"[+-]?\d{1,18}")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,9})?")
_LEADING = re.compile(r"\s*([+-]?\d{1,15}(?:[.,]\d{1,9})?)")
_INTEGERS = frozenset({"int", "unsignedInt", "long", "unsignedLong", "integer", "short", "byte"})


class Missing(Exception):
    """There is no value: `names` says of what."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def typed(text: str, of_type: str, name: str) -> Any:
    """A device's text as bool, int, float, list of str or str. `of_type` is a setting's type or an xsd
    type; of diagnostics also `time` (seconds since 1970, UTC) and `numbers` (list of float).
    Missing when the text is not of that type."""
    plain = of_type.removeprefix("xsd:")
    if plain == "boolean":
        spelt = text.strip().lower()
        if spelt in ("1", "true"):
            return True
        if spelt in ("0", "false"):
            return False
        raise Missing((name,))
    if plain in _INTEGERS:
        if not _WHOLE.fullmatch(text.strip()):
            raise Missing((name,))
        return int(text.strip())
    if plain == "double":
        return _number(text, name)
    if plain == "list":
        return [item.strip() for item in text.split(",") if item.strip()]
    if plain == "numbers":
        return [_number(item, name) for item in text.split(",") if item.strip()]
    if plain == "time":
        return _time(text, name)
    return text


def spelt(value: Any, xsd_type: str, stored: Datum | None) -> str:
    """A value as it goes to the device: booleans as this device spells them, lists with commas."""
    if xsd_type.removeprefix("xsd:") == "boolean":
        true = value is True or str(value).strip().lower() in ("1", "true")
        words = stored is not None and stored.value.strip().lower() in ("true", "false")
        return ("true" if true else "false") if words else ("1" if true else "0")
    if isinstance(value, list | tuple):
        return ",".join(str(v) for v in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def same(one: str, other: str, xsd_type: str) -> bool:
    """Whether two texts of a parameter mean the same value ("1" and "true"; spaces after commas)."""
    plain = xsd_type.removeprefix("xsd:")
    try:
        if plain == "boolean" or plain in _INTEGERS:
            return bool(typed(one, plain, "") == typed(other, plain, ""))
    except Missing:
        return one == other
    return [p.strip() for p in one.split(",")] == [p.strip() for p in other.split(",")]


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way a device spells a value: `device` is its text, `means` ours. `where` are parameters beside
    it (name, value) that must hold too, as WEP is told from an open network."""

    device: str
    means: str
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Conversion:
    """How one model's text differs from ours: ours = theirs * `scale` + `offset`; `formula` as FORMULAS;
    of `spellings` the first that means a value is the one that is written; `separator` of lists; `xsd`
    is the type a write must name, where the model wants another than the data model says."""

    scale: float = 1.0
    offset: float = 0.0
    formula: str = ""
    spellings: tuple[Spelling, ...] = ()
    separator: str = ""
    xsd: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is about numbers."""
        return bool(self.formula) or self.scale != 1.0 or self.offset != 0.0

    def read(self, text: str, kind: str, name: str, beside: Callable[[str], str | None]) -> str:
        """Our text of the device's. `beside(name)` is the value of a parameter beside it, None unknown.
        Missing for a spelling or number that nobody has told us of: unknown, never a guess."""
        if self.spellings:
            return self._meaning(text, name, beside)
        if self.separator and kind == "list":
            return ",".join(p.strip() for p in text.split(self.separator) if p.strip())
        if not self.counts:
            return text
        if kind == "numbers":
            return ",".join(
                _spelt_number(self._count(p, name), "double") for p in text.split(",") if p.strip()
            )
        return _spelt_number(self._count(text, name), kind)

    def write(self, text: str, kind: str, name: str) -> str:
        """The device's text of ours; ValueError when this model has none for it."""
        if self.spellings:
            for spelling in self.spellings:
                if _alike(spelling.means, text, kind):
                    return spelling.device
            raise ValueError(f"this model has no spelling of '{text}'")
        if self.separator and kind == "list":
            return self.separator.join(p.strip() for p in text.split(",") if p.strip())
        if not self.counts:
            return text
        if self.formula == "tenth-microwatt":
            return str(round(10 ** (_number(text, name) / 10) * 10_000))
        return _spelt_number((_number(text, name) - self.offset) / self.scale, "int")

    def _meaning(self, text: str, name: str, beside: Callable[[str], str | None]) -> str:
        wanted = text.strip().casefold()
        for spelling in self.spellings:
            if spelling.device.casefold() == wanted and all(
                (beside(other) or "").strip() == value for other, value in spelling.where
            ):
                return spelling.means
        raise Missing((name,))

    def _count(self, text: str, name: str) -> float:
        found = _LEADING.match(text) if self.formula == "number" else None
        number = _number(found.group(1) if found else text, name)
        if self.formula == "tenth-microwatt":
            if number <= 0:
                raise Missing((name,))
            number = 10 * math.log10(number / 10_000)
        return number * self.scale + self.offset


SAME = Conversion()
"""What a parameter has that needs no conversion."""


def holds(wanted: str, text: str) -> bool:
    """Whether a device's text fulfils an author's wish: "a|b" one of them, "36..177" a number between,
    "~36" a list (also of ranges, "36-64") that has it, "!x" anything else; booleans in either spelling."""
    if wanted.startswith("!"):
        return not holds(wanted[1:], text)
    if wanted.startswith("~"):
        return any(_covers(part.strip(), wanted[1:]) for part in text.split(","))
    return any(_meets(one, text.strip()) for one in wanted.split("|"))


def plain_words(texts: Mapping[str, str], language: str = "en") -> str:
    """A text in a language, else in English, else in any."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def _meets(wanted: str, text: str) -> bool:
    low, dots, high = wanted.partition("..")
    if dots and _WHOLE.fullmatch(low) and _WHOLE.fullmatch(high):
        return bool(_WHOLE.fullmatch(text)) and int(low) <= int(text) <= int(high)
    if wanted == text:
        return True
    truths = {"1": True, "true": True, "0": False, "false": False}
    return wanted in truths and truths[wanted] is truths.get(text.lower())


def _covers(part: str, wanted: str) -> bool:
    low, dash, high = part.partition("-")
    if dash and low.isdecimal() and high.isdecimal() and wanted.isdecimal():
        return int(low) <= int(wanted) <= int(high)
    return part == wanted


def _alike(means: str, text: str, kind: str) -> bool:
    return same(means, text, kind) if kind in ("boolean", "int") else means == text


def _number(text: str, name: str) -> float:
    if not _NUMBER.fullmatch(text.strip()):
        raise Missing((name,))
    return float(text.strip().replace(",", "."))


def _spelt_number(number: float, kind: str) -> str:
    whole = round(number)
    return str(whole) if kind == "int" or number == whole else f"{number:.3f}".rstrip("0").rstrip(".")


def _time(text: str, name: str) -> float:
    """xsd:dateTime; one without a zone is UTC; the "unknown time" of TR-106 3.2 is Missing."""
    try:
        at = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        raise Missing((name,)) from None
    if at.year < 1971:
        raise Missing((name,))
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
