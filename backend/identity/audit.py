"""Who saw or changed what that is not everybody's, and why: written once, never changed.

An entry is written in the transaction of what it is about, so that neither is there without the other. This
module must never change or delete an entry; `digest` is room for the chain of hashes over them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from backend.database import in_transaction, new_id
from backend.identity.permissions import Subject
from backend.identity.tables import AuditEntry

REASON_LIMIT_CHARS: Final = 500
PAGE_LIMIT_ROWS: Final = 200


def write(
    subject: Subject,
    action: str,
    *,
    thing: str,
    thing_id: str,
    now: float,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> str:
    """Write down that `subject` did `action` (a word of `permissions`) to a thing; gives the entry's id.

    `thing` is its kind, such as "device"; `detail` says more and must hold no secret. Needs a transaction.
    """
    if not in_transaction():
        raise RuntimeError("audit.write needs the transaction of what it is about")
    entry_id = new_id()
    AuditEntry.insert(
        id=entry_id,
        tenant_id=subject.tenant_id,
        at=now,
        actor_kind=subject.kind,
        actor_id=subject.id,
        actor_name=subject.name,
        role=subject.role,
        action=action,
        thing=thing,
        thing_id=thing_id,
        reason=reason.strip()[:REASON_LIMIT_CHARS],
        detail=dict(detail or {}),
    ).execute()
    return entry_id


def entries(
    tenant_id: str, *, thing: str = "", thing_id: str = "", after: str = "", limit: int = PAGE_LIMIT_ROWS
) -> list[dict[str, Any]]:
    """What was written, the newest first; of one thing, or of all. `after` is the id the page before ended
    with."""
    query = AuditEntry.of(tenant_id)
    if thing:
        query = query.where(AuditEntry.thing == thing, AuditEntry.thing_id == thing_id)
    if after:
        query = query.where(AuditEntry.id < after)
    rows = query.order_by(AuditEntry.id.desc()).limit(max(1, min(limit, PAGE_LIMIT_ROWS)))
    return [
        {
            "id": row.id,
            "at": row.at,
            "actor": {"kind": row.actor_kind, "id": row.actor_id, "name": row.actor_name, "role": row.role},
            "action": row.action,
            "thing": row.thing,
            "thing_id": row.thing_id,
            "reason": row.reason,
            "detail": row.detail,
        }
        for row in rows
    ]
