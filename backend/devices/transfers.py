"""File transfers that outlive the session in which they were ordered (TR-069 A.3.2.8, A.3.3.2, A.4.1.5).

Two tell how one goes on: the device, by TransferComplete with its CommandKey, in the same session, a later
one, or twice; and our own file server, which sees the bytes go through the link. A message about a transfer
that nobody waits for is answered and logged, and changes nothing.
"""

from __future__ import annotations

from typing import Final

import structlog

from backend import announcements, database
from backend.cwmp import rpc
from backend.devices import files, links, settling, tasks
from backend.devices.announcements import DeviceChanged
from backend.devices.links import Link
from workflows.effects import Download, Upload

log = structlog.get_logger(__name__)

FILES: Final = frozenset({"files"})


def completed(device_id: str, message: rpc.TransferComplete, now: float) -> bool:
    """The device tells how a transfer ended: the task has its reply. False when no open task is meant."""
    claim = tasks.of_key(message.command_key, device_id)
    told = log.bind(device=device_id, key=message.command_key[:32], code=message.fault_code[:8])
    if claim is None or not isinstance(claim.request, Download | Upload):
        told.info("transfer_unknown")
        return False
    with database.transaction():
        moved = links.of_task(claim.task_id)
        reply = settling.completed(
            claim.work, message.fault_code.strip(), message.fault_text[:256], moved, now
        )
        tasks.progressed(claim, "answered", 0, 0, "", now)
        tasks.apply(claim, settling.Ended(reply), now)
    told.info("transfer_complete", task=claim.task_id, ok=reply.ok)
    return True


def autonomous(tenant_id: str, device_id: str, message: rpc.AutonomousTransferComplete) -> None:
    """The device did a transfer of its own accord: it may run other firmware or another configuration now."""
    log.info(
        "transfer_autonomous",
        device=device_id,
        file_type=message.file_type[:64],
        is_download=message.is_download,
        code=message.fault_code[:8],
    )
    announcements.announce(DeviceChanged(tenant_id, device_id, FILES))


def moved(link: Link, done_bytes: int, total_bytes: int, now: float) -> bool:
    """Our file server tells how far it is; False: this request holds the link no longer and is to end."""
    with database.transaction():
        if not links.moved(link, done_bytes):
            return False
        _tell(link, done_bytes, total_bytes, now)
    return True


def sent(link: Link, done_bytes: int, now: float) -> None:
    """All of a file has gone to the device; its link ends."""
    with database.transaction():
        if links.whole(link, done_bytes, link.file_id, now):
            _tell(link, done_bytes, done_bytes, now)


def receiving(link: Link, name: str, now: float) -> files.Receiving:
    """A file of the device is on its way in through this link."""
    return files.Receiving(
        link.tenant_id,
        kind=files.kind_of(link.file_type),
        name=name,
        device_id=link.device_id,
        by="device",
        now=now,
    )


def received(link: Link, coming: files.Receiving, now: float) -> bool:
    """All of it is here: it is the task's file. False when the link was taken back meanwhile."""
    with database.transaction():
        if not links.whole(link, coming.size_bytes, coming.file_id, now):
            return False
        coming.finish()
        files.keep_newest(link.tenant_id, link.device_id, files.kind_of(link.file_type))
        _tell(link, coming.size_bytes, coming.size_bytes, now)
    return True


def _tell(link: Link, done_bytes: int, total_bytes: int, now: float) -> None:
    claim = tasks.still_open(link.task_id, link.device_id)
    if claim is not None:
        tasks.progressed(
            claim, "transferring", done_bytes, total_bytes, "bytes", now, look_s=settling.STUCK_S
        )
