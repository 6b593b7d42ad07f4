"""The queue of tasks of each device: one RPC each, first in, first out.

A write's intent is committed before it leaves, and what a lost reply leaves open is settled by its
kind, never blindly sent again (invariant 3): a read is asked again, a write is found out by reading back, a
reboot by the command key of the next Inform. What stays unclear ends as `Reply(uncertain=True)`.

Row states: queued -> sent (writes only) -> done | expired. Nothing here knows HTTP or SOAP.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog

from backend import announcements, database
from backend.cwmp import datamodel
from backend.devices import wake
from backend.devices.announcements import TaskFinished, TaskStarted
from backend.devices.secret_values import is_secret, masked
from backend.devices.statements import Statement
from backend.identity import secrets
from workflows.effects import (
    GetMethods,
    GetValues,
    Reboot,
    Reply,
    Rpc,
    SetValues,
    effect_from_json,
    effect_to_json,
)

log = structlog.get_logger(__name__)

ATTEMPTS_LIMIT: Final = 3
"""How often one write may be sent."""
EXPIRE_BATCH_TASKS: Final = 100
KEEP_DONE_S: Final = 30 * 86_400.0
LOST_AFTER_S: Final = 40.0
"""After so long a write without a reply is taken for lost: more than the 30 s a reply may take (TR-069
3.7.1), less than a step waits, so that what became of it is found out while someone still watches."""

_INSERT = Statement(
    "INSERT INTO task (id, tenant_id, device_id, owner_key, channel, request, state, stage, attempts,"
    " created_at, deadline_at) VALUES (?, ?, ?, ?, '', ?, 'queued', ?, 0, ?, ?)"
    " ON CONFLICT (owner_key) DO NOTHING"
)
_BY_OWNER = Statement("SELECT id FROM task WHERE tenant_id = ? AND owner_key = ?")
_NEXT = Statement(
    "SELECT id, tenant_id, owner_key, request, stage FROM task WHERE device_id = ? AND state = 'queued'"
    " AND deadline_at > ? ORDER BY id LIMIT 1"
)
_SEND = Statement("UPDATE task SET state = 'sent', sent_at = ? WHERE id = ? AND state = 'queued'")
_END = Statement(
    "UPDATE task SET state = ?, reply = ?, done_at = ? WHERE id = ? AND state IN ('queued', 'sent')"
)
_SETTLE = Statement(
    "UPDATE task SET state = 'queued', sent_at = NULL, stage = 'settle' WHERE id = ? AND state = 'sent'"
)
_SEND_AGAIN = Statement(
    "UPDATE task SET stage = 'ask', attempts = attempts + 1 WHERE id = ? AND state = 'queued'"
)
_ATTEMPTS = Statement("SELECT attempts FROM task WHERE id = ?")
_SENT = Statement(
    "SELECT id, tenant_id, owner_key, request, stage FROM task WHERE device_id = ? AND state = 'sent'"
)
_WAITING = Statement(
    "SELECT 1 FROM task WHERE device_id = ? AND state = 'queued' AND deadline_at > ? LIMIT 1"
)
_EXPIRED = Statement(
    "SELECT id, tenant_id, device_id, owner_key, request, stage, state FROM task"
    " WHERE state IN ('queued', 'sent') AND deadline_at <= ? ORDER BY deadline_at LIMIT ?"
)
_TO_WAKE = Statement(
    "SELECT DISTINCT task.tenant_id, task.device_id, device.last_inform_at FROM task"
    " JOIN device ON device.id = task.device_id"
    " WHERE ((task.state = 'queued' AND task.created_at <= ?) OR (task.state = 'sent' AND task.sent_at < ?))"
    " AND task.deadline_at > ? LIMIT ?"
)
_WITHDRAW = Statement(
    "UPDATE task SET state = 'expired', done_at = ?"
    " WHERE device_id = ? AND state = 'queued' AND stage = 'ask' AND owner_key LIKE ?"
)
_DROP = Statement("DELETE FROM task WHERE device_id = ?")
_FORGET = Statement("DELETE FROM task WHERE state IN ('done', 'expired') AND done_at < ?")


@dataclass(frozen=True, slots=True)
class Claim:
    """A task whose RPC leaves now. `rpc` is what leaves; `request` is what was asked for.

    They differ when `settles`: then `rpc` reads back what `request` may have written.
    """

    task_id: str
    tenant_id: str
    device_id: str
    owner_key: str
    request: Rpc
    settles: bool = False

    @property
    def rpc(self) -> Rpc:
        """What leaves: the request, or the read that finds out what became of it."""
        if self.settles and isinstance(self.request, SetValues):
            return GetValues(tuple(path for path, _, _ in self.request.values))
        return self.request


def enqueue(
    tenant_id: str,
    device_id: str,
    *,
    owner_key: str,
    request: Mapping[str, Any],
    deadline_at: float,
    now: float,
) -> str:
    """Queue one RPC (the stored form of an effect) and wake the device after commit. Gives the task's
    id.

    The same `owner_key` again gives the same task and queues nothing. Raises KeyError for a request that is
    no RPC.
    """
    rpc = effect_from_json(request)
    if not isinstance(rpc, Rpc):
        raise KeyError(request["rpc"])
    with database.transaction():
        task_id = database.new_id()
        made = _INSERT(
            task_id, tenant_id, device_id, owner_key, _sealed(tenant_id, rpc), "ask", now, deadline_at
        )
        if made.rowcount != 1:
            return str(_BY_OWNER(tenant_id, owner_key).fetchone()[0])
        database.after_commit(lambda: wake.wake(tenant_id, device_id))
    return task_id


def withdraw(device_id: str, owner_prefix: str, now: float) -> int:
    """Take back the tasks of an owner that have not left and settle nothing, telling nobody; how many.

    For what is asked again anew: without it a device that begins again and again would fill its queue.
    """
    with database.transaction():
        return int(_WITHDRAW(now, device_id, f"{owner_prefix}%").rowcount)


def claim_next(device_id: str, now: float) -> Claim | None:
    """The device's oldest task, to be sent now; None when it has none.

    A write or a reboot is marked as sent, in a transaction that commits before it leaves. A read changes
    nothing on the device, so it stays queued until its reply is here, and a lost one is simply asked again.
    """
    row = _NEXT(device_id, now).fetchone()
    if row is None:
        return None
    claim = _claim(device_id, row)
    with database.transaction():
        if isinstance(claim.rpc, SetValues | Reboot) and _SEND(now, claim.task_id).rowcount != 1:
            return None
        announcements.announce(TaskStarted(claim.tenant_id, device_id, claim.owner_key))
    return claim


def waits(device_id: str, now: float) -> bool:
    """Whether the device has a task to fetch."""
    return _WAITING(device_id, now).fetchone() is not None


def complete(claim: Claim, reply: Reply, keep: Callable[[], object] | None = None) -> None:
    """End the task with what came back, fault included, and tell whoever waits, in one transaction.

    `keep` stores what was read before anyone is told; it is not called when the task no longer waits, its
    deadline passed or its device gone. Where the claim only settles an earlier sending, its read decides: all
    as written: the write is done; nothing readable: uncertain; otherwise the write never happened and is sent
    again, at most ATTEMPTS_LIMIT times.
    """
    with database.transaction():
        settled = _settled(claim, reply) if claim.settles else reply
        if settled is not None:
            _end(claim, settled, "done", keep)
        elif _SEND_AGAIN(claim.task_id).rowcount == 1 and keep is not None:
            keep()


def release(device_id: str, reboot_keys: frozenset[str], now: float) -> int:
    """A new session has begun, so the writes sent in an older one have lost their reply; gives how many.

    Each is queued to be settled by reading back. `reboot_keys` are the command keys of "M Reboot" events in
    the new Inform: they settle reboots.
    """
    rows = _SENT(device_id).fetchall()
    if not rows:
        return 0
    with database.transaction():
        for row in rows:
            claim = _claim(device_id, row)
            if isinstance(claim.request, Reboot):
                happened = claim.task_id in reboot_keys
                _end(claim, Reply(ok=happened, at=now, uncertain=not happened), "done")
            else:
                _SETTLE(claim.task_id)
    return len(rows)


def expire_due(now: float) -> int:
    """End tasks whose deadline has passed, each in a transaction of its own. Gives the number ended.

    Never sent, or only a read: timed out. A write or reboot that was sent and is not settled: uncertain.
    """
    ended = 0
    for task_id, tenant_id, device_id, owner_key, request, stage, state in _EXPIRED(
        now, EXPIRE_BATCH_TASKS
    ).fetchall():
        claim = _claim(device_id, (task_id, tenant_id, owner_key, request, stage))
        open_write = (state == "sent" or claim.settles) and isinstance(claim.request, SetValues | Reboot)
        reply = (
            Reply(ok=False, at=now, uncertain=True) if open_write else Reply(ok=False, at=now, timed_out=True)
        )
        try:
            with database.transaction():
                _end(claim, reply, "expired")
            ended += 1
        except Exception:
            log.exception("task_expiry_failed", task=task_id, device=device_id)
    return ended


def to_wake(
    now: float, limit_devices: int, *, lost_after_s: float = LOST_AFTER_S, queued_for_s: float = 0.0
) -> list[wake.Waiting]:
    """Devices that have something to fetch for so long, or a sending whose reply is overdue."""
    rows = _TO_WAKE(now - queued_for_s, now - lost_after_s, now, limit_devices)
    return [wake.Waiting(*row) for row in rows.fetchall()]


def drop(device_id: str) -> None:
    """Forget the tasks of a device that is gone, inside a transaction.

    Whoever waits has a deadline of their own.
    """
    _DROP(device_id)


def forget(now: float) -> int:
    """Delete tasks that ended longer than KEEP_DONE_S ago."""
    with database.transaction():
        count: int = _FORGET(now - KEEP_DONE_S).rowcount
    return count


def _claim(device_id: str, row: tuple[Any, ...]) -> Claim:
    task_id, tenant_id, owner_key, request, stage = row
    return Claim(task_id, tenant_id, device_id, owner_key, _opened(tenant_id, request), stage == "settle")


def _end(claim: Claim, reply: Reply, state: str, keep: Callable[[], object] | None = None) -> None:
    ended = json.dumps(replace(reply, values=None).to_json(), separators=(",", ":"))
    if _END(state, ended, reply.at, claim.task_id).rowcount == 1:
        if keep is not None:
            keep()
        if reply.values and any(is_secret(path) for path in reply.values):
            shown = {path: (masked(path, value), kind) for path, (value, kind) in reply.values.items()}
            reply = replace(reply, values=shown)
        announcements.announce(TaskFinished(claim.tenant_id, claim.device_id, claim.owner_key, reply))


def _settled(claim: Claim, reply: Reply) -> Reply | None:
    """What the read-back says of a write: a final reply, or None when it must be sent again."""
    assert isinstance(claim.request, SetValues)
    uncertain = Reply(ok=False, at=reply.at, uncertain=True)
    if not reply.ok or reply.values is None:
        return uncertain
    differs = False
    for path, wanted, kind in claim.request.values:
        found = reply.values.get(path)
        if found is None or (not found[0] and wanted and is_secret(path)):
            return uncertain
        differs = differs or not datamodel.same(found[0], wanted, kind)
    if not differs:
        return Reply(ok=True, at=reply.at, status=0)
    attempts = _ATTEMPTS(claim.task_id).fetchone()[0]
    return uncertain if attempts + 1 >= ATTEMPTS_LIMIT else None


def _sealed(tenant_id: str, rpc: Rpc) -> str:
    """The request as kept: plain JSON, or sealed as a whole where a secret is written."""
    text = json.dumps(effect_to_json(rpc), separators=(",", ":"))
    if isinstance(rpc, SetValues) and any(is_secret(path) for path, _, _ in rpc.values):
        return json.dumps({"sealed": secrets.seal(tenant_id, text)})
    return text


def _opened(tenant_id: str, text: str) -> Rpc:
    data = json.loads(text)
    if "sealed" in data:
        data = json.loads(secrets.open_sealed(tenant_id, data["sealed"]))
    rpc = effect_from_json(data)
    assert isinstance(rpc, GetValues | SetValues | Reboot | GetMethods)
    return rpc
