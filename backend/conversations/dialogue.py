"""Conversations as other packages see them: plain dictionaries, never rows."""

from __future__ import annotations

from typing import Any

from backend.conversations.tables import Conversation
from backend.conversations.transcript import actor_of, read, write
from backend.identity.permissions import Subject, authorize
from widgets.messages import message as text_of

PAGE_LIMIT_ROWS = 20


def find(tenant_id: str, conversation_id: str) -> dict[str, Any]:
    """One conversation of the tenant; NotFound when there is none."""
    return _plain(Conversation.find(tenant_id, conversation_id))


def opened_for(subject: Subject, action: str, conversation_id: str) -> dict[str, Any]:
    """The conversation, if `subject` may do `action` on it; another's is NotFound."""
    row = Conversation.find(subject.tenant_id, conversation_id)
    authorize(subject, action, tenant_id=row.tenant_id, owner_id=row.customer_id)
    return _plain(row)


def events(subject: Subject, conversation_id: str, after_seq: int, limit_events: int) -> dict[str, Any]:
    """{"events", "last_seq", "more"} for whoever may read the conversation."""
    row = Conversation.find(subject.tenant_id, conversation_id)
    authorize(subject, "conversation.read", tenant_id=row.tenant_id, owner_id=row.customer_id)
    return read(row, subject, after_seq, limit_events)


def of_customer(
    tenant_id: str, customer_id: str, limit_rows: int = PAGE_LIMIT_ROWS, channel: str | None = None
) -> list[dict[str, Any]]:
    """A customer's conversations, the latest first; of one channel, or of all."""
    rows = Conversation.of(tenant_id).where(Conversation.customer_id == customer_id)
    rows = rows.where(Conversation.channel == channel) if channel else rows
    return [_plain(row) for row in rows.order_by(Conversation.updated_at.desc()).limit(limit_rows)]


def handoff(
    tenant_id: str, conversation_id: str, state: str, message_id: str, staff: Subject, now: float
) -> None:
    """Tell everyone in the conversation how the hand-over to a person stands."""
    row = Conversation.find(tenant_id, conversation_id)
    body = {"state": state, "text": text_of(row.locale, message_id, name=staff.name), "by": actor_of(staff)}
    write(row, "handoff.status", body, now)


def _plain(row: Conversation) -> dict[str, Any]:
    return {
        "id": row.id,
        "customer_id": row.customer_id,
        "device_id": row.device_id,
        "run_id": row.run_id,
        "workflow": row.workflow,
        "title": row.title,
        "channel": row.channel,
        "locale": row.locale,
        "agent_id": row.agent_id,
        "owner": {"kind": row.owner_kind, "id": row.owner_id, "name": row.owner_name},
        "state": row.state,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
