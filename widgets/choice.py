"""One answer out of a closed list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from widgets.widget import InvalidAnswer

OPTIONS_LIMIT = 20
VALUE_LIMIT_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """`options` are (value, label) in the author's order; the first is drawn as the primary one."""

    id: str
    label: str
    options: tuple[tuple[str, str], ...]

    @staticmethod
    def of(id: str, label: str, rows: Iterable[Any], options: Iterable[tuple[str, str]]) -> Choice:
        """`rows`, {"value", "label"} of what was found, come before the author's own options.

        A row without a value, or with the value of one before it, is left out; one without a label shows
        its value.
        """
        own = tuple(options)[:OPTIONS_LIMIT]
        taken = {value for value, _ in own}
        found: list[tuple[str, str]] = []
        for row in rows:
            value = str(row.get("value") or "") if isinstance(row, Mapping) else ""
            if not value or value in taken or len(found) + len(own) >= OPTIONS_LIMIT:
                continue
            taken.add(value)
            words = str(row.get("label") or value)
            found.append((value[:VALUE_LIMIT_CHARACTERS], words[:VALUE_LIMIT_CHARACTERS]))
        return Choice(id, label, (*found, *own))

    def describe(self) -> dict[str, Any]:
        """{"type": "choice", "options": [{"value", "label"}], ...}."""
        labels = ", ".join(label for _, label in self.options)
        return {
            "type": "choice",
            "id": self.id,
            "label": self.label,
            "options": [{"value": value, "label": label} for value, label in self.options],
            "summary": self.label,
            "fallback": f"{self.label} ({labels})",
        }

    def parse(self, answer: Any) -> str:
        """One of the option values."""
        if answer is None or answer == "":
            raise InvalidAnswer(self.id, "answer-missing")
        for value, _ in self.options:
            if answer == value:
                return value
        raise InvalidAnswer(self.id, "answer-not-offered")

    def say(self, value: Any) -> str:
        """The label of the chosen option."""
        return next((label for known, label in self.options if known == value), str(value))
