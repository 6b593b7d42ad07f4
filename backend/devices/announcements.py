"""What devices have to tell; who hears it is written in app.py."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.effects import Reply


@dataclass(frozen=True, slots=True)
class TaskStarted:
    """The RPC of this task is about to leave; told inside the transaction that marks it sent."""

    tenant_id: str
    device_id: str
    owner_key: str


@dataclass(frozen=True, slots=True)
class TaskFinished:
    """The task has its reply (also a fault, a time-out or an uncertainty); told inside the transaction
    that ends it.

    Hearers may queue the next task: it leaves in the same CWMP session.
    """

    tenant_id: str
    device_id: str
    owner_key: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class TaskProgressed:
    """The task goes on; told inside a transaction, at most once a second a task and at each new phase.

    `phase`: accepted (the device took the order and works on), transferring (our file server serves or
    receives: `done` of `total` `unit`, which is "bytes"; `total` 0 when not known), measuring (a diagnostics
    run), answered (the device has told us that it is done).
    """

    tenant_id: str
    device_id: str
    owner_key: str
    phase: str
    done: int = 0
    total: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class DeviceUnreachable:
    """The device could not be woken; its tasks wait for its next contact.

    `reason`: no_address, address_not_allowed, no_answer, refused, or no_session (it agreed and did
    not call).
    """

    tenant_id: str
    device_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeviceContacted:
    """The device has begun a session. `events` are its Inform's event codes, e.g. ("2 PERIODIC",)."""

    tenant_id: str
    device_id: str
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """Rows of the device have changed: a doorbell for whoever looks at it, to be heard after commit.

    `what` holds some of "record", "parameters", "tasks", "sessions", "files", "changes".
    """

    tenant_id: str
    device_id: str
    what: frozenset[str]
