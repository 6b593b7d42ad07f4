"""What a test measured, each value on a scale: a ping, a speed, a signal. Numbers travel raw, with units."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from widgets import told
from widgets.messages import has_message, language_of, message

ROWS_LIMIT = 12
UNITS = {
    "ms": "ms",
    "s": "s",
    "mbps": "Mbit/s",
    "kbps": "kbit/s",
    "bytes": "B",
    "dbm": "dBm",
    "percent": "%",
    "mhz": "MHz",
}
"""The unit that a measure's name ends with ("average_ms"), as a person reads it."""
OF_A_DIAGNOSIS = (
    *("down_mbps", "up_mbps", "mbps", "average_ms", "min_ms", "max_ms"),
    *("success", "failure", "bytes", "signal_dbm"),
)
"""What is shown of a diagnosis given as one record, in this order; its other fields are no measures."""
LESS_IS_BETTER = ("ms", "s", "failure", "failures", "percent_lost")


@dataclass(frozen=True, slots=True)
class Measure:
    """One value. `least` and `most` are the ends of its scale, `enough` what it should reach at least (or at
    most, where `better` is "less"); each may be None."""

    name: str
    label: str
    value: float
    unit: str
    least: float | None = None
    most: float | None = None
    enough: float | None = None
    better: str = "more"

    @property
    def verdict(self) -> str:
        """ "good" or "poor" against `enough`; "" when nothing is asked of it."""
        if self.enough is None:
            return ""
        good = self.value <= self.enough if self.better == "less" else self.value >= self.enough
        return "good" if good else "poor"


@dataclass(frozen=True, slots=True)
class Measured:
    """Measures in the order given; `summary` is the one sentence that stands for the picture."""

    id: str
    title: str
    rows: tuple[Measure, ...]
    summary: str

    @staticmethod
    def of(id: str, title: str, rows: Any, summary: str = "", locale: str = "en") -> Measured:
        """`rows`: a list of {"name", "value"} with, if known, "label", "unit", "least", "most", "enough" and
        "better" ("more" or "less"); or one record of a diagnosis such as {"average_ms": 12, "success": 4}.

        Without a label the words are ours by the name, else the name itself; without a unit it is the one the
        name ends with. What is no number is left out.
        """
        listed: Iterable[Any] = rows or ()
        if isinstance(rows, Mapping):
            listed = [{"name": name, "value": rows[name]} for name in OF_A_DIAGNOSIS if name in rows]
        read = [_measure(row, locale) for row in listed if isinstance(row, Mapping)]
        measures = tuple(one for one in read if one is not None)[:ROWS_LIMIT]
        lines = [_line(one) for one in measures]
        plain = "; ".join(lines) or title
        return Measured(id, title, measures, summary if summary and summary != title else plain)

    def describe(self) -> dict[str, Any]:
        """{"type": "measured", "rows": [{"name", "label", "value", "unit", "least", "most", "enough",
        "better", "verdict"}], ...}."""
        return {
            "type": "measured",
            "id": self.id,
            "title": self.title,
            "rows": [
                {
                    "name": one.name,
                    "label": one.label,
                    "value": one.value,
                    "unit": one.unit,
                    "least": one.least,
                    "most": one.most,
                    "enough": one.enough,
                    "better": one.better,
                    "verdict": one.verdict,
                }
                for one in self.rows
            ],
            "summary": self.summary,
            "fallback": "\n".join([self.title or self.summary, *map(_line, self.rows)]),
        }


def _measure(row: Mapping[str, Any], locale: str) -> Measure | None:
    value = _number(row, "value")
    if value is None:
        return None
    name = told.name(row.get("name")) or "value"
    ending = name.rpartition("_")[2]
    better = row.get("better")
    if better not in ("more", "less"):
        better = "less" if ending in LESS_IS_BETTER or name in LESS_IS_BETTER else "more"
    return Measure(
        name=name,
        label=told.name(row.get("label")) or _label(name, locale),
        value=value,
        unit=told.name(row.get("unit")) or UNITS.get(ending, ""),
        least=_number(row, "least"),
        most=_number(row, "most"),
        enough=_number(row, "enough"),
        better=better,
    )


def _label(name: str, locale: str) -> str:
    id = f"measured-{name}"
    return message(locale, id) if has_message(language_of(locale), id) else name


def _number(row: Mapping[str, Any], key: str) -> float | None:
    return told.number(row, key, -sys.float_info.max, sys.float_info.max)


def _line(one: Measure) -> str:
    value = f"{one.value:,}".replace(",", " ")
    return f"{one.label}: {value}{' ' + one.unit if one.unit else ''}"
