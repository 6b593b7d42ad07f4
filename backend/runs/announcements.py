"""What runs have to tell, inside the transaction of the decision; who hears it is written in app.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RunEscalated:
    """A run needs a person. `reason` is a code, `text` was said to the customer, `detail` is for staff;
    `context` is what `runs.context.of_run` gives. `conversation_id` is None for an automatic run."""

    tenant_id: str
    run_id: str
    conversation_id: str | None
    reason: str
    text: str
    detail: str
    context: Mapping[str, Any]
    at: float


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run is over. `status`: SUCCESS, WARNING, ERROR, CANCELLED or EXPIRED."""

    tenant_id: str
    run_id: str
    conversation_id: str | None
    status: str
