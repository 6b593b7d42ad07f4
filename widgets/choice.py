"""One answer out of a closed list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from widgets.widget import InvalidAnswer

OPTIONS_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """`options` are (value, label) in the author's order; the first is drawn as the primary one."""

    id: str
    label: str
    options: tuple[tuple[str, str], ...]

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
