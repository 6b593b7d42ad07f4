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
    return _plain(_open(subject, action, conversation_id))


def events(subject: Subject, conversation_id: str, after_seq: int, limit_events: int) -> dict[str, Any]:
    """{"events", "last_seq", "more"} for whoever may read the conversation."""
    return read(_open(subject, "conversation.read", conversation_id), subject, after_seq, limit_events)


def _open(subject: Subject, action: str, conversation_id: str) -> Conversation:
    """The row. What staff do from the page of a device is theirs, although the device is a customer's."""
    row: Conversation = Conversation.find(subject.tenant_id, conversation_id)
    owner_id = "" if row.channel == "operator" else row.customer_id or ""
    authorize(subject, action, tenant_id=row.tenant_id, owner_id=owner_id)
    return row


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
