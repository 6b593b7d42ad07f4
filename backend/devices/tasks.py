"""The rows of tasks: how one is read, and how what `settling` decided is written and told.

Row states: queued -> sent (what changes something) -> running (it goes on beyond the session) -> done, or
expired. Everything here but `read` is inside a transaction of the caller.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import structlog

from backend import announcements
from backend.cwmp import rpc as messages
from backend.devices import exchange, files, links, retrying, settling
from backend.devices.announcements import DeviceChanged, TaskFinished, TaskProgressed
from backend.devices.exchange import NO_TRANSFER, Transfer
from backend.devices.secret_values import is_secret, masked
from backend.devices.settling import Ended, Next, Queued, Running, Work
from backend.devices.statements import Statement
from backend.errors import NotFound
from backend.identity import secrets
from workflows.effects import (
    Diagnose,
    Download,
    LedgerNote,
    Reply,
    Rpc,
    SetValues,
    Upload,
    effect_from_json,
    effect_to_json,
)

log = structlog.get_logger(__name__)

COLUMNS: Final = (
    "id, tenant_id, device_id, owner_key, channel, request, state, stage, attempts, context, deadline_at"
)
CHANGED: Final = frozenset({"tasks"})

_BY_ID = Statement(
    f"SELECT {COLUMNS} FROM task WHERE id = ? AND device_id = ? AND state IN ('queued', 'sent', 'running')"
)
_END = Statement(
    "UPDATE task SET state = ?, reply = ?, done_at = ?, due_at = NULL"
    " WHERE id = ? AND state IN ('queued', 'sent', 'running')"
)
_QUEUE = Statement(
    "UPDATE task SET state = 'queued', stage = ?, context = ?, attempts = ?, due_at = ?, sent_at = NULL"
    " WHERE id = ? AND state IN ('queued', 'sent', 'running')"
)
_RUN = Statement(
    "UPDATE task SET state = 'running', context = ?, due_at = ?, progress = COALESCE(?, progress)"
    " WHERE id = ? AND state IN ('queued', 'sent', 'running')"
)
_PROGRESS = Statement("UPDATE task SET progress = ? WHERE id = ? AND state IN ('queued', 'sent', 'running')")
_LOOK_LATER = Statement("UPDATE task SET due_at = ? WHERE id = ? AND state = 'running'")
_UNBLOCK = Statement(
    "UPDATE task SET due_at = NULL WHERE device_id = ? AND state = 'queued' AND channel = '' AND due_at > ?"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A task, and what of it leaves now. `request` is what was asked for, `rpc` what leaves.

    They differ in other stages than the first: `rpc` then finds out what became of `request`. `transfer` is
    the link of a Download or Upload that leaves.
    """

    task_id: str
    tenant_id: str
    device_id: str
    owner_key: str
    request: Rpc
    stage: str = settling.ASK
    attempts: int = 0
    context: Mapping[str, Any] = field(default_factory=dict)
    channel: str = ""
    state: str = "queued"
    deadline_at: float = 0.0
    transfer: Transfer = field(default=NO_TRANSFER, repr=False)

    @property
    def settles(self) -> bool:
        """Whether it was sent before, and this finds out what happened."""
        return self.stage == settling.SETTLE

    @property
    def key(self) -> str:
        """Its CommandKey or ParameterKey: the task's id, with the number of a later try."""
        return f"{self.task_id}.{self.attempts}" if self.attempts else self.task_id

    @property
    def rpc(self) -> Rpc:
        """What leaves, as an effect (see `exchange.leaving`)."""
        return exchange.leaving(self.request, self.stage)

    @property
    def message(self) -> messages.AcsRequest:
        """What leaves, as a message."""
        return exchange.message_of(
            self.request, self.key, stage=self.stage, transfer=self.transfer, context=self.context
        )

    @property
    def work(self) -> Work:
        """The task as `settling` sees it."""
        return Work(self.request, self.key, self.stage, self.attempts, self.context)


def read(row: tuple[Any, ...]) -> Claim:
    """A row of COLUMNS."""
    task_id, tenant_id, device_id, owner_key, channel, request, state, stage, attempts, context, at = row
    return Claim(
        task_id,
        tenant_id,
        device_id,
        owner_key,
        opened(tenant_id, request),
        stage,
        attempts,
        json.loads(context) if context else {},
        channel,
        state,
        at,
    )


def still_open(task_id: str, device_id: str) -> Claim | None:
    """The device's task as it is now; None when it has ended or is not there."""
    row = _BY_ID(task_id, device_id).fetchone()
    return read(row) if row is not None else None


def of_key(key: str, device_id: str) -> Claim | None:
    """The device's open task of a CommandKey; None also for the key of an earlier try."""
    claim = still_open(key.partition(".")[0][:26], device_id)
    return claim if claim is not None and claim.key == key else None


def apply(claim: Claim, following: Next, now: float, keep: Callable[[], object] | None = None) -> None:
    """Write what was decided and tell it. `keep` stores what was read, before anyone is told; it is not
    called when the task is no longer open."""
    match following:
        case Ended(reply):
            if not _put_off(claim, reply, now):
                end(claim, reply, "done", keep)
            return
        case Queued(stage, context, attempts, wait_s, revoke):
            if revoke:
                links.take_back(claim.task_id, now)
            due_at = now + wait_s if wait_s else None
            changed = _QUEUE(stage, context_json(context), attempts, due_at, claim.task_id)
        case Running(context, look_s, phase):
            due_at = None if look_s is None else now + look_s
            progress = _progress(phase, 0, 0, "", now) if phase else None
            changed = _RUN(context_json(context), due_at, progress, claim.task_id)
    if changed.rowcount == 1:
        if keep is not None:
            keep()
        if isinstance(following, Running) and following.phase:
            announcements.announce(
                TaskProgressed(claim.tenant_id, claim.device_id, claim.owner_key, following.phase)
            )
        announcements.announce(DeviceChanged(claim.tenant_id, claim.device_id, CHANGED))


def end(
    claim: Claim,
    reply: Reply,
    state: str,
    keep: Callable[[], object] | None = None,
    *,
    tell: bool = True,
) -> bool:
    """End the task and tell whoever waits; False when it was no longer open."""
    ended = json.dumps(replace(reply, values=None, names=()).to_json(), separators=(",", ":"))
    if _END(state, ended, reply.at, claim.task_id).rowcount != 1:
        return False
    if isinstance(claim.request, Download | Upload):
        links.take_back(claim.task_id, reply.at)
    elif isinstance(claim.request, Diagnose):
        _UNBLOCK(claim.device_id, reply.at)
    if keep is not None:
        keep()
    if reply.values and any(is_secret(path) for path in reply.values):
        shown = {path: (masked(path, value), kind) for path, (value, kind) in reply.values.items()}
        reply = replace(reply, values=shown)
    if tell:
        announcements.announce(TaskFinished(claim.tenant_id, claim.device_id, claim.owner_key, reply))
    announcements.announce(DeviceChanged(claim.tenant_id, claim.device_id, CHANGED))
    return True


def progressed(
    claim: Claim, phase: str, done: int, total: int, unit: str, now: float, *, look_s: float | None = None
) -> None:
    """Keep and tell how far a task is. `look_s`: a running one need not be asked after for so long."""
    if _PROGRESS(_progress(phase, done, total, unit, now), claim.task_id).rowcount != 1:
        return
    if look_s is not None:
        _LOOK_LATER(now + look_s, claim.task_id)
    announcements.announce(
        TaskProgressed(claim.tenant_id, claim.device_id, claim.owner_key, phase, done, total, unit)
    )
    announcements.announce(DeviceChanged(claim.tenant_id, claim.device_id, CHANGED))


def linked(claim: Claim, now: float) -> Claim | None:
    """With the one-time link that its Download or Upload carries; None when its file is gone."""
    request, size_bytes, name = claim.request, 0, ""
    down = isinstance(request, Download)
    if isinstance(request, Download):
        try:
            file = files.get(claim.tenant_id, request.file_id)
        except NotFound:
            return None
        size_bytes, name = file["size_bytes"], file["name"]
    assert isinstance(request, Download | Upload)
    url = links.make(
        claim.tenant_id,
        claim.device_id,
        claim.task_id,
        direction="down" if down else "up",
        file_type=request.file_type,
        file_id=request.file_id if isinstance(request, Download) else None,
        expires_at=claim.deadline_at,
        now=now,
    )
    return replace(claim, transfer=Transfer(url, size_bytes, name))


def sealed(tenant_id: str, request: Rpc) -> str:
    """The request as kept: plain JSON, or sealed as a whole where a secret is written."""
    text = json.dumps(effect_to_json(request), separators=(",", ":"))
    written = (
        request.values
        if isinstance(request, SetValues)
        else request.inputs
        if isinstance(request, Diagnose)
        else ()
    )
    if any(is_secret(path) for path, _, _ in written):
        return json.dumps({"sealed": secrets.seal(tenant_id, text)})
    return text


def opened(tenant_id: str, text: str) -> Rpc:
    """The request that `sealed` kept."""
    data = json.loads(text)
    if "sealed" in data:
        data = json.loads(secrets.open_sealed(tenant_id, data["sealed"]))
    request = effect_from_json(data)
    assert not isinstance(request, LedgerNote)
    return request


def _put_off(claim: Claim, reply: Reply, now: float) -> bool:
    """Whether the fault may pass and the task is asked again later."""
    policy = retrying.wait_s if claim.channel else retrying.transfer_wait_s
    if not claim.channel and not isinstance(claim.request, Download | Upload):
        return False
    wait_s = policy(reply.fault_code, claim.attempts + 1, random.random())
    if wait_s is None or claim.context.get("stop") or now + wait_s >= claim.deadline_at:
        return False
    log.info("task_put_off", task=claim.task_id, device=claim.device_id, code=reply.fault_code, wait_s=wait_s)
    stage = settling.first_stage(claim.request)
    apply(claim, Queued(stage, {}, claim.attempts + 1, wait_s, revoke=True), now)
    return True


def context_json(context: Mapping[str, Any]) -> str | None:
    return json.dumps(dict(context), separators=(",", ":")) if context else None


def _progress(phase: str, done: int, total: int, unit: str, now: float) -> str:
    told = {"phase": phase, "done": done, "total": total, "unit": unit, "at": now}
    return json.dumps(told, separators=(",", ":"))
