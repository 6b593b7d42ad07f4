"""What a simulated router does with each RPC of the ACS (Annex A.3.2, A.4.1).

Each function runs under the router's lock, and what it promises is on disk when it returns. A ModelFault is
answered as a fault and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from backend.cwmp import faults, rpc
from backend.simulator import variants, watching, working
from backend.simulator.model import Change, ModelFault
from backend.simulator.standing import REBOOTED, RESET, RESTART, SCHEDULED_LIMIT, Standing
from backend.simulator.transfers import DOWNLOADS, UPLOADS

NOT_HERE: Final = frozenset({"SetVouchers", "GetOptions", "ChangeDUState"})
"""Methods that no simulated router has."""

NOTIFICATION_REJECTED: Final = "9009"
UNSUPPORTED_PROTOCOL: Final = "9013"
CANCEL_REFUSED: Final = "9021"
KEY_LIMIT_CHARS: Final = 32

_STATE: Final = "DiagnosticsState"


def answer(
    router: Standing, request: rpc.AcsRequest | rpc.Unsupported, request_id: str, now: float
) -> rpc.CpeResponse | rpc.Fault:
    """The answer to any request; ModelFault where one is refused."""
    if rpc.method_of(request) in router.variant.lacks:
        return faults.fault(faults.METHOD_NOT_SUPPORTED)
    match request:
        case rpc.GetRPCMethods():
            return rpc.GetRPCMethodsResponse(
                tuple(one for one in rpc.CPE_METHODS if one not in NOT_HERE | router.variant.lacks)
            )
        case rpc.GetParameterValues(names):
            router.settle(now)
            return rpc.GetParameterValuesResponse(tuple(router.tree.get(names)))
        case rpc.SetParameterValues():
            return _set(router, request, request_id, now)
        case rpc.GetParameterNames(path, next_level):
            return rpc.GetParameterNamesResponse(tuple(router.tree.names(path, next_level)))
        case rpc.GetParameterAttributes(names):
            return watching.answer_get(router.tree, router.watch, names)
        case rpc.SetParameterAttributes(attributes):
            return _set_attributes(router, attributes)
        case rpc.AddObject() | rpc.DeleteObject():
            return _add_or_delete(router, request, request_id, now)
        case rpc.Reboot(command_key):
            router.add_event(rpc.Event(REBOOTED, command_key))
            router.ordered = router.ordered or RESTART
            router.commit([("Reboot", Change("", "", ""))], command_key or request_id, now)
            return rpc.RebootResponse()
        case rpc.FactoryReset():
            router.ordered = RESET
            router.commit([("FactoryReset", Change("", "", ""))], request_id, now)
            return rpc.FactoryResetResponse()
        case rpc.ScheduleInform(delay_s, command_key):
            return _schedule(router, delay_s, command_key, now)
        case _:
            return _transfer(router, request, now)


# -- parameters ------------------------------------------------------------------------------------


def _set(router: Standing, request: rpc.SetParameterValues, request_id: str, now: float) -> rpc.CpeResponse:
    tree = router.tree
    changes = _complete(router, tree.plan(request.values))
    late = [one for one in changes if variants.covered(one.path, router.variant.after_reboot)]
    at_once = [] if router.home.ignores_writes else [one for one in changes if one not in late]
    _check_interfaces(router, changes)
    tree.apply(at_once)
    if not router.home.ignores_writes:
        router.late |= {one.path: one.after for one in late}
    router.radio_restarts([one.path for one in at_once if one.before != one.after], now)
    _diagnose(router, at_once)
    tree.put(router.model.ROOT + "ManagementServer.ParameterKey", request.parameter_key)
    router.settle(now)
    router.watch.told(router.watch.now(tree, [one.path for one in at_once]))
    router.commit(
        [("SetParameterValues", one) for one in at_once], request.parameter_key or request_id, now
    )
    return rpc.SetParameterValuesResponse(1 if late else 0)


def _complete(router: Standing, changes: list[Change]) -> list[Change]:
    """The changes with those that this model makes of its own; ModelFault when it refuses them."""
    tree, variant = router.tree, router.variant
    written = {change.path: change.after for change in changes}

    def value(path: str) -> str:
        return written[path] if path in written else tree.value(path)

    locked = (*variant.refuses, *((router.model.REFUSED,) if router.home.refuses_writes else ()))
    text = "Request denied: locked by the manufacturer"
    refused = [
        rpc.SetParameterFault(tree.outward(path), faults.REQUEST_DENIED, text)
        for path in written
        if variants.covered(path, locked)
    ]
    if not refused and variant.checks:
        refused = [one._replace(name=tree.outward(one.name)) for one in variant.checks(written, value)]
    if refused:
        raise ModelFault(faults.INVALID_ARGUMENTS, parameters=refused)
    follows: Mapping[str, str] = {
        **router.model.follows(written, tree),
        **(variant.follows(written, value) if variant.follows else {}),
    }
    more = [(path, after) for path, after in follows.items() if path not in written]
    return [*changes, *(Change(path, tree.value(path), after) for path, after in more)]


def _check_interfaces(router: Standing, changes: Sequence[Change]) -> None:
    """Some models want the interface named for some diagnoses."""
    written = {change.path: change.after for change in changes}
    for where, place in router.places.items():
        asked = written.get(where + _STATE) == "Requested" and place.kind in router.variant.needs_interface
        if asked and not written.get(where + "Interface", router.tree.text(where + "Interface")):
            bad = rpc.SetParameterFault(
                router.tree.outward(where + "Interface"), faults.INVALID_VALUE, "name the interface"
            )
            raise ModelFault(faults.INVALID_ARGUMENTS, parameters=[bad])


def _diagnose(router: Standing, changes: Sequence[Change]) -> None:
    """Begin what was requested; any other write to the object ends a run (TR-181, DiagnosticsState)."""
    for where in router.places:
        mine = [one for one in changes if one.path.startswith(where)]
        if not mine:
            continue
        if where in router.diagnosing:
            router.diagnosing.remove(where)
        if any(one.path == where + _STATE and one.after == "Requested" for one in mine):
            router.diagnosing.append(where)
        else:
            router.tree.show(where + _STATE, "None")


def _set_attributes(router: Standing, attributes: Sequence[rpc.SetParameterAttribute]) -> rpc.CpeResponse:
    tree, watch = router.tree, router.watch
    plan = []
    for one in attributes:
        paths = [tree.inward(value.name) for value in tree.get([one.name])]
        if one.notification is not None and one.notification not in (0, 1, 2):
            raise ModelFault(faults.INVALID_ARGUMENTS)
        single = not one.name.endswith(".")
        if one.notification is not None and single and watch.refuses(paths, one.notification):
            raise ModelFault(NOTIFICATION_REJECTED)
        if watch.is_full(paths):
            raise ModelFault(faults.RESOURCES_EXCEEDED)
        plan.append((paths, one))
    for paths, one in plan:
        for path in paths:
            watch.set(tree, path, one.notification, one.access_list)
    router.save()
    return rpc.SetParameterAttributesResponse()


def _add_or_delete(
    router: Standing, request: rpc.AddObject | rpc.DeleteObject, request_id: str, now: float
) -> rpc.CpeResponse:
    tree, answer = router.tree, None
    command = request.parameter_key or request_id
    if isinstance(request, rpc.AddObject):
        row, number = tree.next_number(request.object_name)
        answer = rpc.AddObjectResponse(number)
    else:
        row = tree.deletable(request.object_name)
    locked = (*router.variant.refuses, *((router.model.REFUSED,) if router.home.refuses_writes else ()))
    if variants.covered(row, locked):
        raise ModelFault(faults.REQUEST_DENIED)
    if not router.home.ignores_writes:
        (tree.add if answer else tree.remove)(row)
    tree.put(router.model.ROOT + "ManagementServer.ParameterKey", request.parameter_key)
    name = rpc.method_of(request)
    lines = [] if router.home.ignores_writes else [(name, Change(row, "", ""))]
    router.commit(lines, command, now)
    return answer or rpc.DeleteObjectResponse()


# -- later -----------------------------------------------------------------------------------------


def _schedule(router: Standing, delay_s: int, command_key: str, now: float) -> rpc.CpeResponse:
    if delay_s <= 0 or len(command_key) > KEY_LIMIT_CHARS:
        raise ModelFault(faults.INVALID_ARGUMENTS)
    if len(router.scheduled) >= SCHEDULED_LIMIT:
        raise ModelFault(faults.RESOURCES_EXCEEDED)
    router.scheduled.append((now + delay_s, command_key))
    router.save()
    return rpc.ScheduleInformResponse()


def _transfer(
    router: Standing, request: rpc.AcsRequest | rpc.Unsupported, now: float
) -> rpc.CpeResponse | rpc.Fault:
    queue = router.transfers
    match request:
        case rpc.GetQueuedTransfers():
            return rpc.GetQueuedTransfersResponse(
                tuple(rpc.QueuedTransfer(one.command_key, one.state) for one in queue.queued())
            )
        case rpc.GetAllQueuedTransfers():
            return rpc.GetAllQueuedTransfersResponse(tuple(queue.queued()))
        case rpc.CancelTransfer(command_key):
            if not queue.cancel(command_key):
                raise ModelFault(CANCEL_REFUSED)
            router.save()
            return rpc.CancelTransferResponse()
        case rpc.Download() | rpc.Upload() | rpc.ScheduleDownload():
            return _begin_transfer(router, request, now)
        case _:
            return faults.fault(faults.METHOD_NOT_SUPPORTED)


def _begin_transfer(
    router: Standing, request: rpc.Download | rpc.Upload | rpc.ScheduleDownload, now: float
) -> rpc.CpeResponse | rpc.Fault:
    kinds = UPLOADS if isinstance(request, rpc.Upload) else DOWNLOADS
    kind = kinds.get(request.file_type)
    if kind is None or len(request.command_key) > KEY_LIMIT_CHARS:
        raise ModelFault(faults.INVALID_ARGUMENTS)
    if not request.url.startswith(("http://", "https://")):
        raise ModelFault(UNSUPPORTED_PROTOCOL)
    if isinstance(request, rpc.ScheduleDownload) and not request.windows:
        raise ModelFault(faults.INVALID_ARGUMENTS)
    if router.transfers.is_full:
        raise ModelFault(faults.RESOURCES_EXCEEDED)
    transfer = router.transfers.add(request, kind, now)
    router.save()
    if isinstance(request, rpc.ScheduleDownload):
        return rpc.ScheduleDownloadResponse()
    if router.variant.transfers_at_once:
        return working.transferred_at_once(router, transfer, now)
    return rpc.DownloadResponse(1) if isinstance(request, rpc.Download) else rpc.UploadResponse(1)
