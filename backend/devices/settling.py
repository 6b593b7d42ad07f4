"""What becomes of a task: when its reply is here, when its reply was lost, when its device calls. Pure.

A write's intent is committed before it leaves. What a lost reply leaves open is found out by its kind and
never blindly sent again (invariant 3):

    SetParameterValues, SetParameterAttributes   by reading back
    AddObject        by the names of its instances, before and after
    DeleteObject     by looking whether the instance is there
    Reboot, ScheduleInform    by the command key of an "M ..." event
    FactoryReset     by "0 BOOTSTRAP"
    Download, Upload by GetAllQueuedTransfers, by what went through their link, and by TransferComplete; an
                     order that never arrived is given again only after its link was taken back, so that the
                     first can do nothing any more
    Diagnose         by the state of its object; running it twice does no harm

What stays unclear is `Reply(uncertain=True)` and goes to a person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from backend.cwmp import datamodel
from backend.cwmp.faults import INTERNAL_ERROR, INVALID_NAME, METHOD_NOT_SUPPORTED
from backend.devices import diagnosis
from backend.devices.links import Moved
from backend.devices.secret_values import is_secret
from workflows.effects import (
    WRITES,
    AddObject,
    AwaitContact,
    DeleteObject,
    Diagnose,
    Download,
    FactoryReset,
    Reboot,
    Reply,
    Rpc,
    ScheduleInform,
    SetAttributes,
    SetValues,
    Upload,
)

ASK: Final = "ask"
BEFORE: Final = "before"
SETTLE: Final = "settle"
COLLECT: Final = "collect"
STOP: Final = "stop"

ATTEMPTS_LIMIT: Final = 3
"""How often one write may be sent, and how often a read may be lost."""
STUCK_S: Final = 600.0
"""A transfer that is silent for so long is asked after."""

Event = tuple[str, str]
"""(code, command key) of an Inform."""


@dataclass(frozen=True, slots=True)
class Work:
    """A task as the decisions see it. `key` is its CommandKey; `context` what an earlier stage kept."""

    request: Rpc
    key: str
    stage: str = ASK
    attempts: int = 0
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """The task is over with this reply."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Queued:
    """Something of the task is to leave: at once, or not before `wait_s` has passed.

    `revoke`: its link is taken back first.
    """

    stage: str
    context: Mapping[str, Any] = field(default_factory=dict)
    attempts: int = 0
    wait_s: float = 0.0
    revoke: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """The device works on; after `look_s` it is asked how far it is. `phase` as in TaskProgressed."""

    context: Mapping[str, Any] = field(default_factory=dict)
    look_s: float | None = None
    phase: str = ""


Next = Ended | Queued | Running


def first_stage(request: Rpc) -> str:
    """What leaves first: an AddObject needs to know what was there before it."""
    return BEFORE if isinstance(request, AddObject) else ASK


def is_marked(request: Rpc, stage: str) -> bool:
    """Whether what leaves at this stage changes something and is marked as sent. A read that is lost is
    asked again."""
    acts = (*WRITES, Upload, Diagnose, ScheduleInform)
    return stage == STOP or (stage == ASK and isinstance(request, acts))


def uncertain(now: float) -> Ended:
    """Nobody can tell any more."""
    return Ended(Reply(ok=False, at=now, uncertain=True))


def answered(work: Work, reply: Reply, moved: Moved) -> Next:
    """What follows from the reply to what left; `moved` is what went through the task's link."""
    request = work.request
    if isinstance(request, Download | Upload):
        return _transfer_answered(work, request, reply, moved)
    if isinstance(request, Diagnose):
        return _diagnose_answered(work, request, reply)
    if work.stage == ASK:
        return Ended(reply)
    if isinstance(request, AddObject):
        return _add_answered(work, request, reply)
    settled: bool | None
    match request:
        case DeleteObject():
            gone = reply.fault_code == INVALID_NAME or (reply.ok and not reply.names)
            settled = True if gone else (False if reply.ok else None)
        case SetValues(values):
            settled = _as_written(values, reply)
        case SetAttributes(attributes):
            wanted = [(path, str(notification), datamodel.INT) for path, notification in attributes]
            settled = _as_written(wanted, reply)
        case _:
            settled = None
    if settled is None:
        return uncertain(reply.at)
    return Ended(Reply(ok=True, at=reply.at, status=0)) if settled else _again(work, reply.at)


def called(work: Work, events: Collection[Event], was_sent: bool, now: float) -> Next | None:
    """What the Inform of a new session says of a task that was sent (its reply is lost) or is running.

    None: nothing new.
    """
    codes = {code for code, _ in events}
    match work.request:
        case AwaitContact(wanted):
            happened = not wanted or not codes.isdisjoint(wanted)
            return Ended(Reply(ok=True, at=now)) if happened else None
        case Reboot():
            return _happened(("M Reboot", work.key) in events, now)
        case FactoryReset():
            return _happened("0 BOOTSTRAP" in codes, now)
        case ScheduleInform():
            if ("M ScheduleInform", work.key) in events:
                return Ended(Reply(ok=True, at=now))
            return Running(work.context) if was_sent else None
        case Download() | Upload():
            if not was_sent:
                return None
            kept = ("M Download", work.key) in events or ("M Upload", work.key) in events
            return _in_transfer(work) if kept else Queued(SETTLE, work.context, work.attempts)
        case Diagnose() as request:
            if codes & {"8 DIAGNOSTICS COMPLETE", "1 BOOT", "0 BOOTSTRAP"} or (
                request.poll_s and not was_sent
            ):
                return Queued(COLLECT, work.context, work.attempts)
            return Queued(SETTLE, work.context, work.attempts) if was_sent else None
    return Queued(SETTLE, work.context, work.attempts)


def lost(work: Work, now: float) -> Queued | Reply:
    """A session has ended while the answer to a read was due, or with an answer nobody can read.

    It is asked again, so many times; then this is its reply. Otherwise a read that restarts its device, or
    whose answer is too large, would stand before all else until its deadline.
    """
    times = int(work.context.get("lost", 0)) + 1
    if times < ATTEMPTS_LIMIT:
        return Queued(work.stage, {**work.context, "lost": times}, work.attempts)
    text = f"{times} sessions ended without an answer to this that could be read."
    return Reply(ok=False, at=now, fault_code=INTERNAL_ERROR, fault_text=text)


def looked_after(work: Work) -> Queued:
    """A running task has been silent for long: what is asked of the device."""
    stage = COLLECT if isinstance(work.request, Diagnose) else SETTLE
    return Queued(stage, work.context, work.attempts)


def overdue(work: Work, state: str, now: float) -> Reply:
    """The reply of a task whose deadline has passed: honest about what may have happened."""
    begun = state in ("sent", "running") or work.stage in (SETTLE, STOP)
    acts = (*WRITES, ScheduleInform)
    if begun and isinstance(work.request, acts):
        return Reply(ok=False, at=now, uncertain=True)
    return Reply(ok=False, at=now, timed_out=True)


def completed(work: Work, fault_code: str, fault_text: str, moved: Moved, now: float) -> Reply:
    """The reply that a TransferComplete means (A.3.3.2).

    A file that arrived whole is here, even where the device lost our answer and takes it for a failure.
    """
    arrived = isinstance(work.request, Upload) and moved.whole
    if fault_code not in ("", "0") and not arrived:
        return Reply(ok=False, at=now, fault_code=fault_code, fault_text=fault_text)
    return _transferred(work.request, moved, now)


def _happened(yes: bool, now: float) -> Ended:
    return Ended(Reply(ok=True, at=now)) if yes else uncertain(now)


def _again(work: Work, now: float, *, revoke: bool = False) -> Next:
    """It never happened: it may be sent once more, so many times."""
    if work.attempts + 1 >= ATTEMPTS_LIMIT:
        return uncertain(now)
    return Queued(ASK, work.context, work.attempts + 1, revoke=revoke)


def _as_written(values: Sequence[tuple[str, str, str]], reply: Reply) -> bool | None:
    """Whether what was read back is what was written; None when it cannot be told."""
    if not reply.ok or reply.values is None:
        return None
    same = True
    for path, wanted, kind in values:
        told = reply.values.get(path)
        if told is None or (not told[0] and wanted and is_secret(path)):
            return None
        same = same and datamodel.same(told[0], wanted, kind)
    return same


# -- objects --------------------------------------------------------------------------------------


def instances(name: str, names: Sequence[tuple[str, bool]]) -> list[int]:
    """The instance numbers right below the object `name` in the answer to GetParameterNames."""
    below = (path[len(name) :].partition(".") for path, _ in names if path.startswith(name))
    return sorted({int(number) for number, dot, _ in below if dot and number.isdecimal()})


def _add_answered(work: Work, request: AddObject, reply: Reply) -> Next:
    there = instances(request.name, reply.names) if reply.ok else None
    if work.stage == BEFORE:
        return Queued(ASK, {"before": there}, work.attempts)
    before = work.context.get("before")
    if there is None or before is None:
        return uncertain(reply.at)
    new = [number for number in there if number not in before]
    if len(new) == 1:
        return Ended(Reply(ok=True, at=reply.at, status=0, instance=new[0]))
    return _again(work, reply.at) if not new else uncertain(reply.at)


# -- transfers ------------------------------------------------------------------------------------


def _transfer_answered(work: Work, request: Download | Upload, reply: Reply, moved: Moved) -> Next:
    if work.stage == STOP:
        if reply.ok:
            return Ended(cancelled(reply.at))
        return _in_transfer(work, unstoppable=True)
    if work.stage == SETTLE:
        return _transfer_settled(work, reply, moved)
    if not reply.ok:
        return Ended(reply)
    if reply.status == 0:
        return Ended(_transferred(request, moved, reply.at))
    return _in_transfer(work)


def _transfer_settled(work: Work, reply: Reply, moved: Moved) -> Next:
    if reply.fault_code == METHOD_NOT_SUPPORTED and not work.context.get("older"):
        return Queued(SETTLE, {**work.context, "older": True}, work.attempts)
    listed = reply.values is not None and work.key in reply.values
    if isinstance(work.request, Upload) and moved.whole and not listed:
        return Ended(_transferred(work.request, moved, reply.at))
    if listed or moved.touched or (not reply.ok and reply.fault_code != METHOD_NOT_SUPPORTED):
        return _in_transfer(work)
    if work.context.get("stop"):
        return Ended(cancelled(reply.at))
    return _again(work, reply.at, revoke=True)


def _in_transfer(work: Work, **more: Any) -> Next:
    context = {**work.context, **more}
    if context.get("stop") and not context.get("unstoppable") and work.stage != STOP:
        return Queued(STOP, context, work.attempts)
    return Running(context, STUCK_S, "accepted")


def _transferred(request: Rpc, moved: Moved, now: float) -> Reply:
    """The device says that it is done; a file that it sent must be here."""
    if not isinstance(request, Upload):
        return Reply(ok=True, at=now, status=0)
    if moved.whole and moved.file_id:
        return Reply(ok=True, at=now, status=0, file_id=moved.file_id)
    return Reply(ok=False, at=now, fault_code="9011", fault_text="The file did not arrive.")


def cancelled(now: float) -> Reply:
    """The reply of a task that somebody took back."""
    return Reply(ok=False, at=now, fault_code="cancelled", fault_text="Somebody took the order back.")


# -- diagnostics ----------------------------------------------------------------------------------


def _diagnose_answered(work: Work, request: Diagnose, reply: Reply) -> Next:
    look_s = float(request.poll_s) if request.poll_s else diagnosis.LOOK_S
    if work.stage == ASK:
        return Running(work.context, look_s, "measuring") if reply.ok else Ended(reply)
    result = diagnosis.found(request, reply)
    if result is None:
        return Running(work.context, look_s, "measuring")
    older = work.stage == SETTLE  # nobody knows whether what is there is of this run
    if (older or result.fault_code == "interrupted") and work.attempts + 1 < ATTEMPTS_LIMIT:
        return Queued(ASK, work.context, work.attempts + 1)
    return Ended(result)
