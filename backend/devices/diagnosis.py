"""Diagnostics runs (TR-181 "DiagnosticsState", TR-143): pure.

Inputs and "Requested" go in one SetParameterValues, the state last in the list; the device measures after the
session; it tells so by "8 DIAGNOSTICS COMPLETE"; the whole object is read. Any other write into the object
would cancel the run, so it waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from workflows.effects import AddObject, DeleteObject, Diagnose, Reply, Rpc, SetValues

REQUESTED: Final = "Requested"
LOOK_S: Final = 90.0
"""After so long without event 8 the state is read all the same: some devices never send it."""
STATE_LIMIT_CHARS: Final = 64

_DONE: Final = ("Complete", "Completed", "0", "false")
"""The last two of a vendor's own state that is a boolean."""
_NOT_BEGUN: Final = ("", "None")


def state_path(request: Diagnose) -> str:
    """The parameter that starts the run: a vendor's where the last input names it, else the standard one."""
    if request.inputs and request.inputs[-1][0].endswith("State"):
        return request.inputs[-1][0]
    return f"{request.object}DiagnosticsState"


def starting(request: Diagnose) -> SetValues:
    """The write that starts the run, its state last."""
    path = state_path(request)
    if request.inputs and request.inputs[-1][0] == path:
        return SetValues(request.inputs)
    return SetValues((*request.inputs, (path, REQUESTED, "xsd:string")))


def found(request: Diagnose, reply: Reply) -> Reply | None:
    """What a read of the object says: the results or why there are none; None while the run goes on.

    A state of "Error_..." is the fault's code, and what was measured until then comes with it. A state that
    was never set, or is no more, is the code "interrupted": the device may have restarted.
    """
    if not reply.ok or reply.values is None:
        return reply
    state = _value(reply.values, state_path(request))[:STATE_LIMIT_CHARS]
    if state in _DONE:
        return reply
    if state in _NOT_BEGUN:
        return replace(reply, ok=False, fault_code="interrupted", fault_text="The test is no longer running.")
    if state.startswith(("Error", "Cancel")):
        return replace(reply, ok=False, fault_code=state, fault_text="The device could not finish the test.")
    return None


def waits_for(request: Rpc, running: Diagnose) -> bool:
    """Whether `request` writes into the object of a run, and would cancel it."""
    match request:
        case SetValues(values):
            return any(path.startswith(running.object) for path, _, _ in values)
        case AddObject(name) | DeleteObject(name):
            return name.startswith(running.object)
        case Diagnose(name):
            return name == running.object
    return False


def _value(values: Mapping[str, tuple[str, str]], path: str) -> str:
    told = values.get(path)
    return told[0].strip() if told is not None else ""
