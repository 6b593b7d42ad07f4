"""Who owns a conversation: the bot or one person. The only place that changes the owner (invariant 8)."""

from __future__ import annotations

from backend.conversations.tables import Conversation
from backend.conversations.transcript import write
from backend.database import transaction
from backend.errors import Conflict
from backend.identity.permissions import Subject


def claim(conversation_id: str, staff: Subject, now: float) -> Conversation:
    """Make `staff` the owner. Atomic: of any number of claims at once exactly one wins, the others
    get Conflict "already_taken". Claiming one's own conversation again changes nothing."""
    with transaction():
        won = (
            Conversation.update(
                owner_kind="operator",
                owner_id=staff.id,
                owner_name=staff.name,
                state="escalated",
                updated_at=now,
            )
            .where(
                Conversation.tenant_id == staff.tenant_id,
                Conversation.id == conversation_id,
                Conversation.owner_kind == "bot",
            )
            .execute()
        )
        conversation = Conversation.find(staff.tenant_id, conversation_id)
        if won:
            _announce_owner(conversation, "operator", staff.id, staff.name, now)
        elif conversation.owner_id != staff.id:
            raise Conflict("already_taken", f"{conversation.owner_name} already has this conversation.")
        return conversation


def release(conversation_id: str, staff: Subject, now: float, *, state: str) -> Conversation:
    """Give the conversation back to the bot, leaving it in `state` ("open" or "ended"). Conflict
    "not_yours" unless `staff` owns it."""
    with transaction():
        given = (
            Conversation.update(owner_kind="bot", owner_id=None, owner_name="", state=state, updated_at=now)
            .where(
                Conversation.tenant_id == staff.tenant_id,
                Conversation.id == conversation_id,
                Conversation.owner_kind == "operator",
                Conversation.owner_id == staff.id,
            )
            .execute()
        )
        if not given:
            raise Conflict("not_yours", "Take the conversation first; someone else may have it now.")
        conversation = Conversation.find(staff.tenant_id, conversation_id)
        _announce_owner(conversation, "bot", None, "", now)
        return conversation


def _announce_owner(conversation: Conversation, kind: str, id: str | None, name: str, now: float) -> None:
    write(conversation, "owner.changed", {"owner": {"kind": kind, "id": id, "name": name}}, now)
