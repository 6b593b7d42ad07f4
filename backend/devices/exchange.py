"""A task as the message that leaves, and what comes back as a reply. Pure: no rows, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from backend.cwmp import datamodel, rpc
from backend.cwmp.faults import ACS_INVALID_ARGUMENTS
from backend.devices import diagnosis
from backend.devices.settling import ASK, STOP
from workflows.effects import (
    AddObject,
    DeleteObject,
    Diagnose,
    Download,
    FactoryReset,
    GetMethods,
    GetNames,
    GetValues,
    ParameterFault,
    Reboot,
    Reply,
    Rpc,
    ScheduleInform,
    SetAttributes,
    SetValues,
    Upload,
)

SCHEDULE_LEAST_S: Final = 1


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a Download or Upload needs beside its request: its one-time link, what is known of the file."""

    url: str
    size_bytes: int = 0
    name: str = ""


NO_TRANSFER: Final = Transfer("")


def leaving(request: Rpc, stage: str) -> Rpc:
    """The effect that leaves at this stage: the request, or what finds out about it.

    Transfers have stages that are no effect of their own (`message_of` knows them): there it is the request.
    """
    match request:
        case Diagnose():
            return diagnosis.starting(request) if stage == ASK else GetValues((request.object,))
        case AddObject(name) | DeleteObject(name) if stage != ASK:
            return GetNames(name)
        case SetValues(values) if stage != ASK:
            return GetValues(tuple(path for path, _, _ in values))
    return request


def message_of(
    request: Rpc,
    key: str,
    *,
    stage: str = ASK,
    transfer: Transfer = NO_TRANSFER,
    context: Mapping[str, Any] | None = None,
) -> rpc.AcsRequest:
    """The message on the wire. `key` is its ParameterKey or CommandKey (at most 32 characters)."""
    if isinstance(request, Download | Upload):
        return _transfer_message(request, key, stage, transfer, bool(context and context.get("older")))
    if isinstance(request, SetAttributes) and stage != ASK:
        return rpc.GetParameterAttributes(tuple(path for path, _ in request.attributes))
    match leaving(request, stage):
        case GetValues(names):
            return rpc.GetParameterValues(names)
        case SetValues(values):
            return rpc.SetParameterValues(tuple(rpc.ParameterValue(*value) for value in values), key)
        case GetNames(path, next_level):
            return rpc.GetParameterNames(path, next_level)
        case AddObject(name):
            return rpc.AddObject(name, key)
        case DeleteObject(name):
            return rpc.DeleteObject(name, key)
        case SetAttributes(attributes):
            return rpc.SetParameterAttributes(tuple(rpc.SetParameterAttribute(*one) for one in attributes))
        case Reboot():
            return rpc.Reboot(key)
        case FactoryReset():
            return rpc.FactoryReset()
        case ScheduleInform(delay_s):
            return rpc.ScheduleInform(max(delay_s, SCHEDULE_LEAST_S), key)
        case GetMethods():
            return rpc.GetRPCMethods()
    raise ValueError(f"{type(request).__name__} has no message")


def _transfer_message(
    request: Download | Upload, key: str, stage: str, transfer: Transfer, older: bool
) -> rpc.AcsRequest:
    if stage == STOP:
        return rpc.CancelTransfer(key)
    if stage != ASK:
        return rpc.GetQueuedTransfers() if older else rpc.GetAllQueuedTransfers()
    if isinstance(request, Upload):
        return rpc.Upload(key, request.file_type, transfer.url)
    return rpc.Download(
        key,
        request.file_type,
        transfer.url,
        file_size=transfer.size_bytes,
        target_file_name=transfer.name,
    )


def reply_of(message: rpc.Message, now: float) -> Reply:
    """What a response or a fault means for whoever asked; ValueError for a message that is neither.

    Queued transfers come as values: command key to (state, type).
    """
    match message:
        case rpc.GetParameterValuesResponse(values):
            return Reply(ok=True, at=now, values={name: (value, kind) for name, value, kind in values})
        case rpc.GetParameterNamesResponse(names):
            return Reply(ok=True, at=now, names=tuple((name, writable) for name, writable in names))
        case rpc.GetParameterAttributesResponse(attributes):
            told = {one.name: (str(one.notification), datamodel.INT) for one in attributes}
            return Reply(ok=True, at=now, values=told)
        case rpc.AddObjectResponse(instance, status):
            return Reply(ok=True, at=now, status=status, instance=instance)
        case (
            rpc.SetParameterValuesResponse(status)
            | rpc.DeleteObjectResponse(status)
            | rpc.DownloadResponse(status)
            | rpc.UploadResponse(status)
        ):
            return Reply(ok=True, at=now, status=status)
        case rpc.GetQueuedTransfersResponse(transfers) | rpc.GetAllQueuedTransfersResponse(transfers):
            queued = {one.command_key: (str(one.state), datamodel.INT) for one in transfers}
            return Reply(ok=True, at=now, values=queued)
        case rpc.GetRPCMethodsResponse(methods):
            return Reply(ok=True, at=now, values={name: (name, datamodel.STRING) for name in methods})
        case rpc.Fault(code, text, parameters):
            return Reply(
                ok=False,
                at=now,
                fault_code=code or "9002",
                fault_text=text,
                fault_parameters=tuple(ParameterFault(*parameter) for parameter in parameters),
            )
    if isinstance(message, _PLAIN):
        return Reply(ok=True, at=now)
    raise ValueError(rpc.method_of(message))


_PLAIN: Final = (
    rpc.RebootResponse,
    rpc.FactoryResetResponse,
    rpc.ScheduleInformResponse,
    rpc.SetParameterAttributesResponse,
    rpc.CancelTransferResponse,
)


def unsendable(reason: str, now: float) -> Reply:
    """The reply to a request that cannot be written, e.g.

    A character that XML cannot hold: our own fault 8003.
    """
    return Reply(ok=False, at=now, fault_code=ACS_INVALID_ARGUMENTS, fault_text=reason)
