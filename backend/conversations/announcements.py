"""What conversations tell the layers above; who hears it stands in app.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonAsked:
    """A customer (or the agent for them) wants a person. Heard inside: the desk opens an escalation."""

    tenant_id: str
    conversation_id: str
    run_id: str | None
    reason: str
    text: str
    asked_at: float
