"""A task as the RPC that leaves, and what comes back as a reply. Pure: no rows, no clock."""

from __future__ import annotations

from backend.cwmp import rpc
from backend.cwmp.faults import ACS_INVALID_ARGUMENTS
from workflows.effects import GetMethods, GetValues, ParameterFault, Reboot, Reply, Rpc, SetValues


def message_of(request: Rpc, task_id: str) -> rpc.AcsRequest:
    """The request on the wire. The task's id is its ParameterKey or CommandKey (at most 32 characters)."""
    match request:
        case GetValues(names):
            return rpc.GetParameterValues(names)
        case SetValues(values):
            return rpc.SetParameterValues(tuple(rpc.ParameterValue(*value) for value in values), task_id)
        case Reboot():
            return rpc.Reboot(task_id)
        case GetMethods():
            return rpc.GetRPCMethods()


def reply_of(message: rpc.Message, now: float) -> Reply:
    """What a response or a fault means for whoever asked; ValueError for a message that is neither."""
    match message:
        case rpc.GetParameterValuesResponse(values):
            return Reply(ok=True, at=now, values={name: (value, kind) for name, value, kind in values})
        case rpc.SetParameterValuesResponse(status):
            return Reply(ok=True, at=now, status=status)
        case rpc.RebootResponse():
            return Reply(ok=True, at=now)
        case rpc.GetRPCMethodsResponse(methods):
            return Reply(ok=True, at=now, values={name: (name, "xsd:string") for name in methods})
        case rpc.Fault(code, text, parameters):
            return Reply(
                ok=False,
                at=now,
                fault_code=code or "9002",
                fault_text=text,
                fault_parameters=tuple(ParameterFault(*parameter) for parameter in parameters),
            )
    raise ValueError(rpc.method_of(message))


def unsendable(reason: str, now: float) -> Reply:
    """The reply to a request that cannot be written, e.g.

    A character that XML cannot hold: our own fault 8003.
    """
    return Reply(ok=False, at=now, fault_code=ACS_INVALID_ARGUMENTS, fault_text=reason)
