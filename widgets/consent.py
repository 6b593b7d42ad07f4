"""What a person agrees to before the router is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Consent:
    """`text`: the effect in the customer's words; `seconds`: how long it takes as a rule;
    `disrupts_s`: how long the home may be cut off, 0 for not at all."""

    id: str
    text: str
    seconds: int
    disrupts_s: int = 0

    def describe(self) -> dict[str, Any]:
        """{"type": "consent", "text", "seconds", "disrupts_s", ...}."""
        return {
            "type": "consent",
            "id": self.id,
            "text": self.text,
            "seconds": self.seconds,
            "disrupts_s": self.disrupts_s,
            "summary": self.text,
            "fallback": self.text,
        }
