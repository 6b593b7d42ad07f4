"""What the desk tells the layers above; who hears it stands in app.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EscalationChanged:
    """An escalation was opened, taken, resolved or handed back. Heard after commit: lists are refreshed."""

    tenant_id: str
    escalation_id: str
    state: str
