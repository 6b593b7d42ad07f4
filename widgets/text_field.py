"""One line of text a person types, limited in length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from widgets.widget import InvalidAnswer

LENGTH_LIMIT_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class TextField:
    """A free answer of at most `limit_characters`; `required` refuses an empty one."""

    id: str
    label: str
    required: bool = True
    limit_characters: int = LENGTH_LIMIT_CHARACTERS

    def describe(self) -> dict[str, Any]:
        """{"type": "text", "required", "limit_characters", ...}."""
        return {
            "type": "text",
            "id": self.id,
            "label": self.label,
            "required": self.required,
            "limit_characters": self.limit_characters,
            "summary": self.label,
            "fallback": self.label,
        }

    def parse(self, answer: Any) -> str:
        """The text without surrounding white space."""
        if answer is None:
            answer = ""
        if not isinstance(answer, str):
            raise InvalidAnswer(self.id, "answer-not-text")
        text = answer.strip()
        if self.required and not text:
            raise InvalidAnswer(self.id, "answer-missing")
        if len(text) > self.limit_characters:
            raise InvalidAnswer(self.id, "answer-too-long", limit=self.limit_characters)
        return text

    def say(self, value: Any) -> str:
        """The text itself."""
        return str(value)
