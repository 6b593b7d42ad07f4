"""What a run asks for: a closed set that `backend/runs/perform.py` makes real, and nothing else does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.effects import Effect
from workflows.run import Ending


@dataclass(frozen=True, slots=True)
class Request:
    """Do `effect` as request `k` of visit `visit`; a reply after `deadline_at` comes too late."""

    visit: int
    k: int
    effect: Effect
    deadline_at: float


@dataclass(frozen=True, slots=True)
class Show:
    """Append a session event. `step` is its step object (with `rev`), or None."""

    type: str
    body: Mapping[str, Any]
    audience: tuple[str, ...]
    step: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Escalate:
    """Give the run to a person. `reason` is a code: "information-only", "nothing-left", "uncertain",
    "step-failed", "too-many-steps". `text` is for the customer, `detail` for staff."""

    reason: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SetDeadline:
    """Ring at `at` with `token`; None takes the deadline away."""

    at: float | None
    token: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take back request `k` of visit `visit`, if it has not left yet; what has left is finished."""

    visit: int
    k: int


@dataclass(frozen=True, slots=True)
class End:
    """The run is over."""

    status: Ending


Command = Request | Withdraw | Show | Escalate | SetDeadline | End
