"""The queue of tasks of each device: one effect each, first in, first out.

A write's intent is committed before it leaves, and what a lost reply leaves open is settled by its kind,
never blindly sent again (invariant 3; `settling` has the rules). What goes on beyond the session, such as a
transfer, is answered by what the device tells later; its deadline ends it in any case. Nothing here knows
HTTP or SOAP.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog

from backend import announcements, database
from backend.devices import exchange, files, links, settling, tasks, wake
from backend.devices.announcements import DeviceChanged, TaskStarted
from backend.devices.diagnosis import waits_for
from backend.devices.settling import ATTEMPTS_LIMIT as ATTEMPTS_LIMIT
from backend.devices.settling import Event, Queued
from backend.devices.statements import Statement
from backend.devices.tasks import CHANGED, COLUMNS, Claim
from backend.errors import TooMany
from workflows.effects import (
    AddObject,
    AwaitContact,
    DeleteObject,
    Diagnose,
    Download,
    LedgerNote,
    Reply,
    SetValues,
    Upload,
    effect_from_json,
)

log = structlog.get_logger(__name__)

EXPIRE_BATCH_TASKS: Final = 100
LOOK_BATCH_TASKS: Final = 100
OPEN_LIMIT_TASKS: Final = 500
"""So many open tasks one device may have."""
AHEAD_LIMIT_TASKS: Final = 20
"""So far down its queue we look for a task that need not wait."""
BLOCKED_S: Final = 20.0
KEEP_DONE_S: Final = 30 * 86_400.0
LOST_AFTER_S: Final = 40.0
"""After so long a write without a reply is taken for lost: more than the 30 s a reply may take (TR-069
3.7.1), less than a step waits, so that what became of it is found out while someone still watches."""

_INSERT = Statement(
    "INSERT INTO task (id, tenant_id, device_id, owner_key, channel, request, state, stage, attempts,"
    " created_at, deadline_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (owner_key) DO NOTHING"
)
_BY_OWNER = Statement("SELECT id FROM task WHERE tenant_id = ? AND owner_key = ?")
_NEXT = Statement(
    f"SELECT {COLUMNS} FROM task WHERE device_id = ? AND state = 'queued' AND deadline_at > ?"
    " AND (due_at IS NULL OR due_at <= ?) ORDER BY id LIMIT ?"
)
_COUNT = Statement("SELECT COUNT(*) FROM task WHERE device_id = ? AND state IN ('queued', 'sent', 'running')")
_SEND = Statement("UPDATE task SET state = 'sent', sent_at = ? WHERE id = ? AND state = 'queued'")
_BLOCK = Statement("UPDATE task SET due_at = ? WHERE id = ? AND state = 'queued'")
_PUT_OFF = Statement(
    "SELECT MAX(due_at) FROM task WHERE device_id = ? AND state = 'queued' AND channel = ? AND id < ?"
    " AND due_at > ?"
)
_RUNNING = Statement(f"SELECT {COLUMNS} FROM task WHERE device_id = ? AND state = 'running'")
_CALLED = Statement(f"SELECT {COLUMNS} FROM task WHERE device_id = ? AND state IN ('sent', 'running')")
_WAITING = Statement(
    "SELECT 1 FROM task WHERE device_id = ? AND state = 'queued' AND deadline_at > ?"
    " AND (due_at IS NULL OR due_at <= ?) LIMIT 1"
)
_EXPIRED = Statement(
    f"SELECT {COLUMNS} FROM task"
    " WHERE state IN ('queued', 'sent', 'running') AND deadline_at <= ? ORDER BY deadline_at LIMIT ?"
)
_SILENT = Statement(
    f"SELECT {COLUMNS} FROM task WHERE state = 'running' AND due_at <= ? AND deadline_at > ?"
    " ORDER BY due_at LIMIT ?"
)
_TO_WAKE = Statement(
    "SELECT DISTINCT task.tenant_id, task.device_id, device.last_inform_at FROM task"
    " JOIN device ON device.id = task.device_id"
    " WHERE ((task.state = 'queued' AND task.created_at <= ? AND (task.due_at IS NULL OR task.due_at <= ?))"
    " OR (task.state = 'sent' AND task.sent_at < ?)) AND task.deadline_at > ? LIMIT ?"
)
_WITHDRAW = Statement(
    "UPDATE task SET state = 'expired', done_at = ?"
    " WHERE device_id = ? AND state = 'queued' AND stage IN ('ask', 'before') AND owner_key LIKE ?"
)
_OPEN_OF = Statement(
    f"SELECT {COLUMNS} FROM task WHERE tenant_id = ? AND device_id = ?"
    " AND state IN ('queued', 'sent', 'running') ORDER BY id LIMIT ?"
)
_STOP = Statement("UPDATE task SET context = ? WHERE id = ? AND state IN ('queued', 'sent', 'running')")
_DROP = Statement("DELETE FROM task WHERE device_id = ?")
_FORGET = Statement("DELETE FROM task WHERE state IN ('done', 'expired') AND done_at < ?")


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What became of tasks that were to be cancelled: how many ended, are asked to stop, or cannot be
    stopped."""

    ended: int = 0
    stopping: int = 0
    cannot: int = 0


def enqueue(
    tenant_id: str,
    device_id: str,
    *,
    owner_key: str,
    request: Mapping[str, Any],
    deadline_at: float,
    now: float,
    channel: str = "",
) -> str:
    """Queue one effect (in its stored form) and wake the device after commit. Gives the task's id.

    The same `owner_key` again gives the same task and queues nothing. `channel`: faults that may pass are
    retried with back-off, while later tasks of that channel wait; "" gives every fault to the owner. Raises
    KeyError for a request that no device can do, TooMany when OPEN_LIMIT_TASKS of the device are open.
    """
    effect = effect_from_json(request)
    if isinstance(effect, LedgerNote):
        raise KeyError(request["rpc"])
    waits_only = isinstance(effect, AwaitContact)
    with database.transaction():
        if _COUNT(device_id).fetchone()[0] >= OPEN_LIMIT_TASKS:
            raise TooMany("device_busy", "Too much waits for this device already.", retry_after_s=60.0)
        task_id = database.new_id()
        made = _INSERT(
            task_id,
            tenant_id,
            device_id,
            owner_key,
            channel,
            tasks.sealed(tenant_id, effect),
            "running" if waits_only else "queued",
            settling.first_stage(effect),
            now,
            deadline_at,
        )
        if made.rowcount != 1:
            return str(_BY_OWNER(tenant_id, owner_key).fetchone()[0])
        announcements.announce(DeviceChanged(tenant_id, device_id, CHANGED))
        if not waits_only:
            database.after_commit(lambda: wake.wake(tenant_id, device_id))
    return task_id


def withdraw(device_id: str, owner_prefix: str, now: float) -> int:
    """Take back the tasks of an owner that have not left and settle nothing, telling nobody; how many.

    For what is asked again anew: without it a device that begins again and again would fill its queue.
    """
    with database.transaction():
        return int(_WITHDRAW(now, device_id, f"{owner_prefix}%").rowcount)


# -- leaving --------------------------------------------------------------------------------------


def claim_next(device_id: str, now: float) -> Claim | None:
    """The device's oldest task that need not wait, to be sent now; None when it has none.

    What changes something is marked as sent, in a transaction that commits before it leaves. A read changes
    nothing on the device, so it stays queued until its reply is here, and a lost one is simply asked again.
    """
    row = _NEXT(device_id, now, now, 1).fetchone()
    if row is None:
        return None
    claim = tasks.read(row)
    if _waits_for_another(claim, now):
        ahead = (tasks.read(row) for row in _NEXT(device_id, now, now, AHEAD_LIMIT_TASKS).fetchall())
        free = next((one for one in ahead if not _waits_for_another(one, now)), None)
        if free is None:
            return None
        claim = free
    with database.transaction():
        if settling.is_marked(claim.request, claim.stage):
            if _SEND(now, claim.task_id).rowcount != 1:
                return None
            if claim.stage == settling.ASK and isinstance(claim.request, Download | Upload):
                linked = tasks.linked(claim, now)
                if linked is None:
                    complete(claim, exchange.unsendable("the stored file is gone", now))
                    return claim_next(device_id, now)
                claim = linked
        if claim.stage == settling.first_stage(claim.request):
            announcements.announce(TaskStarted(claim.tenant_id, device_id, claim.owner_key))
        announcements.announce(DeviceChanged(claim.tenant_id, device_id, CHANGED))
    return claim


def resumed(device_id: str, task_id: str, stage: str) -> Claim | None:
    """The claim whose message is outstanding, for another process that goes on with its session; None when
    the task has ended or moved on meanwhile."""
    claim = tasks.still_open(task_id, device_id)
    if claim is None or claim.stage != stage:
        return None
    outstanding = claim.state == ("sent" if settling.is_marked(claim.request, stage) else "queued")
    return claim if outstanding else None


def _waits_for_another(claim: Claim, now: float) -> bool:
    """Whether it must wait: its fault channel is put off, or it would cancel a diagnostics run.

    It is put off itself then: nobody wakes its device for what cannot leave.
    """
    until: float | None = None
    if claim.channel:
        until = _PUT_OFF(claim.device_id, claim.channel, claim.task_id, now).fetchone()[0]
    writes = isinstance(claim.request, SetValues | AddObject | DeleteObject | Diagnose)
    if writes and claim.stage == settling.first_stage(claim.request):
        running = (tasks.read(row).request for row in _RUNNING(claim.device_id).fetchall())
        if any(isinstance(one, Diagnose) and waits_for(claim.request, one) for one in running):
            until = max(until or 0.0, now + BLOCKED_S)  # the run's end lets it go at once
    if until is None:
        return False
    with database.transaction():
        _BLOCK(until, claim.task_id)
    return True


def waits(device_id: str, now: float) -> bool:
    """Whether the device has a task to fetch."""
    return _WAITING(device_id, now, now).fetchone() is not None


# -- what comes back ------------------------------------------------------------------------------


def complete(claim: Claim, reply: Reply, keep: Callable[[], object] | None = None) -> None:
    """Take what came back, fault included, and tell whoever waits, in one transaction.

    `keep` stores what was read before anyone is told; it is not called when the task no longer waits, its
    deadline passed or its device gone. The task ends, runs on, or something else of it leaves next
    (`settling.answered`).
    """
    with database.transaction():
        moved = links.Moved()
        if isinstance(claim.request, Download | Upload):
            fresh = tasks.still_open(claim.task_id, claim.device_id)  # somebody may have cancelled it
            if fresh is None:
                return
            claim = replace(claim, context=fresh.context)
            moved = links.of_task(claim.task_id)
        tasks.apply(claim, settling.answered(claim.work, reply, moved), reply.at, keep)


def release(device_id: str, events: Collection[Event], now: float) -> int:
    """A new session has begun with these events, (code, command key) each; gives how many tasks it moved.

    Whatever was sent in an older session has lost its reply and is to be settled; what runs may be answered.
    """
    rows = _CALLED(device_id).fetchall()
    if not rows:
        return 0
    moved = 0
    with database.transaction():
        for row in rows:
            claim = tasks.read(row)
            following = settling.called(claim.work, events, claim.state == "sent", now)
            if following is not None:
                tasks.apply(claim, following, now)
                moved += 1
    return moved


def unanswered(claim: Claim, now: float) -> None:
    """The session in which this was asked is over, and its answer has not come, or could not be read.

    What changes something is settled at the device's next Inform (`release`); a read is counted.
    """
    if settling.is_marked(claim.request, claim.stage):
        return
    with database.transaction():
        fresh = tasks.still_open(claim.task_id, claim.device_id)
        if fresh is None or (fresh.state, fresh.stage) != ("queued", claim.stage):
            return
        following = settling.lost(fresh.work, now)
        if isinstance(following, Queued):
            tasks.apply(fresh, following, now)
            return
        log.warning("task_unanswered", device=fresh.device_id, task=fresh.task_id)
        context = {key: value for key, value in fresh.context.items() if key != "lost"}
        complete(replace(fresh, context=context), following)


# -- time -----------------------------------------------------------------------------------------


def expire_due(now: float) -> int:
    """End tasks whose deadline has passed, each in a transaction of its own. Gives the number ended.

    Never sent, or only a read: timed out. What was sent, may have changed something and is not settled:
    uncertain.
    """
    ended = 0
    for row in _EXPIRED(now, EXPIRE_BATCH_TASKS).fetchall():
        claim = tasks.read(row)
        try:
            with database.transaction():
                tasks.end(claim, settling.overdue(claim.work, claim.state, now), "expired")
            ended += 1
        except Exception:
            log.exception("task_expiry_failed", task=claim.task_id, device=claim.device_id)
    return ended


def look_after(now: float) -> int:
    """Running tasks that have been silent for long: the device is to be asked. Gives how many.

    They become queued, so the sweep that wakes (`to_wake`) does the rest.
    """
    looked = 0
    for row in _SILENT(now, now, LOOK_BATCH_TASKS).fetchall():
        claim = tasks.read(row)
        with database.transaction():
            tasks.apply(claim, settling.looked_after(claim.work), now)
        looked += 1
    return looked


def to_wake(
    now: float, limit_devices: int, *, lost_after_s: float = LOST_AFTER_S, queued_for_s: float = 0.0
) -> list[wake.Waiting]:
    """Devices that have something to fetch for so long, or a sending whose reply is overdue."""
    rows = _TO_WAKE(now - queued_for_s, now, now - lost_after_s, now, limit_devices)
    return [wake.Waiting(*row) for row in rows.fetchall()]


def drop(device_id: str) -> None:
    """Forget the tasks of a device that is gone, with their links and files, inside a transaction.

    Whoever waits has a deadline of their own.
    """
    _DROP(device_id)
    links.drop(device_id)
    files.drop(device_id)


def forget(now: float) -> int:
    """Delete tasks that ended longer than KEEP_DONE_S ago."""
    with database.transaction():
        count: int = _FORGET(now - KEEP_DONE_S).rowcount
    return count


# -- people change their minds --------------------------------------------------------------------


def cancel(
    tenant_id: str,
    device_id: str,
    *,
    now: float,
    task_id: str = "",
    owner_prefix: str = "",
    tell: bool = True,
) -> Cancelled:
    """Take back one task, or all of an owner's (e.g. "RUN:"), as far as that is still possible.

    What has not left, or only waits or measures, ends with the fault "cancelled" (`tell`: its owner hears
    of it). A transfer's link is taken back unless all has gone through, and the device is asked to stop
    (CancelTransfer, A.4.1.9). Anything else that was sent cannot be stopped.
    """
    counts = {"ended": 0, "stopping": 0, "cannot": 0}
    with database.transaction():
        for row in _OPEN_OF(tenant_id, device_id, OPEN_LIMIT_TASKS).fetchall():
            claim = tasks.read(row)
            if claim.task_id == task_id or (owner_prefix and claim.owner_key.startswith(owner_prefix)):
                counts[_cancel(claim, now, tell=tell)] += 1
        if counts["stopping"]:
            database.after_commit(lambda: wake.wake(tenant_id, device_id))
    return Cancelled(**counts)


def _cancel(claim: Claim, now: float, *, tell: bool) -> str:
    harmless = isinstance(claim.request, AwaitContact | Diagnose)
    left = claim.state != "queued" or claim.stage == settling.SETTLE
    if harmless or not left:
        tasks.end(claim, settling.cancelled(now), "done", tell=tell)
        return "ended"
    if not isinstance(claim.request, Download | Upload) or claim.context.get("unstoppable"):
        return "cannot"
    if not links.of_task(claim.task_id).whole:
        links.take_back(claim.task_id, now)
    context = {**claim.context, "stop": True}
    if claim.state == "running":
        tasks.apply(claim, Queued(settling.STOP, context, claim.attempts), now)
    else:
        _STOP(tasks.context_json(context), claim.task_id)
    return "stopping"
