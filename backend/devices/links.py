"""The links by which devices fetch and send files, and run speed tests.

A link of a transfer is made when its RPC leaves. It is for one device and one task, cannot be guessed (256
bits; only a fingerprint is kept), ends when all of it has gone through once, and expires. Until then the
same transfer may be begun again, since lines break; only the newest request goes on.

A speed test's link is a signed text with its own end and changes nothing, so that reading a device's facts
writes no row.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from backend import database
from backend.devices.statements import Statement
from backend.devices.tables import TransferLink
from backend.identity import secrets as sealed_secrets

OPEN_LIMIT: Final = 50
"""How often one link may be asked for until all of it has gone through: breaks, ranges, HEAD."""
LIFE_LIMIT_S: Final = 86_400.0
KEEP_S: Final = 7 * 86_400.0
SPEED_LIFE_S: Final = 86_400
SPEED_STEP_S: Final = 3600

_BY_TOKEN = Statement(
    "SELECT id, tenant_id, device_id, task_id, direction, file_id, file_type, opened, expires_at"
    " FROM transfer_link WHERE token_digest = ? AND ended_at IS NULL AND expires_at > ?"
)
_INSERT = Statement(
    "INSERT INTO transfer_link (id, tenant_id, token_digest, device_id, task_id, direction, file_id,"
    " file_type, opened, moved_bytes, whole, created_at, expires_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, FALSE, ?, ?)"
)
_TAKE_BACK = Statement("UPDATE transfer_link SET ended_at = ? WHERE task_id = ? AND ended_at IS NULL")
_OPEN = Statement(
    "UPDATE transfer_link SET opened = opened + 1 WHERE id = ? AND opened = ? AND ended_at IS NULL"
)
_MOVED = Statement(
    "UPDATE transfer_link SET moved_bytes = ? WHERE id = ? AND opened = ? AND ended_at IS NULL"
)
_WHOLE = Statement(
    "UPDATE transfer_link SET moved_bytes = ?, whole = TRUE, ended_at = ?, file_id = ?"
    " WHERE id = ? AND opened = ? AND ended_at IS NULL"
)
_OF_TASK = Statement(
    "SELECT opened, whole, file_id FROM transfer_link WHERE task_id = ? ORDER BY id DESC LIMIT 1"
)
_FORGET = Statement("DELETE FROM transfer_link WHERE expires_at < ?")

_files_url = "http://127.0.0.1:7547/files"


@dataclass(frozen=True, slots=True)
class Link:
    """One live link. `opened`: the number of the request that holds it now."""

    id: str
    tenant_id: str
    device_id: str
    task_id: str
    direction: str
    file_id: str | None
    file_type: str
    opened: int
    expires_at: float


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a task's newest link: `touched` at all, gone through `whole`, the file behind it."""

    touched: bool = False
    whole: bool = False
    file_id: str = ""


def bind(files_url: str) -> None:
    """Set the address devices fetch files from, e.g. "http://acs.example.net:7547/files". Once, at start."""
    global _files_url
    _files_url = files_url.rstrip("/")


def make(
    tenant_id: str,
    device_id: str,
    task_id: str,
    *,
    direction: str,
    file_type: str,
    expires_at: float,
    now: float,
    file_id: str | None = None,
) -> str:
    """The URL of a new link, inside a transaction; an older link of the same task is taken back.

    `direction`: "down" (the device fetches `file_id`) or "up".
    """
    token = secrets.token_urlsafe(32)
    take_back(task_id, now)
    _INSERT(
        database.new_id(),
        tenant_id,
        _fingerprint(token),
        device_id,
        task_id,
        direction,
        file_id,
        file_type[:64],
        now,
        min(expires_at, now + LIFE_LIMIT_S),
    )
    return f"{_files_url}/{token}"


def take_back(task_id: str, now: float) -> bool:
    """End the task's link, inside a transaction: nothing goes through it any more. False: there was none."""
    return int(_TAKE_BACK(now, task_id).rowcount) > 0


def of_token(token: str, now: float) -> Link | None:
    """The live link of a token, or None."""
    row = _BY_TOKEN(_fingerprint(token), now).fetchone()
    return Link(*row) if row is not None else None


def opened(link: Link) -> Link | None:
    """The link as a new request holds it, inside a transaction; None: asked too often, or by two at once."""
    if link.opened >= OPEN_LIMIT or _OPEN(link.id, link.opened).rowcount != 1:
        return None
    return Link(
        link.id,
        link.tenant_id,
        link.device_id,
        link.task_id,
        link.direction,
        link.file_id,
        link.file_type,
        link.opened + 1,
        link.expires_at,
    )


def moved(link: Link, done_bytes: int) -> bool:
    """Keep how far this request is, inside a transaction; False when a newer one holds the link."""
    return int(_MOVED(done_bytes, link.id, link.opened).rowcount) == 1


def whole(link: Link, done_bytes: int, file_id: str | None, now: float) -> bool:
    """All of it has gone through, inside a transaction: the link ends. False when it no longer was ours."""
    return int(_WHOLE(done_bytes, now, file_id, link.id, link.opened).rowcount) == 1


def of_task(task_id: str) -> Moved:
    """What went through the newest link of a task."""
    row = _OF_TASK(task_id).fetchone()
    return Moved() if row is None else Moved(row[0] > 0, bool(row[1]), row[2] or "")


def sweep(now: float) -> int:
    """Forget the links that expired longer than KEEP_S ago; gives how many."""
    with database.transaction():
        return int(_FORGET(now - KEEP_S).rowcount)


def drop(device_id: str) -> None:
    """Forget the links of a device that is gone, inside a transaction."""
    TransferLink.delete().where(TransferLink.device_id == device_id).execute()


# -- speed tests ----------------------------------------------------------------------------------


def speed_urls(device_id: str, now: float) -> dict[str, str]:
    """{"down", "up"}: where a device's own speed tests fetch from and send to (TR-143).

    The same for an hour, good for a day. "down" may be followed by "/" and a number of bytes.
    """
    until = int(now // SPEED_STEP_S) * SPEED_STEP_S + SPEED_STEP_S + SPEED_LIFE_S
    base = _files_url.removesuffix("/files") + "/speed"
    token = f"{device_id}.{until}.{_signature(device_id, str(until))}"
    return {"down": f"{base}/down/{token}", "up": f"{base}/up/{token}"}


def speed_device(token: str, now: float) -> str | None:
    """The device that a speed test's token is for; None when it is not ours or its time has passed."""
    device_id, _, rest = token.partition(".")
    until, _, signature = rest.partition(".")
    if not until.isdecimal() or len(until) > 12 or not signature.isascii() or int(until) <= now:
        return None
    return device_id if hmac.compare_digest(_signature(device_id, until), signature) else None


def _signature(device_id: str, until: str) -> str:
    return sealed_secrets.digest("speed", device_id, until)[:40]


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
