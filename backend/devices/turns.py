"""What a message of a device does to rows, once it is known whose it is (TR-069 3.7).

The ACS (HTTP, authentication, sessions) calls `informed`, `asked` or `worked` while it holds the device's
turn, and sends the bytes it gets. Each is at most one durable transaction. The reply that ends a task resumes
its run inside that transaction, so the next RPC leaves in the same POST; what is about to leave is committed
before it leaves. What a session had sent when it broke off is settled at the device's next Inform
(`queue.release`).

Nothing here knows HTTP, cookies or who may call.
"""

from __future__ import annotations

import re
from typing import Final

import structlog
from prometheus_client import Counter

from backend import announcements, database
from backend.cwmp import rpc
from backend.cwmp.envelope import Envelope
from backend.cwmp.faults import METHOD_NOT_SUPPORTED, TEXTS, LocalError
from backend.cwmp.session import Answered, Asked, Ready, Refused
from backend.devices import (
    enrolment,
    exchange,
    names,
    parameters,
    provisioning,
    queue,
    records,
    settling,
    transfers,
)
from backend.devices.announcements import DeviceChanged, DeviceContacted
from backend.devices.sessions import Session
from workflows.effects import WRITES, Diagnose, FactoryReset, GetNames, GetValues

log = structlog.get_logger(__name__)

UNSENDABLE_LIMIT_TASKS: Final = 20
_READ: Final = frozenset({"parameters"})
_RECORD: Final = _READ | {"record"}

FAULTS = Counter("careflow_cwmp_faults", "Faults devices answered with", ["code"])


def informed(
    session: Session, inform: rpc.Inform, envelope: Envelope, source_address: str, now: float
) -> None:
    """A session has begun: what an older one left open is settled, the record is brought up to date."""
    known = session.known
    codes = tuple(event.code for event in inform.events)
    with database.transaction():
        records.contacted(
            known,
            inform,
            cwmp_namespace=envelope.cwmp_namespace,
            source_address=source_address,
            now=now,
        )
        queue.release(known.device_id, [(event.code, event.command_key) for event in inform.events], now)
        if "0 BOOTSTRAP" in codes:
            provisioning.bootstrapped(known.tenant_id, known.device_id, now)
        announcements.announce(DeviceContacted(known.tenant_id, known.device_id, codes))


def asked(session: Session, event: Asked, now: float) -> bytes:
    """A request of the CPE's own: what it says is kept where somebody waits for it, and it is answered."""
    known, message = session.known, event.message
    if isinstance(message, rpc.TransferComplete):
        transfers.completed(known.device_id, message, now)
    elif isinstance(message, rpc.AutonomousTransferComplete):
        transfers.autonomous(known.tenant_id, known.device_id, message)
    else:
        log.info("cpe_request", device=known.device_id, method=rpc.method_of(message)[:64])
    return event.reply


def worked(session: Session, event: Ready | Answered | Refused, now: float) -> bytes:
    """Take the answer to the last RPC, if any, and give the bytes of the next; empty when there is none.

    The run goes on in between. After empty bytes the session's protocol is over.
    """
    if isinstance(event, Ready):
        return _next(session, now)
    with database.transaction():
        _finish(session, event, now)
        return _next(session, now)


def _next(session: Session, now: float) -> bytes:
    """The bytes of the device's next task, marked as sent; empty when there is none."""
    for _ in range(UNSENDABLE_LIMIT_TASKS):
        claim = queue.claim_next(session.known.device_id, now)
        if claim is None:
            break
        try:
            body = session.cwmp.send(claim.message)
        except LocalError as error:
            log.warning("task_unsendable", device=claim.device_id, task=claim.task_id, reason=str(error))
            queue.complete(claim, exchange.unsendable(str(error), now))
        else:
            if isinstance(claim.request, FactoryReset):
                with database.transaction():
                    enrolment.reset_sent(claim.tenant_id, claim.device_id)
            session.claim = claim
            return body
    return session.cwmp.end()


def _finish(session: Session, event: Answered | Refused, now: float) -> None:
    """Keep what was read and end the task; inside a transaction. A fault is a reply like any other."""
    claim, session.claim = session.claim, None
    if claim is None:  # somebody took the task back, in another process
        log.info("answer_unwanted", device=session.known.device_id, method=event.method)
        return
    if _unclear(event) and claim.stage == settling.ASK and isinstance(claim.request, WRITES):
        log.info("cpe_silent", device=claim.device_id, task=claim.task_id, method=event.method)
        return  # perhaps done: it stays sent, and is settled like one whose answer was lost
    if isinstance(event, Refused):
        FAULTS.labels(_counted(event.fault.code)).inc()
        log.info(
            "cpe_fault",
            device=claim.device_id,
            task=claim.task_id,
            method=event.method,
            code=event.fault.code,
            text=event.fault.text[:200],
        )
        queue.complete(claim, exchange.reply_of(event.fault, now))
        return
    sent, response = claim.rpc, event.response

    def keep() -> None:
        if isinstance(response, rpc.GetParameterNamesResponse) and isinstance(sent, GetNames):
            names.keep(claim.tenant_id, claim.device_id, sent.path, response.names, now)
            announcements.announce(DeviceChanged(claim.tenant_id, claim.device_id, _READ))
        if not isinstance(response, rpc.GetParameterValuesResponse) or not isinstance(sent, GetValues):
            return
        if isinstance(claim.request, Diagnose):
            return  # a measurement is the run's alone: it holds the neighbours' names
        whole = [name for name in sent.names if name.endswith(".")]
        parameters.store(
            claim.tenant_id, claim.device_id, response.values, now, whole=whole, told=session.told
        )
        is_other = records.read(claim.tenant_id, claim.device_id, response.values)
        changed = _RECORD if is_other else _READ
        announcements.announce(DeviceChanged(claim.tenant_id, claim.device_id, changed))

    queue.complete(claim, exchange.reply_of(response, now), keep)


def _unclear(event: Answered | Refused) -> bool:
    """Whether the device said nothing where it had to answer, to a method that every device must know."""
    return isinstance(event, Refused) and event.silent and event.fault.code != METHOD_NOT_SUPPORTED


def _counted(code: str) -> str:
    """A fault's label among the figures: each is kept for ever, so a device cannot make up its own."""
    return code if code in TEXTS or re.fullmatch("98[0-9]{2}", code) else "other"
