"""Both transition tables as a diagram, in Mermaid's text form; `docs/cwmp.md` shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from backend.cwmp.transitions import ACS_TRANSITIONS, CPE_TRANSITIONS, AcsState, CpeState, What

State = TypeVar("State", AcsState, CpeState)


def acs() -> str:
    """The ACS's side: what the CPE sends, and what we do."""
    return _drawn(ACS_TRANSITIONS, AcsState.OPENING, AcsState.ENDED)


def cpe() -> str:
    """The CPE's side: what the ACS sends, and what we do."""
    return _drawn(CPE_TRANSITIONS, CpeState.CLOSED, CpeState.ENDED)


def _drawn(
    table: Mapping[tuple[State, What], State], first: State, last: State
) -> str:
    """A stateDiagram-v2; what leads from one state to the same other stands on one arrow."""
    arrows: dict[tuple[State, State], list[str]] = {}
    for (state, what), following in table.items():
        arrows.setdefault((state, following), []).append(what.value)
    drawn: list[str] = [
        f"    {state.value} --> {following.value}: {', '.join(whats)}"
        for (state, following), whats in arrows.items()
    ]
    return "\n".join(
        ["stateDiagram-v2", f"    [*] --> {first.value}", *drawn, f"    {last.value} --> [*]"]
    )
