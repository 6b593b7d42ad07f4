"""Measured values with their units and age; numbers travel raw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One value. `age_s`: seconds since it was read, None when it has no age."""

    name: str
    label: str
    value: Any
    unit: str = ""
    age_s: float | None = None


@dataclass(frozen=True, slots=True)
class Readings:
    """A short table of values."""

    id: str
    title: str
    rows: tuple[Row, ...]

    def describe(self) -> dict[str, Any]:
        """{"type": "readings", "rows": [{"name", "label", "value", "unit", "age_s"}], ...}."""
        lines = [f"{r.label}: {r.value}{' ' + r.unit if r.unit else ''}" for r in self.rows]
        return {
            "type": "readings",
            "id": self.id,
            "title": self.title,
            "rows": [
                {"name": r.name, "label": r.label, "value": r.value, "unit": r.unit, "age_s": r.age_s}
                for r in self.rows
            ],
            "summary": "; ".join(lines),
            "fallback": "\n".join([self.title, *lines]),
        }
